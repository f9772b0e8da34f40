#include "annotator/document/taxonomy_commands.h"

#include <algorithm>
#include <array>

namespace annotator {

namespace {

using schemas::Edit;
using schemas::Label;
using schemas::RowChange;
using schemas::Track;

template <class Row, class Predicate>
const Row* first_where(const Document& document, Predicate holds) {
    for (const auto& [id, row] : document.rows<Row>())
        if (holds(row)) return &row;
    return nullptr;
}

template <class Row>
const Row* named(const Document& document, const std::string& name) {
    return first_where<Row>(document, [&](const Row& row) { return row.name == name; });
}

template <class Row>
void move_label(Edit& edit, const Document& document, const EditStamp& stamp, schemas::LabelId from,
                schemas::LabelId into) {
    for (const auto& [id, row] : document.rows<Row>()) {
        if (row.label != from) continue;
        Row moved = row;
        moved.label = into;
        moved.edit = stamp.edit;
        moved.time = stamp.time;
        edit.changes.push_back(RowChange<Row>{row, moved});
    }
}

}  // namespace

const Track* track_named(const Document& document, const std::string& name) { return named<Track>(document, name); }
const schemas::Layer* layer_named(const Document& document, const std::string& name) {
    return named<schemas::Layer>(document, name);
}
const schemas::Clip* clip_named(const Document& document, const std::string& name) {
    return named<schemas::Clip>(document, name);
}
const schemas::Performer* performer_named(const Document& document, const std::string& name) {
    return named<schemas::Performer>(document, name);
}

const Label* label_named(const Document& document, schemas::TrackId track, const std::string& name) {
    return first_where<Label>(document, [&](const Label& label) { return label.track == track && label.name == name; });
}

const Track* track_of_kind(const Document& document, schemas::TrackKind kind) {
    const Track* found = nullptr;
    for (const auto& [id, track] : document.rows<Track>())
        if (track.kind == kind && (found == nullptr || track.position < found->position)) found = &track;
    return found;
}

std::vector<Label> labels_of(const Document& document, schemas::TrackId track) {
    std::vector<Label> labels;
    for (const auto& [id, label] : document.rows<Label>())
        if (label.track == track && !label.deprecated) labels.push_back(label);
    std::ranges::sort(labels, {}, [](const Label& label) { return std::pair(label.position, label.name); });
    return labels;
}

std::string label_colour(std::size_t n) {
    static constexpr std::array<const char*, 16> colours{
        "#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#999999",
        "#ffc857", "#a6dcf7", "#66d2b1", "#fff59a", "#5aa9d6", "#ff9a57", "#e8b5d0", "#cccccc"};
    return colours[n % colours.size()];
}

Edit add_track(const Document& document, const Track& track) {
    if (track_named(document, track.name)) throw EditConflict("there is a track '" + track.name + "' already");
    return {"Add track '" + track.name + "'", {RowChange<Track>{std::nullopt, track}}};
}

Edit add_label(const Document& document, const Label& label) {
    if (label_named(document, label.track, label.name))
        throw EditConflict("the track has a label '" + label.name + "' already");
    return {"Add label '" + label.name + "'", {RowChange<Label>{std::nullopt, label}}};
}

Edit rename_label(const Document& document, schemas::LabelId id, const std::string& name) {
    const Label& before = document.at<Label>(id);
    if (label_named(document, before.track, name))
        throw EditConflict("the track has a label '" + name + "' already; merge the two instead");
    Label after = before;
    after.name = name;
    return {"Rename '" + before.name + "' to '" + name + "'", {RowChange<Label>{before, after}}};
}

Edit deprecate_label(const Document& document, schemas::LabelId id) {
    const Label& before = document.at<Label>(id);
    Label after = before;
    after.deprecated = true;
    return {"Deprecate '" + before.name + "'", {RowChange<Label>{before, after}}};
}

Edit merge_labels(const Document& document, const EditStamp& stamp, schemas::LabelId from, schemas::LabelId into) {
    const Label& before = document.at<Label>(from);
    const Label& kept = document.at<Label>(into);
    if (from == into || before.track != kept.track)
        throw EditConflict("'" + before.name + "' can only be merged into another label of its track");
    if (before.merged_into)
        throw EditConflict("'" + before.name + "' was merged already, into '" +
                           document.at<Label>(*before.merged_into).name + "'");
    if (kept.deprecated)
        throw EditConflict("'" + kept.name + "' is deprecated; merge '" + before.name + "' into a label in use");
    Label after = before;
    after.deprecated = true;
    after.merged_into = into;
    Edit edit{"Merge '" + before.name + "' into '" + kept.name + "'", {RowChange<Label>{before, after}}};
    move_label<schemas::Segment>(edit, document, stamp, from, into);
    move_label<schemas::KeyPose>(edit, document, stamp, from, into);
    return edit;
}

Edit add_layer(const Document& document, const schemas::Layer& layer) {
    if (layer_named(document, layer.name)) throw EditConflict("there is a layer '" + layer.name + "' already");
    return {"Add layer '" + layer.name + "'", {RowChange<schemas::Layer>{std::nullopt, layer}}};
}

}  // namespace annotator
