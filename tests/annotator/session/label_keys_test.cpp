#include "annotator/session/label_keys.h"

#include <doctest/doctest.h>

#include "tests/support/project_builder.h"

using namespace annotator;
using namespace schemas;

namespace {

Document labels_with_keys(const std::vector<std::optional<std::string>>& hotkeys) {
    tests::ProjectBuilder builder;
    builder.track(1, "primitive");
    for (std::size_t i = 0; i < hotkeys.size(); ++i) {
        builder.label(static_cast<std::int64_t>(i + 1), 1, "label " + std::to_string(i));
        auto& label = std::get<std::vector<Label>>(builder.rows).back();
        label.hotkey = hotkeys[i];
        label.position = static_cast<std::int64_t>(i);
    }
    return Document(builder.rows);
}

std::string keys_of(const Document& document, const std::set<char32_t>& taken) {
    std::string text;
    for (const LabelKey& key : label_keys(document, TrackId{1}, taken)) text += static_cast<char>(key.key);
    return text;
}

}  // namespace

TEST_CASE("labels without keys of their own get digits in their order, then letters that do nothing else") {
    const Document document = labels_with_keys(std::vector<std::optional<std::string>>(13));
    CHECK(keys_of(document, {'A', 'C', 'K'}) == "1234567890BDE");
}

TEST_CASE("a label keeps the key that the taxonomy names, and no other label gets it") {
    CHECK(keys_of(labels_with_keys({{}, "t", "1", {}}), {}) == "2T13");
}

TEST_CASE("a key that an action has is not a label's, whatever the taxonomy says") {
    CHECK(keys_of(labels_with_keys({"k", "é", "", "Enter"}), {'K'}) == "1234");
}

TEST_CASE("of two labels that name one key the first has it") {
    CHECK(keys_of(labels_with_keys({"q", "Q"}), {}) == "Q1");
}

TEST_CASE("when there are more labels than keys the last have none") {
    const Document document = labels_with_keys(std::vector<std::optional<std::string>>(40));
    CHECK(label_keys(document, TrackId{1}, {}).size() == 36);
}
