#include "annotator/session/label_keys.h"

#include <algorithm>
#include <string_view>

#include "annotator/document/taxonomy_commands.h"

namespace annotator {

namespace {

constexpr std::string_view offered = "1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ";

// 0 for what is not a single printable character of a keyboard.
char32_t named_key(const schemas::Label& label) {
    if (!label.hotkey || label.hotkey->size() != 1) return 0;
    const char key = label.hotkey->front();
    if (key <= ' ' || key > '~') return 0;
    return static_cast<char32_t>(key >= 'a' && key <= 'z' ? key - 'a' + 'A' : key);
}

}  // namespace

std::vector<LabelKey> label_keys(const Document& document, schemas::TrackId track, const std::set<char32_t>& taken) {
    const std::vector<schemas::Label> labels = labels_of(document, track);
    std::set<char32_t> used = taken;
    std::vector<LabelKey> keys;
    for (const schemas::Label& label : labels) {
        const char32_t named = named_key(label);
        keys.push_back({label.id, named != 0 && used.insert(named).second ? named : 0});
    }
    auto next = offered.begin();
    for (LabelKey& label : keys) {
        while (label.key == 0 && next != offered.end())
            if (const auto key = static_cast<char32_t>(*next++); used.insert(key).second) label.key = key;
    }
    std::erase_if(keys, [](const LabelKey& label) { return label.key == 0; });
    return keys;
}

}  // namespace annotator
