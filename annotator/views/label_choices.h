#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "annotator/session/editor_model.h"
#include "annotator/session/keymap.h"

// Which labels a person may choose from now, the likeliest first. Pure.
namespace annotator {

struct LabelChoice {
    schemas::LabelId label{};
    std::string name;
    std::string colour;  // "#rrggbb"
    char32_t key = 0;    // as keymaps name it; 0: none
    double score = -1;   // what the model gives it; below 0: it says nothing
};

// What the model thinks of what is selected, else of the proposal under the playhead, else of the card of the queue:
// at most five, best first.
std::vector<schemas::LabelScore> likeliest_labels(const EditorModel& model);

// Of the active track: the likeliest first, the others in the order of the taxonomy. Only those whose name has
// `search` in it, whatever the case of Latin letters; those that begin with it first.
std::vector<LabelChoice> label_choices(const EditorModel& model, const Keymap& keymap, std::string_view search);

}  // namespace annotator
