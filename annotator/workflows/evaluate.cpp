#include "annotator/workflows/evaluate.h"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/import_labels.h"
#include "annotator/workflows/training_snapshot.h"
#include "inference/metrics.h"
#include "inference/segmentation_metrics.h"

namespace annotator {

namespace {

using nlohmann::json;
using schemas::FrameIndex;

// A clip's labels and boundaries on one track, for one performer, as numbers.
struct Painting {
    std::vector<int> frames;          // label of each frame of the clip, inference::unlabelled where none
    std::set<FrameIndex> boundaries;  // starts of spans, from the clip's first frame; not the first
};

struct Comparison {
    std::string clip;
    schemas::ClipId clip_id{};
    FrameIndex begin = 0;  // the clip's first frame in its take
    int group = 0;
    Painting truth, judged;
};

const schemas::Track& fullest_track(const Document& document, schemas::LayerId layer) {
    std::map<schemas::TrackId, std::size_t> sizes;
    for (const auto& [id, segment] : document.rows<schemas::Segment>())
        if (segment.layer == layer) ++sizes[segment.track];
    if (sizes.empty())
        throw std::invalid_argument("layer '" + document.at<schemas::Layer>(layer).name +
                                    "' has no labels to compare with");
    return document.at<schemas::Track>(
        std::ranges::max_element(sizes, {}, [](const auto& size) { return size.second; })->first);
}

class Comparer {
public:
    Comparer(ProjectSession& session, const EvaluateOptions& options)
        : session_(session),
          document_(session.document()),
          options_(options),
          track_(options.track.empty() ? fullest_track(document_, require_layer(document_, options.against).id)
                                       : require_track(document_, options.track)) {
        // In the taxonomy's order, which is the same in every project of the same labels; ids are not.
        std::vector<schemas::Label> labels;
        for (const auto& [id, label] : document_.rows<schemas::Label>())
            if (label.track == track_.id && current_label(document_, id) == id) labels.push_back(label);
        std::ranges::sort(labels, {},
                          [](const schemas::Label& label) { return std::tuple(label.position, label.name); });
        for (const schemas::Label& label : labels)
            names_.push_back(label.name), index_[label.id] = static_cast<int>(names_.size()) - 1;
        truth_layer_ = require_layer(document_, options.against).id;
        if (options.layer == proposals_layer)
            for (const schemas::Proposal& proposal : session.store().proposals())
                proposals_[proposal.clip].push_back(proposal);
        else
            judged_layer_ = require_layer(document_, options.layer).id;
        if (!options.beside.empty()) beside_ = require_layer(document_, options.beside).id;
    }

    std::vector<Comparison> comparisons() {
        std::vector<Comparison> list;
        std::map<std::string, int> groups;
        for (const schemas::Clip* clip : clips_by_name(document_)) {
            if (!options_.clips.empty() && !options_.clips.contains(clip->name)) continue;
            auto truth = labels_of_clip(document_, clip->id, track_.id, truth_layer_);
            if (beside_) leave_out_settled(truth, labels_of_clip(document_, clip->id, track_.id, beside_));
            const auto judged = judged_labels(*clip);
            const int group =
                groups.try_emplace(performer_group(document_, *clip), static_cast<int>(groups.size())).first->second;
            for (const Of& performer : compared(truth, judged))
                list.push_back({clip->name, clip->id, clip->begin_frame, group, painted(*clip, truth, performer),
                                painted(*clip, judged, performer)});
        }
        return list;
    }

    [[nodiscard]] const std::string& track() const { return track_.name; }
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
    [[nodiscard]] std::optional<int> background() const {
        const auto found = std::ranges::find(names_, "background");
        return found == names_.end() ? std::nullopt : std::optional(static_cast<int>(found - names_.begin()));
    }

private:
    // What is mostly labelled beside is no part of the rest.
    static void leave_out_settled(std::vector<schemas::Segment>& truth, const std::vector<schemas::Segment>& settled) {
        std::erase_if(truth, [&](const schemas::Segment& segment) {
            FrameIndex shared = 0;
            for (const schemas::Segment& other : settled)
                shared += schemas::shared_frames(segment.span(), other.span());
            return 2 * shared > segment.span().length();
        });
    }

    struct Of {
        enum class Whom { everybody, one } whom = Whom::everybody;
        std::optional<schemas::PerformerId> performer;  // of one
    };

