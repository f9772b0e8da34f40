#include "storage/media/depth_range.h"

namespace storage {

namespace {

// How often each value occurs.
class ValueCounts {
public:
    void add(const DepthFrame& frame) {
        for (const std::uint16_t value : frame.values) ++counts_[value];
    }

    [[nodiscard]] DepthRange range() const {
        DepthRange range;
        range.holes = counts_[0];
        for (std::size_t value = 1; value < counts_.size(); ++value) range.measured += counts_[value];
        if (range.measured == 0) return range;
        range.smallest = value_of(1);
        range.largest = value_of(range.measured);
        range.percentile_1 = value_of((range.measured + 99) / 100);
        range.percentile_99 = value_of((range.measured * 99 + 99) / 100);
        return range;
    }

private:
    // The n-th measured value from the smallest on, from 1.
    [[nodiscard]] std::uint16_t value_of(std::uint64_t n) const {
        std::size_t value = 0;
        for (std::uint64_t before = 0; before < n; before += counts_[value]) ++value;
        return static_cast<std::uint16_t>(value);
    }

    std::vector<std::uint64_t> counts_ = std::vector<std::uint64_t>(65536);
};

}  // namespace

std::optional<DepthRange> depth_range(DepthReader& recording, std::stop_token stop) {
    ValueCounts counts;
    for (schemas::FrameIndex index = 0; index < recording.frames(); ++index) {
        if (stop.stop_requested()) return std::nullopt;
        counts.add(recording.frame(index));
    }
    return counts.range();
}

DepthRange depth_range(const DepthFrame& frame) {
    ValueCounts counts;
    counts.add(frame);
    return counts.range();
}

}  // namespace storage
