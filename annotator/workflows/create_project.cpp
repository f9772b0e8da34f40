#include "annotator/workflows/create_project.h"

#include <stdexcept>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/training_snapshot.h"

namespace annotator {

namespace {

using schemas::Edit;
using schemas::Label;
using schemas::LabelId;
using schemas::RowChange;
using schemas::Track;

std::vector<Label> labels_from(const storage::TaxonomyFile::TrackEntry& entry, schemas::TrackId track,
                               schemas::IdSource& ids) {
    std::map<std::string, LabelId> id_of;
    for (const auto& label : entry.labels) id_of[label.name] = ids.fresh<LabelId>();
    const auto find = [&](const std::optional<std::string>& name) {
        return name ? std::optional(id_of.at(*name)) : std::nullopt;
    };
    std::vector<Label> labels;
    for (const auto& label : entry.labels) {
        const std::size_t n = labels.size();
        labels.push_back({id_of.at(label.name), track, label.name, label.colour.value_or(label_colour(n)), label.hotkey,
                          find(label.parent), find(label.mirror), label.description, false, std::nullopt,
                          static_cast<std::int64_t>(n)});
    }
    return labels;
}

Edit edit_from(const storage::TaxonomyFile& taxonomy, schemas::IdSource& ids) {
    Edit edit{"Make the project with taxonomy '" + taxonomy.name + "'", {}};
    std::int64_t position = 0;
    for (const auto& entry : taxonomy.tracks) {
        const Track track{ids.fresh<schemas::TrackId>(), entry.name, entry.kind, entry.exclusive,
                          entry.per_performer,           position++};
        edit.changes.emplace_back(RowChange<Track>{std::nullopt, track});
        for (const Label& label : labels_from(entry, track.id, ids))
            edit.changes.emplace_back(RowChange<Label>{std::nullopt, label});
    }
    return edit;
}

}  // namespace

ProjectSession create_project(const std::filesystem::path& folder, const NewProject& options, SessionOptions session) {
    if (!(options.budget > 0 && options.budget <= 1))
        throw std::invalid_argument("the budget is a share of the work: more than 0 and at most 1");
    ProjectSession project = options.seed
                                 ? ProjectSession::create_reproducible(folder, std::move(session), *options.seed)
                                 : ProjectSession::create(folder, std::move(session));
    project.store().set_setting("budget", std::to_string(options.budget));
    project.commit([&](const EditStamp&) { return edit_from(options.taxonomy, project.ids()); });
    return project;
}

double budget_of(storage::ProjectStore& store) { return std::stod(store.setting("budget").value_or("0.2")); }

LabelMaker::LabelMaker(const Document& document, schemas::IdSource& ids) : document_(document), ids_(ids) {
    for (const auto& [id, label] : document.rows<Label>()) {
        known_[{label.track, label.name}] = current_label(document, id);
        next_position_[label.track] = std::max(next_position_[label.track], label.position + 1);
    }
}

LabelId LabelMaker::label(Edit& edit, schemas::TrackId track, const std::string& name) {
    const auto found = known_.find({track, name});
    if (found != known_.end()) return found->second;
    Label label;
    label.id = ids_.fresh<LabelId>();
    label.track = track;
    label.name = name;
    label.position = next_position_[track]++;
    label.colour = label_colour(static_cast<std::size_t>(label.position));
    edit.changes.emplace_back(RowChange<Label>{std::nullopt, label});
    known_[{track, name}] = label.id;
    return label.id;
}

schemas::LayerId layer_within(Edit& edit, const Document& document, const std::string& name, schemas::LayerKind kind,
                              const std::string& author, schemas::IdSource& ids) {
    if (const schemas::Layer* layer = layer_named(document, name)) {
        if (layer->kind != kind)
            throw EditConflict("layer '" + name + "' is of kind " + std::string(schemas::to_text(layer->kind)) +
                               ", not " + std::string(schemas::to_text(kind)) + "; choose another name");
        return layer->id;
    }
    const schemas::Layer layer{ids.fresh<schemas::LayerId>(), name, kind, author};
    edit.changes.emplace_back(RowChange<schemas::Layer>{std::nullopt, layer});
    return layer.id;
}

schemas::LayerId layer_of(ProjectSession& session, const std::string& name, schemas::LayerKind kind) {
    schemas::LayerId id{};
    session.commit([&](const EditStamp& stamp) {
        Edit edit{"Add layer '" + name + "'", {}};
        id = layer_within(edit, session.document(), name, kind, stamp.author.name, session.ids());
        return edit;
    });
    return id;
}

}  // namespace annotator
