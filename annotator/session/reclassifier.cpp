#include "annotator/session/reclassifier.h"

#include <algorithm>
#include <list>

#include "annotator/workflows/prelabel.h"
#include "annotator/workflows/recorded_motions.h"
#include "annotator/workflows/stream_proposals.h"
#include "inference/model_family.h"
#include "storage/read_error.h"

namespace annotator {

struct Reclassifier::Question {
    struct Item {
        schemas::SegmentId segment{};
        schemas::FrameSpan span;
        std::optional<schemas::PerformerId> performer;  // whose motion; none: everybody's
    };
    schemas::ModelId model{};
    schemas::TrackId track{};
    schemas::TakeId take{};
    std::filesystem::path checkpoint, project;
    std::vector<RecordedMotion> recorded;
    std::vector<Item> items;  // of that take and track
};

struct Reclassifier::Answer {
    std::shared_ptr<const Question> question;
    std::vector<std::string> labels;
    std::vector<std::vector<std::vector<float>>> probabilities;  // of each item, one row a motion
    std::string problem;                                         // why there is none; "" where there is
};

// The model and the motions that were looked at last stay in memory.
class Reclassifier::Classifier {
public:
    std::optional<Answer> answer(const std::shared_ptr<const Question>& question, const std::stop_token& stop) {
        if (model_ == nullptr || loaded_ != question->model) {
            model_ = inference::engine().load(question->checkpoint);
            loaded_ = question->model;
            motions_.clear();
        }
        Answer answer{question, model_->labels(), {}, {}};
        std::vector<inference::Sample> samples;
        std::vector<std::size_t> item_of;
        const std::vector<TakeMotion>& motions = motions_of(*question);
        for (std::size_t i = 0; i < question->items.size(); ++i)
            for (const TakeMotion& motion : motions)
                if (const auto& item = question->items[i]; speaks_of(motion, item, motions.size()))
                    samples.push_back({motion.skeleton, item.span, -1, 1}), item_of.push_back(i);
        const auto prediction = model_->predict(samples, inference::Hardness::skip, stop);
        if (!prediction) return std::nullopt;
        answer.probabilities.resize(question->items.size());
        for (std::size_t i = 0; i < samples.size(); ++i)
            answer.probabilities[item_of[i]].emplace_back(prediction->row(i).begin(), prediction->row(i).end());
        return answer;
    }

private:
    static constexpr std::size_t takes_kept = 4;

    // The only motion of a take whose recording names nobody is that of whomever the label names.
    static bool speaks_of(const TakeMotion& motion, const Question::Item& item, std::size_t motions) {
        const bool anonymous = motions == 1 && !motion.performer;
        return (!item.performer || anonymous || motion.performer == item.performer) &&
               item.span.end <= motion.skeleton->frames();
    }

    const std::vector<TakeMotion>& motions_of(const Question& question) {
        std::string content;  // a correction of key-points makes another motion of it
        for (const RecordedMotion& recorded : question.recorded) content += recorded.content;
        const auto found = std::ranges::find(motions_, content, [](const auto& entry) { return entry.first; });
        if (found != motions_.end()) {
            motions_.splice(motions_.begin(), motions_, found);
        } else {
            motions_.emplace_front(content, motions_from(question.recorded, question.project, model_->layout()));
            if (motions_.size() > takes_kept) motions_.pop_back();
        }
        return motions_.front().second;
    }

