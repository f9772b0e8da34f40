#include "annotator/session/editor_model.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "annotator/playback/sound_device.h"
#include "annotator/workflows/create_project.h"
#include "annotator/workflows/retrain.h"
#include "annotator/workflows/review_queue.h"
#include "storage/project/edit_log.h"

namespace annotator {

namespace {

Offered offered(const EditorModel& model) {
    return {[&model](schemas::ProposalId id) {
                const auto* proposal = model.proposal(id);
                return proposal == nullptr ? std::vector<schemas::LabelScore>{} : proposal->top;
            },
            [&model](schemas::ProposalId id) {
                const auto* proposal = model.proposal(id);
                return proposal == nullptr ? std::nullopt : std::optional(proposal->span());
            },
            [&model](schemas::SegmentId id) {
                const auto found = model.state.suggestions.find(id);
                return found == model.state.suggestions.end() ? std::vector<schemas::LabelScore>{} : found->second;
            }};
}

auto place_of(const schemas::QueueItem& item) {
    return std::tuple(item.clip, item.performer, item.span.begin, item.span.end);
}

}  // namespace

EditorModel::EditorModel(ProjectSession opened, std::function<void()> wake)
    : session(std::move(opened)),
      folder(std::filesystem::absolute(session.store().folder())),
      main_queue(std::move(wake)),
      jobs(main_queue) {
    read_model_output();
    read_problems();
}

const schemas::Clip* EditorModel::clip() const {
    return state.clip ? document().find<schemas::Clip>(*state.clip) : nullptr;
}

const schemas::Track* EditorModel::track() const {
    return state.line ? document().find<schemas::Track>(state.line->track) : nullptr;
}

const std::vector<schemas::Proposal>& EditorModel::proposals() const {
    static const std::vector<schemas::Proposal> none;
    if (!state.clip) return none;
    const auto found = output.proposals.find(*state.clip);
    return found == output.proposals.end() ? none : found->second;
}

const schemas::Proposal* EditorModel::proposal(schemas::ProposalId id) const {
    const auto& all = proposals();
    const auto found = std::ranges::find(all, id, &schemas::Proposal::id);
    return found == all.end() ? nullptr : &*found;
}

bool EditorModel::commit(const ProjectSession::Build& build) {
    if (!read_only_because.empty()) {
        say(Notice::Severity::warning, read_only_because);
        return false;
    }
    try {
        schemas::Edit edit;
        EditEvent event;
        const auto watched = [&](const EditStamp& stamp) {
            edit = build(stamp);
            event = event_of(document(), edit, offered(*this));
            return edit;
        };
        if (session.commit(watched)) {
            note_change(edit);
            remember(std::move(event));
        }
        return true;
    } catch (const storage::StaleProject&) {
        read_again();
        say(Notice::Severity::info,
            "Another program changed the project; its changes were read. Please do that again.");
    } catch (const EditConflict& conflict) {
        say(Notice::Severity::warning, conflict.what());
    } catch (const std::exception& error) {
        say(Notice::Severity::error, error.what());
    }
    return false;
}

// The edit is stored by now, whatever becomes of this. Not by the session's clock, which may be one that a script has
// set.
void EditorModel::remember(EditEvent event) {
    try {
        events.add(std::move(event), time_of_day());
    } catch (const std::exception& error) {
        say(Notice::Severity::warning, "\"Your hour\" misses an edit: " + std::string(error.what()));
    }
}

void EditorModel::say(Notice::Severity severity, std::string text) {
    std::erase_if(state.notices, [&](const Notice& notice) { return notice.text == text; });
    state.notices.push_back({severity, std::move(text), machine_seconds()});
}

// A project is known by its first edit, wherever it lies.
void EditorModel::keep_events(const std::filesystem::path& logs) {
    const JournalState& journal = session.journal();
    const auto first = !journal.done.empty()     ? journal.done.front()
                       : !journal.undone.empty() ? journal.undone.back()
                                                 : schemas::EditId{};
    events.keep_in(logs / (std::to_string(static_cast<std::int64_t>(first)) + ".jsonl"));
}

std::string EditorModel::your_hour() const { return text_of(events.hour(time_of_day())); }

void EditorModel::read_again() {
    const SessionOptions options{session.store().read_only() ? storage::Access::read_only : storage::Access::read_write,
                                 session.author(),
                                 {},
                                 {}};
    session = ProjectSession(std::filesystem::path(session.store().folder()), options);
    read_model_output();
    read_problems();
    rows_revision_ = revision;
    line_revisions_.clear();
}

std::uint64_t EditorModel::revision_of(const Line& line) const {
    const auto found = line_revisions_.find(line);
    return found == line_revisions_.end() ? rows_revision_ : found->second;
}

std::optional<std::set<schemas::ClipId>> EditorModel::clips_changed_after(std::uint64_t seen) const {
    if (rows_revision_ > seen || clips_revision_ > seen) return std::nullopt;
    std::set<schemas::ClipId> clips;
    for (const auto& [line, changed] : line_revisions_)
        if (changed > seen) clips.insert(line.clip);
    return clips;
}

void EditorModel::note_change(const schemas::Edit& edit) {
    ++revision;
    for (const schemas::Change& change : edit.changes) {
        if (std::holds_alternative<schemas::RowChange<schemas::Clip>>(change)) clips_revision_ = revision;
        if (const auto* row = std::get_if<schemas::RowChange<schemas::Segment>>(&change))
            for (const auto& segment : {row->before, row->after})
                if (segment) line_revisions_[line_of(*segment)] = revision;
    }
}

void EditorModel::read_problems() {
    std::map<std::string, schemas::TakeId> takes;
    for (const auto& [id, stream] : document().rows<schemas::Stream>()) takes[stream.path] = stream.take;
    problems.clear();
    for (const storage::StoredProblem& found : session.store().problems())
        if (const auto take = takes.find(found.path); take != takes.end())
            problems[take->second].push_back(std::filesystem::path(found.path).filename().string() + ": " +
                                             found.problem.what);
}

bool EditorModel::is_behind() { return session.store().changes_of_others() != others_seen_; }

void EditorModel::read_model_output() {
    others_seen_ = session.store().changes_of_others();
    const std::vector<schemas::QueueItem> queue_before = std::exchange(output, {}).queue;
    output.models = session.store().models();
    for (schemas::Proposal& proposal : session.store().proposals())
        output.proposals[proposal.clip].push_back(std::move(proposal));
    for (auto& [clip, proposals] : output.proposals)
        std::ranges::sort(proposals, {}, [](const schemas::Proposal& proposal) {
            return std::tuple(proposal.track, proposal.performer, proposal.begin_frame);
        });
    output.promoted = promoted_models(session);
    output.queue = session.store().queue();
    if (!std::ranges::equal(output.queue, queue_before, {}, place_of, place_of)) state.queue_index.reset();
    if (const schemas::Track* track = track_of_queue(session)) output.queue_track = track->id;
    output.splits = session.store().splits();
    output.budget = budget_of(session.store());
    output_revision = ++revision;
}

}  // namespace annotator
