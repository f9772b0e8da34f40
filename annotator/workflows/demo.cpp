#include "annotator/workflows/demo.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>

#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/create_project.h"
#include "annotator/workflows/evaluate.h"
#include "annotator/workflows/export_dataset.h"
#include "annotator/workflows/import_labels.h"
#include "annotator/workflows/ingest.h"
#include "annotator/workflows/join_takes.h"
#include "annotator/workflows/motion_source.h"
#include "annotator/workflows/prelabel.h"
#include "annotator/workflows/retrain.h"
#include "annotator/workflows/review_queue.h"
#include "annotator/workflows/simulated_annotator.h"
#include "annotator/workflows/split_project.h"
#include "annotator/workflows/synth/synth_writer.h"
#include "annotator/workflows/verify_project.h"
#include "storage/skeleton/layout_registry.h"

namespace annotator {

namespace {

using Clock = std::chrono::steady_clock;
using std::filesystem::path;

constexpr const char* truth_layer = "truth";
constexpr const char* marker = ".kinetograph-demo";
constexpr const char* stream_pattern = R"(stream_s(?<performer>[^_]+)_e(?<take>\d+))";
constexpr double final_share = 0.2;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::string percent(double share) { return std::to_string(std::llround(100 * share)) + " %"; }

void prepare_folder(const path& folder) {
    if (exists(folder / marker)) remove_all(folder);
    if (exists(folder) && !is_empty(folder))
        throw std::runtime_error(folder.string() + ": is not empty and no earlier demo; name another folder");
    create_directories(folder);
    std::ofstream(folder / marker) << "The demo makes this folder anew each time.\n";
}

// Ids and times follow from the seed, so that a demo comes out the same every time.
SessionOptions reproducible(std::uint64_t seed) {
    SessionOptions options;
    options.author = {"demo", schemas::AuthorKind::person};
    options.seed = seed;
    options.clock = [time = schemas::Timestamp{1'700'000'000'000'000}]() mutable { return time += 1'000'000; };
    return options;
}

// The loop on one project whose known labels are hidden in the truth layer.
class Part {
public:
    Part(const DemoOptions& options, ProjectSession& session, DemoPart& part, const JobContext& job)
        : options_(options), session_(session), part_(part), job_(job), annotator_(session, truth_layer, "category") {
        part.unseen_performer = last_performer();
        pool_.without_performers = {part.unseen_performer};
        pool_.unit = unit_of(session.document(), require_track(session.document(), "category").id);
        for (const schemas::Clip* clip : clips_by_name(session.document()))
            (performer_group(session.document(), *clip) == part.unseen_performer ? unseen_ : seen_).insert(clip->name);
    }

    // False when stopped.
    bool run() {
        options_.say("  " + std::to_string(seen_.size()) + " clips to label; performer " + part_.unseen_performer +
                     " is kept aside with " + std::to_string(unseen_.size()));
        if (!round("facility", final_share / 2, options_.round_steps)) return false;
        if (!round("diverse-hard", 0.75 * final_share, options_.round_steps)) return false;
        if (!round("diverse-hard", final_share, options_.steps)) return false;
        const auto effort = annotator_.finish();
        options_.say("  every proposal was looked at: " + std::to_string(effort.with_model.operations()) +
                     " actions in all, " + std::to_string(effort.scratch.operations()) + " from scratch");
        return deliver();
    }

private:
    [[nodiscard]] std::string last_performer() const {
        std::string last;
        for (const auto& [id, performer] : session_.document().rows<schemas::Performer>())
            last = std::max(last, performer.name);
        return last;
    }

    // The share of the pool alone: the unseen performer's clips are no part of the budget.
    [[nodiscard]] double labelled() const {
        const Document& document = session_.document();
        double frames = 0, done = 0;
        for (const schemas::Clip* clip : clips_by_name(document)) {
            if (!seen_.contains(clip->name)) continue;
            const bool whole = pool_.unit == LabelUnit::clip;
            schemas::FrameIndex by_person = 0;
            for (const StateRun& run : frame_states(document, *clip, require_track(document, "category").id, {}))
                if (is_persons_work(run.state)) by_person += run.span.length();
            frames += whole ? 1 : static_cast<double>(clip->span().length());
            done += whole ? (by_person > 0 ? 1 : 0) : static_cast<double>(by_person);
        }
        return done / frames;
    }

    bool round(const std::string& strategy, double share, int steps) {
        QueueOptions queue;
        queue.strategy = strategy;
        queue.top = 100'000;
        queue.pool = pool_;
        queue.seed = options_.seed;
        const auto asked = build_review_queue(session_, queue, job_);
        if (!asked) return false;
        int answers = 0;
        const double one = pool_.unit == LabelUnit::clip ? 0.5 / static_cast<double>(seen_.size()) : 0;
        for (const schemas::QueueItem& item : asked->items) {
            if (labelled() + one >= share) break;
            answers += annotator_.answer(item.clip, item.span) ? 1 : 0;
        }
        options_.say("  the queue (" + strategy + ") asked, the annotator answered " + std::to_string(answers) +
                     " times: " + percent(labelled()) + " labelled");

        RetrainOptions training;
        training.pool = pool_;
        training.training.seed = options_.seed;
        training.training.steps = steps;
        training.training.semi_supervised = steps == options_.steps;
        training.validation = RetrainOptions::Validation::skip;
        const auto trained = retrain(session_, training, job_);
        if (!trained) return false;
        PrelabelOptions proposing;
        proposing.model = trained->version.name;
        proposing.pool.unit = pool_.unit;
        if (!prelabel(session_, proposing, job_)) return false;
        part_.rounds.push_back(measured());
        options_.say("  " + trained->version.name + " trained in " + std::to_string(std::llround(trained->seconds)) +
                     " s: " + percent(*part_.rounds.back().rest) + " right on the rest, " +
                     percent(*part_.rounds.back().unseen) + " on performer " + part_.unseen_performer);
        return true;
    }

    [[nodiscard]] DemoRound measured() {
        DemoRound round;
        round.labelled = labelled();
        EvaluateOptions wanted;
        wanted.layer = proposals_layer;
        wanted.against = truth_layer;
        wanted.beside = SimulatedAnnotator::name;
        const char* reading = pool_.unit == LabelUnit::clip ? "accuracy" : "frame_accuracy";
        wanted.clips = seen_;
        const auto rest = evaluate(session_, wanted);
        round.rest = rest.at(reading).get<double>();
        if (pool_.unit == LabelUnit::frame) part_.boundary_f1 = rest.at("boundary_f1").at("5").get<double>();
        wanted.clips = unseen_;
        round.unseen = evaluate(session_, wanted).at(reading).get<double>();
        const auto effort = annotator_.effort_to_finish();
        const inference::KeystrokeModel keystrokes;
        round.actions =
            static_cast<double>(effort.with_model.operations()) / static_cast<double>(effort.scratch.operations());
        round.time = keystrokes.seconds(effort.with_model) / keystrokes.seconds(effort.scratch);
        return round;
    }

    bool deliver() {
        SplitProjectOptions split;
        split.split.seed = options_.seed;
        split_project(session_, split);
        ExportProjectOptions dataset;
        dataset.split = split.name;
        dataset.layer = SimulatedAnnotator::name;
        const auto report = export_dataset(session_, part_.dataset, dataset, ExportRun::write);
        auto findings = verify_project(session_, job_);
        if (!findings) return false;
        part_.findings = std::move(*findings);
        std::ranges::move(storage::verify_export(part_.dataset), std::back_inserter(part_.findings));
        options_.say(
            "  exported " + std::to_string(report.files.size()) + " files to " + part_.dataset.string() +
            "; project and export " +
            (part_.findings.empty() ? "verified" : "have " + std::to_string(part_.findings.size()) + " findings"));
        return true;
    }

    const DemoOptions& options_;
    ProjectSession& session_;
    DemoPart& part_;
    const JobContext& job_;
    SimulatedAnnotator annotator_;
    PoolOptions pool_;
    std::set<std::string> seen_, unseen_;
};

// A project with the recordings in it and what is known about them in the truth layer.
std::optional<ProjectSession> imported(const path& project, const path& recordings, const std::string& pattern,
                                       const DemoOptions& options, const JobContext& job) {
    ProjectSession session = create_project(project, {}, reproducible(options.seed));
    IngestOptions wanted;
    wanted.paths = {recordings};
    wanted.name_pattern = pattern;
    wanted.category_layer = truth_layer;
    wanted.category_layer_kind = schemas::LayerKind::truth;
    const auto result = ingest(session, wanted, job);
    if (!result) return std::nullopt;
    std::string text = "  " + std::to_string(result->takes_added) + " takes imported";
    if (result->takes_with_depth_aligned > 0)
        text += ", " + std::to_string(result->takes_with_depth_aligned) + " with depth aligned frame for frame";
    text += "; " + std::to_string(result->problems.size()) + " problems and " +
            std::to_string(result->left_out.size()) + " files left out are listed by 'status' and 'import'";
    options.say(text);
    return session;
}

// Joins the takes of each performer into streams of eight and writes them as recordings.
bool write_streams(ProjectSession& clips, const path& folder, const DemoOptions& options, const JobContext& job) {
    const Document& document = clips.document();
    const auto motions = load_motions(clips, job);
    if (!motions) return false;
    const schemas::LayerId truth = require_layer(document, truth_layer).id;
    const schemas::TrackId track = require_track(document, "category").id;
    std::map<std::string, std::vector<TakeToJoin>> by_performer;
    for (const schemas::Clip* clip : clips_by_name(document)) {
        const auto found = motions->by_take.find(clip->take);
        const auto labels = labels_of_clip(document, clip->id, track, truth);
        if (found == motions->by_take.end() || labels.empty()) continue;
        by_performer[performer_group(document, *clip)].push_back(
            {found->second.front().skeleton.get(), document.at<schemas::Label>(labels.front().label).name});
    }
    std::vector<PerformerStreams> streams;
    for (const auto& [performer, takes] : by_performer) {
        JoinOptions wanted;
        wanted.seed = options.seed;
        streams.push_back({performer, join_takes(takes, wanted).streams});
    }
    write_joined_streams(folder, streams);
    return true;
}

}  // namespace

bool DemoResult::ok() const {
    return std::ranges::all_of(parts, [](const DemoPart& part) {
        return std::ranges::none_of(part.findings, [](const storage::Finding& finding) {
            return finding.severity == storage::Severity::error;
        });
    });
}

std::optional<DemoResult> run_demo(const DemoOptions& options, const JobContext& job) {
    const auto start = Clock::now();
    prepare_folder(options.folder);
    DemoResult result;
    path recordings = options.recordings;
    if (recordings.empty()) {
        recordings = options.folder / "recordings" / "clips";
        options.say("There are no recordings here, so a synthetic set is danced.");
        synth::SynthOptions wanted;
        wanted.clips = 240;
        wanted.performers = 5;
        wanted.seed = options.seed;
        if (!synth::write_synthetic_dataset(options.folder / "recordings", wanted, storage::layout_named("msr20"), {},
                                            job.stop))
            return std::nullopt;
    }
    result.recordings = recordings.string();

    options.say("1. Clips: each carries one category");
    auto begin = Clock::now();
    result.parts.push_back({"clips", {}, {}, {}, options.folder / "clips", options.folder / "clips-dataset", {}, 0});
    auto clips = imported(result.parts.back().project, recordings, "msr", options, job);
    if (!clips || !Part(options, *clips, result.parts.back(), job).run()) return std::nullopt;
    result.parts.back().seconds = seconds_since(begin);

    options.say(
        "2. Streams: eight takes each, joined with cross-fades of four frames, so that boundaries have to be found "
        "too");
    begin = Clock::now();
    result.parts.push_back(
        {"streams", {}, {}, {}, options.folder / "streams", options.folder / "streams-dataset", {}, 0});
    const path joined = options.folder / "joined";
    if (!write_streams(*clips, joined, options, job)) return std::nullopt;
    auto streams = imported(result.parts.back().project, joined / "streams", stream_pattern, options, job);
    if (!streams) return std::nullopt;
    LabelImport truth;
    truth.files = {joined / "truth" / "categories.csv"};
    truth.layer = truth_layer;
    truth.layer_kind = schemas::LayerKind::truth;
    import_labels(*streams, truth);
    if (!Part(options, *streams, result.parts.back(), job).run()) return std::nullopt;
    result.parts.back().seconds = seconds_since(begin);
    result.seconds = seconds_since(start);
    return result;
}

}  // namespace annotator
