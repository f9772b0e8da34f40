#include "storage/export/export_names.h"

#include <algorithm>
#include <cstddef>
#include <set>

#include "storage/formats/utf8.h"

namespace storage {
namespace {

constexpr std::size_t longest_word = 120;
constexpr std::u32string_view unsafe_in_paths = U"./\\:*?\"<>|";

bool is_control(char32_t code) { return code < 0x20 || (0x7F <= code && code < 0xA0); }

// Marks that are not seen and turn the order of the text round them: two names would look alike.
bool is_invisible(char32_t code) {
    return (0x200B <= code && code <= 0x200F) || (0x202A <= code && code <= 0x202E) || code == 0xFEFF;
}

std::string word_from(std::string_view name, std::u32string_view unsafe) {
    std::string word;
    while (!name.empty()) {
        const std::optional<Utf8Character> character = first_character(name);
        const std::size_t bytes = character ? character->bytes : 1;
        if (word.size() + bytes > longest_word) break;
        const bool keep = character && !is_white_space(character->code) && !is_control(character->code) &&
                          !is_invisible(character->code) && unsafe.find(character->code) == std::u32string_view::npos;
        word += keep ? name.substr(0, bytes) : std::string_view("_");
        name.remove_prefix(bytes);
    }
    return word.empty() ? "_" : word;
}

std::string folded(std::string word) {
    for (char& c : word)
        if ('A' <= c && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return word;
}

}  // namespace

std::string video_id_from(std::string_view name) {
    std::string word = word_from(name, unsafe_in_paths);
    // Read as an option by command lines.
    if (word.front() == '-') word.front() = '_';
    return word;
}

std::string label_word_from(std::string_view name) { return word_from(name, U""); }

std::vector<std::string> unique_words(const std::vector<std::string>& words, const std::vector<std::string>& originals,
                                      LetterCase letter_case, const std::vector<std::string>& reserved) {
    const auto key = [letter_case](const std::string& word) {
        return letter_case == LetterCase::folded ? folded(word) : word;
    };
    std::vector<std::size_t> order(words.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return originals[a] < originals[b]; });
    std::set<std::string> taken;
    for (const std::string& word : reserved) taken.insert(key(word));
    std::vector<std::string> unique(words.size());
    for (const std::size_t i : order)
        if (words[i] == originals[i] && taken.insert(key(words[i])).second) unique[i] = words[i];
    for (const std::size_t i : order) {
        if (!unique[i].empty()) continue;
        unique[i] = words[i];
        for (int count = 2; !taken.insert(key(unique[i])).second; ++count)
            unique[i] = words[i] + "_" + std::to_string(count);
    }
    return unique;
}

std::map<schemas::ClipId, std::string> video_ids_of(const Dataset& dataset) {
    std::vector<std::string> names, words;
    for (const DatasetClip& clip : dataset.clips) {
        names.push_back(clip.name);
        words.push_back(video_id_from(clip.name));
    }
    const std::vector<std::string> unique = unique_words(words, names, LetterCase::folded);
    std::map<schemas::ClipId, std::string> ids;
    for (std::size_t i = 0; i < unique.size(); ++i) ids.emplace(dataset.clips[i].id, unique[i]);
    return ids;
}

}  // namespace storage
