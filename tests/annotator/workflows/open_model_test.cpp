#include "annotator/workflows/open_model.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <stdexcept>

#include "annotator/workflows/promotion.h"
#include "tests/annotator/small_recordings.h"

namespace annotator {
namespace {

using nlohmann::json;
using tests::TemporaryFolder;

schemas::ModelVersion add_model(ProjectSession& session, const std::string& name, const std::string& track,
                                const std::string& unit, const std::string& checkpoint,
                                const std::string& family = "tcn_clip") {
    schemas::ModelVersion version;
    version.id = session.ids().fresh<schemas::ModelId>();
    version.family = family;
    version.name = name;
    version.parameters = 100;
    version.checkpoint = checkpoint;
    version.options = json{{"track", track}, {"unit", unit}}.dump();
    version.metrics = "{}";
    version.time = session.now();
    session.store().add_model(version);
    return version;
}

}  // namespace

TEST_CASE("several models are one version, the same whenever the same are asked") {
    const TemporaryFolder folder;
    ProjectSession session = tests::empty_project(folder);
    const auto first = add_model(session, "first", "category", "clip", "models/1.pt");
    add_model(session, "second", "category", "clip", "models/2.pt");
    const auto both = ensemble_of(session, {"first", "second"}, "category");
    CHECK(both.name == "first + second");
    CHECK(both.family == "ensemble");
    CHECK(both.parameters == 200);
    CHECK(can_predict(both));
    const std::string id = std::to_string(static_cast<std::int64_t>(first.id));
    CHECK(ensemble_of(session, {id, "second"}, "category").id == both.id);
    CHECK(session.store().models().size() == 3);
    CHECK(model_to_use(session, "first + second", "category")->id == both.id);
    CHECK_THROWS_WITH_AS((void)promote(session, "first + second"),
                         "model 'first + second' is several models; promote one of them, or name them to 'prelabel'",
                         std::invalid_argument);
}

TEST_CASE("models that cannot be asked together are refused by name") {
    const TemporaryFolder folder;
    ProjectSession session = tests::empty_project(folder);
    add_model(session, "clips", "category", "clip", "models/1.pt");
    add_model(session, "parts", "category", "frame", "models/2.pt");
    add_model(session, "steps", "primitive", "frame", "models/3.pt");
    add_model(session, "none", "category", "clip", "");
    add_model(session, "cutter", "category", "frame", "models/4.pt", "ms_tcn");
    const auto refused = [&](const std::vector<std::string>& models) {
        try {
            (void)ensemble_of(session, models, "category");
        } catch (const std::invalid_argument& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    CHECK(refused({"clips", "parts"}).find("'clips' and 'parts' cannot be asked together") != std::string::npos);
    CHECK(refused({"clips", "steps"}).find("learnt track 'primitive'") != std::string::npos);
    CHECK(refused({"clips", "none"}).find("no weights of its own") != std::string::npos);
    CHECK(refused({"parts", "cutter"}).find("it classifies no motions") != std::string::npos);
    CHECK(refused({"clips", "clips"}) == "model 'clips' is named twice");
    CHECK(refused({"clips", "who"}).find("there is no model 'who'") != std::string::npos);
    CHECK_FALSE(can_predict(*model_to_use(session, "none", "category")));
    CHECK(session.store().models().size() == 5);
    CHECK_THROWS_AS((void)weights_of(session, "none"), std::invalid_argument);
    CHECK(weights_of(session, "clips") == session.store().folder() / "models/1.pt");
}

}  // namespace annotator
