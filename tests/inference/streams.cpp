#include "tests/inference/streams.h"

#include <algorithm>

#include "inference/random.h"
#include "tests/inference/motions.h"

namespace inference_tests {

using inference::LabelledStream;
using schemas::FrameIndex;
using schemas::SkeletonSequence;

LabelledStream synthetic_stream(int kinds, int segments, std::uint64_t seed) {
    constexpr FrameIndex blend = 4;
    inference::Random random(seed);
    auto sequence = std::make_shared<SkeletonSequence>();
    sequence->layout = msr_layout();
    LabelledStream stream;
    int before = -1;
    for (int i = 0; i < segments; ++i) {
        int kind = before;
        while (kind == before) kind = static_cast<int>(random.below(static_cast<std::size_t>(kinds)));
        before = kind;
        const auto frames = static_cast<FrameIndex>(30 + random.below(21));
        const auto motion = synthetic_motion(kind, seed * 100 + static_cast<std::uint64_t>(i), frames);
        const FrameIndex begin = sequence->frames();
        sequence->positions.insert(sequence->positions.end(), motion.skeleton->positions.begin(),
                                   motion.skeleton->positions.end());
        sequence->confidence.insert(sequence->confidence.end(), motion.skeleton->confidence.begin(),
                                    motion.skeleton->confidence.end());
        for (FrameIndex k = 0; begin > 0 && k < blend; ++k)
            for (std::size_t joint = 0; joint < 20; ++joint) {
                const float share = static_cast<float>(k + 1) / static_cast<float>(blend + 1);
                const Eigen::Vector3f last = sequence->at(begin - 1, joint);
                const Eigen::Vector3f own = sequence->at(begin + k, joint);
                sequence->set(begin + k, joint, last + share * (own - last));
            }
        stream.labels.push_back({{begin, begin + frames}, kind});
    }
    stream.span = {0, sequence->frames()};
    stream.skeleton = std::move(sequence);
    return stream;
}

LabelledStream twice_as_quick(const LabelledStream& stream) {
    const SkeletonSequence& from = *stream.skeleton;
    const FrameIndex frames = 2 * from.frames();
    auto sequence = std::make_shared<SkeletonSequence>(SkeletonSequence::empty(from.layout, frames));
    std::ranges::fill(sequence->confidence, 1.0F);
    for (FrameIndex frame = 0; frame < frames; ++frame)
        for (std::size_t joint = 0; joint < from.joints(); ++joint) {
            const FrameIndex next = std::min(frame / 2 + frame % 2, from.frames() - 1);
            sequence->set(frame, joint, (from.at(frame / 2, joint) + from.at(next, joint)) / 2);
        }
    LabelledStream twice = stream;
    twice.skeleton = std::move(sequence);
    twice.span = {2 * stream.span.begin, 2 * stream.span.end};
    twice.frames_per_second = 2 * stream.frames_per_second;
    for (auto& each : twice.labels) each.span = {2 * each.span.begin, 2 * each.span.end};
    return twice;
}

}  // namespace inference_tests
