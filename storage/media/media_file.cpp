#include "storage/media/media_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

extern "C" {
#include <libavutil/error.h>
#include <libavutil/log.h>
}

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "storage/export/atomic_file.h"

namespace storage {

namespace {

using Clock = std::chrono::steady_clock;

// FFmpeg's names of the containers that are opened. Left out: playlists and whatever else opens further
// files, pictures, text, devices.
constexpr std::array<std::string_view, 36> containers{"mov,mp4,m4a,3gp,3g2,mj2",
                                                      "matroska,webm",
                                                      "avi",
                                                      "mpegts",
                                                      "mpeg",
                                                      "mpegvideo",
                                                      "flv",
                                                      "live_flv",
                                                      "ogg",
                                                      "asf",
                                                      "ivf",
                                                      "h264",
                                                      "hevc",
                                                      "m4v",
                                                      "mjpeg",
                                                      "obu",
                                                      "av1",
                                                      "nut",
                                                      "mxf",
                                                      "gif",
                                                      "dv",
                                                      "rm",
                                                      "yuv4mpegpipe",
                                                      "wav",
                                                      "w64",
                                                      "aiff",
                                                      "flac",
                                                      "mp3",
                                                      "aac",
                                                      "ac3",
                                                      "eac3",
                                                      "au",
                                                      "caf",
                                                      "tta",
                                                      "wv",
                                                      "ape"};

constexpr int io_buffer_bytes = 1 << 16;
constexpr std::int64_t probed_bytes = 5'000'000;

thread_local std::string last_complaint;

void remember_complaint(void* context, int level, const char* format, va_list arguments) {
    if (level > AV_LOG_ERROR) return;
    std::array<char, 400> text{};
    int print_prefix = 0;
    av_log_format_line2(context, level, format, arguments, text.data(), static_cast<int>(text.size()), &print_prefix);
    last_complaint = text.data();
    while (!last_complaint.empty() && (last_complaint.back() == '\n' || last_complaint.back() == '.'))
        last_complaint.pop_back();
}

std::string ffmpeg_text_of(int error) {
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(error, text.data(), text.size());
    return text.data();
}

bool is_listed(const char* container) { return std::ranges::find(containers, container) != containers.end(); }

int refuse_other_files(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) { return AVERROR(EPERM); }

}  // namespace

void silence_ffmpeg() {
    static std::once_flag once;
    std::call_once(once, [] { av_log_set_callback(remember_complaint); });
}

std::string words_of_ffmpeg_error(int error) {
    std::string words = error == AVERROR_INVALIDDATA         ? "the data is damaged"
                        : error == AVERROR_EOF               ? "the file ends too early"
                        : error == AVERROR_DECODER_NOT_FOUND ? "no decoder for it is installed"
                        : error == AVERROR(ENOMEM)           ? "it asks for more memory than there is"
                                                             : ffmpeg_text_of(error);
    if (const std::string complaint = std::exchange(last_complaint, {}); !complaint.empty())
        words += " (" + complaint + ")";
    return words;
}

struct MediaFile::Source {
    std::string name;
    Descriptor descriptor;
    struct stat state {};
    std::int64_t position = 0;
    std::stop_token stop;
    bool opening = true;
    std::chrono::milliseconds patience{};
    Clock::time_point deadline;

    void restart_clock() { deadline = Clock::now() + patience; }
    // Once it is open, only next() looks at `stop`: an interrupted read would leave the demuxer astray.
    [[nodiscard]] bool interrupted() const { return (opening && stop.stop_requested()) || Clock::now() > deadline; }

    static int is_interrupted(void* self) { return static_cast<Source*>(self)->interrupted() ? 1 : 0; }

    static int read(void* self, std::uint8_t* bytes, int count) {
        auto& source = *static_cast<Source*>(self);
        if (source.interrupted()) return AVERROR_EXIT;
        const ssize_t got =
            ::pread(source.descriptor.number(), bytes, static_cast<std::size_t>(count), source.position);
        if (got < 0) return AVERROR(errno);
        source.position += got;
        return got == 0 ? AVERROR_EOF : static_cast<int>(got);
    }

    static std::int64_t seek(void* self, std::int64_t offset, int whence) {
        auto& source = *static_cast<Source*>(self);
        const std::int64_t size = source.state.st_size;
        switch (whence & ~AVSEEK_FORCE) {
            case AVSEEK_SIZE:
                return size;
            case SEEK_SET:
                break;
            case SEEK_CUR:
                offset += source.position;
                break;
            case SEEK_END:
                offset += size;
                break;
            default:
                return AVERROR(EINVAL);
        }
        if (offset < 0) return AVERROR(EINVAL);
        return source.position = offset;
    }

