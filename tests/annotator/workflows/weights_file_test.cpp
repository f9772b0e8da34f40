#include "annotator/workflows/weights_file.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>

#include "annotator/workflows/retrain.h"
#include "storage/formats/safetensors.h"
#include "storage/hash.h"
#include "tests/annotator/small_recordings.h"
#include "tests/inference/engines.h"

namespace annotator {
namespace {

using inference::StartingWeights;
using namespace tests;

RetrainOptions short_training(const std::string& name) {
    RetrainOptions options;
    options.name = name;
    options.training.steps = 8;
    options.training.threads = 1;
    options.training.device = inference::Device::cpu;
    options.validation = RetrainOptions::Validation::skip;
    return options;
}

}  // namespace

TEST_CASE("the weights of a model of a project go out as safetensors and into the next training") {
    if (!inference_tests::has_engine()) return;
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const schemas::ModelVersion model = retrain(session, short_training("first"), {}).value().version;
    const auto file = folder.path() / "first.safetensors";
    const WrittenWeights written = write_weights(session, "first", file);
    CHECK(written.model.id == model.id);
    CHECK(written.tensors > 5);
    CHECK(written.numbers >= model.parameters);
    const schemas::TensorSet set = storage::read_safetensors(file);
    CHECK(set.tensors.size() == written.tensors);
    CHECK(set.metadata.at("family") == "tcn_clip");
    CHECK(set.metadata.at("layout") == "msr20");
    CHECK(set.metadata.at("snapshot") == model.snapshot);
    CHECK(set.metadata.at("labels") == R"(["01","02"])");

    RetrainOptions warm = short_training("second");
    warm.weights = read_weights(file, StartingWeights::Fit::whole);
    const RetrainResult result = retrain(session, warm, {}).value();
    const auto options = nlohmann::json::parse(result.version.options);
    CHECK(options.at("weights").at("file") == "first.safetensors");
    CHECK(options.at("weights").at("sha256") == storage::sha256_of_file(file));
    CHECK_FALSE(nlohmann::json::parse(model.options).contains("weights"));

    schemas::TensorSet less = set;
    less.tensors.erase(less.tensors.begin());
    storage::write_safetensors(less, file);
    warm.weights = read_weights(file, StartingWeights::Fit::whole);
    CHECK_THROWS_AS((void)retrain(session, warm, {}), std::invalid_argument);
    warm.weights = read_weights(file, StartingWeights::Fit::partly);
    const auto notes = retrain(session, warm, {}).value().notes;
    CHECK(std::ranges::any_of(notes, [](const std::string& note) {
        return note.find("of the given weights, 1 tensor of the network not among them: ") != std::string::npos;
    }));
}

TEST_CASE("a model that is not there, and a file that is no safetensors, are told") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    CHECK_THROWS_AS((void)write_weights(session, "nobody", folder.path() / "a.safetensors"), std::invalid_argument);
    CHECK_THROWS_AS((void)read_weights(write_file(folder, "a.pt", "PK"), StartingWeights::Fit::whole),
                    storage::ReadError);
}

}  // namespace annotator