    std::unique_ptr<inference::Model> model_;
    schemas::ModelId loaded_{};
    std::list<std::pair<std::string, std::vector<TakeMotion>>> motions_;  // the last one used first
};

Reclassifier::Reclassifier(EditorModel& model) : model_(model), classifier_(std::make_shared<Classifier>()) {}

std::vector<schemas::SegmentId> Reclassifier::wanted() const {
    std::vector<schemas::SegmentId> segments;
    // The selected one comes first: its take is the one that is asked about.
    const auto selected = model_.state.selection.segment();
    if (selected && selected != last_selected_ && !model_.state.suggestions.contains(*selected))
        segments.push_back(*selected);
    for (const schemas::SegmentId id : model_.moved)
        if (segments.empty() || id != segments.front()) segments.push_back(id);
    return segments;
}

// About those of the first one's take and track that a model can be asked about; the others wait in `moved`.
std::shared_ptr<Reclassifier::Question> Reclassifier::question_about(const std::vector<schemas::SegmentId>& segments) {
    const Document& document = model_.document();
    std::shared_ptr<Question> question;
    for (const schemas::SegmentId id : segments) {
        const auto* segment = document.find<schemas::Segment>(id);
        const auto promoted =
            segment == nullptr ? model_.output.promoted.end() : model_.output.promoted.find(segment->track);
        if (promoted == model_.output.promoted.end() || promoted->second == failed_model_) {
            model_.moved.erase(id);
            continue;
        }
        const schemas::TakeId take = document.at<schemas::Clip>(segment->clip).take;
        if (!question) {
            question = std::make_shared<Question>();
            question->model = promoted->second;
            question->track = segment->track;
            question->take = take;
        }
        if (question->take != take || question->track != segment->track) continue;
        const bool per_performer = document.at<schemas::Track>(segment->track).per_performer;
        question->items.push_back({id, segment->span(), per_performer ? segment->performer : std::nullopt});
        model_.moved.erase(id);
    }
    if (!question) return nullptr;
    const auto version = std::ranges::find(model_.output.models, question->model, &schemas::ModelVersion::id);
    question->project = model_.folder;
    question->checkpoint = question->project / version->checkpoint;
    question->recorded = recorded_motions(model_.session, question->take);
    return question->recorded.empty() ? nullptr : question;
}

bool Reclassifier::tick() {
    if (asking_) return false;
    const auto segments = wanted();
    last_selected_ = model_.state.selection.segment();
    if (segments.empty()) return false;
    std::shared_ptr<const Question> question;
    try {
        question = question_about(segments);
    } catch (const std::exception& error) {
        model_.say(Notice::Severity::warning, "Labels are not suggested again: " + std::string(error.what()));
    }
    if (!question) return false;
    asking_ = true;
    model_.jobs.start(
        Lane::compute, "Classify again",
        [this, classifier = classifier_, question](const JobContext& job) -> std::optional<JobRunner::Finish> {
            try {
                auto answer = classifier->answer(question, job.stop);
                if (!answer) return std::nullopt;
                return [this, answer = std::move(*answer)] { take(answer); };
            } catch (const storage::ReadError&) {  // a recording is missing, which its pane says
                return [this] { asking_ = false; };
            } catch (const std::exception& error) {
                return [this, answer = Answer{question, {}, {}, error.what()}] { take(answer); };
            }
        });
    return true;
}

void Reclassifier::take(const Answer& answer) {
    asking_ = false;
    const Question& question = *answer.question;
    if (!answer.problem.empty()) {
        failed_model_ = question.model;
        model_.say(Notice::Severity::warning, "Labels are not suggested again: " + answer.problem);
        return;
    }
    const auto labels = label_ids(model_.document(), question.track, answer.labels);
    const bool streams = unit_of(model_.document(), question.track) == LabelUnit::frame;
    for (std::size_t i = 0; i < question.items.size(); ++i) {
        const auto& item = question.items[i];
        const auto* segment = model_.document().find<schemas::Segment>(item.segment);
        // Gone, or moved again: then it is asked about again.
        if (segment == nullptr || segment->span() != item.span || answer.probabilities[i].empty()) continue;
        model_.state.suggestions[item.segment] =
            streams ? labels_among_neighbours(model_.document(), *segment, answer.probabilities[i], labels)
                    : top_labels(answer.probabilities[i], labels);
    }
}

}  // namespace annotator
