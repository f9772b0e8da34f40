#include "storage/formats/taxonomy_file.h"

#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <set>

#include "schemas/embedded.h"
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
    return label;
}

void check_references(const TaxonomyFile::TrackEntry& track) {
    std::set<std::string> names;
    for (const auto& label : track.labels)
        if (!names.insert(label.name).second) throw std::invalid_argument("label '" + label.name + "' is there twice");
    for (const auto& label : track.labels)
        for (const auto& other : {label.parent, label.mirror})
            if (other && !names.contains(*other))
                throw std::invalid_argument("label '" + label.name + "' names '" + *other +
                                            "', which is no label of the track");
}

TaxonomyFile::TrackEntry track_from(const json& entry) {
    TaxonomyFile::TrackEntry track;
    track.name = entry.at("name").get<std::string>();
    const auto kind = entry.at("kind").get<std::string>();
    const auto known = schemas::enum_from<schemas::TrackKind>(kind);
    if (!known) throw std::invalid_argument("kind '" + kind + "' is none of category, primitive, key_pose, free");
    track.kind = *known;
    track.exclusive = entry.value("exclusive", track.kind != schemas::TrackKind::key_pose);
    track.per_performer = entry.value("per_performer", false);
    for (const json& label : entry.value("labels", json::array())) track.labels.push_back(label_from(label));
    check_references(track);
    return track;
}

}  // namespace

TaxonomyFile taxonomy_from(std::string_view text, const std::string& source) {
    TaxonomyFile taxonomy;
    std::string where = "the file";
    try {
        const json document = json::parse(text);
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
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw ReadError(file.string() + ": cannot be opened");
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    return taxonomy_from(text, file.string());
}

TaxonomyFile default_taxonomy() {
    for (const schemas::EmbeddedFile& file : schemas::embedded_taxonomies())
        if (file.name == "dance.json") return taxonomy_from(file.text, "dance.json");
    throw ReadError("dance.json: is not part of this program");
}

}  // namespace storage