    // Performers are told apart only where the track does and the labels name several: one layer
    // may name the only dancer of a clip while another does not.
    [[nodiscard]] std::vector<Of> compared(const std::vector<schemas::Segment>& truth,
                                           const std::vector<schemas::Segment>& judged) const {
        if (truth.empty()) return {};
        std::set<std::optional<schemas::PerformerId>> of_truth, named;
        for (const schemas::Segment& segment : truth) of_truth.insert(segment.performer);
        for (const auto* list : {&truth, &judged})
            for (const schemas::Segment& segment : *list)
                if (segment.performer) named.insert(segment.performer);
        if (!track_.per_performer || named.size() <= 1) return {Of{}};
        std::vector<Of> list;
        for (const auto& performer : of_truth) list.push_back({Of::Whom::one, performer});
        return list;
    }

    std::vector<schemas::Segment> judged_labels(const schemas::Clip& clip) {
        if (judged_layer_) return labels_of_clip(document_, clip.id, track_.id, judged_layer_);
        std::vector<schemas::Segment> segments;
        for (const schemas::Proposal& proposal : proposals_[clip.id]) {
            if (proposal.track != track_.id) continue;
            schemas::Segment segment;
            segment.performer = proposal.performer;
            segment.begin_frame = proposal.begin_frame;
            segment.end_frame = proposal.end_frame;
            segment.label = proposal.top.empty() ? schemas::LabelId{0} : proposal.top.front().label;
            segments.push_back(segment);
        }
        return segments;
    }

    Painting painted(const schemas::Clip& clip, const std::vector<schemas::Segment>& segments, const Of& performer) {
        Painting painting;
        painting.frames.assign(static_cast<std::size_t>(clip.span().length()), inference::unlabelled);
        for (const schemas::Segment& segment : segments) {
            if (performer.whom == Of::Whom::one && segment.performer != performer.performer) continue;
            const auto label = segment.label == schemas::LabelId{0}
                                   ? index_.end()
                                   : index_.find(current_label(document_, segment.label));
            if (segment.begin_frame > clip.begin_frame)
                painting.boundaries.insert(segment.begin_frame - clip.begin_frame);
            if (segment.end_frame < clip.end_frame) painting.boundaries.insert(segment.end_frame - clip.begin_frame);
            if (label == index_.end()) continue;
            const auto first = painting.frames.begin() + (segment.begin_frame - clip.begin_frame);
            std::fill(first, first + segment.span().length(), label->second);
        }
        return painting;
    }

