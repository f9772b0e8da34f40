#include "annotator/app/shown_characters.h"

#include "annotator/app/fonts.h"

namespace annotator {

namespace {

template <class Row>
void add_names(const Document& document, std::set<char32_t>& characters) {
    for (const auto& [id, row] : document.rows<Row>()) add_further_characters(row.name, characters);
}

}  // namespace

bool ShownCharacters::take(const EditorModel& model) {
    if (model_ == &model && revision_ == model.revision) return false;
    model_ = &model;
    revision_ = model.revision;
    const std::size_t before = all_.size();
    const Document& document = model.document();
    add_names<schemas::Clip>(document, all_);
    add_names<schemas::Take>(document, all_);
    add_names<schemas::Track>(document, all_);
    add_names<schemas::Performer>(document, all_);
    add_names<schemas::Layer>(document, all_);
    for (const auto& [id, label] : document.rows<schemas::Label>()) {
        add_further_characters(label.name, all_);
        add_further_characters(label.description, all_);
    }
    for (const auto& [id, comment] : document.rows<schemas::Comment>()) {
        add_further_characters(comment.text, all_);
        add_further_characters(comment.author, all_);
    }
    for (const auto& [id, stream] : document.rows<schemas::Stream>()) add_further_characters(stream.path, all_);
    return all_.size() > before;
}

bool ShownCharacters::take(const Settings& settings) {
    const std::size_t before = all_.size();
    for (const std::string& project : settings.recent_projects) add_further_characters(project, all_);
    return all_.size() > before;
}

bool ShownCharacters::take(const ImGuiIO& io) {
    const std::size_t before = all_.size();
    for (const ImWchar code : io.InputQueueCharacters)
        if (!is_usual_character(code)) all_.insert(code);
    return all_.size() > before;
}

}  // namespace annotator
