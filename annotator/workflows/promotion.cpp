#include "annotator/workflows/promotion.h"

#include <nlohmann/json.hpp>

#include <ranges>
#include <stdexcept>

#include "annotator/workflows/retrain_streams.h"
#include "inference/families.h"

namespace annotator {

namespace {

using nlohmann::json;

// A new model may be this much worse on its validation part, which is within the noise of so few samples.
constexpr double tolerated_loss = 0.02;

// Each track has its own pre-labeller.
std::string promoted_setting(const std::string& track) { return "prelabeller/" + track; }

std::string id_text(schemas::ModelId id) { return std::to_string(static_cast<std::int64_t>(id)); }

std::optional<double> validated_f1(const schemas::ModelVersion& model) {
    const json metrics = json::parse(model.metrics);
    const auto found = metrics.find("validation");
    if (found == metrics.end() || !found->is_object()) return std::nullopt;
    return found->at("macro_f1").get<double>();
}

}  // namespace

bool earns_promotion(ProjectSession& session, const schemas::ModelVersion& fresh, const std::string& track,
                     std::vector<std::string>& notes) {
    const auto present = model_to_use(session, "", track);
    if (!present) return true;
    const auto before = validated_f1(*present), now = validated_f1(fresh);
    if (!before || (now && *now >= *before - tolerated_loss)) return true;
    if (!now) {
        notes.push_back("it was not validated and " + present->name +
                        " was, which goes on pre-labelling; name the new one with --model to use it");
        return false;
    }
    notes.push_back("it did worse on its validation part than " + present->name +
                    ", which goes on pre-labelling; name the new one with --model to use it");
    return false;
}

std::optional<schemas::ModelVersion> model_to_use(ProjectSession& session, const std::string& id_or_name,
                                                  const std::string& track) {
    const auto models = session.store().models();
    const std::string wanted =
        id_or_name.empty() ? session.store().setting(promoted_setting(track)).value_or("") : id_or_name;
    for (auto model = models.rbegin(); model != models.rend(); ++model) {
        if (id_text(model->id) != wanted && model->name != wanted) continue;
        const std::string learnt = json::parse(model->options).value("track", track);
        if (learnt != track)
            throw std::invalid_argument("model '" + model->name + "' learnt track '" + learnt + "', not '" + track +
                                        "'; name the track with --track");
        return *model;
    }
    if (!id_or_name.empty())
        throw std::invalid_argument("there is no model '" + id_or_name + "'; 'kinetograph status' lists them");
    return std::nullopt;
}

std::string learnt_track(const schemas::ModelVersion& model) { return json::parse(model.options).value("track", ""); }

schemas::ModelVersion promote(ProjectSession& session, const std::string& id_or_name) {
    for (const schemas::ModelVersion& model : session.store().models() | std::views::reverse) {
        if (id_text(model.id) != id_or_name && model.name != id_or_name) continue;
        if (model.family == "ensemble")
            throw std::invalid_argument("model '" + model.name +
                                        "' is several models; promote one of them, or name them to 'prelabel'");
        if (model.checkpoint.empty() || learnt_track(model).empty())
            throw std::invalid_argument("model '" + model.name + "' names no labels, so it cannot be promoted");
        const std::string track = learnt_track(model);
        session.store().set_setting(
            inference::is_stream_family(model.family) ? boundary_setting(track) : promoted_setting(track),
            id_text(model.id));
        return model;
    }
    throw std::invalid_argument("there is no model '" + id_or_name + "'; 'kinetograph status' lists them");
}

std::map<schemas::TrackId, schemas::ModelId> promoted_models(ProjectSession& session) {
    std::map<schemas::TrackId, schemas::ModelId> promoted;
    const auto models = session.store().models();
    for (const auto& [id, track] : session.document().rows<schemas::Track>()) {
        const auto wanted = session.store().setting(promoted_setting(track.name));
        for (const schemas::ModelVersion& model : models)
            if (wanted == id_text(model.id)) promoted[id] = model.id;
    }
    return promoted;
}

std::filesystem::path weights_of(ProjectSession& session, const std::string& id_or_name) {
    for (const schemas::ModelVersion& model : session.store().models() | std::views::reverse) {
        if (id_text(model.id) != id_or_name && model.name != id_or_name) continue;
        if (model.checkpoint.empty())
            throw std::invalid_argument("model '" + model.name + "' has no weights to begin with");
        return session.store().folder() / model.checkpoint;
    }
    throw std::invalid_argument("there is no model '" + id_or_name +
                                "' to begin with; 'kinetograph status' lists them");
}

}  // namespace annotator
