#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "schemas/annotation.h"
#include "schemas/frame.h"
#include "schemas/recording.h"
#include "schemas/split.h"
#include "schemas/taxonomy.h"

namespace storage {

using schemas::FrameState;

// A maximal run of frames in one state, of one track and performer of a clip.
struct StateRun {
    schemas::TrackId track{};
    std::optional<schemas::PerformerId> performer;
    schemas::FrameSpan span;  // in frames of the take, as in schemas::Segment
    FrameState state = FrameState::unlabelled;

    bool operator==(const StateRun&) const = default;
};

// A recording of the clip's take, as it was when it was imported.
struct DatasetMedia {
    schemas::StreamKind kind = schemas::StreamKind::video;
    schemas::StreamRole role = schemas::StreamRole::aligned;
    std::string path;                   // as the project stores it
    std::string sha256;                 // lower-case hex
    std::int64_t container_stream = 0;  // which stream of the file
    schemas::FrameIndex frames = 0;     // of the whole recording; 0 where an older export did not say

    bool operator==(const DatasetMedia&) const = default;
};

// A property whose bearers must stay on one side of a split: {"performer", "Ana"}. A clip may
// have several values of one key (two dancers).
struct SplitGroup {
    std::string key, value;

    bool operator==(const SplitGroup&) const = default;
    auto operator<=>(const SplitGroup&) const = default;
};

struct DatasetClip {
    schemas::ClipId id{};
    std::string name;                                             // unique in the dataset
    std::string take;                                             // its name
    std::optional<std::string> choreography, music, view, setup;  // of the take
    std::vector<schemas::Performer> performers;                   // who is seen, in the project's order
    schemas::FrameSpan span;                                      // the clip in frames of the take's reference stream
    schemas::FrameRate rate;                                      // nominal, {0, 1} where there is none
    schemas::FrameTable table;                // of the clip's own frames: row i is take frame span.begin + i, on
                                              // the clock of the reference stream
    double end_seconds = 0;                   // when the last frame stops being shown, on the same clock
    std::vector<DatasetMedia> media;          // reference stream first
    std::vector<SplitGroup> groups;           // every key that the split was grouped by, and any further ones
    std::vector<schemas::Segment> segments;   // of the chosen layer, all tracks, in frames of the take
    std::vector<schemas::KeyPose> key_poses;  // likewise
    std::vector<StateRun> states;             // of all tracks; empty where the project did not say
};

// A frozen project, as exporters take it: one layer's labels of some clips. Two equal values are
// written as the same bytes.
struct Dataset {
    std::string name;                    // of the project
    std::string description;             // free text, may be empty
    std::vector<schemas::Track> tracks;  // the taxonomy, in its order
    std::vector<schemas::Label> labels;  // of all tracks, the deprecated and merged ones too
    std::vector<DatasetClip> clips;
    std::optional<schemas::Split> split;        // members that are no clips of the dataset are ignored
    std::string layer;                          // name of the chosen layer
    std::string snapshot;                       // content hash of the frozen project
    schemas::Timestamp snapshot_time = 0;       // the only time that is written; never "now"
    std::string tool_version;                   // "0.1.0"
    std::map<std::string, std::string> models;  // name and description of the models whose proposals were accepted
    std::map<std::string, std::int64_t> state_frames;  // project-wide frame counts per state, by name
};

// What keeps a dataset from being exported: clips without frames, tables of another length than
// the clip, times that run backwards, segments outside of their clip, unknown tracks or labels,
// two clips of one name. One sentence each, the clip first; empty when all is well.
std::vector<std::string> problems_of(const Dataset& dataset);

// Where the last frame stops being shown if nobody knows better: after as long as the frame
// before it, a single frame after one period of `rate` (one second if there is none).
double end_seconds_of(const schemas::FrameTable& table, schemas::FrameRate rate);

// The length of a tick of the clip's exported pts: that of its reference medium, else a microsecond.
schemas::TickLength time_base_of(const DatasetClip& clip);

// Seconds of boundary 0 … frames of the clip, counted from its first frame.
double boundary_seconds(const DatasetClip& clip, schemas::FrameIndex boundary);

// `span` in frames of the clip instead of the take.
inline schemas::FrameSpan local_span(const DatasetClip& clip, schemas::FrameSpan span) {
    return {span.begin - clip.span.begin, span.end - clip.span.begin};
}

const schemas::Track* find_track(const Dataset& dataset, schemas::TrackId id);
const schemas::Label* find_label(const Dataset& dataset, schemas::LabelId id);
const schemas::Performer* find_performer(const DatasetClip& clip, schemas::PerformerId id);

// The label that `id` was merged into, and on; the label itself where it was not merged. A ring
// of merges (which the project forbids) ends where it closes.
schemas::LabelId final_label(const Dataset& dataset, schemas::LabelId id);

// The subset of each (fold, clip) that the split names; empty without a split.
using Subsets = std::map<std::pair<std::int64_t, schemas::ClipId>, schemas::Subset>;
Subsets subsets_of(const Dataset& dataset);
// The folds that occur, ascending; empty without a split.
std::vector<std::int64_t> folds_of(const Dataset& dataset);

}  // namespace storage