    void open(const std::filesystem::path& file) {
        name = file.filename().string();
        // Without O_NONBLOCK, opening a pipe would wait for its other end.
        descriptor = Descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
        if (descriptor.number() < 0 || ::fstat(descriptor.number(), &state) != 0)
            throw ReadError(name + ": could not be opened: " + std::generic_category().message(errno) + ".");
        if (S_ISDIR(state.st_mode)) throw ReadError(name + ": this is a folder, expected a recording.");
        if (!S_ISREG(state.st_mode)) throw ReadError(name + ": this is no ordinary file, expected a recording.");
        if (state.st_size == 0) throw ReadError(name + ": the file is empty.");
    }
};

MediaFile::MediaFile() : source_(std::make_unique<Source>()) {}
MediaFile::~MediaFile() = default;

std::unique_ptr<MediaFile> MediaFile::open(const std::filesystem::path& file, std::stop_token stop,
                                           const MediaLimits& limits) {
    std::unique_ptr<MediaFile> media(new MediaFile);
    Source& source = *media->source_;
    source.stop = std::move(stop);
    source.patience = limits.patience;
    media->connect(file);
    const int error = media->read_head(limits);
    if (source.stop.stop_requested()) return nullptr;
    if (source.interrupted())
        throw ReadError(source.name + ": finding out what it holds took longer than " +
                        std::to_string(limits.patience.count() / 1000) + " seconds, so it is refused.");
    if (error < 0)
        throw ReadError(source.name + ": cannot be read as a recording: " + words_of_ffmpeg_error(error) + ".");
    source.opening = false;
    return media;
}

bool MediaFile::is_known_container(const std::filesystem::path& file) try {
    MediaFile media;
    media.source_->patience = MediaLimits{}.patience;
    media.connect(file);
    const AVInputFormat* format = media.probe();
    return format != nullptr && is_listed(format->name);
} catch (const std::exception&) {
    return false;
}

void MediaFile::connect(const std::filesystem::path& file) {
    silence_ffmpeg();
    last_complaint.clear();
    source_->open(file);
    source_->restart_clock();
    const auto buffer = static_cast<unsigned char*>(av_malloc(io_buffer_bytes));
    if (buffer == nullptr) throw std::bad_alloc();
    io_.reset(avio_alloc_context(buffer, io_buffer_bytes, 0, source_.get(), Source::read, nullptr, Source::seek));
    if (!io_) throw std::bad_alloc();
}

// By content alone: FFmpeg would also go by the extension.
const AVInputFormat* MediaFile::probe() {
    const AVInputFormat* format = nullptr;
    return av_probe_input_buffer2(io_.get(), &format, "", nullptr, 0, 0) < 0 ? nullptr : format;
}

int MediaFile::read_head(const MediaLimits& limits) {
    const AVInputFormat* format = probe();
    if (source_->interrupted()) return AVERROR_EXIT;
    if (format == nullptr)
        throw ReadError(name() + ": this is no recording of a kind that is known; expected a video or sound.");
    if (!is_listed(format->name))
        throw ReadError(name() + ": expected a video or sound, found \"" +
                        (format->long_name != nullptr ? format->long_name : format->name) + "\".");

    AVFormatContext* context = avformat_alloc_context();
    if (context == nullptr) throw std::bad_alloc();
    context->pb = io_.get();
    context->flags |= AVFMT_FLAG_CUSTOM_IO;
    context->io_open = refuse_other_files;
    context->interrupt_callback = {Source::is_interrupted, source_.get()};
    context->probesize = probed_bytes;
    // On failure it frees the context.
    if (const int error = avformat_open_input(&context, "", format, nullptr); error < 0) return error;
    input_.reset(context);

    std::vector<AVDictionary*> options(input_->nb_streams, nullptr);
    for (AVDictionary*& option : options) {
        av_dict_set_int(&option, "max_pixels", limits.most_pixels, 0);
        av_dict_set_int(&option, "threads", 1, 0);
    }
    const int error = avformat_find_stream_info(input_.get(), options.empty() ? nullptr : options.data());
    for (AVDictionary*& option : options) av_dict_free(&option);
    return error;
}

const std::string& MediaFile::name() const { return source_->name; }
std::string_view MediaFile::container_name() const { return input_->iformat->name; }
std::int64_t MediaFile::bytes() const { return source_->state.st_size; }
std::int64_t MediaFile::position() const { return source_->position; }

void MediaFile::require_unchanged() const {
    struct stat now {};
    const struct stat& then = source_->state;
    if (::fstat(source_->descriptor.number(), &now) != 0 || now.st_size != then.st_size ||
        now.st_mtim.tv_sec != then.st_mtim.tv_sec || now.st_mtim.tv_nsec != then.st_mtim.tv_nsec)
        throw ReadError(name() + ": the file has changed while it was open. Import it again.");
}

void MediaFile::keep_only(int stream) {
    for (unsigned number = 0; number < input_->nb_streams; ++number)
        input_->streams[number]->discard = static_cast<int>(number) == stream ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
}

void MediaFile::watch(std::stop_token stop) { source_->stop = std::move(stop); }

MediaFile::Next MediaFile::next(AVPacket& packet) {
    av_packet_unref(&packet);
    source_->restart_clock();
    for (;;) {
        if (source_->stop.stop_requested()) return Next::stopped;
        const int error = av_read_frame(input_.get(), &packet);
        if (error == AVERROR(EAGAIN) && !source_->interrupted()) continue;
        if (error == AVERROR_EOF) return Next::end;
        if (error < 0) {
            last_error_ = words_of_ffmpeg_error(error);
            return Next::unreadable;
        }
        if (input_->streams[packet.stream_index]->discard < AVDISCARD_ALL) return Next::packet;
        av_packet_unref(&packet);
    }
}

bool MediaFile::seek(int stream, std::int64_t where, SeekBy by) {
    source_->restart_clock();
    const int flags = by == SeekBy::time ? AVSEEK_FLAG_BACKWARD : AVSEEK_FLAG_BYTE;
    return av_seek_frame(input_.get(), stream, where, flags) >= 0;
}

}  // namespace storage
