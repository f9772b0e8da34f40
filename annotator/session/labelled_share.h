#pragma once

#include <map>
#include <optional>

#include "annotator/document/queries.h"
#include "annotator/session/editor_model.h"

namespace annotator {

// The share of a track that a person has labelled, by its unit (unit_of), for every picture: after an edit only the
// clips that it touched are counted anew.
class LabelledShare {
public:
    double of(const EditorModel& model, schemas::TrackId track);

private:
    void count(const EditorModel& model);

    std::map<schemas::ClipId, LabelledPart> parts_;
    std::optional<schemas::TrackId> track_;
    std::uint64_t revision_ = 0;
    double share_ = 0;
};

}  // namespace annotator
