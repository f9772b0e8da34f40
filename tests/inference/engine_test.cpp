#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "inference/families.h"
#include "inference/model_family.h"
#include "inference/selectors.h"
#include "tests/inference/engines.h"
#include "tests/inference/motions.h"

using namespace inference;
using namespace inference_tests;

namespace {

namespace fs = std::filesystem;

std::unique_ptr<Model> trained(std::span<const Sample> samples, std::size_t labels, const TrainOptions& options) {
    auto result = engine().family("tcn_clip").train(samples, names(labels), options, {}, {});
    return std::move(result->model);
}

double accuracy(Model& model, std::span<const Sample> samples) {
    const Prediction prediction = *model.predict(samples, Hardness::skip, {});
    double right = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto row = prediction.row(i);
        right += std::max_element(row.begin(), row.end()) - row.begin() == samples[i].label ? 1 : 0;
    }
    return right / static_cast<double>(samples.size());
}

std::string text_of(const std::function<void()>& work) {
    try {
        work();
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("an unknown model family is named with the known ones") {
    if (!has_engine()) return;
    CHECK_THROWS_WITH_AS((void)engine().family("oracle"),
                         "there is no model family 'oracle'. Known are: tcn_clip, estgcn, lift_sta, lstm_cnn",
                         std::out_of_range);
    CHECK(engine().description().find("LibTorch") == 0);
}

TEST_CASE("training separates movements that it has seen few of") {
    if (!has_engine()) return;
    auto model = trained(synthetic_set(4, 6, 1), 4, quick(150));
    CHECK(accuracy(*model, synthetic_set(4, 5, 2)) >= 0.9);
}

TEST_CASE("predictions are probabilities, embeddings of length one and hardness where asked for") {
    if (!has_engine()) return;
    auto model = trained(synthetic_set(3, 4, 1), 3, quick());
    const auto samples = synthetic_set(3, 2, 2);
    const Prediction prediction = *model->predict(samples, Hardness::measure, {});
    REQUIRE(prediction.probabilities.size() == samples.size() * 3);
    REQUIRE(prediction.hardness.size() == samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i) {
        CHECK(prediction.row(i)[0] + prediction.row(i)[1] + prediction.row(i)[2] == doctest::Approx(1));
        double length = 0;
        for (int f = 0; f < prediction.features; ++f)
            length +=
                std::pow(static_cast<double>(prediction.embedding[i * static_cast<std::size_t>(prediction.features) +
                                                                  static_cast<std::size_t>(f)]),
                         2);
        CHECK(length == doctest::Approx(1));
        CHECK(prediction.hardness[i] >= 0);
    }
    CHECK(model->predict(samples, Hardness::skip, {})->hardness.empty());
    CHECK(model->predict({}, Hardness::skip, {})->probabilities.empty());
}

TEST_CASE("what people are told of families is of all that there are, in their order") {
    if (!has_engine()) return;
    std::vector<std::string_view> told;
    for (const FamilyCard& card : family_cards) told.push_back(card.name);
    CHECK(engine().families() == told);
}

TEST_CASE("every family learns, keeps, predicts and refuses as the first one does") {
    if (!has_engine()) return;
    const auto samples = synthetic_set(3, 3, 1);
    for (const std::string_view name : engine().families()) {
        INFO(name);
        auto& family = engine().family(name);
        TrainOptions options = quick(8);
        options.batch = 3;
        const auto learnt = [&](std::uint64_t seed) {
            options.seed = seed;
            return std::move(family.train(samples, names(3), options, {}, {})->model);
        };
        const auto model = learnt(3);
        const Prediction all = *model->predict(samples, Hardness::skip, {});
        CHECK(all.probabilities == learnt(3)->predict(samples, Hardness::skip, {})->probabilities);
        CHECK(all.probabilities != learnt(4)->predict(samples, Hardness::skip, {})->probabilities);
        const ScratchFile file;
        model->save(file.path);
        const auto loaded = engine().load(file.path);
        CHECK(loaded->family() == name);
        CHECK(loaded->parameters() == model->parameters());
        CHECK(all.probabilities == loaded->predict(samples, Hardness::skip, {})->probabilities);
        const Prediction one = *loaded->predict(std::span(samples).subspan(4, 1), Hardness::measure, {});
        for (std::size_t c = 0; c < 3; ++c) CHECK(all.row(4)[c] == doctest::Approx(one.row(0)[c]).epsilon(1e-3));
        CHECK(one.hardness.size() == 1);
        options.overrides = {{"magic", 1}};
        CHECK_THROWS_AS((void)family.train(samples, names(3), options, {}, {}), std::invalid_argument);
        std::stop_source stop;
        stop.request_stop();
        CHECK_FALSE(family.train(samples, names(3), quick(24), {}, stop.get_token()).has_value());
    }
}

TEST_CASE("a shape that there is not is refused with its range") {
    if (!has_engine()) return;
    TrainOptions options = quick(4);
    options.overrides = {{"size", 9}};
    CHECK_THROWS_WITH_AS((void)engine().family("estgcn").train(synthetic_set(2, 2, 1), names(2), options, {}, {}),
                         "the option 'size' must be a whole number from 0 to 3", std::invalid_argument);
}

TEST_CASE("the same seed gives the same model and another seed another") {
    if (!has_engine()) return;
    const auto samples = synthetic_set(3, 4, 1);
    const auto probabilities = [&](std::uint64_t seed) {
        TrainOptions options = quick();
        options.seed = seed;
        return trained(samples, 3, options)->predict(samples, Hardness::skip, {})->probabilities;
    };
    CHECK(probabilities(3) == probabilities(3));
    CHECK(probabilities(3) != probabilities(4));
}

TEST_CASE("a sample's prediction does not depend on its company") {
    if (!has_engine()) return;
    auto model = trained(synthetic_set(3, 4, 1), 3, quick());
    const auto samples = synthetic_set(3, 2, 2);
    const Prediction all = *model->predict(samples, Hardness::measure, {});
    const Prediction one = *model->predict(std::span(samples).subspan(4, 1), Hardness::measure, {});
    for (std::size_t c = 0; c < 3; ++c) CHECK(all.row(4)[c] == doctest::Approx(one.row(0)[c]).epsilon(1e-3));
    CHECK(all.hardness[4] == doctest::Approx(one.hardness[0]).epsilon(1e-3));
}

TEST_CASE("a checkpoint gives back the same predictions and labels in any script") {
    if (!has_engine()) return;
    const ScratchFile file;
    const auto samples = synthetic_set(3, 4, 1);
    auto model = trained(samples, 3, quick());
    model->save(file.path);
    auto loaded = engine().load(file.path);
    CHECK(loaded->family() == "tcn_clip");
    CHECK(loaded->labels() == names(3));
    CHECK(loaded->parameters() == model->parameters());
    CHECK(loaded->predict(samples, Hardness::skip, {})->probabilities ==
          model->predict(samples, Hardness::skip, {})->probabilities);
}

TEST_CASE("missing, empty, truncated and foreign checkpoints are refused by name") {
    if (!has_engine()) return;
    const ScratchFile file;
    CHECK(text_of([&] { (void)engine().load(file.path); }).find("there is no such model file") != std::string::npos);
    trained(synthetic_set(2, 3, 1), 2, quick(10))->save(file.path);
    std::ifstream stream(file.path, std::ios::binary);
    const std::string whole((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    for (const std::string& content :
         {std::string(), whole.substr(0, 100), whole.substr(0, whole.size() / 2), whole.substr(0, whole.size() - 10),
          std::string(5000, 'x'), std::string("PK\x03\x04 not really a zip")}) {
        std::ofstream(file.path, std::ios::binary | std::ios::trunc) << content;
        const std::string message = text_of([&] { (void)engine().load(file.path); });
        CHECK(message.find(file.path.string()) == 0);
        CHECK(message.find("damaged") != std::string::npos);
        CHECK(message.find('\n') == std::string::npos);
    }
}

TEST_CASE("a model that cannot be written says so and leaves nothing behind") {
    if (!has_engine()) return;
    auto model = trained(synthetic_set(2, 3, 1), 2, quick(10));
    CHECK_THROWS_AS(model->save("/nonexistent/folder/model.pt"), std::runtime_error);
}

TEST_CASE("a skeleton of another layout is refused by name") {
    if (!has_engine()) return;
    auto model = trained(synthetic_set(2, 3, 1), 2, quick(10));
    auto layout = std::make_shared<schemas::SkeletonLayout>(*msr_layout());
    layout->name = "another";
    auto sequence = std::make_shared<schemas::SkeletonSequence>(schemas::SkeletonSequence::empty(layout, 10));
    const std::vector<Sample> samples{{sequence, {0, 10}}};
    CHECK_THROWS_AS((void)model->predict(samples, Hardness::skip, {}), std::invalid_argument);
}

TEST_CASE("training stops at once when asked to") {
    if (!has_engine()) return;
    std::stop_source stop;
    auto requested = std::chrono::steady_clock::time_point();
    const auto progress = [&](const TrainProgress& done) {
        if (done.step < 20 || stop.stop_requested()) return;
        stop.request_stop();
        requested = std::chrono::steady_clock::now();
    };
    const auto samples = synthetic_set(3, 4, 1);
    CHECK_FALSE(
        engine().family("tcn_clip").train(samples, names(3), quick(100000), progress, stop.get_token()).has_value());
    CHECK(std::chrono::steady_clock::now() - requested < std::chrono::milliseconds(1000));
}

TEST_CASE("progress counts up to the steps asked for") {
    if (!has_engine()) return;
    int last = 0;
    auto samples = synthetic_set(3, 4, 1);
    for (std::size_t i = 0; i < samples.size(); i += 2) samples[i].label = -1;
    const auto result = engine()
                            .family("tcn_clip")
                            .train(samples, names(3), quick(60),
                                   [&](const TrainProgress& done) {
                                       CHECK(done.step > last);
                                       CHECK(done.steps == 60);
                                       CHECK(std::isfinite(done.losses.at("total")));
                                       last = done.step;
                                   },
                                   {});
    CHECK(last == 60);
    CHECK(result->curve.size() == 6);
}

TEST_CASE("training works with one class, one sample, unused classes and dead samples") {
    if (!has_engine()) return;
    const std::vector<Sample> one{synthetic_motion(0, 1)};
    CHECK(trained(one, 1, quick(12))->predict(one, Hardness::measure, {})->probabilities == std::vector<float>{1});
    CHECK(trained(one, 5, quick(12))->predict(one, Hardness::measure, {})->classes == 5);
    auto dead = std::make_shared<schemas::SkeletonSequence>(schemas::SkeletonSequence::empty(msr_layout(), 10));
    const std::vector<Sample> corpses{{dead, {0, 10}, 0}, {dead, {0, 5}, 1}, {dead, {1, 3}, -1}};
    const Prediction prediction = *trained(corpses, 2, quick(12))->predict(corpses, Hardness::measure, {});
    for (const float p : prediction.probabilities) CHECK(std::isfinite(p));
}

TEST_CASE("a model that knows no living motion is kept and opened as any other") {
    if (!has_engine()) return;
    const ScratchFile file;
    auto dead = std::make_shared<schemas::SkeletonSequence>(schemas::SkeletonSequence::empty(msr_layout(), 10));
    const std::vector<Sample> corpses{{dead, {0, 10}, 0}, {dead, {0, 5}, 1}};
    trained(corpses, 2, quick(12))->save(file.path);
    CHECK(engine().load(file.path)->predict(corpses, Hardness::skip, {})->probabilities.size() == 4);
}

TEST_CASE("training refuses what it cannot learn from") {
    if (!has_engine()) return;
    auto samples = synthetic_set(2, 2, 1);
    for (Sample& sample : samples) sample.label = -1;
    CHECK_THROWS_AS(trained(samples, 2, quick()), std::invalid_argument);
    CHECK_THROWS_AS(trained({}, 2, quick()), std::invalid_argument);
    samples[0].label = 7;
    CHECK_THROWS_AS(trained(samples, 2, quick()), std::invalid_argument);
    samples[0].label = 0;
    TrainOptions odd = quick();
    odd.overrides = {{"magic", 1}};
    CHECK_THROWS_AS(trained(samples, 2, odd), std::invalid_argument);
}

TEST_CASE("unlabelled samples are used only where the rehearsal allows it, and the result says which") {
    if (!has_engine()) return;
    auto samples = synthetic_set(3, 8, 1);
    for (std::size_t i = 0; i < samples.size(); ++i)
        if (i % 8 >= 3) samples[i].label = -1;
    auto& family = engine().family("tcn_clip");
    const auto with = family.train(samples, names(3), quick(240), {}, {});
    CHECK(with->metrics.at("semi_supervised") == 1);
    CHECK(with->metrics.contains("held_out_semi_supervised"));
    TrainOptions options = quick(240);
    options.semi_supervised = false;
    CHECK(family.train(samples, names(3), options, {}, {})->metrics.at("semi_supervised") == 0);
}

TEST_CASE("a label of no weight is not learnt") {
    if (!has_engine()) return;
    auto samples = synthetic_set(2, 6, 1);
    auto wrong = synthetic_set(2, 6, 2);
    for (Sample& sample : wrong) {
        sample.label = 1 - sample.label;
        sample.weight = 0;
        samples.push_back(sample);
    }
    TrainOptions options = quick(120);
    options.semi_supervised = false;
    CHECK(accuracy(*trained(samples, 2, options), synthetic_set(2, 4, 3)) >= 0.9);
}

TEST_CASE("slow: with 20 % of the labels, well chosen, most recordings of the pool are named rightly") {
    const auto recordings = msr_recordings();
    if (recordings.empty() || !has_engine()) {
        MESSAGE("the MSR-Action3D recordings or the module are not there");
        return;
    }
    std::vector<Sample> pool;
    for (const Recording& recording : recordings)
        if (recording.performer != 9) pool.push_back(recording.sample);
    const DistanceMatrix distances = *dtw_distances(pool);
    const auto picks =
        select(Strategy::facility, {.samples = pool.size(), .distances = &distances}, pool.size() / 5, 0);
    std::vector<Sample> set = pool;
    for (Sample& sample : set) sample.label = -1;
    for (const Pick& pick : picks) set[pick.sample].label = pool[pick.sample].label;
    TrainOptions options = quick(1200);
    options.threads = 0;
    CHECK(accuracy(*trained(set, 20, options), pool) > 0.8);
}
