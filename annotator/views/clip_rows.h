#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "annotator/document/queries.h"
#include "annotator/session/clip_filter.h"
#include "schemas/proposal.h"

// What the list of clips shows. Pure.
namespace annotator {

// The states along a clip in equal parts, first to last.
constexpr std::size_t state_parts = 48;
using StateBar = std::array<FrameState, state_parts>;

// What frame_states() says in the middle of each part: a long clip costs no more than a short one.
StateBar state_bar(const Document& document, const schemas::Clip& clip, schemas::TrackId track,
                   const std::vector<schemas::Proposal>& proposals_of_clip);

struct ClipRow {
    schemas::ClipId id{};
    std::string name;
    bool has_problem = false;
};

struct ClipRowsFrom {
    const Document& document;
    std::optional<schemas::TrackId> track;  // whose states count
    const std::map<schemas::ClipId, std::vector<schemas::Proposal>>& proposals;
    const std::map<schemas::TakeId, std::vector<std::string>>& problems;
};

// The clips that pass, by name. A label that is filtered by must be there.
std::vector<ClipRow> clip_rows(const ClipRowsFrom& from, const ClipFilter& filter);

// The label of a clip on that track: of the layer that counts most, the longest.
const schemas::Label* category_of(const Document& document, const schemas::Clip& clip, schemas::TrackId track);

}  // namespace annotator
