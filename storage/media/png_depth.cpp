#include "storage/media/png_depth.h"

#include <png.h>

#include <algorithm>
#include <bit>
#include <csetjmp>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "storage/byte_order.h"
#include "storage/media/file_probe.h"
#include "storage/media/natural_order.h"

namespace storage {

namespace {

constexpr std::size_t head_bytes = 26;  // signature, IHDR's length and name, width, height, depth, colour
constexpr std::uint32_t longest_side = 16384;

struct Head {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    bool sixteen_bit_grey = false;
};

std::uint32_t uint32_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint32_t>(number_from(bytes.substr(at, 4), ByteOrder::big_endian));
}

// Nothing when this is no PNG picture of ordinary size.
std::optional<Head> head_of(const std::filesystem::path& file) {
    using std::string_view_literals::operator""sv;
    const std::string bytes = first_bytes(file, head_bytes);
    if (bytes.size() < head_bytes || !bytes.starts_with("\x89PNG\r\n\x1A\n\0\0\0\rIHDR"sv)) return std::nullopt;
    const Head head{uint32_at(bytes, 16), uint32_at(bytes, 20), bytes[24] == 16 && bytes[25] == PNG_COLOR_TYPE_GRAY};
    const bool ordinary =
        0 < head.width && head.width <= longest_side && 0 < head.height && head.height <= longest_side;
    return ordinary ? std::optional(head) : std::nullopt;
}

// Whether the end is there, and before it bytes enough for so many values.
bool is_whole(const std::filesystem::path& file, const Head& head) {
    constexpr std::uint64_t best_deflation = 1032;  // https://zlib.net/zlib_tech.html
    const std::uint64_t unpacked = head.sixteen_bit_grey ? std::uint64_t{2} * head.width * head.height : 0;
    std::error_code error;
    const std::uintmax_t packed = std::filesystem::file_size(file, error);
    return !error && unpacked / best_deflation <= packed && last_bytes(file, 8).starts_with("IEND");
}

std::vector<std::filesystem::path> pictures_in(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> pictures;
    std::error_code error;
    for (auto entry = std::filesystem::directory_iterator(folder, error);
         !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
        if (has_extension(entry->path(), ".png")) pictures.push_back(entry->path());
    std::ranges::sort(pictures, [](const auto& a, const auto& b) {
        return naturally_less(a.filename().string(), b.filename().string());
    });
    return pictures;
}

void refuse(png_structp png, png_const_charp) { png_longjmp(png, 1); }
void ignore(png_structp, png_const_charp) {}

// libpng leaves through longjmp, so nothing with a destructor lives in this function.
// `rows` point to memory for height rows of width values. False when the picture is damaged.
bool decode(std::FILE* file, const Head& head, png_bytepp rows) {
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, nullptr, refuse, ignore);
    png_infop info = png == nullptr ? nullptr : png_create_info_struct(png);
    if (info == nullptr || setjmp(png_jmpbuf(png)) != 0) {
        png_destroy_read_struct(&png, &info, nullptr);
        return false;
    }
    png_init_io(png, file);
    png_read_info(png, info);
    const bool as_announced = png_get_image_width(png, info) == head.width &&
                              png_get_image_height(png, info) == head.height &&
                              png_get_rowbytes(png, info) == std::size_t{2} * head.width;
    if (as_announced) {
        if (std::endian::native == std::endian::little) png_set_swap(png);
        png_set_interlace_handling(png);
        png_read_update_info(png, info);
        png_read_image(png, rows);
        png_read_end(png, nullptr);
    }
    png_destroy_read_struct(&png, &info, nullptr);
    return as_announced;
}

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

class PngDepth final : public DepthReader {
public:
    explicit PngDepth(const std::filesystem::path& folder) {
        const std::string name = folder.filename().string();
        for (const std::filesystem::path& picture : pictures_in(folder)) add(picture);
        if (pictures_.empty()) throw ReadError(name + ": it holds no 16-bit grey PNG picture that is whole.");
    }

    [[nodiscard]] schemas::FrameIndex frames() const override {
        return static_cast<schemas::FrameIndex>(pictures_.size());
    }
    [[nodiscard]] int width() const override { return static_cast<int>(head_.width); }
    [[nodiscard]] int height() const override { return static_cast<int>(head_.height); }
    [[nodiscard]] const std::vector<ReadProblem>& problems() const override { return problems_; }

    [[nodiscard]] DepthFrame frame(schemas::FrameIndex index) override {
        if (index < 0 || index >= frames())
            throw ReadError("There is no picture " + std::to_string(index) + " among " + std::to_string(frames()) +
                            ".");
        const std::filesystem::path& picture = pictures_[static_cast<std::size_t>(index)];
        DepthFrame frame{width(), height(), std::vector<std::uint16_t>(std::size_t{head_.width} * head_.height)};
        std::vector<png_bytep> rows;
        for (std::size_t row = 0; row < head_.height; ++row)
            rows.push_back(reinterpret_cast<png_bytep>(&frame.values[row * head_.width]));
        const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(picture.string().c_str(), "rb"));
        if (!file || !decode(file.get(), head_, rows.data()))
            throw ReadError(picture.filename().string() + ": the picture is missing or damaged.");
        return frame;
    }

private:
    void add(const std::filesystem::path& picture) {
        const std::optional<Head> head = head_of(picture);
        if (!head || !is_whole(picture, *head)) return leave_out(picture, "it is damaged or cut off");
        if (!head->sixteen_bit_grey) return leave_out(picture, "it is not 16-bit grey");
        if (pictures_.empty()) head_ = *head;
        if (head->width != head_.width || head->height != head_.height)
            return leave_out(picture, "expected " + size_of(head_) + " pixels, found " + size_of(*head));
        pictures_.push_back(picture);
    }

    static std::string size_of(const Head& head) {
        return std::to_string(head.width) + "x" + std::to_string(head.height);
    }

    void leave_out(const std::filesystem::path& picture, const std::string& why) {
        problems_.push_back({picture.filename().string() + ": " + why + "; the picture is left out", std::nullopt});
    }

    Head head_;
    std::vector<std::filesystem::path> pictures_;
    std::vector<ReadProblem> problems_;
};

}  // namespace

std::unique_ptr<DepthReader> open_png_depth(const std::filesystem::path& folder) {
    return std::make_unique<PngDepth>(folder);
}

bool is_png_depth(const std::filesystem::path& folder) {
    const std::vector<std::filesystem::path> pictures = pictures_in(folder);
    if (pictures.empty()) return false;
    const std::optional<Head> head = head_of(pictures.front());
    return head && head->sixteen_bit_grey;
}

}  // namespace storage
