#include "annotator/workflows/synth/choreography.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "annotator/workflows/synth/poses.h"

namespace annotator::synth {
namespace {

using schemas::FrameIndex;

constexpr int shortest_primitive_frames = 5;
constexpr FrameIndex longest_figure_frames = 100;
constexpr double shortest_stream_frames = 320;
constexpr double longest_stream_frames = 600 - static_cast<double>(longest_figure_frames);
constexpr double full_turn = 360;
constexpr double start_heading_degrees = 28;  // at most, off the camera
constexpr double profile_degrees = 82;        // for figures that travel forwards
constexpr double stage_wander_metres = 0.15;
constexpr double home_metres = 0.25;
// Spread (deviations) from one take to the next, and from one pose to the next.
constexpr double take_tempo_spread = 0.08;
constexpr double take_amplitude_spread = 0.08;
constexpr double take_arm_spread_degrees = 8;
constexpr double tempo_spread = 0.05;
constexpr double arm_spread_degrees = 5;
constexpr double trunk_spread_degrees = 2;
constexpr double shortest_hold = 0.5, longest_hold = 2;  // of its usual length
constexpr double waiting_share = 0.5;                    // of the takes, in which the dancer waits before the start

Arm random_arm(double degrees, Random& random) {
    return {.forward = degrees * random.gaussian(),
            .side = degrees * random.gaussian(),
            .twist = degrees * random.gaussian()};
}

void shift(Arm& arm, const Arm& by) {
    arm.forward += by.forward;
    arm.side += by.side;
    arm.twist += by.twist;
}

// Adds phrases to a take, each from where the last one ended.
class Composer {
public:
    Composer(const Dancer& dancer, Random random)
        : dancer_(dancer), random_(random), pose_(neutral_pose(dancer)), start_pose_(pose_) {
        dancer_.amplitude *= 1 + take_amplitude_spread * random_.gaussian();
        dancer_.tempo *= 1 + take_tempo_spread * random_.gaussian();
        left_arm_manner_ = random_arm(take_arm_spread_degrees, random_);
        right_arm_manner_ = random_arm(take_arm_spread_degrees, random_);
        vary(start_pose_);
        start_heading_ = heading_ = start_heading_degrees * random_.uniform(-1, 1);
    }

    void add(std::string_view name, Side side = Side::left) { append(primitive(name, side, pose_, heading_, dancer_)); }
    // Turns to face that way by the nearest direction.
    void prepare(double facing_degrees) {
        const double whole_turns = std::round((heading_ - facing_degrees) / full_turn) * full_turn;
        append(preparation(pose_, heading_, facing_degrees + whole_turns, dancer_));
    }
    // Towards the audience, more or less.
    void prepare() { prepare(start_heading_degrees * random_.uniform(-1, 1)); }

    void end_category(std::string name) {
        const FrameIndex begin = take_.categories.empty() ? 0 : take_.categories.back().frames.end;
        take_.categories.push_back({{begin, frames()}, std::move(name)});
    }

    [[nodiscard]] FrameIndex frames() const {
        return take_.primitives.empty() ? 0 : take_.primitives.back().frames.end;
    }
    [[nodiscard]] Random& random() { return random_; }
    [[nodiscard]] bool chance(double probability) { return random_.chance(probability); }
    // The dancer's hand, most of the time.
    [[nodiscard]] Side side() { return chance(dancer_.left_share) ? Side::left : Side::right; }
    // As side(), but back towards where the take began once that is far away.
    [[nodiscard]] Side travel_side() {
        const double x = travelled().x();
        if (std::abs(x) < home_metres) return side();
        return x > 0 ? Side::right : Side::left;
    }

    DanceTake done();

private:
    [[nodiscard]] Eigen::Vector3d travelled() const {
        const std::vector<Figure> figures = danced(dancer_.body, start_pose_, start_heading_, phrases_);
        if (figures.empty()) return Eigen::Vector3d::Zero();
        return figures.back()[Joint::hip_centre] - figures.front()[Joint::hip_centre];
    }

