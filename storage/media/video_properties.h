#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/media/media_file.h"
#include "storage/media/video_index.h"

namespace storage {

// The stream to read. Throws ReadError that says what the file holds instead.
int chosen_video_stream(MediaFile& media, std::optional<int> wanted);

// What the container and a decoded picture say; `problems` gets what cannot be shown as it was meant. Throws
// ReadError for a pixel format that cannot be shown at all.
VideoProperties properties_of(MediaFile& media, int stream, const AVFrame& picture, std::vector<std::string>& problems);

// How many frames the container claims, 0 where it says nothing.
std::int64_t declared_frames(const AVStream& stream);

}  // namespace storage
