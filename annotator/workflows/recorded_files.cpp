#include "annotator/workflows/recorded_files.h"

#include <algorithm>

namespace annotator {

const RecordedStream* RecordedFile::sound() const {
    const auto found = std::ranges::find_if(streams, &RecordedStream::is_sound);
    return found == streams.end() ? nullptr : &*found;
}

const RecordedStream* RecordedFile::stamped(schemas::RecordingClock clock) const {
    const auto found = std::ranges::find_if(
        streams, [clock](const RecordedStream& stream) { return stream.media.recorded_by == clock; });
    return found == streams.end() ? nullptr : &*found;
}

std::vector<RecordedFile> recorded_files(ProjectSession& session, schemas::TakeId take) {
    std::vector<RecordedStream> streams;
    for (const schemas::StreamId id : session.document().streams(take))
        streams.push_back(
            {&session.document().at<schemas::Stream>(id), session.store().media(id).value_or(schemas::Media())});
    std::ranges::sort(streams, {}, [](const RecordedStream& each) {
        return std::tuple(each.stream->role, each.stream->path, each.stream->container_stream);
    });
    std::vector<RecordedFile> files;
    for (RecordedStream& stream : streams) {
        const auto same = std::ranges::find_if(
            files, [&](const RecordedFile& file) { return file.first().stream->sha256 == stream.stream->sha256; });
        if (same == files.end())
            files.push_back({{std::move(stream)}});
        else
            same->streams.push_back(std::move(stream));
    }
    return files;
}

}  // namespace annotator
