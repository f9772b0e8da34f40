#pragma once

#include <optional>
#include <string>
#include <vector>

#include "annotator/document/document.h"
#include "annotator/document/journal.h"

// Changes of the taxonomy and of layers, as pure functions from a document to an edit.
namespace annotator {

// Finds by name; nullptr when there is none.
const schemas::Track* track_named(const Document& document, const std::string& name);
const schemas::Label* label_named(const Document& document, schemas::TrackId track, const std::string& name);
const schemas::Layer* layer_named(const Document& document, const std::string& name);
const schemas::Clip* clip_named(const Document& document, const std::string& name);
const schemas::Performer* performer_named(const Document& document, const std::string& name);
// The first track of that kind, by position; nullptr when there is none.
const schemas::Track* track_of_kind(const Document& document, schemas::TrackKind kind);
// The labels of a track by position, without deprecated ones.
std::vector<schemas::Label> labels_of(const Document& document, schemas::TrackId track);

// A colour for the n-th label that those who cannot tell red from green can tell from its
// neighbours (Okabe and Ito 2008, then the same hues lighter and darker).
std::string label_colour(std::size_t n);

schemas::Edit add_track(const Document& document, const schemas::Track& track);
schemas::Edit add_label(const Document& document, const schemas::Label& label);
schemas::Edit rename_label(const Document& document, schemas::LabelId id, const std::string& name);
// The label stays on what carries it and is offered no more.
schemas::Edit deprecate_label(const Document& document, schemas::LabelId id);
// Every segment and key pose of `from` becomes `into`; `from` is deprecated and remembers.
schemas::Edit merge_labels(const Document& document, const EditStamp& stamp, schemas::LabelId from,
                           schemas::LabelId into);
schemas::Edit add_layer(const Document& document, const schemas::Layer& layer);

}  // namespace annotator
