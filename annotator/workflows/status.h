#pragma once

#include <map>
#include <string>
#include <vector>

#include "annotator/document/queries.h"
#include "annotator/session/project_session.h"

namespace annotator {

struct TrackStatus {
    std::string name;
    LabelUnit unit = LabelUnit::clip;
    double labelled = 0;                                // share that a person labelled, of clips or frames
    std::map<std::string, schemas::FrameIndex> states;  // frames in each state
};

struct ProjectStatus {
    std::size_t takes = 0, clips = 0, performers = 0;
    schemas::FrameIndex frames = 0;
    std::map<std::string, std::size_t> streams;  // by kind
    Budget budget;                               // of the first category track
    std::vector<TrackStatus> tracks;
    std::map<std::string, std::map<std::string, double>> labelled_by;  // "category" "performer" …: share of its clips
    std::vector<schemas::ModelVersion> models;
    std::vector<schemas::Layer> layers;
    std::size_t edits = 0, undoable = 0, redoable = 0;
    std::vector<storage::StoredProblem> problems;
};

// Missing media are found by looking for each file.
ProjectStatus project_status(ProjectSession& session);

}  // namespace annotator
