#include "storage/formats/nearest_boundary.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

namespace storage {
namespace {

using schemas::FrameIndex;

constexpr double lands_within_frames = 0.25;

std::string text_of(double value) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 6).ptr;
    return {text.data(), end};
}

FrameIndex frames_of(const KnownClip& clip) { return static_cast<FrameIndex>(clip.seconds.size()); }

// The length of the frame on the side of `boundary` where `seconds` lies; frames of no length
// (equal times) count as the shortest real one would: never zero.
double frame_length_at(const KnownClip& clip, FrameIndex boundary, double seconds) {
    const bool after = seconds >= boundary_seconds(clip, boundary);
    const FrameIndex frame = std::clamp<FrameIndex>(after ? boundary : boundary - 1, 0, frames_of(clip) - 1);
    const double length = boundary_seconds(clip, frame + 1) - boundary_seconds(clip, frame);
    const double mean = boundary_seconds(clip, frames_of(clip)) / static_cast<double>(frames_of(clip));
    return std::max({length, mean * 1e-3, 1e-9});
}

}  // namespace

double boundary_seconds(const KnownClip& clip, FrameIndex boundary) {
    const double at = boundary < frames_of(clip) ? clip.seconds[static_cast<std::size_t>(boundary)] : clip.end_seconds;
    return at - clip.seconds.front();
}

bool lands(const NearestBoundary& found) { return std::abs(found.frames_off) <= lands_within_frames; }

NearestBoundary nearest_boundary(const KnownClip& clip, double seconds) {
    const double on_clock = seconds + clip.seconds.front();
    const auto above = std::lower_bound(clip.seconds.begin(), clip.seconds.end(), on_clock);
    FrameIndex boundary = above - clip.seconds.begin();
    if (boundary > 0 && seconds - boundary_seconds(clip, boundary - 1) < boundary_seconds(clip, boundary) - seconds)
        --boundary;
    const double off = seconds - boundary_seconds(clip, boundary);
    return {boundary, off / frame_length_at(clip, boundary, seconds)};
}

FrameIndex SecondsConverter::landed(double seconds, const std::string& place) {
    const NearestBoundary nearest = nearest_boundary(clip_, seconds);
    ++boundaries_;
    if (!lands(nearest)) ++moved_;
    if (std::abs(nearest.frames_off) > farthest_) {
        farthest_ = std::abs(nearest.frames_off);
        farthest_place_ = place;
    }
    return nearest.boundary;
}

std::optional<schemas::FrameSpan> SecondsConverter::span_from(double begin, double end, std::size_t line,
                                                              const std::string& place, ProblemList& problems) {
    const FrameIndex frames = frames_of(clip_);
    const double length = boundary_seconds(clip_, frames);
    const std::string text = (place.empty() ? "" : place + ": ") + "seconds " + text_of(begin) + " to " + text_of(end);
    if (!(begin < end)) {
        problems.add(line, text + " hold nothing: the end must come after the begin; left out");
        return std::nullopt;
    }
    if (end <= 0 || begin >= length) {
        problems.add(line, text + " lie outside of the clip, which lasts " + text_of(length) + " s; left out");
        return std::nullopt;
    }
    const double half_first = frame_length_at(clip_, 0, 0) / 2, half_last = frame_length_at(clip_, frames, length) / 2;
    if (begin < -half_first || end > length + half_last)
        problems.add(line, text + " reach beyond the clip, which lasts " + text_of(length) + " s; cut there");
    const schemas::FrameSpan span{landed(std::max(begin, 0.0), place), landed(std::min(end, length), place)};
    if (schemas::is_valid(span)) return span;
    const double middle = (std::max(begin, 0.0) + std::min(end, length)) / 2 + clip_.seconds.front();
    const auto after = std::upper_bound(clip_.seconds.begin(), clip_.seconds.end(), middle);
    const FrameIndex frame = std::max<FrameIndex>(after - clip_.seconds.begin(), 1) - 1;
    const schemas::FrameSpan single{frame, frame + 1};
    problems.add(line, text + " are shorter than a frame; given the frame that they fall into", single);
    return single;
}

void SecondsConverter::report(const std::string& subject, ProblemList& problems) const {
    if (moved_ == 0) return;
    problems.add(subject + std::to_string(moved_) + " of " + std::to_string(boundaries_) +
                 " boundaries lie more than a quarter of a frame from any frame and were moved to the nearest; the "
                 "farthest by " +
                 text_of(farthest_) + " frames" + (farthest_place_.empty() ? "" : " (" + farthest_place_ + ")"));
}

}  // namespace storage
