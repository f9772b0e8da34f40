#include "annotator/workflows/open_model.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "annotator/workflows/promotion.h"
#include "inference/ensemble.h"
#include "inference/families.h"

namespace annotator {

namespace {

using nlohmann::json;

std::string id_text(schemas::ModelId id) { return std::to_string(static_cast<std::int64_t>(id)); }

std::string unit_of(const schemas::ModelVersion& model) { return json::parse(model.options).value("unit", ""); }

}  // namespace

bool can_predict(const schemas::ModelVersion& version) {
    return !version.checkpoint.empty() || version.family == ensemble_family;
}

std::unique_ptr<inference::Model> open_model(ProjectSession& session, const schemas::ModelVersion& version) {
    if (version.family != ensemble_family)
        return inference::engine().load(session.store().folder() / version.checkpoint);
    const auto models = session.store().models();
    std::vector<std::unique_ptr<inference::Model>> members;
    const json options = json::parse(version.options);
    for (const json& id : options.at("members")) {
        const auto found =
            std::ranges::find(models, id.get<std::string>(), [](const auto& model) { return id_text(model.id); });
        if (found == models.end())
            throw std::invalid_argument("a model of the ensemble '" + version.name + "' is gone; ask the others");
        members.push_back(inference::engine().load(session.store().folder() / found->checkpoint));
    }
    return inference::ensemble(std::move(members));
}

schemas::ModelVersion ensemble_of(ProjectSession& session, const std::vector<std::string>& models,
                                  const std::string& track) {
    std::vector<schemas::ModelVersion> members;
    std::set<schemas::ModelId> ids;
    for (const std::string& wanted : models) {
        const auto model = model_to_use(session, wanted, track);
        if (!model || model->checkpoint.empty())
            throw std::invalid_argument("model '" + wanted +
                                        "' cannot be one of several: it has no weights of its own");
        if (inference::is_stream_family(model->family) || learnt_track(*model).empty())
            throw std::invalid_argument("model '" + wanted + "' cannot be one of several: it classifies no motions");
        if (!ids.insert(model->id).second) throw std::invalid_argument("model '" + model->name + "' is named twice");
        if (!members.empty() && unit_of(*model) != unit_of(members.front()))
            throw std::invalid_argument("models '" + members.front().name + "' and '" + model->name +
                                        "' cannot be asked together: one labels clips, the other parts of them");
        members.push_back(*model);
    }
    if (members.empty()) throw std::invalid_argument("an ensemble needs at least one model");
    schemas::ModelVersion version;
    json list = json::array();
    for (const schemas::ModelVersion& member : members) {
        version.name += (version.name.empty() ? "" : " + ") + member.name;
        version.parameters += member.parameters;
        list.push_back(id_text(member.id));
    }
    version.family = ensemble_family;
    version.options = json{{"members", list}, {"track", track}, {"unit", unit_of(members.front())}}.dump();
    for (const schemas::ModelVersion& there : session.store().models())
        if (there.family == version.family && there.options == version.options) return there;
    if (session.store().read_only())
        throw std::invalid_argument("the project does not know '" + version.name +
                                    "' as one model yet, and is only read here; pre-label one clip with them first");
    version.id = session.ids().fresh<schemas::ModelId>();
    version.metrics = "{}";
    version.time = session.now();
    session.store().add_model(version);
    return version;
}

}  // namespace annotator
