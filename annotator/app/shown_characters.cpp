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
    const std::size_t before = all_.size();
    for (const Notice& notice : model.state.notices) add_further_characters(notice.text, all_);
    for (const JobView& job : model.state.jobs)
        for (const std::string* text : {&job.title, &job.progress.doing, &job.outcome})
            add_further_characters(*text, all_);
    if (model_ == &model && revision_ == model.revision) return all_.size() > before;
    model_ = &model;
    revision_ = model.revision;
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
    for (const schemas::ModelVersion& made : model.output.models) add_further_characters(made.name, all_);
    for (const schemas::Split& split : model.output.splits) add_further_characters(split.name, all_);
    add_further_characters(model.folder.string(), all_);
    return all_.size() > before;
}

bool ShownCharacters::take(const Settings& settings) {
    const std::size_t before = all_.size();
    for (const std::string& project : settings.recent_projects) add_further_characters(project, all_);
    return all_.size() > before;
}

bool ShownCharacters::take(std::string_view utf8) {
    const std::size_t before = all_.size();
    add_further_characters(utf8, all_);
    return all_.size() > before;
}

}  // namespace annotator
