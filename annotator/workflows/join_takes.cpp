#include "annotator/workflows/join_takes.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "annotator/workflows/synth/msr_files.h"
#include "annotator/workflows/synth/output_folder.h"
#include "annotator/workflows/synth/random.h"

namespace annotator {
namespace {

using Eigen::Vector3f;
using schemas::FrameIndex;
using schemas::FrameSpan;
using schemas::SkeletonSequence;

// A take without its dead frames.
struct Source {
    std::size_t index = 0;
    SkeletonSequence skeleton;
    std::string label;
};

void append(SkeletonSequence& sequence, const SkeletonSequence& more) {
    sequence.positions.insert(sequence.positions.end(), more.positions.begin(), more.positions.end());
    sequence.confidence.insert(sequence.confidence.end(), more.confidence.begin(), more.confidence.end());
}

SkeletonSequence living_frames(const SkeletonSequence& sequence) {
    SkeletonSequence result = SkeletonSequence::empty(sequence.layout, 0, sequence.space);
    FrameIndex begin = 0;
    std::vector<FrameSpan> dead = schemas::dead_runs(sequence);
    dead.push_back({sequence.frames(), sequence.frames()});
    for (const FrameSpan& run : dead) {
        if (begin < run.begin) append(result, sequence.slice({begin, run.begin}));
        begin = run.end;
    }
    return result;
}

void check(std::span<const TakeToJoin> takes, const JoinOptions& options) {
    if (options.takes_per_stream == 0) throw std::invalid_argument("a stream of joined takes needs at least one take");
    if (options.cross_fade_frames < 0) throw std::invalid_argument("a cross-fade has no negative number of frames");
    for (const TakeToJoin& take : takes) {
        if (take.skeleton == nullptr || take.skeleton->layout == nullptr)
            throw std::invalid_argument("a take without a skeleton cannot be joined");
        if (take.skeleton->space != schemas::CoordinateSpace::metres)
            throw std::invalid_argument("takes in pixels cannot be joined; use their world coordinates");
        if (take.skeleton->layout->joints != takes.front().skeleton->layout->joints)
            throw std::invalid_argument("takes of different skeleton layouts cannot be joined; map them to one first");
    }
}

std::vector<Source> sources_of(std::span<const TakeToJoin> takes, const JoinOptions& options,
                               std::vector<JoinProblem>& problems) {
    const FrameIndex shortest = std::max<FrameIndex>(1, 2 * options.cross_fade_frames);
    std::vector<Source> sources;
    for (std::size_t index = 0; index < takes.size(); ++index) {
        const SkeletonSequence& whole = *takes[index].skeleton;
        SkeletonSequence living = living_frames(whole);
        const FrameIndex dropped = whole.frames() - living.frames();
        if (dropped > 0) problems.push_back({index, std::to_string(dropped) + " frames without a skeleton dropped"});
        if (living.frames() < shortest)
            problems.push_back(
                {index, "left out: " + std::to_string(living.frames()) + " frames are less than two cross-fades"});
        else
            sources.push_back({index, std::move(living), takes[index].label});
    }
    return sources;
}

// Draws takes one by one so that the rest can still be laid out without equal neighbours.
class Order {
public:
    Order(std::vector<Source> sources, std::uint64_t seed) : rest_(std::move(sources)), random_(seed) {
        for (const Source& source : rest_) ++counts_[source.label];
    }

    std::vector<Source> drawn() {
        std::vector<Source> order;
        while (!rest_.empty()) {
            const std::size_t chosen = choice(order.empty() ? nullptr : &order.back().label);
            --counts_[rest_[chosen].label];
            order.push_back(std::move(rest_[chosen]));
            rest_.erase(rest_.begin() + static_cast<std::ptrdiff_t>(chosen));
        }
        return order;
    }

private:
    std::size_t choice(const std::string* last) {
        std::vector<std::size_t> safe, different;
        for (std::size_t candidate = 0; candidate < rest_.size(); ++candidate) {
            if (last != nullptr && rest_[candidate].label == *last) continue;
            different.push_back(candidate);
            if (leaves_a_solution(rest_[candidate].label)) safe.push_back(candidate);
        }
        if (!safe.empty()) return safe[random_.below(safe.size())];
        if (!different.empty()) return of_the_commonest_label(different);
        return random_.below(rest_.size());
    }

    [[nodiscard]] std::size_t of_the_commonest_label(const std::vector<std::size_t>& candidates) const {
        return *std::ranges::max_element(candidates, {},
                                         [this](std::size_t take) { return counts_.at(rest_[take].label); });
    }

    // n takes go in a row without equal neighbours when no label has more than (n + 1) / 2
    // of them; the label that came last no more than n / 2.
    [[nodiscard]] bool leaves_a_solution(const std::string& chosen) const {
        const std::size_t left = rest_.size() - 1;
        return std::ranges::all_of(counts_, [&](const auto& count) {
            return count.first == chosen ? count.second - 1 <= left / 2 : count.second <= (left + 1) / 2;
        });
    }

