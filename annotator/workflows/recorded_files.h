#pragma once

#include <optional>
#include <string>
#include <vector>

#include "annotator/session/project_session.h"

namespace annotator {

// A stream with what is known of its file.
struct RecordedStream {
    const schemas::Stream* stream = nullptr;
    schemas::Media media;  // empty where nothing is known

    [[nodiscard]] bool is_sound() const { return stream->kind == schemas::StreamKind::audio; }
};

// The streams of a take that come from one file, and so share a clock: a stream's own seconds are those of the file
// less its media.start_seconds.
struct RecordedFile {
    std::vector<RecordedStream> streams;

    [[nodiscard]] const RecordedStream& first() const { return streams.front(); }
    [[nodiscard]] const RecordedStream* sound() const;  // nullptr where it holds none
    [[nodiscard]] const RecordedStream* stamped(schemas::RecordingClock clock) const;
};

// The files of a take, that of its reference first and the reference first in it.
std::vector<RecordedFile> recorded_files(ProjectSession& session, schemas::TakeId take);

}  // namespace annotator