    void append(Phrase phrase) {
        pose_ = phrase.last_pose();
        heading_ = phrase.last_heading();
        for (Key& key : phrase.keys) vary(key.pose);
        if (phrase.label == "hold") phrase.seconds *= random_.uniform(shortest_hold, longest_hold);
        const double tempo = dancer_.tempo * (1 + tempo_spread * random_.gaussian());
        const int frames = std::max(shortest_primitive_frames,
                                    static_cast<int>(std::lround(phrase.seconds / tempo * frames_per_second)));
        const FrameIndex begin = this->frames();
        take_.primitives.push_back({{begin, begin + frames}, phrase.label});
        for (const Mark& mark : phrase.marks)
            take_.key_poses.push_back({begin + std::lround(mark.at * frames), mark.label});
        phrases_.push_back({std::move(phrase), frames});
    }

    // No two takes are quite the same. The legs are left alone: they carry the weight.
    void vary(Pose& pose) {
        shift(pose.left_arm, left_arm_manner_);
        shift(pose.right_arm, right_arm_manner_);
        shift(pose.left_arm, random_arm(arm_spread_degrees, random_));
        shift(pose.right_arm, random_arm(arm_spread_degrees, random_));
        for (double* angle : {&pose.trunk.pitch, &pose.trunk.roll, &pose.trunk.yaw, &pose.trunk.head_yaw})
            *angle += trunk_spread_degrees * random_.gaussian();
    }

