#pragma once

#include <filesystem>
#include <string>

#include "annotator/session/project_session.h"
#include "storage/formats/taxonomy_file.h"

namespace annotator {

struct NewProject {
    storage::TaxonomyFile taxonomy = storage::default_taxonomy();
    double budget = 0.2;                // share of the labelling work, more than 0 and at most 1
    std::optional<std::uint64_t> seed;  // makes the project reproducible (ProjectSession::create_reproducible)
};

// Makes the folder and puts the taxonomy in as its first edit. Throws when the folder
// exists and is not empty, or the budget is no share.
ProjectSession create_project(const std::filesystem::path& folder, const NewProject& options, SessionOptions session);

double budget_of(storage::ProjectStore& store);

// The label of that name on the track, made by `edit` when it is new. `made` remembers
// those that the edit makes, because the document does not know them yet.
class LabelMaker {
public:
    LabelMaker(const Document& document, schemas::IdSource& ids);
    schemas::LabelId label(schemas::Edit& edit, schemas::TrackId track, const std::string& name);

private:
    const Document& document_;
    schemas::IdSource& ids_;
    std::map<std::pair<schemas::TrackId, std::string>, schemas::LabelId> known_;
    std::map<schemas::TrackId, std::int64_t> next_position_;
};

// The person's own layer, made when there is none yet.
schemas::LayerId layer_of(ProjectSession& session, const std::string& name, schemas::LayerKind kind);
// The same within an edit that is being built.
schemas::LayerId layer_within(schemas::Edit& edit, const Document& document, const std::string& name,
                              schemas::LayerKind kind, const std::string& author, schemas::IdSource& ids);

}  // namespace annotator
