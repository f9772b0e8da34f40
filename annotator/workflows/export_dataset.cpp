#include "annotator/workflows/export_dataset.h"

#include <algorithm>
#include <stdexcept>

#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/clip_times.h"
#include "annotator/workflows/create_project.h"
#include "annotator/workflows/motion_source.h"
#include "annotator/workflows/training_snapshot.h"
#include "inference/preparation.h"
#include "schemas/version.h"
#include "storage/hash.h"

namespace annotator {

namespace {

using schemas::Clip;
using schemas::FrameIndex;
using storage::Dataset;
using storage::DatasetClip;

class DatasetBuilder {
public:
    DatasetBuilder(ProjectSession& session, const ExportProjectOptions& options)
        : session_(session), document_(session.document()), options_(options) {
        if (!options.layer.empty()) layer_ = require_layer(document_, options.layer).id;
        for (schemas::Proposal& proposal : session.store().proposals())
            proposals_[proposal.clip].push_back(std::move(proposal));
    }

    Dataset build() {
        Dataset dataset;
        dataset.name = session_.store().folder().filename().string();
        dataset.layer = options_.layer.empty() ? "all labels" : options_.layer;
        dataset.tool_version = schemas::version;
        for (const auto& [id, track] : document_.rows<schemas::Track>()) dataset.tracks.push_back(track);
        std::ranges::sort(dataset.tracks, {}, &schemas::Track::position);
        for (const auto& [id, label] : document_.rows<schemas::Label>()) dataset.labels.push_back(label);
        std::ranges::sort(dataset.labels, {},
                          [](const auto& label) { return std::tuple(label.track, label.position, label.name); });
        for (const Clip* clip : clips_by_name(document_)) dataset.clips.push_back(clip_of(*clip));
        dataset.split = split();
        add_models(dataset);
        count_states(dataset);
        date(dataset);
        return dataset;
    }

private:
    DatasetClip clip_of(const Clip& clip) {
        const auto& take = document_.at<schemas::Take>(clip.take);
        const schemas::Stream& reference = *reference_stream(document_, clip.take);
        DatasetClip out;
        out.id = clip.id;
        out.name = clip.name;
        out.take = take.name;
        out.choreography = take.choreography;
        out.music = take.music;
        out.view = take.view;
        out.setup = take.setup;
        for (const schemas::PerformerId id : performers_of(document_, clip.take))
            out.performers.push_back(document_.at<schemas::Performer>(id));
        out.span = clip.span();
        out.rate = reference.rate();
        auto [table, end_seconds] = clip_times(session_, clip);
        out.table = std::move(table);
        out.end_seconds = end_seconds;
        add_media(out, clip.take);
        for (const auto& [key, value] : groups_of(document_, clip)) out.groups.push_back({key, value});
        for (const schemas::Track& track : tracks()) {
            std::ranges::copy(labels_of_clip(document_, clip.id, track.id, layer_), std::back_inserter(out.segments));
            for (const StateRun& run : frame_states(document_, clip, track.id, proposals_[clip.id]))
                out.states.push_back({track.id, std::nullopt, run.span, run.state});
        }
        for (const auto& [id, pose] : document_.rows<schemas::KeyPose>())
            if (pose.clip == clip.id && speaks(pose.layer)) out.key_poses.push_back(pose);
        return out;
    }

    [[nodiscard]] std::vector<schemas::Track> tracks() const {
        std::vector<schemas::Track> tracks;
        for (const auto& [id, track] : document_.rows<schemas::Track>())
            if (track.kind != schemas::TrackKind::key_pose) tracks.push_back(track);
        return tracks;
    }

    [[nodiscard]] bool speaks(schemas::LayerId layer) const {
        return layer_ ? layer == *layer_ : document_.at<schemas::Layer>(layer).kind != schemas::LayerKind::truth;
    }

    void add_media(DatasetClip& out, schemas::TakeId take) {
        for (const schemas::StreamId id : document_.streams(take)) {
            const auto& stream = document_.at<schemas::Stream>(id);
            out.media.push_back(
                {stream.kind, stream.role, stream.path, stream.sha256, stream.container_stream, stream.frames});
        }
        std::ranges::sort(out.media, {},
                          [](const auto& file) { return std::tuple(file.role, file.path, file.container_stream); });
    }

    std::optional<schemas::Split> split() {
        if (options_.split.empty()) return std::nullopt;
        for (schemas::Split& split : session_.store().splits())
            if (split.name == options_.split) return std::move(split);
        throw std::invalid_argument("there is no split '" + options_.split + "'; make it with 'kinetograph split'");
    }

    void add_models(Dataset& dataset) {
        std::set<schemas::ModelId> used;
        for (const DatasetClip& clip : dataset.clips)
            for (const schemas::Segment& segment : clip.segments)
                if (segment.model) used.insert(*segment.model);
        for (const schemas::ModelVersion& model : session_.store().models())
            if (used.contains(model.id))
                dataset.models[model.name] = model.family + ", trained on snapshot " + model.snapshot;
    }

