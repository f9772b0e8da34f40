#include "storage/media/video_depth.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

#include <bit>
#include <utility>

#include "storage/media/depth_tags.h"
#include "storage/media/media_file.h"
#include "storage/media/video_properties.h"
#include "storage/media/video_reader.h"

namespace storage {

namespace {

// 16 bits a value in memory, of which the lower ones may be all that is used.
bool is_deep_grey(int pixel_format) {
    const AVPixFmtDescriptor* const format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(pixel_format));
    constexpr std::uint64_t unfit = AV_PIX_FMT_FLAG_FLOAT | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM |
                                    AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_HWACCEL;
    return format != nullptr && format->nb_components == 1 && (format->flags & unfit) == 0 &&
           format->comp[0].depth > 8 && format->comp[0].depth <= 16 && format->comp[0].step == 2 &&
           format->comp[0].shift == 0;
}

bool is_big_endian(int pixel_format) {
    return (av_pix_fmt_desc_get(static_cast<AVPixelFormat>(pixel_format))->flags & AV_PIX_FMT_FLAG_BE) != 0;
}

// What opening the file tells before it is scanned.
struct Head {
    int stream = 0;
    int width = 0, height = 0;
    DepthUnit unit;
    std::optional<DepthRange> range;
};

Head head_of(const std::filesystem::path& file) {
    const std::unique_ptr<MediaFile> media = MediaFile::open(file);
    const int stream = chosen_video_stream(*media, std::nullopt);
    const AVCodecParameters& codec = *media->stream(stream).codecpar;
    if (!is_deep_grey(codec.format))
        throw ReadError(media->name() + ": this video is no depth: expected one grey component of 9 to 16 bits.");
    const TagReader tag = [&media](const char* name) -> std::optional<std::string> {
        const AVDictionaryEntry* const entry = av_dict_get(media->container().metadata, name, nullptr, 0);
        return entry == nullptr ? std::nullopt : std::optional<std::string>(entry->value);
    };
    return {stream, codec.width, codec.height, depth_unit_from_tags(tag), depth_range_from_tags(tag)};
}

std::shared_ptr<const VideoIndex> index_of(const std::filesystem::path& file, int stream) {
    ScanOptions options;
    options.stream = stream;
    auto index = scan_video(file, options, [](double) {}, {});
    return std::make_shared<const VideoIndex>(std::move(*index));
}

class VideoDepth final : public DepthReader {
public:
    explicit VideoDepth(const std::filesystem::path& file)
        : name_(file.filename().string()),
          head_(head_of(file)),
          index_(index_of(file, head_.stream)),
          reader_(file, index_) {
        for (const std::string& what : index_->problems) problems_.push_back({what, std::nullopt});
        for (const UndecodedPacket& packet : index_->undecoded)
            problems_.push_back(
                {"packet " + std::to_string(packet.packet) + " gives no frame: " + packet.reason, std::nullopt});
        report_missing_frames();
        if (index_->properties.rotation_degrees != 0 || index_->properties.mirrored)
            problems_.push_back({"it is to be shown turned; depth is read as it is stored", std::nullopt});
    }

    [[nodiscard]] schemas::FrameIndex frames() const override { return index_->size(); }
    [[nodiscard]] int width() const override { return head_.width; }
    [[nodiscard]] int height() const override { return head_.height; }
    [[nodiscard]] const std::vector<ReadProblem>& problems() const override { return problems_; }
    [[nodiscard]] DepthUnit unit() override { return head_.unit; }
    [[nodiscard]] std::optional<DepthRange> declared_range() const override { return head_.range; }
    [[nodiscard]] std::optional<schemas::FrameTable> times() const override { return index_->table(); }

    [[nodiscard]] DepthFrame frame(schemas::FrameIndex index) override {
        if (index < 0 || index >= frames())
            throw ReadError(name_ + ": there is no frame " + std::to_string(index) + " among " +
                            std::to_string(frames()) + ".");
        const std::optional<VideoFrame> decoded = reader_.frame(index);
        const AVFrame& native = decoded->native();
        if (!is_deep_grey(native.format) || native.width != head_.width || native.height != head_.height)
            throw ReadError(name_ + ": frame " + std::to_string(index) + " is no depth picture of " +
                            std::to_string(head_.width) + "x" + std::to_string(head_.height) + ".");
        return values_of(native);
    }

private:
    // The range that was written with the file counts every pixel of every frame.
    void report_missing_frames() {
        const auto pixels = static_cast<std::uint64_t>(head_.width) * static_cast<std::uint64_t>(head_.height);
        if (!head_.range || pixels == 0) return;
        const std::uint64_t written = (head_.range->measured + head_.range->holes) / pixels;
        if (written != static_cast<std::uint64_t>(frames()))
            problems_.push_back({"it was written with " + std::to_string(written) + " frames and has " +
                                     std::to_string(frames()) + "; it may be cut off",
                                 std::nullopt});
    }

    static DepthFrame values_of(const AVFrame& native) {
        const bool swapped = is_big_endian(native.format) != (std::endian::native == std::endian::big);
        DepthFrame frame{native.width, native.height, {}};
        frame.values.reserve(static_cast<std::size_t>(native.width) * static_cast<std::size_t>(native.height));
        for (int row = 0; row < native.height; ++row) {
            const std::uint8_t* const bytes = native.data[0] + std::ptrdiff_t{row} * native.linesize[0];
            for (int column = 0; column < native.width; ++column) {
                std::array<std::uint8_t, 2> value{bytes[2 * column], bytes[2 * column + 1]};
                if (swapped) std::swap(value[0], value[1]);
                frame.values.push_back(std::bit_cast<std::uint16_t>(value));
            }
        }
        return frame;
    }

    std::string name_;
    Head head_;
    std::shared_ptr<const VideoIndex> index_;
    VideoReader reader_;
    std::vector<ReadProblem> problems_;
};

}  // namespace

std::unique_ptr<DepthReader> open_depth_video(const std::filesystem::path& file) {
    return std::make_unique<VideoDepth>(file);
}

bool is_depth_pixel_format(const std::string& name) { return is_deep_grey(av_get_pix_fmt(name.c_str())); }

bool is_depth_video(const std::filesystem::path& file) {
    if (!MediaFile::is_known_container(file)) return false;
    try {
        (void)head_of(file);
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace storage