    std::vector<Source> rest_;
    std::map<std::string, std::size_t> counts_;
    synth::Random random_;
};

// The mean over some frames of where the pelvis is on the ground and which way the
// shoulders point.
struct Stance {
    Vector3f pelvis = Vector3f::Zero();
    std::optional<float> heading;  // radians; none where the shoulders were not seen
};

Stance stance_of(const SkeletonSequence& sequence, FrameSpan span) {
    const auto joint = [&](FrameIndex frame, int which) { return sequence.at(frame, static_cast<std::size_t>(which)); };
    Stance stance;
    Vector3f shoulders = Vector3f::Zero();
    for (FrameIndex frame = span.begin; frame < span.end; ++frame) {
        stance.pelvis += joint(frame, sequence.layout->centre) / static_cast<float>(span.length());
        shoulders += joint(frame, sequence.layout->left_shoulder) - joint(frame, sequence.layout->right_shoulder);
    }
    stance.pelvis.y() = 0;
    shoulders.y() = 0;
    if (!shoulders.isZero()) stance.heading = std::atan2(-shoulders.z(), shoulders.x());
    return stance;
}

// Turned and moved along the ground so that its first frames stand as `stance` does.
SkeletonSequence aligned(const SkeletonSequence& sequence, FrameIndex first_frames, const Stance& stance) {
    const Stance own = stance_of(sequence, {0, first_frames});
    const float turn = stance.heading && own.heading ? *stance.heading - *own.heading : 0;
    const Eigen::AngleAxisf rotation(turn, Vector3f::UnitY());
    SkeletonSequence result = sequence;
    for (FrameIndex frame = 0; frame < sequence.frames(); ++frame)
        for (std::size_t joint = 0; joint < sequence.joints(); ++joint)
            result.set(frame, joint, rotation * (sequence.at(frame, joint) - own.pelvis) + stance.pelvis);
    return result;
}

// Blends the first frames of `next` into the last ones of `stream`, and adds the rest.
void cross_fade(SkeletonSequence& stream, const SkeletonSequence& next, FrameIndex fade) {
    const FrameIndex begin = stream.frames() - fade;
    for (FrameIndex frame = 0; frame < fade; ++frame) {
        const float share = static_cast<float>(frame + 1) / static_cast<float>(fade + 1);
        for (std::size_t joint = 0; joint < stream.joints(); ++joint) {
            const Vector3f blended = (1 - share) * stream.at(begin + frame, joint) + share * next.at(frame, joint);
            stream.set(begin + frame, joint, blended);
            float& confidence = stream.confidence[static_cast<std::size_t>(begin + frame) * stream.joints() + joint];
            confidence = std::min(confidence, next.confidence_at(frame, joint));
        }
    }
    if (fade < next.frames()) append(stream, next.slice({fade, next.frames()}));
}

JoinedStream joined(std::span<const Source> sources, FrameIndex fade) {
    const FrameIndex contact = std::max<FrameIndex>(1, fade);
    JoinedStream stream{sources.front().skeleton, {}};
    stream.spans.push_back({{0, stream.skeleton.frames()}, sources.front().index, sources.front().label});
    for (const Source& source : sources.subspan(1)) {
        const FrameIndex end = stream.skeleton.frames();
        const Stance last = stance_of(stream.skeleton, {end - contact, end});
        cross_fade(stream.skeleton, aligned(source.skeleton, contact, last), fade);
        const FrameIndex boundary = end - fade + fade / 2;
        stream.spans.back().frames.end = boundary;
        stream.spans.push_back({{boundary, stream.skeleton.frames()}, source.index, source.label});
    }
    return stream;
}

void check_name(const std::string& performer) {
    if (performer.empty() || performer.find_first_of(std::string_view("/\\\0", 3)) != std::string::npos)
        throw std::invalid_argument("a performer called \"" + performer + "\" cannot be part of a file name");
}

constexpr std::string_view joined_readme =
    "Kinetograph streams of joined takes\n"
    "\n"
    "streams/stream_sPERFORMER_eNN_skeleton3D.txt   trimmed takes of one performer in a row, blended\n"
    "where they meet; 20 joints of \"x y z confidence\" a frame, in metres, as MSR-Action3D\n"
    "truth/categories.csv   what was joined; frames are 0-based, spans half-open [begin, end), boundaries\n"
    "in the middle of a blend\n";

}  // namespace

JoinedTakes join_takes(std::span<const TakeToJoin> takes, const JoinOptions& options) {
    check(takes, options);
    JoinedTakes result;
    const std::vector<Source> order = Order(sources_of(takes, options, result.problems), options.seed).drawn();
    const std::span<const Source> all(order);
    for (std::size_t begin = 0; begin < all.size(); begin += options.takes_per_stream) {
        const std::size_t count = std::min(options.takes_per_stream, all.size() - begin);
        result.streams.push_back(joined(all.subspan(begin, count), options.cross_fade_frames));
    }
    return result;
}

void write_joined_streams(const std::filesystem::path& folder, std::span<const PerformerStreams> performers) {
    for (const PerformerStreams& performer : performers) check_name(performer.performer);
    synth::claim_output_folder(folder, joined_readme);
    for (const char* part : {"streams", "truth"}) std::filesystem::create_directories(folder / part);
    synth::TruthWriter truth(folder / "truth");
    for (const PerformerStreams& performer : performers) {
        for (std::size_t stream = 0; stream < performer.streams.size(); ++stream) {
            const std::string number = std::to_string(stream + 1);
            const std::string clip = "stream_s" + performer.performer + (number.size() < 2 ? "_e0" : "_e") + number;
            synth::write_msr_skeleton(folder / "streams" / (clip + std::string(synth::skeleton_suffix)),
                                      performer.streams[stream].skeleton);
            for (const JoinedSpan& span : performer.streams[stream].spans)
                truth.add_category(clip, performer.performer, {span.frames, span.label});
        }
    }
    truth.close();
}

}  // namespace annotator