    ProjectSession& session_;
    const Document& document_;
    const EvaluateOptions& options_;
    const schemas::Track& track_;
    std::vector<std::string> names_;
    std::map<schemas::LabelId, int> index_;
    schemas::LayerId truth_layer_{};
    std::optional<schemas::LayerId> judged_layer_, beside_;
    std::map<schemas::ClipId, std::vector<schemas::Proposal>> proposals_;
};

// Each true run of a label is one thing to classify: by what most of its frames were called.
void add_runs(const Comparison& comparison, std::vector<int>& truth, std::vector<int>& judged, std::vector<int>& groups,
              int nothing) {
    for (const auto& run : inference::runs_of_labels(comparison.truth.frames)) {
        std::map<int, int> votes;
        for (FrameIndex i = run.span.begin; i < run.span.end; ++i)
            ++votes[comparison.judged.frames[static_cast<std::size_t>(i)]];
        const int most = std::ranges::max_element(votes, {}, [](const auto& vote) { return vote.second; })->first;
        truth.push_back(run.label);
        judged.push_back(most == inference::unlabelled ? nothing : most);
        groups.push_back(comparison.group);
    }
}

json boundary_json(const inference::BoundaryScores& scores) {
    json entry{{"f1", scores.f1()},
               {"precision", scores.counts.precision()},
               {"recall", scores.counts.recall()},
               {"n", scores.counts.hits + scores.counts.missed},
               {"mean_distance", nullptr}};
    if (const auto distance = scores.mean_distance()) entry["mean_distance"] = *distance;
    return entry;
}

// Tolerances count in the take, paintings from the clip's first frame.
std::vector<inference::ToleratedBoundary> from_first_frame(std::vector<inference::ToleratedBoundary> boundaries,
                                                           FrameIndex begin) {
    for (auto& each : boundaries) each.earliest -= begin, each.best -= begin, each.latest -= begin;
    return boundaries;
}

std::vector<FrameIndex> sorted(const std::set<FrameIndex>& boundaries) {
    return {boundaries.begin(), boundaries.end()};
}

}  // namespace

json evaluate(ProjectSession& session, const EvaluateOptions& options) {
    for (const std::string& name : options.clips)
        if (clip_named(session.document(), name) == nullptr)
            throw std::invalid_argument("there is no clip '" + name + "'");
    Comparer comparer(session, options);
    const auto comparisons = comparer.comparisons();
    if (comparisons.empty())
        throw std::invalid_argument("layer '" + options.against + "' has no label on track '" + options.track +
                                    "' to compare with");
    const auto background = comparer.background();
    const int nothing = static_cast<int>(comparer.names().size());  // a class of its own: "not labelled at all"

    std::vector<int> truth, judged, groups;
    inference::Share frames, foreground;
    std::map<std::string, inference::DetectionCounts> segmental{{"f1_10", {}}, {"f1_25", {}}, {"f1_50", {}}};
    std::map<std::string, inference::BoundaryScores> boundary{{"3", {}}, {"5", {}}, {"8", {}}};
    inference::BoundaryScores tolerated;
    const Tolerances tolerances = tolerances_of(session, options.against);
    std::vector<double> edits;
    for (const Comparison& each : comparisons) {
        add_runs(each, truth, judged, groups, nothing);
        const auto add = [](inference::Share& total, const inference::Share& part) {
            total.hits += part.hits, total.total += part.total;
        };
        add(frames, inference::frame_accuracy(each.truth.frames, each.judged.frames));
        add(foreground, inference::frame_accuracy(each.truth.frames, each.judged.frames, background));
        for (auto& [name, counts] : segmental)
            counts += inference::segmental_counts(each.truth.frames, each.judged.frames,
                                                  std::stod(name.substr(3)) / 100, background);
        edits.push_back(inference::edit_score(each.truth.frames, each.judged.frames, background));
        for (auto& [window, scores] : boundary)
            scores += inference::boundary_scores(inference::within(sorted(each.truth.boundaries), std::stoll(window)),
                                                 sorted(each.judged.boundaries));
        if (const auto own = tolerances.find(each.clip_id); own != tolerances.end())
            tolerated +=
                inference::boundary_scores(from_first_frame(own->second, each.begin), sorted(each.judged.boundaries));
    }

    const auto report = inference::classification_report(truth, judged, nothing + 1);
    std::vector<double> correct;
    for (std::size_t i = 0; i < truth.size(); ++i) correct.push_back(truth[i] == judged[i] ? 1 : 0);
    json per_label = json::array(), confusion = json::array(), boundaries = json::object(),
         boundary_details = json::object();
    for (int label = 0; label < nothing; ++label) {
        const auto& scores = report.per_class[static_cast<std::size_t>(label)];
        if (!scores.occurs()) continue;
        per_label.push_back({{"label", comparer.names()[static_cast<std::size_t>(label)]},
                             {"precision", scores.precision},
                             {"recall", scores.recall},
                             {"f1", scores.f1},
                             {"support", scores.support}});
        json row = json::array();
        for (int other = 0; other <= nothing; ++other) row.push_back(report.confusion.at(label, other));
        confusion.push_back({{"label", comparer.names()[static_cast<std::size_t>(label)]}, {"counts", row}});
    }
    for (const auto& [window, scores] : boundary)
        boundaries[window] = scores.f1(), boundary_details[window] = boundary_json(scores);

    double edit_sum = 0;
    for (const double score : edits) edit_sum += score;
    std::vector<std::string> columns = comparer.names();
    columns.emplace_back("(none)");
    json result{{"layer", options.layer},
                {"against", options.against},
                {"track", comparer.track()},
                {"clips", comparisons.size()},
                {"segments", truth.size()},
                {"accuracy", report.accuracy},
                {"macro_f1", report.macro.f1},
                {"weighted_f1", report.weighted.f1},
                {"micro_f1", report.micro.f1},
                {"frame_accuracy", frames.value()},
                {"frame_accuracy_without_background", foreground.value()},
                {"edit", edits.empty() ? 0 : edit_sum / static_cast<double>(edits.size())},
                {"f1_10", segmental["f1_10"].f1()},
                {"f1_25", segmental["f1_25"].f1()},
                {"f1_50", segmental["f1_50"].f1()},
                {"boundary_f1", boundaries},
                {"boundaries", boundary_details},
                {"per_label", per_label},
                {"confusion", {{"columns", columns}, {"rows", confusion}}}};
    if (!tolerances.empty()) result["boundary_f1_tolerance"] = boundary_json(tolerated);
    if (!correct.empty()) {
        const auto interval = inference::bootstrap_interval_of_mean(correct, groups, 1);
        result["accuracy_interval"] = {interval.low, interval.high};
    }
    return result;
}

}  // namespace annotator
