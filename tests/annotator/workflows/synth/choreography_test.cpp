#include "annotator/workflows/synth/choreography.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "annotator/workflows/synth/dancer.h"

namespace annotator::synth {
namespace {

using schemas::FrameIndex;

constexpr std::uint64_t seed = 11;

DanceTake clip_of(std::size_t dancer, std::size_t category, std::uint64_t repetition = 0) {
    return dance_clip(dancer_of(seed, dancer), category, Random(seed, {category, dancer, repetition}));
}

template <class Check>
void for_each_clip(Check check) {
    for (std::size_t dancer = 0; dancer < 6; ++dancer)
        for (std::size_t category = 0; category < category_names().size(); ++category)
            check(dancer_of(seed, dancer), clip_of(dancer, category));
}

bool tiles(const std::vector<LabelledSpan>& spans, FrameIndex frames) {
    FrameIndex next = 0;
    for (const LabelledSpan& span : spans) {
        if (span.frames.begin != next || !schemas::is_valid(span.frames)) return false;
        next = span.frames.end;
    }
    return next == frames;
}

constexpr std::array bones{
    std::pair{Joint::hip_centre, Joint::spine},         std::pair{Joint::spine, Joint::shoulder_centre},
    std::pair{Joint::shoulder_centre, Joint::head},     std::pair{Joint::shoulder_centre, Joint::left_shoulder},
    std::pair{Joint::left_shoulder, Joint::left_elbow}, std::pair{Joint::left_elbow, Joint::left_wrist},
    std::pair{Joint::right_wrist, Joint::right_hand},   std::pair{Joint::hip_centre, Joint::right_hip},
    std::pair{Joint::right_hip, Joint::right_knee},     std::pair{Joint::right_knee, Joint::right_ankle},
    std::pair{Joint::left_ankle, Joint::left_foot}};

// A few numbers that say what a primitive looks like: joint heights and places relative
// to the hips at three moments, in the direction that the dancer faces, in heights.
std::vector<double> features_of(const Dancer& dancer, const DanceTake& take, const schemas::FrameSpan& span) {
    std::vector<double> features;
    for (const double moment : {0.3, 0.55, 0.8}) {
        const auto frame = span.begin + static_cast<FrameIndex>(moment * static_cast<double>(span.length()));
        const Figure& figure = take.figures[static_cast<std::size_t>(frame)];
        const Eigen::Vector3d start = take.figures[static_cast<std::size_t>(span.begin)][Joint::hip_centre];
        const Eigen::Vector3d hips = figure[Joint::hip_centre];
        for (const Joint joint : {Joint::left_hand, Joint::right_hand, Joint::left_foot, Joint::right_foot, Joint::head,
                                  Joint::left_shoulder})
            for (const double value : figure[joint] - hips) features.push_back(value / dancer.body.height);
        for (const double value : hips - start) features.push_back(3 * value / dancer.body.height);
    }
    return features;
}

struct Example {
    std::string label;
    std::vector<double> features;
};

std::vector<Example> primitives_of(std::size_t dancer, std::uint64_t repetition) {
    std::vector<Example> examples;
    for (std::size_t category = 0; category < category_names().size(); ++category) {
        const DanceTake take = clip_of(dancer, category, repetition);
        for (const LabelledSpan& span : take.primitives)
            examples.push_back({span.label, features_of(dancer_of(seed, dancer), take, span.frames)});
    }
    return examples;
}

const std::string& nearest_label(const Example& query, const std::vector<Example>& known) {
    const auto distance = [&](const Example& other) {
        double sum = 0;
        for (std::size_t i = 0; i < query.features.size(); ++i)
            sum += std::pow(query.features[i] - other.features[i], 2);
        return sum;
    };
    return std::ranges::min_element(known, {}, distance)->label;
}

}  // namespace

TEST_CASE("bones keep their length to a tenth of a millimetre") {
    for_each_clip([](const Dancer&, const DanceTake& take) {
        const Figure& first = take.figures.front();
        double worst = 0;
        for (const Figure& figure : take.figures)
            for (const auto& [from, to] : bones)
                worst =
                    std::max(worst, std::abs((figure[from] - figure[to]).norm() - (first[from] - first[to]).norm()));
        CHECK(worst < 1e-4);
    });
}

TEST_CASE("no sole goes below the ground, and one touches it except in jumps") {
    for_each_clip([](const Dancer& dancer, const DanceTake& take) {
        double lowest = 1;
        int in_the_air = 0;
        for (const Figure& figure : take.figures) {
            const double height = sole_height(dancer.body, figure);
            lowest = std::min(lowest, height);
            in_the_air += height > 1e-6 ? 1 : 0;
        }
        CHECK(lowest > -1e-9);
        const bool flies = std::ranges::any_of(take.primitives, [](const LabelledSpan& span) {
            return span.label == "jump" || span.label.starts_with("leap") || span.label.starts_with("slide");
        });
        CHECK((in_the_air > 0) == flies);
    });
}

TEST_CASE("categories and primitives tile every clip") {
    for_each_clip([](const Dancer&, const DanceTake& take) {
        const auto frames = static_cast<FrameIndex>(take.figures.size());
        CHECK(tiles(take.primitives, frames));
        CHECK(tiles(take.categories, frames));
        CHECK(take.categories.size() == 1);
    });
}

TEST_CASE("clips last 22 to 100 frames, most of them 30 to 70") {
    int all = 0, usual = 0;
    for_each_clip([&](const Dancer&, const DanceTake& take) {
        CHECK(take.figures.size() >= 22);
        CHECK(take.figures.size() <= 100);
        ++all;
        usual += 30 <= take.figures.size() && take.figures.size() <= 70 ? 1 : 0;
    });
    CHECK(usual >= 0.75 * all);
}

TEST_CASE("a limb never moves faster than a dancer's, and never jumps") {
    constexpr double fastest_metres_per_second = 11;
    double fastest = 0;
    for_each_clip([&](const Dancer&, const DanceTake& take) {
        for (std::size_t frame = 1; frame < take.figures.size(); ++frame)
            for (std::size_t joint = 0; joint < joint_count; ++joint)
                fastest = std::max(fastest,
                                   (take.figures[frame].joints[joint] - take.figures[frame - 1].joints[joint]).norm() *
                                       frames_per_second);
    });
    CHECK(fastest < fastest_metres_per_second);
}

TEST_CASE("a jump's apex is where the hips are highest") {
    const std::vector<std::string> names = category_names();
    for (std::size_t dancer = 0; dancer < 6; ++dancer) {
        const auto saute = static_cast<std::size_t>(std::ranges::find(names, "saute") - names.begin());
        const DanceTake take = clip_of(dancer, saute);
        for (const LabelledFrame& pose : take.key_poses) {
            if (pose.label != "jump_apex") continue;
            const auto span = std::ranges::find_if(
                take.primitives, [&](const LabelledSpan& primitive) { return primitive.frames.contains(pose.frame); });
            REQUIRE(span != take.primitives.end());
            const auto first = take.figures.begin();
            const auto highest = std::ranges::max_element(first + span->frames.begin, first + span->frames.end, {},
                                                          [](const Figure& f) { return f[Joint::hip_centre].y(); });
            CHECK(std::abs(highest - first - pose.frame) <= 1);
        }
    }
}

TEST_CASE("key poses lie in the take, in order, and have known names") {
    const std::vector<std::string> known = key_pose_labels();
    for_each_clip([&](const Dancer&, const DanceTake& take) {
        FrameIndex last = -1;
        for (const LabelledFrame& pose : take.key_poses) {
            CHECK(pose.frame > last);
            CHECK(pose.frame < static_cast<FrameIndex>(take.figures.size()));
            CHECK(std::ranges::binary_search(known, pose.label));
            last = pose.frame;
        }
    });
}

TEST_CASE("there are at least 12 primitives and 8 categories, and all primitives get danced") {
    std::set<std::string> danced_labels;
    for_each_clip([&](const Dancer&, const DanceTake& take) {
        for (const LabelledSpan& span : take.primitives) danced_labels.insert(span.label);
    });
    CHECK(category_names().size() >= 8);
    CHECK(primitive_labels().size() >= 12);
    CHECK(std::ranges::equal(danced_labels, primitive_labels()));
}

TEST_CASE("the same seed dances the same, another repetition does not") {
    const DanceTake once = clip_of(0, 1);
    const DanceTake again = clip_of(0, 1);
    const DanceTake another = clip_of(0, 1, 1);
    CHECK(once.figures.back().joints == again.figures.back().joints);
    CHECK(once.figures.back().joints != another.figures.back().joints);
}

TEST_CASE("performers differ in height, tempo and size of movement") {
    std::set<double> heights, tempi, amplitudes;
    for (std::size_t index = 0; index < 20; ++index) {
        const Dancer dancer = dancer_of(seed, index);
        heights.insert(dancer.body.height);
        tempi.insert(dancer.tempo);
        amplitudes.insert(dancer.amplitude);
        CHECK(dancer.body.height >= 1.5);
        CHECK(dancer.body.height <= 1.95);
    }
    CHECK(heights.size() == 20);
    CHECK(tempi.size() == 20);
    CHECK(amplitudes.size() == 20);
}

TEST_CASE("streams join different categories on a stage that the camera sees") {
    for (std::size_t dancer = 0; dancer < 6; ++dancer) {
        const DanceTake stream = dance_stream(dancer_of(seed, dancer), 12, Random(seed, {dancer}));
        const auto frames = static_cast<FrameIndex>(stream.figures.size());
        CHECK(frames >= 300);
        CHECK(frames <= 600);
        CHECK(tiles(stream.categories, frames));
        CHECK(tiles(stream.primitives, frames));
        for (std::size_t span = 1; span < stream.categories.size(); ++span)
            CHECK(stream.categories[span].label != stream.categories[span - 1].label);
        double farthest_aside = 0, farthest_ahead = 0;
        for (const Figure& figure : stream.figures) {
            farthest_aside = std::max(farthest_aside, std::abs(figure[Joint::hip_centre].x()));
            farthest_ahead = std::max(farthest_ahead, std::abs(figure[Joint::hip_centre].z()));
        }
        CHECK(farthest_aside < 1.4);
        CHECK(farthest_ahead < 0.8);
    }
}

TEST_CASE("primitives of an unseen dancer are told apart by their nearest neighbour") {
    std::vector<Example> known;
    for (std::size_t dancer = 0; dancer < 5; ++dancer)
        for (std::uint64_t repetition = 0; repetition < 3; ++repetition)
            std::ranges::move(primitives_of(dancer, repetition), std::back_inserter(known));
    const std::vector<Example> unseen = primitives_of(5, 0);
    const auto right = std::ranges::count_if(
        unseen, [&](const Example& example) { return nearest_label(example, known) == example.label; });
    const double accuracy = static_cast<double>(right) / static_cast<double>(unseen.size());
    MESSAGE("nearest neighbour finds ", right, " of ", unseen.size(), " primitives");
    CHECK(accuracy > 0.6);
}

}  // namespace annotator::synth
