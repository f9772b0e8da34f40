#include "storage/media/msr_depth_bin.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "storage/media/file_probe.h"
#include "storage/media/msr_depth_unit.h"

namespace storage {

namespace {

constexpr std::uint64_t header_bytes = 12;
constexpr std::int32_t longest_side = 16384;

struct Header {
    std::int32_t frames = 0;
    std::int32_t columns = 0;
    std::int32_t rows = 0;

    [[nodiscard]] bool plausible() const {
        return frames > 0 && columns > 0 && rows > 0 && columns <= longest_side && rows <= longest_side;
    }
    [[nodiscard]] std::uint64_t pixels() const {
        return static_cast<std::uint64_t>(columns) * static_cast<std::uint64_t>(rows);
    }
    [[nodiscard]] std::uint64_t frame_bytes() const { return pixels() * 4; }
    [[nodiscard]] std::uint64_t file_bytes() const {
        return header_bytes + static_cast<std::uint64_t>(frames) * frame_bytes();
    }
    // MSR-DailyActivity3D has a byte more for each pixel.
    [[nodiscard]] std::uint64_t file_bytes_with_ids() const {
        return header_bytes + static_cast<std::uint64_t>(frames) * pixels() * 5;
    }
};

std::int32_t int32_at(std::string_view bytes, std::size_t offset) {
    std::uint32_t value = 0;
    for (std::size_t byte = 4; byte-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[offset + byte]);
    return static_cast<std::int32_t>(value);
}

std::optional<Header> header_of(const std::filesystem::path& file) {
    const std::string bytes = first_bytes(file, header_bytes);
    if (bytes.size() < header_bytes) return std::nullopt;
    return Header{int32_at(bytes, 0), int32_at(bytes, 4), int32_at(bytes, 8)};
}

class MsrDepthBin final : public DepthReader {
public:
    explicit MsrDepthBin(const std::filesystem::path& file) : name_(file.filename().string()) {
        const std::optional<Header> header = header_of(file);
        if (!header) throw ReadError(name_ + ": expected a header of 12 bytes; the file is missing or shorter.");
        header_ = *header;
        if (!header_.plausible())
            throw ReadError(name_ + ": its header declares " + std::to_string(header_.frames) + " frames of " +
                            std::to_string(header_.columns) + "x" + std::to_string(header_.rows) +
                            " pixels; this is no MSR depth file.");
        check_length(std::filesystem::file_size(file));
        stream_.open(file, std::ios::binary);
        if (!stream_) throw ReadError(name_ + ": it cannot be opened.");
    }

    [[nodiscard]] schemas::FrameIndex frames() const override { return frames_; }
    [[nodiscard]] int width() const override { return header_.columns; }
    [[nodiscard]] int height() const override { return header_.rows; }
    [[nodiscard]] const std::vector<ReadProblem>& problems() const override { return problems_; }
    [[nodiscard]] DepthUnit unit() override { return msr_depth_unit(*this); }

    [[nodiscard]] DepthFrame frame(schemas::FrameIndex index) override {
        if (index < 0 || index >= frames_)
            throw ReadError(name_ + ": there is no frame " + std::to_string(index) + " among " +
                            std::to_string(frames_) + ".");
        std::string bytes(header_.frame_bytes(), '\0');
        stream_.clear();
        stream_.seekg(static_cast<std::streamoff>(header_bytes + static_cast<std::uint64_t>(index) * bytes.size()));
        if (!stream_.read(bytes.data(), static_cast<std::streamsize>(bytes.size())))
            throw ReadError(name_ + ": frame " + std::to_string(index) + " cannot be read.");
        return decoded(bytes, index);
    }

private:
    void check_length(std::uint64_t length) {
        if (length == header_.file_bytes_with_ids())
            throw ReadError(
                name_ +
                ": it is laid out as MSR-DailyActivity3D, with skeleton ids after each row, which is not read.");
        const std::uint64_t whole = (length - header_bytes) / header_.frame_bytes();
        frames_ = static_cast<schemas::FrameIndex>(
            std::min<std::uint64_t>(whole, static_cast<std::uint64_t>(header_.frames)));
        if (frames_ == 0) throw ReadError(name_ + ": the file ends within its first frame.");
        if (length == header_.file_bytes()) return;
        problems_.push_back({"it declares " + std::to_string(header_.frames) + " frames in " +
                                 std::to_string(header_.file_bytes()) + " bytes and has " + std::to_string(length) +
                                 "; its first " + std::to_string(frames_) + " frames are read",
                             std::nullopt});
    }

    DepthFrame decoded(const std::string& bytes, schemas::FrameIndex index) {
        constexpr std::int32_t largest = std::numeric_limits<std::uint16_t>::max();
        DepthFrame frame{header_.columns, header_.rows, std::vector<std::uint16_t>(header_.pixels())};
        bool clamped = false;
        for (std::size_t pixel = 0; pixel < frame.values.size(); ++pixel) {
            const std::int32_t value = int32_at(bytes, 4 * pixel);
            clamped = clamped || value < 0 || value > largest;
            frame.values[pixel] = static_cast<std::uint16_t>(std::clamp(value, 0, largest));
        }
        if (clamped) report_clamped(index);
        return frame;
    }

    void report_clamped(schemas::FrameIndex index) {
        const ReadProblem problem{"values outside 0 to 65535 were clamped", schemas::FrameSpan{index, index + 1}};
        if (std::ranges::find(problems_, problem) == problems_.end()) problems_.push_back(problem);
    }

    std::string name_;
    Header header_;
    schemas::FrameIndex frames_ = 0;
    std::ifstream stream_;
    std::vector<ReadProblem> problems_;
};

}  // namespace

std::unique_ptr<DepthReader> open_msr_depth_bin(const std::filesystem::path& file) {
    return std::make_unique<MsrDepthBin>(file);
}

bool is_msr_depth_bin(const std::filesystem::path& file) {
    if (!has_extension(file, ".bin")) return false;
    if (lower_case(file.stem().string()).find("depth") != std::string::npos) return true;
    const std::optional<Header> header = header_of(file);
    std::error_code error;
    return header && header->plausible() && std::filesystem::file_size(file, error) == header->file_bytes();
}

}  // namespace storage
