#include "storage/media/scrub_proxy.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/export/atomic_file.h"
#include "storage/features/packed_file.h"
#include "storage/media/ffmpeg_ptr.h"
#include "storage/media/frame_cache.h"
#include "storage/media/picture_conversion.h"
#include "storage/media/video_encoder.h"
#include "storage/media/video_reader.h"

namespace storage {

namespace {

using schemas::FrameIndex;
using schemas::Picture;

// The file: JPEG pictures one after the other; then, packed, what they are of and where each begins; then
// how many bytes that takes, and these letters.
constexpr std::string_view ending = "KVPROXY1";
constexpr std::size_t tail_bytes = sizeof(std::uint64_t) + ending.size();

constexpr std::uint64_t most_jpeg_bytes = std::uint64_t{16} << 20U;
constexpr std::int64_t most_preview_pixels = std::int64_t{1} << 24U;  // a damaged one can say that it is any size
constexpr std::size_t walk_cache_bytes = 1;  // a walk forwards needs no frame twice

// Makes JPEG pictures, all of the size of the first.
class JpegEncoder {
public:
    JpegEncoder(const Picture& first, const ProxyOptions& options, const std::string& subject)
        : subject_(subject), encoder_(open_jpeg_encoder(first, options, subject)), frames_(*encoder_) {}

    [[nodiscard]] std::string_view jpeg_of(const Picture& picture) {
        const FramePtr frame = frames_.frame_from(picture);
        frame->pts = pts_++;
        frame->quality = encoder_->global_quality;
        av_packet_unref(packet_.get());
        if (avcodec_send_frame(encoder_.get(), frame.get()) < 0 ||
            avcodec_receive_packet(encoder_.get(), packet_.get()) < 0)
            throw std::runtime_error(subject_ + ": a preview could not be encoded");
        return {reinterpret_cast<const char*>(packet_->data), static_cast<std::size_t>(packet_->size)};
    }

private:
    static CodecPtr open_jpeg_encoder(const Picture& first, const ProxyOptions& options, const std::string& subject) {
        VideoWriterOptions wanted;
        wanted.codec = "mjpeg";
        wanted.width = first.width;
        wanted.height = first.height;
        wanted.quality = options.quality;
        return open_video_encoder(wanted, *av_guess_format("avi", nullptr, nullptr), {1, 25}, subject);
    }

    std::string subject_;
    CodecPtr encoder_;
    FrameMaker frames_;
    PacketPtr packet_ = new_packet();
    std::int64_t pts_ = 0;
};

// nullopt when stopped or where the frame does not decode.
std::optional<Picture> small_picture(VideoReader& reader, FrameIndex frame, const ProxyOptions& options,
                                     const std::stop_token& stop) {
    try {
        const std::optional<VideoFrame> decoded = reader.frame(frame, stop);
        if (!decoded) return std::nullopt;
        return decoded->picture(options.longest_side);
    } catch (const ReadError&) {
        return std::nullopt;
    }
}

std::string contents_text(const VideoIndex& index, const std::vector<std::uint64_t>& begins) {
    Packer packer;
    packer.text(index.sha256);
    packer.value(static_cast<std::int64_t>(index.properties.stream));
    packer.array(begins);
    return packer.bytes();
}

std::string tail_of(std::string contents) {
    Packer packer;
    packer.value(static_cast<std::uint64_t>(contents.size()));
    return contents + packer.bytes() + std::string(ending);
}

std::optional<std::string> bytes_at(int descriptor, std::uint64_t begin, std::uint64_t count) {
    std::string bytes(count, '\0');
    std::uint64_t done = 0;
    while (done < count) {
        const ssize_t got = pread(descriptor, bytes.data() + done, count - done, static_cast<off_t>(begin + done));
        if (got <= 0) return std::nullopt;
        done += static_cast<std::uint64_t>(got);
    }
    return bytes;
}

}  // namespace

std::filesystem::path proxy_file(const std::filesystem::path& folder, const VideoIndex& index) {
    return folder / (index.sha256 + "-" + std::to_string(index.properties.stream) + ".proxy");
}

bool make_proxy(const std::filesystem::path& video, const std::shared_ptr<const VideoIndex>& index,
                const std::filesystem::path& proxy, const ProxyOptions& options,
                const std::function<void(double share)>& progress, std::stop_token stop) {
    VideoReader reader(video, index,
                       {.cache = std::make_shared<FrameCache>(walk_cache_bytes), .threads = options.threads});
    std::filesystem::create_directories(proxy.parent_path());
    AtomicFile file(proxy);
    std::optional<JpegEncoder> encoder;
    std::vector<std::uint64_t> begins{0};
    for (FrameIndex frame = 0; frame < index->size(); ++frame) {
        const std::optional<Picture> picture = small_picture(reader, frame, options, stop);
        if (stop.stop_requested()) return false;
        std::string_view jpeg;
        if (picture) {
            if (!encoder) encoder.emplace(*picture, options, proxy.string());
            jpeg = encoder->jpeg_of(*picture);
            file.write(jpeg);
        }
        begins.push_back(begins.back() + jpeg.size());
        progress(static_cast<double>(frame + 1) / static_cast<double>(index->size()));
    }
    file.write(tail_of(contents_text(*index, begins)));
    file.commit();
    return true;
}

class ScrubProxy::Opened {
public:
    Opened(Descriptor file, std::vector<std::uint64_t> begins) : file_(std::move(file)), begins_(std::move(begins)) {
        const AVCodec* codec = avcodec_find_decoder(AV_CODEC_ID_MJPEG);
        decoder_.reset(avcodec_alloc_context3(codec));
        decoder_->thread_count = 1;
        decoder_->max_pixels = most_preview_pixels;
        if (avcodec_open2(decoder_.get(), codec, nullptr) < 0)
            throw std::runtime_error("this FFmpeg was built without a decoder for JPEG");
    }

