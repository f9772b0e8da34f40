#include "annotator/session/dataset_forms.h"

#include <algorithm>

#include "annotator/document/taxonomy_commands.h"
#include "storage/export/dataset_writer.h"

namespace annotator {

namespace {

std::filesystem::path beside(const std::filesystem::path& project) {
    return project.parent_path() / (project.filename().string() + "-dataset");
}

}  // namespace

MakeSplit split_to_make(const EditorModel& model) {
    if (model.state.split_form) return *model.state.split_form;
    MakeSplit split{"main", "60/20/20", "performer,take", "", 0};
    const schemas::Track* first = nullptr;
    for (const auto& [id, track] : model.document().rows<schemas::Track>())
        if (track.kind != schemas::TrackKind::key_pose && (first == nullptr || track.position < first->position))
            first = &track;
    if (first != nullptr) split.stratify = first->name;
    return split;
}

ExportDataset dataset_to_write(const EditorModel& model) {
    ExportDataset dataset;
    if (model.state.export_form) {
        dataset = *model.state.export_form;
    } else {
        dataset.folder = beside(model.folder);
        for (const std::string_view format : schemas::EnumNames<storage::ExportFormat>::names)
            set_word(dataset.format, std::string(format), true);
    }
    const auto& splits = model.output.splits;
    if (std::ranges::find(splits, dataset.split, &schemas::Split::name) == splits.end())
        dataset.split = splits.empty() ? "" : splits.back().name;
    return dataset;
}

bool has_word(const std::string& list, const std::string& word) {
    return ("," + list + ",").find("," + word + ",") != std::string::npos;
}

void set_word(std::string& list, const std::string& word, bool there) {
    if (has_word(list, word) == there) return;
    if (there) {
        list += (list.empty() ? "" : ",") + word;
        return;
    }
    std::string padded = "," + list + ",";
    padded.erase(padded.find("," + word + ","), word.size() + 1);
    list = padded.size() < 2 ? "" : padded.substr(1, padded.size() - 2);
}

}  // namespace annotator
