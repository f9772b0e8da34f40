#pragma once

#include <set>
#include <vector>

#include "annotator/document/document.h"

namespace annotator {

// The key of a label, as keymaps name keys: what it types without Shift, upper-case for letters.
struct LabelKey {
    schemas::LabelId label{};
    char32_t key = 0;

    bool operator==(const LabelKey&) const = default;
};

// One key for each label of the track, in the order of the labels, as long as there are keys: the one that the
// taxonomy names where it is free, else 1 to 9 and 0, else letters. `taken` are keys that do something else
// (Keymap::plain_keys).
std::vector<LabelKey> label_keys(const Document& document, schemas::TrackId track, const std::set<char32_t>& taken);

}  // namespace annotator
