#include "annotator/views/label_choices.h"

#include <algorithm>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/session/label_keys.h"
#include "annotator/session/label_lines.h"
#include "annotator/views/text_search.h"

namespace annotator {

std::vector<schemas::LabelScore> likeliest_labels(const EditorModel& model) {
    const EditorState& state = model.state;
    if (const auto segment = state.selection.segment()) {
        const auto found = state.suggestions.find(*segment);
        if (found != state.suggestions.end()) return found->second;
        const auto* row = model.document().find<schemas::Segment>(*segment);
        const auto* origin = row != nullptr && row->proposal ? model.proposal(*row->proposal) : nullptr;
        return origin != nullptr ? origin->top : std::vector<schemas::LabelScore>{};
    }
    if (state.selection.proposal)
        if (const auto* proposal = model.proposal(*state.selection.proposal)) return proposal->top;
    if (state.workspace == Workspace::review && state.queue_index && *state.queue_index < model.output.queue.size())
        return model.output.queue[*state.queue_index].top;
    if (state.line)
        if (const auto* proposal = open_proposal_at(model.document(), model.proposals(), *state.line, model.frame))
            return proposal->top;
    return {};
}

std::vector<LabelChoice> label_choices(const EditorModel& model, const Keymap& keymap, std::string_view search) {
    std::vector<LabelChoice> choices;
    if (model.track() == nullptr) return choices;
    const schemas::TrackId track = model.track()->id;
    const std::vector<LabelKey> keys = label_keys(model.document(), track, keymap.plain_keys());
    const std::vector<schemas::LabelScore> likeliest = likeliest_labels(model);
    for (const schemas::Label& label : labels_of(model.document(), track)) {
        if (!has_text(label.name, search)) continue;
        LabelChoice choice{label.id, label.name, label.colour, 0, -1};
        if (const auto key = std::ranges::find(keys, label.id, &LabelKey::label); key != keys.end())
            choice.key = key->key;
        if (const auto told = std::ranges::find(likeliest, label.id, &schemas::LabelScore::label);
            told != likeliest.end())
            choice.score = told->score;
        choices.push_back(std::move(choice));
    }
    std::ranges::stable_sort(choices, [&](const LabelChoice& a, const LabelChoice& b) {
        const auto begins = [&](const LabelChoice& choice) {
            return !search.empty() && begins_with_text(choice.name, search);
        };
        return std::pair(begins(a), a.score) > std::pair(begins(b), b.score);
    });
    return choices;
}

}  // namespace annotator
