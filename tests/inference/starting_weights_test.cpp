#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "inference/model_family.h"
#include "tests/inference/engines.h"
#include "tests/inference/motions.h"

using namespace inference;
using namespace inference_tests;

namespace {

constexpr std::size_t kinds = 3;

ModelWeights weights_of(const Model& model) {
    const ScratchFile scratch;
    model.save(scratch.path);
    return engine().weights(scratch.path);
}

TrainResult trained(const std::string& family, std::size_t labels, const TrainOptions& options) {
    return engine()
        .family(family)
        .train(synthetic_set(static_cast<int>(labels), 3, 1), names(labels), options, {}, {})
        .value();
}

// A training that changes next to nothing.
TrainOptions from(const ModelWeights& weights, StartingWeights::Fit fit = StartingWeights::Fit::whole) {
    TrainOptions options = quick(12);
    options.seed = 11;
    options.semi_supervised = false;
    options.overrides["rate"] = 1e-9;
    options.start = std::make_shared<const StartingWeights>(StartingWeights{weights.tensors, {}, {}, fit});
    return options;
}

// The largest difference of what is learnt, not counted or measured.
double difference(const ModelWeights& a, const ModelWeights& b) {
    double largest = 0;
    for (const auto& [name, tensor] : a.tensors) {
        if (name.find("running_") != std::string::npos || name.find("num_batches") != std::string::npos) continue;
        const auto one = schemas::floats_from(tensor), other = schemas::floats_from(b.tensors.at(name));
        if (one.size() != other.size()) return std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i < one.size(); ++i)
            largest = std::max(largest, static_cast<double>(std::abs(one[i] - other[i])));
    }
    return largest;
}