    std::optional<Picture> preview(FrameIndex index) {
        const auto frame = static_cast<std::size_t>(index);
        if (index < 0 || frame + 1 >= begins_.size())
            throw std::out_of_range("There is no preview " + std::to_string(index) + " among " +
                                    std::to_string(begins_.size() - 1) + ".");
        const std::uint64_t bytes = begins_[frame + 1] - begins_[frame];
        if (bytes == 0) return std::nullopt;
        const std::optional<std::string> jpeg = bytes_at(file_.number(), begins_[frame], bytes);
        if (!jpeg || av_new_packet(packet_.get(), static_cast<int>(bytes)) < 0) return std::nullopt;
        std::ranges::copy(*jpeg, packet_->data);
        const bool sent = avcodec_send_packet(decoder_.get(), packet_.get()) >= 0;
        av_packet_unref(packet_.get());
        if (!sent || avcodec_receive_frame(decoder_.get(), frame_.get()) < 0) return std::nullopt;
        return converted(*frame_, VideoProperties{}, 0);
    }

private:
    Descriptor file_;
    std::vector<std::uint64_t> begins_;  // of each picture, and where the last one ends
    CodecPtr decoder_;
    PacketPtr packet_ = new_packet();
    FramePtr frame_ = new_frame();
};

namespace {

// Where each picture begins, when the file is a whole proxy of that video.
std::optional<std::vector<std::uint64_t>> begins_in(int descriptor, const VideoIndex& index) {
    struct stat facts {};
    if (fstat(descriptor, &facts) != 0 || facts.st_size < static_cast<off_t>(tail_bytes)) return std::nullopt;
    const auto bytes = static_cast<std::uint64_t>(facts.st_size) - tail_bytes;
    const auto tail = bytes_at(descriptor, bytes, tail_bytes);
    if (!tail || !tail->ends_with(ending)) return std::nullopt;
    const auto contents_bytes = Unpacker(*tail).value<std::uint64_t>();
    const std::size_t frames = index.frames.size();
    if (contents_bytes > bytes || contents_bytes > sizeof(std::uint64_t) * (frames + 64)) return std::nullopt;
    const auto contents = bytes_at(descriptor, bytes - contents_bytes, contents_bytes);
    if (!contents) return std::nullopt;
    try {
        Unpacker unpacker(*contents);
        if (unpacker.text() != index.sha256 || unpacker.value<std::int64_t>() != index.properties.stream)
            return std::nullopt;
        auto begins = unpacker.array<std::uint64_t>();
        const auto impossible = [](std::uint64_t begin, std::uint64_t end) {
            return end < begin || end - begin > most_jpeg_bytes;
        };
        if (begins.size() != frames + 1 || begins.front() != 0 || begins.back() != bytes - contents_bytes ||
            std::ranges::adjacent_find(begins, impossible) != begins.end())
            return std::nullopt;
        return begins;
    } catch (const DamagedPack&) {
        return std::nullopt;
    }
}

}  // namespace

ScrubProxy::ScrubProxy(std::unique_ptr<Opened> opened) : opened_(std::move(opened)) {}
ScrubProxy::~ScrubProxy() = default;
ScrubProxy::ScrubProxy(ScrubProxy&&) noexcept = default;
ScrubProxy& ScrubProxy::operator=(ScrubProxy&&) noexcept = default;

std::optional<ScrubProxy> ScrubProxy::open(const std::filesystem::path& proxy, const VideoIndex& index) {
    Descriptor file(::open(proxy.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.number() < 0) return std::nullopt;
    auto begins = begins_in(file.number(), index);
    if (!begins) return std::nullopt;
    return ScrubProxy(std::make_unique<Opened>(std::move(file), std::move(*begins)));
}

std::optional<Picture> ScrubProxy::preview(FrameIndex index) { return opened_->preview(index); }

}  // namespace storage
