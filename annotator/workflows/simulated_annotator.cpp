#include "annotator/workflows/simulated_annotator.h"

#include <algorithm>
#include <map>

#include "annotator/document/commands.h"
#include "annotator/document/queries.h"
#include "annotator/workflows/create_project.h"
#include "annotator/workflows/training_snapshot.h"

namespace annotator {

namespace {

using inference::LabelledSpan;
using schemas::Proposal;
using schemas::Segment;

// Labels as numbers, for the effort calculator.
class Numbering {
public:
    int operator[](schemas::LabelId label) {
        return numbers_.try_emplace(label, static_cast<int>(numbers_.size())).first->second;
    }

private:
    std::map<schemas::LabelId, int> numbers_;
};

const Proposal* best_match(const std::vector<Proposal>& proposals, schemas::FrameSpan span) {
    const Proposal* best = nullptr;
    for (const Proposal& proposal : proposals)
        if (schemas::overlap(proposal.span(), span) &&
            (best == nullptr ||
             schemas::shared_frames(proposal.span(), span) > schemas::shared_frames(best->span(), span)))
            best = &proposal;
    return best;
}

bool is_right(const Proposal& proposal, const Segment& truth) {
    return proposal.span() == truth.span() && !proposal.top.empty() && proposal.top.front().label == truth.label;
}

}  // namespace

// One clip's truth, split into what is labelled already and the stretches that are not.
struct SimulatedAnnotator::ClipWork {
    schemas::ClipId clip{};
    double frames_per_second = 1;
    std::vector<Segment> all, labelled;
    std::vector<std::vector<Segment>> stretches;
    std::vector<Proposal> proposals;
};

SimulatedAnnotator::SimulatedAnnotator(ProjectSession& session, const std::string& truth, const std::string& track)
    : session_(session),
      truth_(require_layer(session.document(), truth).id),
      track_(require_track(session.document(), track).id) {
    own_ = layer_of(session, name, schemas::LayerKind::person);
}

bool SimulatedAnnotator::is_labelled(const Segment& truth) const {
    return std::ranges::any_of(session_.document().segments({truth.clip, own_, track_, truth.performer}),
                               [&](schemas::SegmentId id) {
                                   return schemas::overlap(session_.document().at<Segment>(id).span(), truth.span());
                               });
}

bool SimulatedAnnotator::answer(schemas::ClipId clip, schemas::FrameSpan span) {
    const auto truth = labels_of_clip(session_.document(), clip, track_, truth_);
    const auto asked = std::ranges::max_element(
        truth, {}, [&](const Segment& each) { return schemas::shared_frames(each.span(), span); });
    if (asked == truth.end() || !schemas::overlap(asked->span(), span) || is_labelled(*asked)) return false;
    const NewSegment wanted{
        {clip, own_, track_, asked->performer}, asked->span(), asked->label, schemas::LabelState::drawn, {}, {}};
    session_.commit_as(author_, [&](const EditStamp& stamp) {
        return draw_segment(session_.document(), stamp, wanted, WhereLabelled::refuse, session_.ids());
    });
    return true;
}

std::vector<SimulatedAnnotator::ClipWork> SimulatedAnnotator::work() const {
    const Document& document = session_.document();
    std::map<schemas::ClipId, std::vector<Proposal>> proposals;
    for (Proposal& proposal : session_.store().proposals())
        if (proposal.track == track_) proposals[proposal.clip].push_back(std::move(proposal));
    std::vector<ClipWork> list;
    for (const schemas::Clip* clip : clips_by_name(document)) {
        ClipWork work;
        work.clip = clip->id;
        work.frames_per_second = reference_stream(document, clip->take)->rate().per_second();
        work.all = labels_of_clip(document, clip->id, track_, truth_);
        bool open = false;
        for (const Segment& segment : work.all) {
            const bool done = is_labelled(segment);
            if (done) work.labelled.push_back(segment);
            if (!done && !open) work.stretches.emplace_back();
            if (!done) work.stretches.back().push_back(segment);
            open = !done;
        }
        work.proposals = std::move(proposals[clip->id]);
        std::ranges::sort(work.proposals, {}, &Proposal::begin_frame);
        list.push_back(std::move(work));
    }
    return list;
}

SimulatedAnnotator::Effort SimulatedAnnotator::effort_to_finish() const {
    Effort effort;
    Numbering number;
    for (const ClipWork& clip : work()) {
        const auto spans = [&](const std::vector<Segment>& segments) {
            std::vector<LabelledSpan> list;
            for (const Segment& segment : segments) list.push_back({segment.span(), number[segment.label]});
            return list;
        };
        const auto seconds = [&](const std::vector<Segment>& segments) {
            double frames = 0;
            for (const Segment& segment : segments) frames += static_cast<double>(segment.span().length());
            return frames / clip.frames_per_second;
        };
        effort.scratch += inference::actions_from_scratch(spans(clip.all), seconds(clip.all));
        for (const Segment& segment : clip.labelled) {
            effort.with_model += inference::actions_from_scratch(spans({segment}), seconds({segment}));
            effort.with_model.created += segment.begin_frame > clip.all.front().begin_frame ? 1 : 0;
        }
        for (const auto& stretch : clip.stretches) {
            std::vector<inference::ProposedSegment> proposed;
            const schemas::FrameSpan whole{stretch.front().begin_frame, stretch.back().end_frame};
            for (const Proposal& proposal : clip.proposals) {
                if (!schemas::overlap(proposal.span(), whole)) continue;
                proposed.push_back({proposal.span(), {}});
                for (const auto& entry : proposal.top) proposed.back().top.push_back(number[entry.label]);
            }
            effort.with_model += inference::actions_to_correct(spans(stretch), proposed, seconds(stretch));
        }
    }
    return effort;
}

SimulatedAnnotator::Effort SimulatedAnnotator::finish() {
    const Effort effort = effort_to_finish();
    std::vector<Proposal> right;
    std::vector<std::pair<Segment, const Proposal*>> wrong;
    const auto clips = work();
    for (const ClipWork& clip : clips)
        for (const auto& stretch : clip.stretches)
            for (const Segment& truth : stretch) {
                const Proposal* proposal = best_match(clip.proposals, truth.span());
                if (proposal != nullptr && is_right(*proposal, truth))
                    right.push_back(*proposal);
                else
                    wrong.emplace_back(truth, proposal);
            }
    session_.commit_as(author_, [&](const EditStamp& stamp) {
        return accept_proposals(session_.document(), stamp, own_, right, session_.ids());
    });
    for (const auto& [truth, proposal] : wrong)
        session_.commit_as(author_, [&](const EditStamp& stamp) {
            if (proposal != nullptr)
                return correct_proposal(session_.document(), stamp, own_, *proposal, truth.span(), truth.label,
                                        session_.ids());
            const NewSegment wanted{{truth.clip, own_, track_, truth.performer},
                                    truth.span(),
                                    truth.label,
                                    schemas::LabelState::drawn,
                                    {},
                                    {}};
            return draw_segment(session_.document(), stamp, wanted, WhereLabelled::overwrite, session_.ids());
        });
    return effort;
}

}  // namespace annotator
