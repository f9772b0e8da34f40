#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "annotator/session/project_session.h"
#include "inference/segmentation_metrics.h"
#include "storage/formats/imported_labels.h"

namespace annotator {

struct LabelImport {
    std::vector<std::filesystem::path> files;
    std::string format = "auto";  // a name of storage::label_formats()
    std::string layer;            // empty: the first file's name
    schemas::LayerKind layer_kind = schemas::LayerKind::import;
    std::string track;  // where the file names none; empty: as the format suggests, else category
    std::optional<schemas::FrameIndex> frames_per_row;
    std::map<std::int64_t, std::string> class_names;
};

struct LabelImportResult {
    std::string layer;
    std::size_t clips = 0;
    std::size_t segments = 0;
    std::size_t key_poses = 0;
    std::size_t already_there = 0;  // equal labels of an earlier import of the same
    std::vector<storage::ReadProblem> problems;
    std::vector<std::string> left_out;  // files that could not be read, clips that the project lacks
};

// Reads labels made elsewhere into a layer, as one edit. Labels that the layer has already
// are not added twice; one that would overlap another on an exclusive track is left out
// and listed. Performers that a file names count on tracks that are kept for each performer;
// on others a label speaks of the whole clip. Formats whose labels overlap go, unless a track is named, to the
// first free track that is not exclusive; where the project has none, one is made.
LabelImportResult import_labels(ProjectSession& session, const LabelImport& wanted);

// Where the true boundaries of a layer may lie, as the imported file said; by clip.
using Tolerances = std::map<schemas::ClipId, std::vector<inference::ToleratedBoundary>>;
Tolerances tolerances_of(ProjectSession& session, const std::string& layer);

}  // namespace annotator
