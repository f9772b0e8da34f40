#include "annotator/document/journal.h"

namespace annotator {

using schemas::Edit;
using schemas::LoggedEdit;
using schemas::LogKind;

JournalState state_after(std::span<const JournalStep> steps) {
    JournalState state;
    for (const JournalStep& step : steps) {
        state.last_sequence = step.sequence;
        switch (step.kind) {
            case LogKind::edit:
                state.done.push_back(step.id);
                state.undone.clear();
                break;
            case LogKind::undo:
                state.done.pop_back();
                state.undone.push_back(*step.target);
                break;
            case LogKind::redo:
                state.undone.pop_back();
                state.done.push_back(*step.target);
                break;
        }
    }
    return state;
}

void Journal::write_and_apply(LoggedEdit entry) {
    entry.sequence = state_.last_sequence + 1;
    document_.apply(entry.edit);
    try {
        sink_.write(entry);
    } catch (...) {
        document_.apply(schemas::inverse(entry.edit));
        throw;
    }
    state_.last_sequence = entry.sequence;
}

std::optional<schemas::EditId> Journal::commit(const schemas::Author& author,
                                               const std::function<Edit(const EditStamp&)>& build) {
    const EditStamp stamp{ids_.fresh<schemas::EditId>(), clock_(), author};
    Edit edit = build(stamp);
    if (edit.changes.empty()) return std::nullopt;
    write_and_apply({stamp.edit, 0, LogKind::edit, std::nullopt, author, stamp.time, std::move(edit)});
    state_.done.push_back(stamp.edit);
    state_.undone.clear();
    return stamp.edit;
}

std::optional<std::string> Journal::undo(const schemas::Author& author) {
    if (state_.done.empty()) return std::nullopt;
    const schemas::EditId target = state_.done.back();
    Edit edit = schemas::inverse(sink_.logged(target).edit);
    const std::string title = edit.title;
    write_and_apply({ids_.fresh<schemas::EditId>(), 0, LogKind::undo, target, author, clock_(), std::move(edit)});
    state_.done.pop_back();
    state_.undone.push_back(target);
    return title;
}

std::optional<std::string> Journal::redo(const schemas::Author& author) {
    if (state_.undone.empty()) return std::nullopt;
    const schemas::EditId target = state_.undone.back();
    Edit edit = sink_.logged(target).edit;
    const std::string title = edit.title;
    write_and_apply({ids_.fresh<schemas::EditId>(), 0, LogKind::redo, target, author, clock_(), std::move(edit)});
    state_.undone.pop_back();
    state_.done.push_back(target);
    return title;
}

Document replay(std::span<const LoggedEdit> log) {
    Document document;
    for (const LoggedEdit& entry : log) document.apply(entry.edit);
    return document;
}

}  // namespace annotator