    static void count_states(Dataset& dataset) {
        for (const DatasetClip& clip : dataset.clips)
            for (const storage::StateRun& run : clip.states)
                dataset.state_frames[std::string(schemas::to_text(run.state))] += run.span.length();
    }

    template <class Row>
    [[nodiscard]] std::string line_of_hash(const Row& row, FrameIndex begin, FrameIndex end) const {
        const std::string performer = row.performer ? document_.at<schemas::Performer>(*row.performer).name : "";
        return document_.at<schemas::Track>(row.track).name + "\t" + performer + "\t" + std::to_string(begin) + "\t" +
               std::to_string(end) + "\t" + document_.at<schemas::Label>(row.label).name + "\n";
    }

    // A dataset is as old as the last edit that it holds.
    void date(Dataset& dataset) {
        const auto entries = session_.store().log().entries();
        dataset.snapshot_time = entries.empty() ? 0 : entries.back().time;
        storage::Sha256 hash;
        for (const DatasetClip& clip : dataset.clips) {
            hash.add(clip.name + "\n");
            for (const auto& file : clip.media) hash.add(file.sha256 + "\n");
            for (const schemas::StreamId id : document_.streams(document_.at<Clip>(clip.id).take))
                if (!document_.corrections(id).empty())
                    hash.add(content_of(document_, document_.at<schemas::Stream>(id)) + "\n");
            for (const schemas::Segment& segment : clip.segments)
                hash.add(line_of_hash(segment, segment.begin_frame, segment.end_frame));
            for (const schemas::KeyPose& pose : clip.key_poses)
                hash.add(line_of_hash(pose, pose.frame, pose.frame + 1));
        }
        dataset.snapshot = hash.finish();
    }

    ProjectSession& session_;
    const Document& document_;
    const ExportProjectOptions& options_;
    std::optional<schemas::LayerId> layer_;
    std::map<schemas::ClipId, std::vector<schemas::Proposal>> proposals_;
};

// Joint positions, bones and velocities of every frame of the clip's first performer, or of the one asked for.
storage::FeatureSource skeleton_features(ProjectSession& session) {
    auto motions = load_motions(session, {});
    return [&session, motions = std::move(*motions)](
               const DatasetClip& clip,
               std::optional<schemas::PerformerId> performer) -> std::optional<storage::FeatureMatrix> {
        const auto found = motions.by_take.find(session.document().at<Clip>(clip.id).take);
        if (found == motions.by_take.end()) return std::nullopt;
        for (const TakeMotion& motion : found->second) {
            if (performer && motion.performer != performer) continue;
            const inference::Sample sample{motion.skeleton, clip.span, -1, 1};
            const auto prepared = inference::prepared(sample, inference::Heading::shoulders);
            const int frames = static_cast<int>(clip.span.length());
            const auto rows =
                inference::motion_features(inference::resampled(prepared, frames), *motion.skeleton->layout);
            storage::FeatureMatrix matrix{static_cast<std::int64_t>(rows.size()) / frames, frames,
                                          std::vector<float>(rows.size())};
            for (std::int64_t t = 0; t < matrix.frames; ++t)
                for (std::int64_t d = 0; d < matrix.dimensions; ++d)
                    matrix.values[static_cast<std::size_t>(d * matrix.frames + t)] =
                        rows[static_cast<std::size_t>(t * matrix.dimensions + d)];
            return matrix;
        }
        return std::nullopt;
    };
}

// An export replaces its folder, and a project's own folders are not its to replace.
void check_outside(const std::filesystem::path& project, const std::filesystem::path& folder) {
    if (folder.empty()) throw std::invalid_argument("an export needs a folder");
    const auto within = weakly_canonical(absolute(folder)).lexically_relative(weakly_canonical(project));
    if (!within.empty() && *within.begin() != "..")
        throw std::invalid_argument(folder.string() + ": lies in the project's own folder; name one outside");
}

}  // namespace

Dataset dataset_of(ProjectSession& session, const ExportProjectOptions& options) {
    return DatasetBuilder(session, options).build();
}

storage::ExportReport export_dataset(ProjectSession& session, const std::filesystem::path& folder,
                                     const ExportProjectOptions& options, ExportRun run) {
    check_outside(session.store().folder(), folder);
    storage::ExportOptions wanted;
    for (const std::string& name : options.formats) {
        const auto format = schemas::enum_from<storage::ExportFormat>(name);
        if (!format)
            throw std::invalid_argument("there is no export format '" + name + "'; there are mstcn and activitynet");
        wanted.formats.push_back(*format);
    }
    wanted.mstcn.track = require_track(session.document(), options.track).id;
    if (options.features == ExportProjectOptions::Features::skeleton)
        wanted.mstcn.features = skeleton_features(session);
    wanted.motivation = options.motivation;
    wanted.licence = options.licence;
    wanted.budget = budget_of(session.store());
    const Dataset dataset = dataset_of(session, options);
    return run == ExportRun::plan ? storage::plan_dataset(dataset, wanted)
                                  : storage::write_dataset(dataset, folder, wanted);
}

}  // namespace annotator
