#include "annotator/document/stream_commands.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace annotator {

namespace {

using schemas::Edit;
using schemas::Stream;

void add_update(Edit& edit, const Stream& before, const Stream& after) {
    if (before != after) edit.changes.emplace_back(schemas::RowChange<Stream>{before, after});
}

bool is_called(const Stream& stream, const std::string& name) {
    const std::string number = "#" + std::to_string(stream.container_stream);
    const std::string file = std::filesystem::path(stream.path).filename().string();
    return name == stream.path || name == file || name == stream.path + number || name == file + number;
}

}  // namespace

const schemas::Take* take_named(const Document& document, const std::string& name) {
    for (const auto& [id, take] : document.rows<schemas::Take>())
        if (take.name == name) return &take;
    return nullptr;
}

std::vector<const Stream*> streams_called(const Document& document, schemas::TakeId take, const std::string& name) {
    std::vector<const Stream*> called;
    for (const schemas::StreamId id : document.streams(take))
        if (const auto& stream = document.at<Stream>(id); is_called(stream, name)) called.push_back(&stream);
    std::ranges::sort(called, {}, &Stream::container_stream);
    return called;
}

const Stream& stream_called(const Document& document, schemas::TakeId take, const std::string& name) {
    const auto called = streams_called(document, take, name);
    if (called.size() == 1) return *called.front();
    std::string others;
    for (const schemas::StreamId id : document.streams(take)) {
        const auto& stream = document.at<Stream>(id);
        others += (others.empty() ? "" : ", ") + stream.path + "#" + std::to_string(stream.container_stream);
    }
    throw EditConflict(document.at<schemas::Take>(take).name + ": has " +
                       (called.empty() ? "no stream" : "several streams") + " called '" + name + "'; there are " +
                       others);
}

Edit set_stream_alignment(const Document& document, const std::vector<StreamAlignment>& alignments) {
    Edit edit{"Align streams", {}};
    for (const auto& [id, clock] : alignments) {
        const auto& before = document.at<Stream>(id);
        if (before.role == schemas::StreamRole::reference)
            throw EditConflict(before.path + ": is the reference of its take, which the others are aligned to");
        if (!std::isfinite(clock.offset_seconds) || !std::isfinite(clock.clock_ratio) || clock.clock_ratio <= 0)
            throw EditConflict(before.path + ": an offset is a number of seconds, and a clock ratio is above 0");
        Stream after = before;
        after.offset_seconds = clock.offset_seconds;
        after.clock_ratio = clock.clock_ratio;
        add_update(edit, before, after);
    }
    return edit;
}

Edit relink_streams(const Document& document, const std::vector<MovedStream>& moved) {
    Edit edit{"Relink moved recordings", {}};
    for (const auto& [id, path] : moved) {
        const auto& before = document.at<Stream>(id);
        Stream after = before;
        after.path = path;
        add_update(edit, before, after);
    }
    return edit;
}

}  // namespace annotator
