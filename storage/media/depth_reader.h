#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/frame.h"
#include "storage/read_error.h"

namespace storage {

// One depth picture, row-major, 0 where nothing was measured, in the units of the file.
struct DepthFrame {
    int width = 0;
    int height = 0;
    std::vector<std::uint16_t> values;
};

// What one step of a depth value is.
struct DepthUnit {
    std::optional<double> metres;  // nullopt where nobody said
    std::string source;            // how that is known, or what the values are instead; for people

    bool operator==(const DepthUnit&) const = default;
};

// Which values a recording or a frame has, holes left out, in its own unit. All 0 where nothing was measured.
struct DepthRange {
    std::uint16_t smallest = 0;
    std::uint16_t largest = 0;
    std::uint16_t percentile_1 = 0;   // 1 % of the measured values are at most this
    std::uint16_t percentile_99 = 0;  // what pictures are shaded by: outliers do not count
    std::uint64_t measured = 0;       // pixels with a value, over all frames
    std::uint64_t holes = 0;          // pixels without

    bool operator==(const DepthRange&) const = default;
};

// An open depth recording. `frames()` counts the frames that decode; `frame(i)` is
// exactly frame i. Throws ReadError.
//
// Thread: one at a time.
class DepthReader {
public:
    virtual ~DepthReader() = default;
    [[nodiscard]] virtual schemas::FrameIndex frames() const = 0;
    [[nodiscard]] virtual int width() const = 0;
    [[nodiscard]] virtual int height() const = 0;
    [[nodiscard]] virtual DepthFrame frame(schemas::FrameIndex index) = 0;
    [[nodiscard]] virtual const std::vector<ReadProblem>& problems() const = 0;
    // What the file or its format says; it may have to look at the first frames. Values are never converted.
    [[nodiscard]] virtual DepthUnit unit() { return {std::nullopt, "the recording does not say its unit"}; }
    // What whoever wrote the file found, unchecked; nullopt where it does not say. depth_range.h measures.
    [[nodiscard]] virtual std::optional<DepthRange> declared_range() const { return std::nullopt; }
    // nullopt where the format has no times.
    [[nodiscard]] virtual std::optional<schemas::FrameTable> times() const { return std::nullopt; }
};

struct DepthFormat {
    std::string_view name;  // "msr-depth-bin" "matlab-depth" "png-depth" "depth-video"
    std::string_view title;
    std::function<bool(const std::filesystem::path&)> recognises;  // never throws; png-depth takes a folder
    std::function<std::unique_ptr<DepthReader>(const std::filesystem::path&)> open;
};

std::span<const DepthFormat> depth_formats();
const DepthFormat* depth_format_named(std::string_view name);
const DepthFormat* depth_format_of(const std::filesystem::path& path);

}  // namespace storage
