#include "annotator/views/fuzzy_match.h"

#include <algorithm>

#include "annotator/views/text_search.h"

namespace annotator {

namespace {

bool begins_word(std::string_view text, std::size_t at) {
    if (at == 0) return true;
    const char before = text[at - 1];
    return before == ' ' || before == '-' || before == '_' || before == '/' || before == '.';
}

// The letters of the query from that position of the text on, each at the next place that has it.
std::optional<FuzzyMatch> match_from(std::string_view query, std::string_view text, std::size_t start) {
    FuzzyMatch match;
    std::size_t at = start;
    for (const char wanted : query) {
        if (wanted == ' ') continue;
        while (at < text.size() && lower(text[at]) != lower(wanted)) ++at;
        if (at == text.size()) return std::nullopt;
        const bool together = !match.positions.empty() && match.positions.back() + 1 == at;
        match.score += together ? 8 : begins_word(text, at) ? 6 : 1;
        match.positions.push_back(at++);
    }
    if (!match.positions.empty()) {
        match.score -= 0.05 * static_cast<double>(match.positions.back() - match.positions.front());
        match.score -= 0.1 * static_cast<double>(match.positions.front());
    }
    match.score -= 0.01 * static_cast<double>(text.size());
    return match;
}

}  // namespace

std::optional<FuzzyMatch> fuzzy_match(std::string_view query, std::string_view text) {
    while (query.starts_with(' ')) query.remove_prefix(1);
    if (query.empty()) return match_from(query, text, 0);
    std::optional<FuzzyMatch> best;
    // The first fit is not the best one: "spl" means "Split", not "Stop playing".
    for (std::size_t start = 0; start < text.size(); ++start) {
        if (lower(text[start]) != lower(query[0])) continue;
        auto match = match_from(query, text, start);
        if (!match) break;
        if (!best || match->score > best->score) best = std::move(match);
    }
    return best;
}

}  // namespace annotator
