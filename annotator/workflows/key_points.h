#pragma once

#include <nlohmann/json.hpp>

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/session/project_session.h"
#include "inference/pose_model.h"

// Key-points from depth: learning from the takes that have them, finding those of takes that have none.
namespace annotator {

inline constexpr const char* key_point_family = "lstm_cnn_pose";

struct LearnKeyPointsOptions {
    inference::PoseTrainOptions training;
    // measure: a first model that does without some performers, a fifth of the takes or what comes nearest to it, is
    // judged on them. Without three performers or more nothing is measured.
    enum class Validation { measure, skip } validation = Validation::measure;
    std::string name;  // of the model; empty: the family and a number
    std::optional<double> metres_per_value;
    std::function<void(const std::string& run, const inference::TrainProgress&)> curve;  // as RetrainOptions has it
};

struct LearntKeyPoints {
    schemas::ModelVersion version;
    nlohmann::json metrics;  // takes, frames, "key_points": errors on unseen performers, or null
    nlohmann::json curve;
    double seconds = 0;
    std::vector<std::string> notes;
};

// Stores the model in the project. nullopt when stopped; then nothing was stored. Throws std::invalid_argument when
// no take has depth and key-points.
std::optional<LearntKeyPoints> learn_key_points(ProjectSession& session, const LearnKeyPointsOptions& options,
                                                const JobContext& job);

struct FindKeyPointsOptions {
    std::string model;            // id or name; empty: the newest of the family
    std::set<std::string> takes;  // only these, by name; empty: all that have depth and no skeleton in metres
    // How much a point counts against its neighbours in space and time when the motion is smoothed
    // (inference::SmoothingOptions::most_trust); none: it is not.
    std::optional<double> smoothing_trust;
    std::optional<double> metres_per_value;
};

struct FoundKeyPoints {
    struct Recording {
        std::string take;
        std::string path;  // relative to the project
        schemas::FrameIndex frames = 0;
        schemas::FrameIndex without_person = 0;  // frames in which no joint was found
    };

    schemas::ModelVersion model;
    std::vector<Recording> recordings;
    std::vector<std::string> notes;
};

// Adds a skeleton stream to each of those takes, frame for frame with its reference, as one edit that can be undone.
// The points lie in a file of their own in the project's folder key-points/ (storage/skeleton/point_file.h), which says
// which model found them in what. Takes that have a skeleton in metres are never touched, and neither is a
// correction. nullopt when stopped; then nothing was added. Throws std::invalid_argument where there is no such model.
std::optional<FoundKeyPoints> find_key_points(ProjectSession& session, const FindKeyPointsOptions& options,
                                              const JobContext& job);

}  // namespace annotator
