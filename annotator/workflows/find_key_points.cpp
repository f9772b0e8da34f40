#include <algorithm>
#include <ranges>
#include <stdexcept>

#include "annotator/document/queries.h"
#include "annotator/workflows/depth_takes.h"
#include "annotator/workflows/ingest.h"
#include "annotator/workflows/key_points.h"
#include "inference/pose_smoothing.h"
#include "storage/hash.h"
#include "storage/skeleton/point_file.h"

namespace annotator {

namespace {

using schemas::FrameIndex;
using schemas::SkeletonSequence;
using schemas::Stream;

constexpr const char* folder_name = "key-points";

schemas::ModelVersion model_of(ProjectSession& session, const std::string& id_or_name) {
    for (const schemas::ModelVersion& model : session.store().models() | std::views::reverse) {
        const bool named =
            std::to_string(static_cast<std::int64_t>(model.id)) == id_or_name || model.name == id_or_name;
        if (named && model.family != key_point_family)
            throw std::invalid_argument("model '" + model.name +
                                        "' classifies motion; key-points are found by models of " + key_point_family);
        if (named || (id_or_name.empty() && model.family == key_point_family)) return model;
    }
    if (!id_or_name.empty())
        throw std::invalid_argument("there is no model '" + id_or_name + "'; 'kinetograph status' lists them");
    throw std::invalid_argument(std::string("no model finds key-points yet; 'kinetograph train PROJECT --model ") +
                                key_point_family + "' makes one");
}

// A name that no file has: what an undone edit speaks of stays where it is.
std::filesystem::path free_file(const std::filesystem::path& folder, std::string take) {
    std::ranges::replace(take, '/', '_');
    if (take.starts_with('.')) take.front() = '_';
    std::filesystem::path file = folder / (take + ".points");
    for (int n = 2; std::filesystem::exists(file); ++n) file = folder / (take + "-" + std::to_string(n) + ".points");
    return file;
}

SkeletonSequence smoother(const SkeletonSequence& motion, double trust) {
    if (motion.frames() == 0) return motion;
    inference::SmoothingOptions options;
    options.most_trust = static_cast<float>(trust);
    const schemas::FrameSpan whole{0, motion.frames()};
    return inference::smoothed(motion, whole, whole, options);
}

FrameIndex dead_frames(const SkeletonSequence& motion) {
    FrameIndex count = 0;
    for (const schemas::FrameSpan& run : schemas::dead_runs(motion)) count += run.end - run.begin;
    return count;
}

// Removes what it was told of, unless it is kept.
class NewFiles {
public:
    NewFiles() = default;
    NewFiles(const NewFiles&) = delete;
    NewFiles& operator=(const NewFiles&) = delete;
    ~NewFiles() {
        std::error_code ignored;
        for (const auto& file : files_) std::filesystem::remove(file, ignored);
    }
    void add(const std::filesystem::path& file) { files_.push_back(file); }
    void keep() { files_.clear(); }

private:
    std::vector<std::filesystem::path> files_;
};

class Finding {
public:
    Finding(ProjectSession& session, const FindKeyPointsOptions& options, const JobContext& job)
        : session_(session), options_(options), job_(job), version_(model_of(session, options.model)) {
        const auto file = session.store().folder() / version_.checkpoint;
        model_ = inference::engine().pose_family().load(file);
        checkpoint_hash_ = storage::sha256_of_file(file);
    }

    std::optional<FoundKeyPoints> found() {
        DepthTakesWanted wanted;
        wanted.purpose = DepthTakesWanted::Purpose::asked_about;
        wanted.takes = options_.takes;
        wanted.metres_per_value = options_.metres_per_value;
        const auto loaded = load_depth_takes(session_, wanted, job_);
        if (!loaded) return std::nullopt;
        FoundKeyPoints result{version_, {}, loaded->notes};
        NewFiles files;
        IngestOptions import;
        import.title = "Find key-points with " + version_.name;
        for (std::size_t i = 0; i < loaded->takes.size(); ++i) {
            job_.report({"Finding key-points", static_cast<double>(i), static_cast<double>(loaded->takes.size())});
            if (!add(loaded->takes[i], result, import, files)) return std::nullopt;
        }
        if (result.recordings.empty()) return result;
        const auto imported = ingest(session_, import, job_);
        if (!imported) return std::nullopt;
        for (const LeftOut& entry : imported->left_out) result.notes.push_back(entry.path + ": " + entry.reason);
        files.keep();
        return result;
    }

private:
    // False when stopped.
    bool add(const DepthTake& take, FoundKeyPoints& result, IngestOptions& import, NewFiles& files) {
        const Document& document = session_.document();
        const auto& depth = document.at<Stream>(take.depth);
        const std::string& name = document.at<schemas::Take>(take.take).name;
        auto motion = model_->predict(take.pose, job_.stop);
        if (!motion) return false;
        if (dead_frames(*motion) == motion->frames()) {
            result.notes.push_back(name + ": nobody is seen in its depth; it has no key-points");
            return true;
        }
        if (options_.smoothing_trust) *motion = smoother(*motion, *options_.smoothing_trust);
        const SkeletonSequence shown = motion->in_frames(frames_with_reference(session_, depth));
        const auto folder = session_.store().folder() / folder_name;
        std::filesystem::create_directories(folder);
        const auto file = free_file(folder, name);
        const Stream& reference = *reference_stream(document, take.take);
        files.add(file);
        storage::write_point_file({shown, reference.rate(), {}, {}, {}}, notes_for(depth), file);
        const std::optional<std::string> performer =
            depth.performer ? std::optional(document.at<schemas::Performer>(*depth.performer).name) : std::nullopt;
        import.paths.push_back(file);
        import.belonging[file] = {name, performer};
        result.recordings.push_back({name, session_.store().stored_path(file), shown.frames(), dead_frames(shown)});
        return true;
    }

    [[nodiscard]] std::vector<std::string> notes_for(const Stream& depth) const {
        std::vector<std::string> notes{
            "found by " + version_.name + " (" + version_.family + "), sha256 " + checkpoint_hash_,
            "in " + depth.path + ", sha256 " + depth.sha256};
        if (options_.smoothing_trust)
            notes.push_back("smoothed over space and time, trust " + std::to_string(*options_.smoothing_trust));
        return notes;
    }

    ProjectSession& session_;
    const FindKeyPointsOptions& options_;
    const JobContext& job_;
    schemas::ModelVersion version_;
    std::unique_ptr<inference::PoseModel> model_;
    std::string checkpoint_hash_;
};

}  // namespace

std::optional<FoundKeyPoints> find_key_points(ProjectSession& session, const FindKeyPointsOptions& options,
                                              const JobContext& job) {
    return Finding(session, options, job).found();
}

}  // namespace annotator
