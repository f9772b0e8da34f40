#pragma once

#include <string>
#include <vector>

#include "annotator/document/document.h"
#include "schemas/alignment.h"

// What a person can do to the recordings of a take, as pure functions from a document to an edit. They throw
// EditConflict when what they name does not exist or cannot be done.
namespace annotator {

// Finds by name; nullptr when there is none.
const schemas::Take* take_named(const Document& document, const std::string& name);

// The streams of a take that are called by their path, or their file's name, with "#N" for stream N of a file that
// holds several: "side.mp4", "side.mp4#1". By container_stream.
std::vector<const schemas::Stream*> streams_called(const Document& document, schemas::TakeId take,
                                                   const std::string& name);
// The only one. Throws EditConflict, with the names that there are, when there is none, or several.
const schemas::Stream& stream_called(const Document& document, schemas::TakeId take, const std::string& name);

struct StreamAlignment {
    schemas::StreamId stream{};
    schemas::StreamClock clock;
};

// How the streams' clocks run against the reference of their take, in one step of undo. The reference itself has no
// alignment; a ratio that is not positive and an offset that is no number are refused.
schemas::Edit set_stream_alignment(const Document& document, const std::vector<StreamAlignment>& alignments);

struct MovedStream {
    schemas::StreamId stream{};
    std::string path;  // as the project stores it
};

// Files that lie elsewhere now, with the content that they had, in one step of undo.
schemas::Edit relink_streams(const Document& document, const std::vector<MovedStream>& moved);

}  // namespace annotator
