#pragma once

#include <optional>
#include <string>
#include <vector>

#include "annotator/document/stream_commands.h"
#include "annotator/jobs/job_context.h"
#include "annotator/session/project_session.h"

namespace annotator {

enum class AlignBy { timestamps, audio, hand };

struct AlignOptions {
    std::string take;           // empty: all
    std::string stream;         // as streams_called() knows it; empty: every file beside the reference's
    std::optional<AlignBy> by;  // empty: time stamps, and sound where they do not tell
    schemas::StreamClock hand;  // what `hand` sets
    double least_confidence = 0.2;
};

// What was found for one file of a take. The streams of a file share a clock, so they are aligned together.
struct AlignmentFound {
    enum class Outcome { aligned, refused };

    std::string take;
    std::string path;  // of the file, as stored
    AlignBy by = AlignBy::audio;
    schemas::StreamClock clock;  // of the first of `streams`
    double confidence = 0;       // 0 … 1
    std::string note;            // how it was found, or why it was not
    Outcome outcome = Outcome::refused;
    std::vector<StreamAlignment> streams;
};

// Finds how the streams of takes run against their reference, and sets it as one edit. Matches that are weaker than
// asked for are listed and left as they were. By hand, the streams of the named one's file move along with it.
// nullopt when stopped; then nothing was changed. Throws EditConflict for names that the project does not know, and for
// the reference itself.
std::optional<std::vector<AlignmentFound>> align_takes(ProjectSession& session, const AlignOptions& options,
                                                       const JobContext& job);

}  // namespace annotator

template <>
struct schemas::EnumNames<annotator::AlignBy> {
    static constexpr std::array<std::string_view, 3> names{"timestamps", "audio", "hand"};
};
