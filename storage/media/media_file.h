#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "storage/media/ffmpeg_ptr.h"
#include "storage/read_error.h"

namespace storage {

// FFmpeg prints nothing from now on; what it last complained about is kept for messages.
void silence_ffmpeg();

// "the data is damaged", and what FFmpeg last complained about on this thread, if it did.
std::string words_of_ffmpeg_error(int error);

struct MediaLimits {
    std::chrono::milliseconds patience{10'000};  // for opening, and for each packet
    std::int64_t most_pixels = 16384LL * 16384LL;
};

// An open recording. Only this one regular file is ever read, whatever it refers to: playlists, other
// files and addresses inside it are refused, and so is every container that is not one of moving
// pictures or sound.
//
// Thread: one at a time. FFmpeg's own messages are silenced.
class MediaFile {
public:
    // Reads the head. nullptr when stopped. Throws ReadError that says what the file is instead.
    static std::unique_ptr<MediaFile> open(const std::filesystem::path& file, std::stop_token stop = {},
                                           const MediaLimits& limits = {});
    ~MediaFile();

    // By the first bytes, cheaply, never throwing.
    static bool is_known_container(const std::filesystem::path& file);

    [[nodiscard]] const std::string& name() const;          // for messages: the file's own name
    [[nodiscard]] std::string_view container_name() const;  // FFmpeg's: "matroska,webm"
    [[nodiscard]] std::int64_t bytes() const;               // of the whole file, when it was opened
    [[nodiscard]] std::int64_t position() const;            // up to where it has been read
    [[nodiscard]] AVFormatContext& container() { return *input_; }
    [[nodiscard]] AVStream& stream(int number) { return *input_->streams[number]; }

    // Throws ReadError when another program has written to the file since it was opened.
    void require_unchanged() const;

    // From now on, next() passes over all other streams, and stops when this token says so.
    void keep_only(int stream);
    void watch(std::stop_token stop);

    // `unreadable` is a damaged or cut-off end; last_error() says what it is in words.
    enum class Next { packet, end, unreadable, stopped };
    Next next(AVPacket& packet);
    [[nodiscard]] const std::string& last_error() const { return last_error_; }

    enum class SeekBy { time, position };
    // To the key frame at or before `where` as far as the container can tell, which callers check.
    bool seek(int stream, std::int64_t where, SeekBy by);

private:
    struct Source;
    MediaFile();
    void connect(const std::filesystem::path& file);
    const AVInputFormat* probe();
    int read_head(const MediaLimits& limits);

    std::unique_ptr<Source> source_;  // outlives what reads from it
    IoPtr io_;
    InputPtr input_;
    std::string last_error_;
};

}  // namespace storage
