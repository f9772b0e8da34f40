#pragma once

#include <optional>

#include "annotator/session/editor_model.h"

// The queue of hard examples against what has been labelled since it was built. Pure.
namespace annotator {

// Whether a person has labelled more than half of what the item asks for, on that track.
bool is_answered(const Document& document, const schemas::QueueItem& item, schemas::TrackId track);

// The proposal that shares most frames with the item; nullptr where none does.
const schemas::Proposal* proposal_for(const ModelOutput& output, const schemas::QueueItem& item,
                                      schemas::TrackId track);

// What a model thinks of the item: the stored proposal's labels, else the item's own. Best first.
const std::vector<schemas::LabelScore>& top_for(const ModelOutput& output, const schemas::QueueItem& item,
                                                schemas::TrackId track);

// The track that the queue asks for: stored with it, else the labels' that it names, else the first category track.
std::optional<schemas::TrackId> track_of_queue(const Document& document, const ModelOutput& output);

// The first item from there on, and then from the start, that nobody has answered and that still has a clip.
std::optional<std::size_t> next_open_item(const Document& document, const ModelOutput& output, std::size_t from);

}  // namespace annotator
