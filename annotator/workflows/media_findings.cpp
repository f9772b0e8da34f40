#include "annotator/workflows/media_findings.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "inference/picture_measures.h"

namespace annotator {

namespace {

using schemas::FrameIndex;
using schemas::FrameMeasures;
using schemas::FrameSpan;
using storage::Severity;

std::string rounded(double value, int digits) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

std::string percent(double share) { return rounded(100 * share, 0) + " %"; }

FrameIndex frames_in(const std::vector<FrameSpan>& spans) {
    FrameIndex sum = 0;
    for (const FrameSpan span : spans) sum += span.length();
    return sum;
}

// "frame 7", "frames 12 to 39 and 60"
std::string named_frames(const std::vector<FrameSpan>& spans) {
    return (frames_in(spans) == 1 ? "frame " : "frames ") + frames_text(spans);
}

std::vector<FrameSpan> spans_of(const std::vector<FrameIndex>& frames) {
    std::vector<FrameSpan> spans;
    for (const FrameIndex frame : frames)
        if (!spans.empty() && spans.back().end == frame)
            ++spans.back().end;
        else
            spans.push_back({frame, frame + 1});
    return spans;
}

class Judge {
public:
    Judge(const VideoFacts& video, const MediaStandard& standard)
        : video_(video), standard_(standard), timing_(inference::frame_timing(video.times.seconds)) {}

    std::vector<storage::Finding> findings() {
        size();
        rate();
        undecodable();
        exposure();
        repeats_and_gaps();
        cuts();
        bars();
        return std::move(findings_);
    }

private:
    void warn(const std::string& what) { findings_.push_back({Severity::warning, what, video_.where}); }

    [[nodiscard]] const std::vector<FrameMeasures>& frames() const { return video_.measures.frames; }

    void size() {
        const auto [width, height] = video_.size;
        if (width > 0 && std::min(width, height) < standard_.least_lines)
            warn("is " + std::to_string(width) + "x" + std::to_string(height) + "; the standard is " +
                 std::to_string(standard_.least_lines) + " pixels or more on the shorter side");
    }

    void rate() {
        if (timing_.median_interval_seconds <= 0) return;
        const double per_second = 1 / timing_.median_interval_seconds;
        if (per_second < 0.99 * standard_.least_frames_per_second)
            warn("has " + rounded(per_second, 2) + " frames a second by the median of their times; the standard is " +
                 rounded(standard_.least_frames_per_second, 0) + " or more");
    }

    void undecodable() {
        if (video_.measures.undecodable.empty()) return;
        const auto spans = spans_of(video_.measures.undecodable);
        findings_.push_back(
            {Severity::error,
             named_frames(spans) + (frames_in(spans) == 1 ? " does" : " do") + " not decode; the file is damaged there",
             video_.where});
    }

    // Runs of frames that decoded and are like that.
    template <class Is>
    [[nodiscard]] std::vector<FrameSpan> passages(const Is& is) const {
        const double shortest = timing_.median_interval_seconds > 0
                                    ? standard_.shortest_passage_seconds / timing_.median_interval_seconds
                                    : 1;
        return inference::passages(std::span<const FrameMeasures>(frames()), std::llround(std::ceil(shortest)),
                                   [&](const FrameMeasures& frame) { return decoded(frame) && is(frame); });
    }

    [[nodiscard]] bool decoded(const FrameMeasures& frame) const {
        return !std::ranges::binary_search(video_.measures.undecodable, &frame - frames().data());
    }

    void report(const std::vector<FrameSpan>& spans, const std::string& what) {
        if (spans.empty()) return;
        const bool all = frames_in(spans) == static_cast<FrameIndex>(frames().size());
        warn((all ? "all frames" : named_frames(spans)) + " are " + what);
    }

    void exposure() {
        report(passages([&](const FrameMeasures& frame) { return frame.mean_luma < standard_.least_mean_luma; }),
               "dark: their mean luma is below " + percent(standard_.least_mean_luma));
        report(passages([&](const FrameMeasures& frame) { return frame.bright_share > standard_.most_bright_share; }),
               "overexposed: more than " + percent(standard_.most_bright_share) + " of their pixels are clipped");
        report(passages([&](const FrameMeasures& frame) {
                   return frame.sharpness < standard_.least_sharpness && frame.mean_luma >= standard_.least_mean_luma;
               }),
               "blurred: the variance of their Laplacian is below " + rounded(standard_.least_sharpness, 0));
    }

    void repeats_and_gaps() {
        const auto repeats = inference::repeated_frames(frames());
        if (!repeats.empty())
            warn(named_frames(repeats) + (frames_in(repeats) == 1 ? " repeats" : " repeat") +
                 " the picture before amid motion");
        if (timing_.gaps.empty()) return;
        std::vector<FrameSpan> after;
        FrameIndex missing = 0;
        for (const inference::TimeGap& gap : timing_.gaps) {
            after.push_back({gap.after, gap.after + 1});
            missing += gap.missing;
        }
        warn("about " + std::to_string(missing) + (missing == 1 ? " frame is" : " frames are") + " missing after " +
             named_frames(after) + ": the next one comes too late");
    }

    void cuts() {
        const auto cuts = inference::cuts(frames());
        std::vector<FrameSpan> spans;
        for (const FrameIndex cut : cuts) spans.push_back({cut, cut + 1});
        if (!spans.empty()) warn("another shot begins at " + named_frames(spans) + "; a clip holds one");
    }

    void bars() {
        const auto [top, bottom, left, right] = inference::letterbox(frames());
        std::string bars;
        for (const auto& [share, side] :
             {std::pair(top, "top"), std::pair(bottom, "bottom"), std::pair(left, "left"), std::pair(right, "right")})
            if (share >= static_cast<float>(standard_.least_bar))
                bars += (bars.empty() ? "" : ", ") + percent(share) + " at the " + side;
        if (!bars.empty()) warn("has dark bars: " + bars);
    }

    const VideoFacts& video_;
    const MediaStandard& standard_;
    inference::FrameTiming timing_;
    std::vector<storage::Finding> findings_;
};

}  // namespace

std::string frames_text(const std::vector<FrameSpan>& spans) {
    constexpr std::size_t most = 8;
    std::string text;
    for (std::size_t i = 0; i < std::min(spans.size(), most); ++i) {
        text += (i == 0 ? "" : ", ") + std::to_string(spans[i].begin);
        if (spans[i].length() > 1) text += " to " + std::to_string(spans[i].end - 1);
    }
    if (spans.size() <= most) return text;
    const std::vector<FrameSpan> rest(spans.begin() + most, spans.end());
    return text + " and " + std::to_string(frames_in(rest)) + " more";
}

std::vector<storage::Finding> media_findings(const VideoFacts& video, const MediaStandard& standard) {
    return Judge(video, standard).findings();
}

}  // namespace annotator
