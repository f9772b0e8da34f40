#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/frame.h"
#include "schemas/taxonomy.h"
#include "storage/read_error.h"

namespace storage {

// What the project knows about a clip that a label file speaks of.
struct KnownClip {
    std::vector<double> seconds;  // of each frame, on any clock
    double end_seconds = 0;       // when the last frame stops being shown
};

struct LabelImportOptions {
    // The clip that a file calls `key`; nullopt where the project has none. Needed by formats in
    // seconds; for the others it allows to check spans against the clip's end.
    std::function<std::optional<KnownClip>(std::string_view key)> clip_named;
    schemas::FrameIndex frames_per_row = 12;          // frame-labels: how many frames share a row
    std::map<std::int64_t, std::string> class_names;  // frame-labels: names of the class ids
};

// Where the true boundaries may lie, first and last frame of each; see cmu_segments.h.
struct BoundaryTolerance {
    schemas::FrameIndex earliest_end = 0, latest_end = 0;

    bool operator==(const BoundaryTolerance&) const = default;
};

// Half-open, in frames from the clip's first frame.
struct ImportedSpan {
    schemas::FrameSpan span;
    std::string label;
    std::optional<std::string> track, performer;  // where the file names them
    std::optional<BoundaryTolerance> tolerance;

    bool operator==(const ImportedSpan&) const = default;
};

struct ImportedClip {
    std::string key;                            // what the file calls the clip
    std::optional<schemas::FrameIndex> frames;  // where the file says how many there are
    std::optional<std::string> subset;          // where the file assigns one, in its own word
    std::vector<ImportedSpan> spans;            // in the order of the file
};

struct ImportedLabels {
    std::string format;                            // name in label_formats()
    std::optional<schemas::TrackKind> track_kind;  // what the labels probably are, where the format tells
    std::vector<std::string> label_order;          // labels that the file lists, in its order; may be empty
    std::vector<ImportedClip> clips;
    std::vector<ReadProblem> problems;  // file first, then the line or field, and what was done about it
};

// A text form of labels. `recognises` looks at the name and the first bytes and never throws; `read`
// throws ReadError if nothing in the file can be used.
//
// Thread: any.
struct LabelFormat {
    std::string_view name;   // "mstcn" …
    std::string_view title;  // for people
    std::function<bool(const std::filesystem::path&)> recognises;
    std::function<ImportedLabels(const std::filesystem::path&, const LabelImportOptions&)> read;
};

}  // namespace storage
