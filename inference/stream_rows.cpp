#include "inference/stream_rows.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>

namespace inference {

namespace {

using schemas::FrameIndex;
using schemas::FrameSpan;
using schemas::SkeletonSequence;

constexpr double highest_rate = 30;

std::string text_of(FrameSpan span) { return "[" + std::to_string(span.begin) + ", " + std::to_string(span.end) + ")"; }

bool is_at_origin(const SkeletonSequence& sequence, FrameIndex frame) {
    for (std::size_t joint = 0; joint < sequence.joints(); ++joint)
        if (schemas::has_position(sequence, frame, joint) && !sequence.at(frame, joint).isZero(0.0F)) return false;
    return true;
}

// Every joint of every frame of a span of a sequence.
class Filled {
public:
    Filled(const SkeletonSequence& sequence, FrameSpan span)
        : sequence_(sequence), span_(span), lost_(static_cast<std::size_t>(span.length())) {
        for (FrameIndex i = 0; i < span.length(); ++i)
            lost_[static_cast<std::size_t>(i)] = is_at_origin(sequence, span.begin + i);
        const auto centre = nearest(static_cast<std::size_t>(sequence.layout->centre));
        for (std::size_t joint = 0; joint < sequence.joints(); ++joint) {
            std::vector<FrameIndex> own = nearest(joint);
            const bool never = own.empty() || own.front() == none;
            joints_.push_back(never ? static_cast<std::size_t>(sequence.layout->centre) : joint);
            from_.push_back(never ? centre : std::move(own));
        }
    }

    [[nodiscard]] bool dead() const {
        return std::ranges::all_of(lost_, [](bool lost) { return lost; });
    }

    // `place` in frames from the span's first one.
    [[nodiscard]] Eigen::Vector3f at(double place, std::size_t joint) const {
        const auto last = static_cast<double>(span_.length() - 1);
        const double within = std::clamp(place, 0.0, last);
        const auto before = static_cast<std::size_t>(within);
        const std::size_t after = std::min(before + 1, lost_.size() - 1);
        const auto share = static_cast<float>(within - static_cast<double>(before));
        const Eigen::Vector3f a = position(before, joint);
        return a + share * (position(after, joint) - a);
    }

private:
    static constexpr FrameIndex none = -1;

    [[nodiscard]] Eigen::Vector3f position(std::size_t row, std::size_t joint) const {
        const FrameIndex frame = from_[joint][row];
        return frame == none ? Eigen::Vector3f(0, 0, 0) : Eigen::Vector3f(sequence_.at(frame, joints_[joint]));
    }

    // For each frame the one that the joint is taken from; `none` throughout where it was never seen.
    [[nodiscard]] std::vector<FrameIndex> nearest(std::size_t joint) const {
        const auto frames = static_cast<std::size_t>(span_.length());
        std::vector<FrameIndex> from(frames, none);
        FrameIndex seen = none;
        for (std::size_t i = 0; i < frames; ++i) {
            const FrameIndex frame = span_.begin + static_cast<FrameIndex>(i);
            if (!lost_[i] && schemas::has_position(sequence_, frame, joint)) seen = frame;
            from[i] = seen;
        }
        seen = none;
        for (std::size_t i = frames; i-- > 0;) {
            const FrameIndex frame = span_.begin + static_cast<FrameIndex>(i);
            if (from[i] == frame) seen = frame;
            if (seen != none && (from[i] == none || seen - frame < frame - from[i])) from[i] = seen;
        }
        return from;
    }

