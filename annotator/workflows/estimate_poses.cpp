#include "annotator/workflows/estimate_poses.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "annotator/document/queries.h"
#include "annotator/document/stream_commands.h"
#include "annotator/workflows/measure_media.h"
#include "storage/hash.h"

namespace annotator {

namespace {

using schemas::FrameIndex;
using schemas::Stream;
using schemas::StreamKind;

constexpr std::string_view format = "estimated-keypoints";

// A video and the key-points that its new ones replace.
struct Plan {
    schemas::Take take;
    Stream video;
    std::optional<schemas::PerformerId> performer;
    std::optional<Stream> replaced;
};

// Why a video is left out.
struct Refusal : std::runtime_error {
    explicit Refusal(const std::string& reason, LeftOut::Severity how = LeftOut::Severity::error)
        : std::runtime_error(reason), severity(how) {}

    LeftOut::Severity severity;
};

class Planning {
public:
    Planning(ProjectSession& session, const storage::EstimateSource& source, const EstimateOptions& options)
        : session_(session), document_(session.document()), source_(source), options_(options) {}

    std::vector<Plan> plans;
    std::vector<LeftOut> left_out;

    void make() {
        for (const schemas::Take* take : takes()) {
            try {
                Plan plan{*take, video_of(*take), performer_of(*take), std::nullopt};
                plan.replaced = replaced_by(plan);
                plans.push_back(std::move(plan));
            } catch (const Refusal& refusal) {
                left_out.push_back({take->name, refusal.what(), refusal.severity});
            }
        }
    }

private:
    [[nodiscard]] std::vector<const schemas::Take*> takes() const {
        std::vector<const schemas::Take*> chosen;
        if (options_.takes.empty()) {
            for (const auto& [id, take] : document_.rows<schemas::Take>())
                if (!videos_of(id).empty()) chosen.push_back(&take);
            if (chosen.empty()) throw std::invalid_argument("no take of the project has a video; import some first");
        }
        for (const std::string& name : options_.takes) {
            const schemas::Take* take = take_named(document_, name);
            if (take == nullptr) throw std::invalid_argument("there is no take '" + name + "'");
            chosen.push_back(take);
        }
        std::ranges::sort(chosen, {}, &schemas::Take::name);
        chosen.erase(std::ranges::unique(chosen).begin(), chosen.end());
        return chosen;
    }

    [[nodiscard]] std::vector<const Stream*> videos_of(schemas::TakeId take) const {
        std::vector<const Stream*> videos;
        for (const schemas::StreamId id : document_.streams(take))
            if (const auto& stream = document_.at<Stream>(id); stream.kind == StreamKind::video)
                videos.push_back(&stream);
        return videos;
    }

    [[nodiscard]] Stream video_of(const schemas::Take& take) const {
        if (!options_.video.empty()) {
            const auto called = streams_called(document_, take.id, options_.video);
            if (called.size() != 1 || called.front()->kind != StreamKind::video)
                throw Refusal("has no video called '" + options_.video + "'");
            return *called.front();
        }
        const auto videos = videos_of(take.id);
        if (videos.empty()) throw Refusal("has no video");
        for (const Stream* video : videos)
            if (videos.size() == 1 || video->role == schemas::StreamRole::reference) return *video;
        throw Refusal("has " + std::to_string(videos.size()) +
                      " videos, none of them its reference; name one with "
                      "--video");
    }

    [[nodiscard]] std::optional<schemas::PerformerId> performer_of(const schemas::Take& take) const {
        const auto performers = performers_of(document_, take.id);
        return performers.size() == 1 ? std::optional(*performers.begin()) : std::nullopt;
    }

    [[nodiscard]] std::optional<Stream> replaced_by(const Plan& plan) const {
        for (const schemas::StreamId id : document_.streams(plan.take.id)) {
            const auto& stream = document_.at<Stream>(id);
            if (!holds_key_points(stream) || stream.performer != plan.performer) continue;
            if (stream.format != format)
                throw Refusal("has key-points already, from " + stream.path + "; they stay",
                              LeftOut::Severity::passed_over);
            const bool same = is_the_same(stream, plan.video);
            if (!document_.corrections(id).empty())
                throw Refusal("has key-points from " + stream.path + " that a person has corrected; they stay",
                              same ? LeftOut::Severity::passed_over : LeftOut::Severity::error);
            if (same)
                throw Refusal("has the key-points of this estimator already, in " + stream.path,
                              LeftOut::Severity::passed_over);
            if (options_.earlier == EstimateOptions::Earlier::keep)
                throw Refusal("has key-points of another estimator or card, in " + stream.path +
                              "; --replace puts these in their place");
            return stream;
        }
        return std::nullopt;
    }

    // Made by the same estimator and card from the same video.
    [[nodiscard]] bool is_the_same(const Stream& stream, const Stream& video) const {
        try {
            const auto source = storage::source_of_estimate(session_.store().resolved_path(stream.path));
            return source.estimator_sha256 == source_.estimator_sha256 && source.card_sha256 == source_.card_sha256 &&
                   source.video_sha256 == video.sha256 && source.stream == std::to_string(video.container_stream);
        } catch (const storage::ReadError&) {
            return false;
        }
    }