    Dancer dancer_;
    Random random_;
    Pose pose_;  // where the next phrase starts from, before variation
    Pose start_pose_;
    Arm left_arm_manner_, right_arm_manner_;  // of this take
    double heading_ = 0;
    double start_heading_ = 0;
    std::vector<TimedPhrase> phrases_;
    DanceTake take_;
};

// What moves the whole take so that the middle of its path lies near the middle of the stage.
Eigen::Vector3d way_to_the_middle(const std::vector<Figure>& figures, Random& random) {
    Eigen::Vector3d low = figures.front()[Joint::hip_centre];
    Eigen::Vector3d high = low;
    for (const Figure& figure : figures) {
        low = low.cwiseMin(figure[Joint::hip_centre]);
        high = high.cwiseMax(figure[Joint::hip_centre]);
    }
    const double x = random.uniform(-1, 1) * stage_wander_metres - (low.x() + high.x()) / 2;
    const double z = random.uniform(-1, 1) * stage_wander_metres - (low.z() + high.z()) / 2;
    return {x, 0, z};
}

DanceTake Composer::done() {
    Score& score = take_.score;
    score = {dancer_.body, start_pose_, start_heading_, std::move(phrases_)};
    score.place = way_to_the_middle(danced(score), random_);
    take_.figures = danced(score);
    return std::move(take_);
}

void chasse(Composer& dance) {
    const Side side = dance.travel_side();
    dance.prepare();
    const int slides = dance.chance(0.4) ? 3 : 2;
    for (int slide = 0; slide < slides; ++slide) dance.add("slide_left", side);
    if (dance.chance(0.6)) dance.add("hold");
}

void pirouette(Composer& dance) {
    const Side side = dance.side();
    dance.prepare();
    if (dance.chance(0.6)) dance.add("plie");
    dance.add("turn_left", side);
    if (dance.chance(0.5)) dance.add("arms_open");
    dance.add("hold");
}

void grand_jete(Composer& dance) {
    const Side side = dance.travel_side();
    const double profile = profile_degrees + dance.random().uniform(-10, 10);
    dance.prepare(side == Side::left ? profile : -profile);
    dance.add("step_forward", side);
    dance.add("leap_left", side);
    if (dance.chance(0.6)) dance.add(dance.chance(0.5) ? "arms_open" : "hold");
}

void salsa_basic(Composer& dance) {
    const Side side = dance.side();
    dance.prepare();
    const int bars = dance.chance(0.35) ? 1 : 2;
    for (int bar = 0; bar < bars; ++bar) {
        dance.add("step_forward", side);
        dance.add("step_back", side);
    }
    if (bars == 1) dance.add("sway", side);
}

void port_de_bras(Composer& dance) {
    dance.prepare();
    if (dance.chance(0.4)) {
        dance.add("arms_open", dance.side());
        dance.add("arms_up");
    } else {
        dance.add("arms_up");
        dance.add("arms_open", dance.side());
    }
    dance.add("arms_down");
}

void wave(Composer& dance) {
    const Side side = dance.side();
    dance.prepare();
    dance.add("arm_wave_left", side);
    dance.add("arm_wave_left", other(side));
    if (dance.chance(0.4)) dance.add("arm_wave_left", side);
}

void kick_step(Composer& dance) {
    const Side side = dance.travel_side();
    dance.prepare();
    dance.add("step_left", side);
    dance.add("kick_left", other(side));
    dance.add("step_left", other(side));
    if (dance.chance(0.7)) dance.add("kick_left", side);
}

void bow_and_rise(Composer& dance) {
    const Side side = dance.side();
    dance.prepare();
    if (dance.chance(0.4)) dance.add("arms_open", side);
    dance.add("bow", side);
    dance.add("rise", side);
    if (dance.chance(0.4)) dance.add("arms_down");
}

void plie_releve(Composer& dance) {
    dance.prepare();
    dance.add("plie");
    dance.add("releve");
    if (dance.chance(0.5)) dance.add("plie");
    dance.add(dance.chance(0.5) ? "arms_down" : "hold");
}

void saute(Composer& dance) {
    dance.prepare();
    if (dance.chance(0.4)) dance.add("plie");
    dance.add("jump");
    if (dance.chance(0.6)) dance.add("jump");
    dance.add("hold");
}

void swaying(Composer& dance) {
    const Side side = dance.side();
    dance.prepare();
    if (dance.chance(0.6)) dance.add("arms_up");
    dance.add("sway", side);
    if (dance.chance(0.6)) dance.add("sway", side);
    dance.add("arms_down");
}

void chaines(Composer& dance) {
    const Side side = dance.travel_side();
    dance.prepare();
    dance.add("step_left", side);
    dance.add("turn_left", side);
    if (dance.chance(0.4)) {
        dance.add("step_left", side);
        dance.add("turn_left", side);
    } else {
        dance.add("hold");
    }
}

struct Category {
    std::string_view name;
    void (*dance)(Composer&);
};

constexpr std::array categories{
    Category{"chasse", chasse},
    Category{"pirouette", pirouette},
    Category{"grand jete", grand_jete},
    Category{"salsa basic", salsa_basic},
    Category{"port de bras", port_de_bras},
    Category{"wave", wave},
    Category{"kick step", kick_step},
    Category{"bow and rise", bow_and_rise},
    Category{"plie releve", plie_releve},
    Category{"saute", saute},
    Category{"swaying", swaying},
    Category{"chaines", chaines},
};

}  // namespace

std::vector<Figure> danced(const Score& score, double per_second) {
    std::vector<Figure> figures = danced(score.body, score.start, score.start_heading, score.phrases, per_second);
    for (Figure& figure : figures)
        for (Eigen::Vector3d& joint : figure.joints) joint += score.place;
    return figures;
}

std::vector<std::string> category_names() {
    std::vector<std::string> names;
    for (const Category& category : categories) names.emplace_back(category.name);
    return names;
}

DanceTake dance_clip(const Dancer& dancer, std::size_t category, Random random) {
    Composer dance(dancer, random);
    if (dance.chance(waiting_share)) dance.add("hold");
    categories.at(category).dance(dance);
    dance.end_category(std::string(categories.at(category).name));
    return dance.done();
}

DanceTake dance_stream(const Dancer& dancer, std::size_t count, Random random) {
    Composer dance(dancer, random);
    const double wanted = dance.random().uniform(shortest_stream_frames, longest_stream_frames);
    std::size_t last = count;
    while (static_cast<double>(dance.frames()) < wanted) {
        std::size_t next = dance.random().below(count);
        while (next == last && count > 1) next = dance.random().below(count);
        categories.at(next).dance(dance);
        dance.end_category(std::string(categories.at(next).name));
        last = next;
    }
    return dance.done();
}

}  // namespace annotator::synth