    const SkeletonSequence& sequence_;
    FrameSpan span_;
    std::vector<bool> lost_;
    std::vector<std::size_t> joints_;            // whose position each joint has
    std::vector<std::vector<FrameIndex>> from_;  // of each joint
};

}  // namespace

void require_sound(const LabelledStream& stream, int labels) {
    if (stream.skeleton == nullptr || stream.skeleton->joints() == 0)
        throw std::invalid_argument("a stream without a skeleton cannot be read");
    if (!schemas::is_valid(stream.span) || stream.span.begin < 0 || stream.span.end > stream.skeleton->frames())
        throw std::invalid_argument("a stream's span " + text_of(stream.span) + " is not of its skeleton of " +
                                    std::to_string(stream.skeleton->frames()) + " frames");
    if (!(stream.frames_per_second > 0 && stream.frames_per_second < 1e6))
        throw std::invalid_argument("a stream needs a positive frame rate");
    FrameIndex at = stream.span.begin;
    for (const LabelledSpan& each : stream.labels) {
        if (!schemas::is_valid(each.span) || each.span.begin < at || each.span.end > stream.span.end)
            throw std::invalid_argument("the label of frames " + text_of(each.span) + " is not within " +
                                        text_of({at, stream.span.end}) +
                                        "; labels of a stream must ascend and not overlap");
        if (each.label < 0 || each.label >= labels)
            throw std::invalid_argument("the label " + std::to_string(each.label) + " of frames " + text_of(each.span) +
                                        " is not one of " + std::to_string(labels));
        at = each.span.end;
    }
}

StreamRows rows_of(const LabelledStream& stream, double rate) {
    LabelledStream unlabelled_stream = stream;
    unlabelled_stream.labels.clear();
    require_sound(unlabelled_stream, 0);
    if (!(rate > 0 && rate < 1e6)) throw std::invalid_argument("a model of streams needs a positive rate");
    StreamRows rows;
    rows.span = stream.span;
    rows.frames_a_row = stream.frames_per_second / rate;
    const auto last = static_cast<double>(stream.span.length() - 1);
    const auto count = static_cast<FrameIndex>(std::floor(last / rows.frames_a_row + 1e-9)) + 1;
    const Filled filled(*stream.skeleton, stream.span);
    rows.dead = filled.dead();
    auto skeleton = std::make_shared<SkeletonSequence>(SkeletonSequence::empty(stream.skeleton->layout, count));
    skeleton->space = stream.skeleton->space;
    std::ranges::fill(skeleton->confidence, 1.0F);
    for (FrameIndex row = 0; row < count; ++row)
        for (std::size_t joint = 0; joint < stream.skeleton->joints(); ++joint)
            skeleton->set(row, joint, filled.at(static_cast<double>(row) * rows.frames_a_row, joint));
    rows.skeleton = std::move(skeleton);
    return rows;
}

double common_rate(std::span<const LabelledStream> streams) {
    double rate = highest_rate;
    for (const LabelledStream& stream : streams) rate = std::min(rate, stream.frames_per_second);
    return rate;
}

RowTargets targets_of(const LabelledStream& stream, const StreamRows& rows) {
    RowTargets targets;
    targets.labels.assign(static_cast<std::size_t>(rows.rows()), unlabelled);
    for (const LabelledSpan& each : stream.labels) {
        // A row is of the label that the frame nearest to it has.
        const auto first = static_cast<FrameIndex>(std::ceil(rows.row_of(each.span.begin) - 0.5 / rows.frames_a_row));
        for (FrameIndex row = std::max<FrameIndex>(0, first); row < rows.rows(); ++row) {
            const FrameIndex frame = stream.span.begin + std::lround(static_cast<double>(row) * rows.frames_a_row);
            if (frame >= each.span.end) break;
            if (frame >= each.span.begin) targets.labels[static_cast<std::size_t>(row)] = each.label;
        }
        if (each.span.begin > stream.span.begin) targets.starts.push_back(rows.row_of(each.span.begin));
        if (each.span.end < stream.span.end) targets.ends.push_back(rows.row_of(each.span.end - 1));
    }
    return targets;
}

std::vector<FrameSpan> windows_of(FrameIndex rows, FrameIndex length) {
    if (length < 1) throw std::invalid_argument("a window needs at least one row");
    std::vector<FrameSpan> windows;
    if (rows < 1) return windows;
    const FrameIndex hop = std::max<FrameIndex>(1, length / 2);
    FrameIndex begin = 0;
    for (; begin + length < rows; begin += hop) windows.push_back({begin, begin + length});
    windows.push_back({std::max<FrameIndex>(0, rows - length), rows});
    return windows;
}

OverlapAdd::OverlapAdd(FrameIndex rows, std::size_t width)
    : width_(width), sums_(static_cast<std::size_t>(rows) * width), weights_(static_cast<std::size_t>(rows)) {}

void OverlapAdd::add(FrameSpan window, std::span<const float> values) {
    const auto length = static_cast<std::size_t>(window.length());
    if (window.begin < 0 || static_cast<std::size_t>(window.end) > weights_.size() || values.size() != length * width_)
        throw std::invalid_argument("rows " + text_of(window) + " do not fit what is added up");
    for (std::size_t i = 0; i < length; ++i) {
        const double phase = std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(length);
        const double weight = std::sin(phase) * std::sin(phase);
        const std::size_t row = static_cast<std::size_t>(window.begin) + i;
        weights_[row] += weight;
        for (std::size_t value = 0; value < width_; ++value)
            sums_[row * width_ + value] += weight * static_cast<double>(values[i * width_ + value]);
    }
}

std::vector<float> OverlapAdd::mean() const {
    std::vector<float> means(sums_.size());
    for (std::size_t i = 0; i < sums_.size(); ++i) {
        const double weight = weights_[i / width_];
        means[i] = weight > 0 ? static_cast<float>(sums_[i] / weight) : 0.0F;
    }
    return means;
}

std::vector<float> at_frames(std::span<const float> values, std::size_t width, const StreamRows& rows) {
    const auto last = static_cast<double>(rows.rows() - 1);
    std::vector<float> frames;
    frames.reserve(static_cast<std::size_t>(rows.span.length()) * width);
    for (FrameIndex frame = rows.span.begin; frame < rows.span.end; ++frame) {
        const double place = std::clamp(rows.row_of(frame), 0.0, last);
        const auto before = static_cast<std::size_t>(place);
        const std::size_t after = std::min(before + 1, static_cast<std::size_t>(last));
        const auto share = static_cast<float>(place - static_cast<double>(before));
        for (std::size_t value = 0; value < width; ++value) {
            const float a = values[before * width + value];
            frames.push_back(a + share * (values[after * width + value] - a));
        }
    }
    return frames;
}

}  // namespace inference
