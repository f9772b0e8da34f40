#include <nlohmann/json.hpp>

#include <stdexcept>

#include "annotator/workflows/primitive_naming.h"
#include "storage/export/atomic_file.h"
#include "storage/hash.h"
#include "storage/read_error.h"
#include "storage/text_file.h"

namespace annotator {

namespace {

using nlohmann::json;

constexpr const char* kind = "kinetograph primitives";
constexpr int version = 1;
constexpr std::size_t most_primitives = 65536;

json json_of(const std::vector<NamedPrimitive>& primitives) {
    json list = json::array();
    for (const NamedPrimitive& each : primitives)
        list.push_back({{"name", each.name},
                        {"merged_into", each.merged_into ? json(*each.merged_into) : json(nullptr)},
                        {"by_person", each.by_person}});
    return list;
}

json json_of(const PrimitiveNaming& naming) {
    json history = json::array();
    for (const NamingChange& each : naming.history)
        history.push_back({{"kind", each.kind == NamingChange::Kind::change ? "change" : "undo"},
                           {"what", each.what},
                           {"author", each.author},
                           {"time", each.time},
                           {"before", json_of(each.before)}});
    return {{"kind", kind},
            {"version", version},
            {"model", std::to_string(static_cast<std::int64_t>(naming.model))},
            {"weights", naming.weights},
            {"pool", naming.pool},
            {"track", naming.track},
            {"units", naming.units},
            {"counts", naming.counts},
            {"appearances", naming.appearances},
            {"unit", naming.unit},
            {"sequence_match", naming.sequence_match},
            {"mutual_information", naming.mutual_information},
            {"samples", naming.samples},
            {"labelled_samples", naming.labelled_samples},
            {"primitives", json_of(naming.primitives)},
            {"history", std::move(history)}};
}

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
    throw storage::ReadError(file.string() + ": " + what +
                             ". Nothing was changed. Put an earlier copy there, or move it away and let "
                             "'kinetograph primitives list' count again.");
}

std::vector<NamedPrimitive> primitives_from(const json& list, const std::filesystem::path& file) {
    std::vector<NamedPrimitive> primitives;
    for (const json& each : list) {
        NamedPrimitive named{each.at("name").get<std::string>(), {}, each.at("by_person").get<bool>()};
        if (!each.at("merged_into").is_null()) named.merged_into = each.at("merged_into").get<int>();
        primitives.push_back(std::move(named));
    }
    for (const NamedPrimitive& each : primitives) {
        const auto into = each.merged_into;
        if (into && (*into < 0 || *into >= static_cast<int>(primitives.size()) ||
                     primitives[static_cast<std::size_t>(*into)].merged_into))
            fail(file, "'" + each.name + "' is merged into " + std::to_string(*into) +
                           "; expected a primitive that is merged into none");
    }
    return primitives;
}

void check(const PrimitiveNaming& naming, const std::filesystem::path& file) {
    const std::size_t primitives = naming.primitives.size(), units = naming.units.size();
    if (primitives < 1 || primitives > most_primitives || units > most_primitives)
        fail(file, "has " + std::to_string(primitives) + " primitives and " + std::to_string(units) + " units");
    if (naming.counts.size() != primitives * units || naming.appearances.size() != primitives ||
        naming.unit.size() != primitives)
        fail(file, "counts other primitives and units than it names; expected " + std::to_string(primitives) + " x " +
                       std::to_string(units));
    for (const int count : naming.counts)
        if (count < 0) fail(file, "has a count of " + std::to_string(count));
    for (const int count : naming.appearances)
        if (count < 0) fail(file, "has a count of " + std::to_string(count));
    for (const int unit : naming.unit)
        if (unit < -1 || unit >= static_cast<int>(units)) fail(file, "has no unit " + std::to_string(unit));
    for (const NamingChange& each : naming.history)
        if (each.before.size() != primitives) fail(file, "has a step of its history about another dictionary");
}

PrimitiveNaming naming_from(const json& root, const std::filesystem::path& file) {
    PrimitiveNaming naming;
    const auto model = storage::integer_from(root.at("model").get<std::string>());
    if (!model) fail(file, "names no model");
    naming.model = schemas::ModelId{*model};
    naming.weights = root.at("weights").get<std::string>();
    naming.pool = root.at("pool").get<std::string>();
    naming.track = root.at("track").get<std::string>();
    naming.units = root.at("units").get<std::vector<std::string>>();
    naming.counts = root.at("counts").get<std::vector<int>>();
    naming.appearances = root.at("appearances").get<std::vector<int>>();
    naming.unit = root.at("unit").get<std::vector<int>>();
    naming.sequence_match = root.at("sequence_match").get<double>();
    naming.mutual_information = root.at("mutual_information").get<double>();
    naming.samples = root.at("samples").get<std::size_t>();
    naming.labelled_samples = root.at("labelled_samples").get<std::size_t>();
    naming.primitives = primitives_from(root.at("primitives"), file);
    for (const json& each : root.at("history"))
        naming.history.push_back({each.at("kind") == "undo" ? NamingChange::Kind::undo : NamingChange::Kind::change,
                                  each.at("what").get<std::string>(), each.at("author").get<std::string>(),
                                  each.at("time").get<schemas::Timestamp>(), primitives_from(each.at("before"), file)});
    check(naming, file);
    return naming;
}

}  // namespace

std::filesystem::path naming_file(const std::filesystem::path& project, schemas::ModelId model) {
    return project / "models" / (std::to_string(static_cast<std::int64_t>(model)) + ".primitives.json");
}

PrimitiveNaming read_naming(const std::filesystem::path& file) {
    const std::string text = storage::read_text(file);
    json root;
    try {
        root = json::parse(text);
        if (!root.is_object() || root.value("kind", json()) != kind)
            fail(file,
                 "holds no names of primitives; expected a JSON object whose kind is \"" + std::string(kind) + "\"");
        if (root.value("version", json()) != version)
            fail(file, "is of version " + root.value("version", json()).dump() + "; this program reads version " +
                           std::to_string(version));
        PrimitiveNaming naming = naming_from(root, file);
        naming.read_from = storage::sha256_of(text);
        return naming;
    } catch (const json::exception& error) {
        fail(file, std::string("is damaged: ") + error.what());
    }
}

void write_naming(const PrimitiveNaming& naming, const std::filesystem::path& file) {
    std::error_code ignored;
    const std::string present =
        std::filesystem::exists(file, ignored) ? storage::sha256_of(storage::read_text(file)) : "";
    if (present != naming.read_from)
        throw std::runtime_error(file.string() +
                                 ": another program changed it meanwhile; nothing was stored. Do it again.");
    storage::write_file_atomically(file, json_of(naming).dump(1, ' ', false, json::error_handler_t::replace) + "\n");
}

}  // namespace annotator
