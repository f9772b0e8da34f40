#include "annotator/workflows/demo_project.h"

#include "annotator/document/commands.h"
#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/create_project.h"
#include "annotator/workflows/import_labels.h"
#include "annotator/workflows/ingest.h"
#include "annotator/workflows/prelabel.h"
#include "annotator/workflows/retrain.h"
#include "annotator/workflows/review_queue.h"
#include "annotator/workflows/synth/synth_writer.h"
#include "annotator/workflows/training_snapshot.h"
#include "storage/skeleton/layout_registry.h"

namespace annotator {

namespace {

constexpr const char* truth_layer = "truth";
constexpr const char* demo_author = "Demo";
// The whole name is the take's, so that the tables of the truth find it.
constexpr const char* names = R"((?<take>.+_s(?<performer>\d+)_e\d+))";

// Enough for these dancers, who move much alike.
constexpr int training_steps = 150;

SessionOptions author_of_the_demo() {
    SessionOptions options;
    options.author = {demo_author, schemas::AuthorKind::person};
    return options;
}

synth::SynthOptions dance() {
    synth::SynthOptions options;
    options.clips = 80;
    options.performers = 4;
    options.categories = 5;
    options.depth = synth::Recorded::none;
    options.video = synth::Recorded::one_clip_of_each_category;
    options.video_width = 480;
    options.video_height = 360;
    options.video_rate = {30, 1};
    options.seed = 7;
    return options;
}

// Labels a clip as its truth has it, one edit a label, as a person would.
std::size_t label_by_hand(ProjectSession& session, schemas::LayerId layer, const schemas::Clip& clip,
                          const std::string& track) {
    const Document& document = session.document();
    const schemas::TrackId on = require_track(document, track).id;
    const auto known = labels_of_clip(document, clip.id, on, require_layer(document, truth_layer).id);
    for (const schemas::Segment& segment : known) {
        const NewSegment wanted{
            {clip.id, layer, on, segment.performer}, segment.span(), segment.label, schemas::LabelState::drawn, {}, {}};
        session.commit([&](const EditStamp& stamp) {
            return draw_segment(document, stamp, wanted, WhereLabelled::refuse, session.ids());
        });
    }
    return known.empty() ? 0 : 1;
}

// The first take of every figure by three of the four dancers, and the motion units of some.
std::size_t label_a_part(ProjectSession& session) {
    const schemas::LayerId layer = layer_of(session, demo_author, schemas::LayerKind::person);
    std::size_t labelled = 0;
    for (const schemas::Clip* clip : clips_by_name(session.document())) {
        if (!clip->name.ends_with("_e01")) continue;
        if (!clip->name.ends_with("_s04_e01")) labelled += label_by_hand(session, layer, *clip, "category");
        if (clip->name.starts_with("a01") || clip->name.starts_with("a02"))
            label_by_hand(session, layer, *clip, "primitive");
    }
    return labelled;
}

void import_truth(ProjectSession& session, const std::filesystem::path& recordings) {
    LabelImport truth;
    truth.layer = truth_layer;
    truth.layer_kind = schemas::LayerKind::truth;
    for (const char* table : {"categories.csv", "primitives.csv", "key_poses.csv"})
        truth.files.push_back(recordings / "truth" / table);
    import_labels(session, truth);
}

}  // namespace

std::optional<DemoProject> make_demo_project(const std::filesystem::path& folder, const JobContext& job) {
    ProjectSession session = create_project(folder, {}, author_of_the_demo());
    const std::filesystem::path recordings = folder / "recordings";
    const auto danced = synth::write_synthetic_dataset(
        recordings, dance(), storage::layout_named("msr20"),
        [&](const synth::SynthProgress& progress) {
            job.report({"Dancing", static_cast<double>(progress.takes_done), static_cast<double>(progress.takes)});
        },
        job.stop);
    if (!danced) return std::nullopt;
    IngestOptions wanted;
    wanted.paths = {recordings / "clips"};
    wanted.name_pattern = names;
    if (!ingest(session, wanted, job)) return std::nullopt;
    import_truth(session, recordings);
    DemoProject made;
    made.clips = session.document().rows<schemas::Clip>().size();
    made.videos = static_cast<std::size_t>(danced->video_takes);
    made.labelled = label_a_part(session);
    if (!build_review_queue(session, {}, job)) return std::nullopt;
    return made;
}

std::optional<std::size_t> teach_demo_project(const std::filesystem::path& folder, const JobContext& job) {
    ProjectSession session(folder, author_of_the_demo());
    std::size_t proposals = 0;
    for (const char* track : {"primitive", "category"}) {
        RetrainOptions wanted;
        wanted.pool.track = track;
        wanted.training.steps = training_steps;
        wanted.training.seed = dance().seed;
        if (!retrain(session, wanted, job)) return std::nullopt;
        PrelabelOptions rest;
        rest.pool.track = track;
        const auto proposed = prelabel(session, rest, job);
        if (!proposed) return std::nullopt;
        proposals += proposed->proposals.size();
    }
    return build_review_queue(session, {}, job) ? std::optional(proposals) : std::nullopt;
}

}  // namespace annotator
