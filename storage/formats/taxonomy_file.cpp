#include "storage/formats/taxonomy_file.h"

#include <nlohmann/json.hpp>

#include <regex>
#include <set>

#include "schemas/embedded.h"
#include "storage/formats/json_file.h"
#include "storage/read_error.h"

namespace storage {

namespace {

using nlohmann::json;

std::optional<std::string> text_at(const json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) return std::nullopt;
    return found->get<std::string>();
}

TaxonomyFile::LabelEntry label_from(const json& entry) {
    TaxonomyFile::LabelEntry label;
    if (entry.is_string()) {
        label.name = entry.get<std::string>();
    } else {
        label.name = entry.at("name").get<std::string>();
        label.colour = text_at(entry, "colour");
        label.hotkey = text_at(entry, "hotkey");
        label.parent = text_at(entry, "parent");
        label.mirror = text_at(entry, "mirror");
        label.description = text_at(entry, "description").value_or("");
    }
    if (label.name.empty()) throw std::invalid_argument("a label needs a name");
    static const std::regex colour("#[0-9a-fA-F]{6}");
    if (label.colour && !std::regex_match(*label.colour, colour))
        throw std::invalid_argument("label '" + label.name + "' has the colour '" + *label.colour +
                                    "'; expected #rrggbb");
    return label;
}

void check_references(const TaxonomyFile::TrackEntry& track) {
    std::set<std::string> names;
    for (const auto& label : track.labels)
        if (!names.insert(label.name).second) throw std::invalid_argument("label '" + label.name + "' is there twice");
    for (const auto& label : track.labels)
        for (const auto& other : {label.parent, label.mirror})
            if (other && (!names.contains(*other) || *other == label.name))
                throw std::invalid_argument("label '" + label.name + "' names '" + *other +
                                            "', which is no other label of the track");
}

TaxonomyFile::TrackEntry track_from(const json& entry) {
    TaxonomyFile::TrackEntry track;
    track.name = entry.at("name").get<std::string>();
    if (track.name.empty()) throw std::invalid_argument("a track needs a name");
    const auto kind = entry.at("kind").get<std::string>();
    const auto known = schemas::enum_from<schemas::TrackKind>(kind);
    if (!known) throw std::invalid_argument("kind '" + kind + "' is none of category, primitive, key_pose, free");
    track.kind = *known;
    track.exclusive = entry.value("exclusive", track.kind != schemas::TrackKind::key_pose);
    track.per_performer = entry.value("per_performer", false);
    const json labels = entry.value("labels", json::array());
    if (!labels.is_array()) throw std::invalid_argument("labels is no list");
    for (const json& label : labels) track.labels.push_back(label_from(label));
    check_references(track);
    return track;
}

}  // namespace

TaxonomyFile taxonomy_from(const json& document, const std::string& source) {
    TaxonomyFile taxonomy;
    std::string where = "the file";
    try {
        taxonomy.name = document.value("name", "");
        std::set<std::string> names;
        const json& tracks = document.at("tracks");
        for (std::size_t i = 0; i < tracks.size(); ++i) {
            where = "tracks[" + std::to_string(i) + "]";
            taxonomy.tracks.push_back(track_from(tracks.at(i)));
            if (!names.insert(taxonomy.tracks.back().name).second)
                throw std::invalid_argument("the track is there twice");
        }
        where = "tracks";
        if (names.empty()) throw std::invalid_argument("a taxonomy needs at least one track");
    } catch (const json::exception& error) {
        throw ReadError(source + ": " + where + ": " + error.what());
    } catch (const std::invalid_argument& error) {
        throw ReadError(source + ": " + where + ": " + error.what());
    }
    return taxonomy;
}

TaxonomyFile read_taxonomy(const std::filesystem::path& file) {
    ProblemList problems(file);
    const json document = read_json(file, problems);
    if (const auto found = problems.take(); !found.empty()) throw ReadError(found.front().what);
    return taxonomy_from(document, file.string());
}

TaxonomyFile default_taxonomy() {
    for (const schemas::EmbeddedFile& file : schemas::embedded_taxonomies())
        if (file.name == "dance.json") return taxonomy_from(json::parse(file.text), "dance.json");
    throw ReadError("dance.json: is not part of this program");
}

}  // namespace storage