std::string refusal_of(const std::string& family, const TrainOptions& options, std::size_t labels = kinds) {
    try {
        (void)trained(family, labels, options);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("the weights of a model are values by the names of its layers, without the motions it knows") {
    if (!has_engine()) return;
    for (const std::string family : {"tcn_clip", "lstm_cnn"}) {
        const auto model = trained(family, kinds, quick(12)).model;
        const ModelWeights weights = weights_of(*model);
        CHECK(weights.family == family);
        CHECK(weights.labels == names(kinds));
        CHECK(weights.layout == model->layout());
        std::int64_t numbers = 0;
        for (const auto& [name, tensor] : weights.tensors) {
            CHECK_FALSE(name.starts_with("known"));
            CHECK_FALSE(name.starts_with("network."));
            CHECK(tensor.type == schemas::NumberType::f32);
            const bool learnt = name.find("running_") == std::string::npos && !name.ends_with("num_batches_tracked");
            numbers += learnt ? static_cast<std::int64_t>(tensor.bytes.size() / 4) : 0;
        }
        CHECK(numbers == model->parameters());
    }
    CHECK_THROWS_AS((void)engine().weights("/nowhere/model.pt"), std::runtime_error);
}

TEST_CASE("a training begins with the weights that it is given, in every family of layers") {
    if (!has_engine()) return;
    for (const std::string family : {"tcn_clip", "estgcn", "lstm_cnn"}) {
        CAPTURE(family);
        const ModelWeights first = weights_of(*trained(family, kinds, quick(12)).model);
        const TrainResult warm = trained(family, kinds, from(first));
        CHECK(warm.notes.size() == 1);
        CHECK(difference(first, weights_of(*warm.model)) < 1e-5);
        TrainOptions cold = from(first);
        cold.start = nullptr;
        CHECK(difference(first, weights_of(*trained(family, kinds, cold).model)) > 1e-2);
    }
}

TEST_CASE("weights that do not fit are refused with the first that are missing, unknown or of another shape") {
    if (!has_engine()) return;
    const ModelWeights weights = weights_of(*trained("tcn_clip", kinds, quick(12)).model);
    const std::string other_classes = refusal_of("tcn_clip", from(weights), kinds + 1);
    CHECK(other_classes.starts_with("the given weights do not fit the network: "));
    CHECK(other_classes.find("2 tensors of another shape: ") != std::string::npos);
    CHECK(other_classes.find(" for [4") != std::string::npos);
    const std::string other_family = refusal_of("lstm_cnn", from(weights));
    CHECK(other_family.find("of the network not among them: ") != std::string::npos);
    CHECK(other_family.find("that the network lacks: ") != std::string::npos);
    CHECK(other_family.find("…") != std::string::npos);
    ModelWeights body = weights;
    std::erase_if(body.tensors, [](const auto& named) { return named.first.starts_with("classes."); });
    CHECK(refusal_of("lstm_cnn", from(body, StartingWeights::Fit::partly))
              .starts_with("none of the given weights fits the network: "));
    TrainOptions both = from(weights);
    both.warm = "model.pt";
    CHECK(refusal_of("tcn_clip", both).find("not with both") != std::string::npos);
    StartingWeights of_another_layout = *from(weights).start;
    of_another_layout.layout = "coco17";
    TrainOptions other_layout = from(weights);
    other_layout.start = std::make_shared<const StartingWeights>(of_another_layout);
    CHECK(refusal_of("tcn_clip", other_layout).find("of the layout coco17") != std::string::npos);
    ModelWeights unsound = weights;
    auto& broken = unsound.tensors.begin()->second;
    broken = schemas::tensor_from(std::vector<float>(broken.bytes.size() / 4, std::numeric_limits<float>::quiet_NaN()),
                                  broken.shape);
    CHECK(refusal_of("tcn_clip", from(unsound, StartingWeights::Fit::partly)).find("no finite number") !=
          std::string::npos);
}

TEST_CASE("weights that fit in part are used where that is asked for, and the rest is listed") {
    if (!has_engine()) return;
    const ModelWeights weights = weights_of(*trained("tcn_clip", kinds, quick(12)).model);
    const TrainResult warm = trained("tcn_clip", kinds + 2, from(weights, StartingWeights::Fit::partly));
    REQUIRE(warm.notes.size() == 2);
    CHECK(warm.notes[1].starts_with("of the given weights, 2 tensors of another shape: classes."));
    const ModelWeights now = weights_of(*warm.model);
    double largest = 0;
    std::size_t same = 0;
    for (const auto& [name, tensor] : weights.tensors) {
        if (now.tensors.at(name).shape != tensor.shape || name.starts_with("running_")) continue;
        const auto one = schemas::floats_from(tensor), other = schemas::floats_from(now.tensors.at(name));
        for (std::size_t i = 0; i < one.size(); ++i)
            largest = std::max(largest, static_cast<double>(std::abs(one[i] - other[i])));
        ++same;
    }
    CHECK(same >= 8);
    CHECK(largest < 1e-5);
}

TEST_CASE("classes of given weights are found by their labels") {
    if (!has_engine()) return;
    const ModelWeights weights = weights_of(*trained("tcn_clip", kinds, quick(12)).model);
    StartingWeights given{weights.tensors, {"步 2", "other", "步 0"}, {}, StartingWeights::Fit::partly};
    TrainOptions options = from(weights);
    options.start = std::make_shared<const StartingWeights>(given);
    const TrainResult warm = trained("tcn_clip", kinds, options);
    CHECK(warm.notes.back() == "of the given weights, they do not know the labels: 步 1");
    const auto before = schemas::floats_from(weights.tensors.at("classes.bias"));
    const auto now = schemas::floats_from(weights_of(*warm.model).tensors.at("classes.bias"));
    CHECK(now.at(0) == doctest::Approx(before.at(2)).epsilon(1e-4));
    CHECK(now.at(2) == doctest::Approx(before.at(0)).epsilon(1e-4));
    given.fit = StartingWeights::Fit::whole;
    options.start = std::make_shared<const StartingWeights>(given);
    CHECK(refusal_of("tcn_clip", options).find("they do not know the labels: 步 1") != std::string::npos);
}

TEST_CASE("starting weights of every type of numbers are understood") {
    if (!has_engine()) return;
    ModelWeights weights = weights_of(*trained("tcn_clip", kinds, quick(12)).model);
    const ModelWeights as_they_were = weights;
    // Cut to the upper half, which bf16 is, and widened to f64.
    bool narrow = false;
    for (auto& [name, tensor] : weights.tensors) {
        narrow = !narrow;
        const auto numbers = schemas::floats_from(tensor);
        schemas::Tensor other{narrow ? schemas::NumberType::bf16 : schemas::NumberType::f64, tensor.shape, {}};
        for (const float number : numbers) {
            std::array<std::byte, 8> bytes{};
            const double wide = number;
            if (narrow)
                std::memcpy(bytes.data(), reinterpret_cast<const std::byte*>(&number) + 2, 2);
            else
                std::memcpy(bytes.data(), &wide, 8);
            other.bytes.insert(other.bytes.end(), bytes.begin(), bytes.begin() + (narrow ? 2 : 8));
        }
        tensor = std::move(other);
    }
    const ModelWeights now = weights_of(*trained("tcn_clip", kinds, from(weights)).model);
    CHECK(difference(as_they_were, now) < 0.02);
}