    ProjectSession& session_;
    const Document& document_;
    const storage::EstimateSource& source_;
    const EstimateOptions& options_;
};

// Counts what was seen.
EstimatedVideo summary_of(const Plan& plan, const VideoPoses& poses) {
    EstimatedVideo summary;
    summary.take = plan.take.name;
    summary.video = plan.video.path;
    summary.frames = poses.sequence.frames();
    summary.undecodable = poses.undecodable;
    double sum = 0;
    std::size_t joints = 0;
    for (const float score : poses.sequence.confidence) {
        sum += score;
        joints += score > 0 ? 1 : 0;
    }
    if (joints > 0) summary.mean_score = sum / static_cast<double>(joints);
    for (FrameIndex frame = 0; frame < summary.frames; ++frame)
        summary.seen += schemas::is_dead_frame(poses.sequence, frame) ? 0 : 1;
    return summary;
}

// The file and the stream of one video's key-points. The file stays when the edit is undone, for redoing it.
EstimatedVideo add_to_project(ProjectSession& session, const PoseEstimator& estimator, const Plan& plan,
                              const VideoPoses& poses) {
    EstimatedVideo summary = summary_of(plan, poses);
    storage::EstimateSource source = estimator.source;
    source.video = plan.video.path;
    source.video_sha256 = plan.video.sha256;
    source.stream = std::to_string(plan.video.container_stream);

    Stream stream = plan.video;  // its place, clock and rate
    stream.id = session.ids().fresh<schemas::StreamId>();
    stream.performer = plan.performer;
    stream.kind = StreamKind::skeleton;
    stream.role = schemas::StreamRole::aligned;
    stream.format = format;
    stream.container_stream = 0;
    stream.frames = summary.frames;
    stream.layout = poses.sequence.layout->name;
    const std::filesystem::path folder = session.store().folder() / "keypoints";
    std::filesystem::create_directories(folder);
    const auto file = folder / (std::to_string(static_cast<std::int64_t>(stream.id)) + ".safetensors");
    storage::write_estimated_keypoints(poses.sequence, source, file);
    stream.path = summary.file = session.store().stored_path(file);
    stream.sha256 = storage::sha256_of_file(file);
    summary.stream = stream.id;

    ImportExtras extras;
    // Its frames have the video's times, but no pts in a file of their own.
    if (auto table = session.store().frame_table(plan.video.id))
        extras.facts.push_back({stream.id, schemas::FrameTable{std::move(table->seconds), {}}, std::nullopt});
    for (const schemas::FrameSpan span : poses.undecodable)
        extras.problems.push_back(
            {stream.path, {"has no key-points where " + plan.video.path + " does not decode", span}});
    session.commit_import(
        [&](const EditStamp&) {
            schemas::Edit edit{"Estimate key-points of " + plan.take.name + " with " + estimator.card.name + " (" +
                                   source.estimator + ", SHA-256 " + source.estimator_sha256 + ")",
                               {}};
            if (plan.replaced) edit.changes.emplace_back(schemas::RowChange<Stream>{plan.replaced, std::nullopt});
            edit.changes.emplace_back(schemas::RowChange<Stream>{std::nullopt, stream});
            return edit;
        },
        extras);
    return summary;
}

}  // namespace

bool EstimateResult::in_part() const {
    return std::ranges::any_of(left_out,
                               [](const LeftOut& entry) { return entry.severity == LeftOut::Severity::error; });
}

std::optional<EstimateResult> estimate_poses(ProjectSession& session, PoseEstimator& estimator,
                                             const EstimateOptions& options, const JobContext& job) {
    const auto start = std::chrono::steady_clock::now();
    Planning planning(session, estimator.source, options);
    planning.make();
    EstimateResult result;
    result.left_out = std::move(planning.left_out);
    double total = 0, done = 0;
    for (const Plan& plan : planning.plans) total += static_cast<double>(plan.video.frames);
    for (const Plan& plan : planning.plans) {
        const std::string doing = "Estimating key-points of " + plan.take.name;
        const VideoFile video = video_file(session, plan.video);
        std::optional<VideoPoses> poses;
        try {
            const auto index = index_of(
                video, session.store().folder(),
                [&](double) {
                    job.report({doing, done, total});
                },
                job.stop);
            if (index != nullptr)
                poses = poses_of(
                    estimator, video.path, index, options.batch,
                    [&](FrameIndex frames) {
                        job.report({doing, done + static_cast<double>(frames), total});
                    },
                    job.stop);
        } catch (const storage::ReadError& error) {
            result.left_out.push_back({plan.take.name, error.what()});
            continue;
        }
        if (!poses) return std::nullopt;
        result.videos.push_back(add_to_project(session, estimator, plan, *poses));
        done += static_cast<double>(plan.video.frames);
    }
    std::ranges::stable_sort(result.left_out, {}, &LeftOut::path);
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
}

}  // namespace annotator
