#include "storage/media/depth_writer.h"

#include <cmath>
#include <stdexcept>
#include <vector>

#include "storage/media/depth_range.h"
#include "storage/media/depth_tags.h"
#include "storage/media/video_writer.h"

namespace storage {

namespace {

// A file beside its target, removed unless it takes the target's name.
class PartialFile {
public:
    explicit PartialFile(const std::filesystem::path& target) : target_(target), partial_(target) {
        partial_ += ".partial";
    }
    PartialFile(const PartialFile&) = delete;
    PartialFile& operator=(const PartialFile&) = delete;
    ~PartialFile() {
        std::error_code ignored;
        std::filesystem::remove(partial_, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const { return partial_; }
    void commit() const { std::filesystem::rename(partial_, target_); }

private:
    std::filesystem::path target_, partial_;
};

// In milliseconds, strictly increasing.
std::vector<std::int64_t> ticks_of(const DepthReader& recording, schemas::FrameRate rate) {
    const std::optional<schemas::FrameTable> times = recording.times();
    if (!times && !schemas::is_valid(rate))
        throw std::invalid_argument("a depth video needs a frame rate, since the recording has no times");
    std::vector<std::int64_t> ticks;
    for (schemas::FrameIndex index = 0; index < recording.frames(); ++index) {
        const std::int64_t tick = times ? std::llround(times->seconds[static_cast<std::size_t>(index)] * 1000)
                                        : (index * 2000 * rate.denominator + rate.numerator) / (2 * rate.numerator);
        ticks.push_back(ticks.empty() ? tick : std::max(tick, ticks.back() + 1));
    }
    return ticks;
}

}  // namespace

std::optional<DepthRange> write_depth_video(DepthReader& recording, const std::filesystem::path& file,
                                            const DepthVideoOptions& options, std::stop_token stop) {
    const std::vector<std::int64_t> ticks = ticks_of(recording, options.rate);
    const std::optional<DepthRange> range = depth_range(recording, stop);
    if (!range) return std::nullopt;

    VideoWriterOptions video;
    video.codec = "ffv1";
    video.container = "matroska";
    video.pixel_format = "gray16le";
    video.width = recording.width();
    video.height = recording.height();
    video.group_length = 1;
    if (schemas::is_valid(options.rate)) video.declared_rate = options.rate;
    video.tags = depth_tags(options.unit ? *options.unit : recording.unit(), range);

    const PartialFile partial(file);
    VideoWriter writer(partial.path(), video);
    for (schemas::FrameIndex index = 0; index < recording.frames(); ++index) {
        if (stop.stop_requested()) return std::nullopt;
        writer.add(recording.frame(index), ticks[static_cast<std::size_t>(index)]);
    }
    writer.close();
    partial.commit();
    return range;
}

}  // namespace storage
