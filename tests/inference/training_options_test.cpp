#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

#include "tests/inference/engines.h"
#include "tests/inference/motions.h"

// What can be chosen about a training, whatever the family.

using namespace inference;
using namespace inference_tests;

namespace {

std::vector<Sample> partly_labelled(int kinds, int each, int labelled) {
    auto samples = synthetic_set(kinds, each, 1);
    for (std::size_t i = 0; i < samples.size(); ++i)
        if (static_cast<int>(i) % each >= labelled) samples[i].label = -1;
    return samples;
}

std::vector<float> said_with(std::string_view family, const std::map<std::string, double>& overrides) {
    const auto samples = partly_labelled(3, 4, 3);
    TrainOptions options = quick(18);
    options.batch = 3;
    options.overrides = overrides;
    options.mirrored_labels = {0, 1, 2};
    const auto result = engine().family(family).train(samples, names(3), options, {}, {});
    return result->model->predict(samples, Hardness::skip, {})->probabilities;
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

}  // namespace

TEST_CASE("every option of training changes what the quick family learns") {
    if (!has_engine()) return;
    const auto usual = said_with("tcn_clip", {});
    for (const auto& [name, value] : std::map<std::string, double>{{"descent", 1},
                                                                   {"l1", 0.1},
                                                                   {"decay", 0.5},
                                                                   {"longest_gradient", 1e-3},
                                                                   {"layer_dropout", 0.5},
                                                                   {"balanced", 1},
                                                                   {"warm_up", 0.5},
                                                                   {"ohem_keep", 0.3},
                                                                   {"dice", 0},
                                                                   {"mirror", 0.5},
                                                                   {"teacher", 1},
                                                                   {"embedding_dropout", 0},
                                                                   {"rate", 1e-3},
                                                                   {"time_warp", 0.3},
                                                                   {"average_decay", 0},
                                                                   {"label_smoothing", 0}}) {
        INFO(name);
        CHECK(said_with("tcn_clip", {{name, value}}) != usual);
    }
    // Each descent is one of its own.
    CHECK(said_with("tcn_clip", {{"descent", 1}}) != said_with("tcn_clip", {{"descent", 2}}));
    CHECK(said_with("tcn_clip", {{"descent", 2}}) != said_with("tcn_clip", {{"descent", 3}}));
}

TEST_CASE("families that drop out otherwise have an option for that, and none that does nothing") {
    if (!has_engine()) return;
    for (const char* const family : {"lift_sta", "estgcn"}) {
        INFO(family);
        CHECK(said_with(family, {{"dropout", 0.6}}) != said_with(family, {}));
        CHECK_THROWS_AS((void)said_with(family, {{"layer_dropout", 0.5}}), std::invalid_argument);
    }
    CHECK_THROWS_WITH_AS((void)said_with("lstm_cnn", {{"embedding_dropout", 0.5}}),
                         "lstm_cnn has no option 'embedding_dropout'", std::invalid_argument);
}

TEST_CASE("options out of range are refused by name, with what they may be") {
    if (!has_engine()) return;
    const auto refused = [](const char* name, double value, const char* message) {
        CHECK_THROWS_WITH_AS((void)said_with("tcn_clip", {{name, value}}), message, std::invalid_argument);
    };
    refused("descent", 4, "tcn_clip's option 'descent' must be a whole number from 0 to 3");
    refused("teacher", 0.5, "tcn_clip's option 'teacher' must be a whole number from 0 to 1");
    refused("l1", -1, "tcn_clip's option 'l1' must be 0 or more");
    refused("longest_gradient", 0, "tcn_clip's option 'longest_gradient' must be more than 0");
    refused("ohem_keep", 1.5, "tcn_clip's option 'ohem_keep' must be from 0 to 1");
    CHECK_THROWS_AS((void)said_with("tcn_clip", {{"dice", 0}, {"cross_entropy", 0}}), std::invalid_argument);
}

TEST_CASE("balanced, a class of one example is learnt beside large ones, and one of none is no harm") {
    if (!has_engine()) return;
    auto samples = synthetic_set(2, 12, 1);
    samples.push_back(synthetic_motion(2, 9));
    samples.back().label = 2;
    TrainOptions options = quick(150);
    options.overrides = {{"balanced", 1}};
    const auto result = engine().family("tcn_clip").train(samples, names(4), options, {}, {});
    CHECK(accuracy(*result->model, synthetic_set(3, 4, 2)) >= 0.8);
}

TEST_CASE("training stops early where what is watched gets no better, and says so") {
    if (!has_engine()) return;
    auto samples = synthetic_set(3, 5, 1);
    TrainOptions options = quick(300);
    options.batch = 4;
    options.semi_supervised = false;
    // Nothing can be learnt about what has all labels alike, so no look is better than the first good one.
    for (int kind = 0; kind < 3; ++kind) {
        options.watched.push_back(synthetic_motion(kind, 30));
        options.watched.back().label = 0;
    }
    options.overrides = {{"patience", 2}};
    int last = 0;
    const auto result =
        engine()
            .family("tcn_clip")
            .train(samples, names(3), options, [&](const TrainProgress& progress) { last = progress.step; }, {});
    // A sixth is the rehearsal; of the rest 30 % must have passed.
    CHECK(result->metrics.at("ended_at") >= 50 + 75);
    CHECK(result->metrics.at("ended_at") < 250);
    CHECK(result->metrics.at("best_step") <= result->metrics.at("ended_at"));
    CHECK(result->metrics.at("best_step") > 50);
    CHECK(last <= result->metrics.at("ended_at"));
    const auto seen = std::ranges::find_if(
        result->curve, [](const TrainProgress& progress) { return progress.losses.contains("validation_macro_f1"); });
    CHECK(seen != result->curve.end());
    options.overrides = {{"patience", 0}};
    const auto whole = engine().family("tcn_clip").train(samples, names(3), options, {}, {});
    CHECK_FALSE(whole->metrics.contains("ended_at"));
    CHECK(whole->curve.back().step == 300);
}

TEST_CASE("a teacher learns from what nobody has labelled, where the rehearsal allows it") {
    if (!has_engine()) return;
    const auto samples = partly_labelled(3, 8, 3);
    TrainOptions options = quick(240);
    options.batch = 6;
    options.overrides = {{"teacher", 1}};
    const auto result = engine().family("tcn_clip").train(samples, names(3), options, {}, {});
    CHECK(result->metrics.at("teacher") == 1);
    CHECK(result->metrics.at("semi_supervised") == 1);
    CHECK(result->curve.back().losses.at("unlabelled") > 0);
    CHECK(result->curve.back().losses.at("sure") > 0.5);
    CHECK(accuracy(*result->model, synthetic_set(3, 4, 2)) >= 0.9);
}

TEST_CASE("a teacher that does harm in the rehearsal is not used, and does not finish it") {
    if (!has_engine()) return;
    const auto samples = partly_labelled(3, 8, 5);
    TrainOptions options = quick(240);
    options.batch = 6;
    // What the teacher says at first counts a million times as much as the labels.
    options.overrides = {{"teacher", 1}, {"teacher_nearest", 0}, {"teacher_ramp", 0}, {"teacher_consistency", 1e6}};
    const auto result = engine().family("tcn_clip").train(samples, names(3), options, {}, {});
    CHECK(result->metrics.at("teacher") == 0);
    CHECK(result->metrics.at("semi_supervised") == 0);
    CHECK(result->metrics.at("held_out_semi_supervised") < result->metrics.at("held_out_supervised"));
    CHECK(result->curve.back().step == 240);
    CHECK(accuracy(*result->model, synthetic_set(3, 4, 2)) >= 0.9);
}

TEST_CASE("where left and right have labels of their own, motions are mirrored unless that is not wanted") {
    if (!has_engine()) return;
    const auto samples = synthetic_set(3, 4, 1);
    TrainOptions options = quick(30);
    const auto said = [&] {
        const auto result = engine().family("tcn_clip").train(samples, names(3), options, {}, {});
        return result->model->predict(samples, Hardness::skip, {})->probabilities;
    };
    const auto plain = said();
    options.mirrored_labels = {0, 1, 2};
    CHECK(said() == plain);
    options.mirrored_labels = {1, 0, 2};
    CHECK(said() != plain);
    options.overrides = {{"mirror", 0}};
    CHECK(said() == plain);
    options.mirrored_labels = {1, 1, 2};
    CHECK_THROWS_AS((void)said(), std::invalid_argument);
    options.mirrored_labels = {1, 0};
    CHECK_THROWS_AS((void)said(), std::invalid_argument);
}

TEST_CASE("a training begins with an earlier model where that fits, and says what does not") {
    if (!has_engine()) return;
    const auto samples = synthetic_set(3, 4, 1);
    const ScratchFile file;
    auto& family = engine().family("tcn_clip");
    family.train(samples, names(3), quick(200), {}, {})->model->save(file.path);
    TrainOptions options = quick(2);  // too few to rehearse, or to learn anything
    options.overrides = {{"rate", 1e-6}};
    const auto cold = family.train(samples, names(3), options, {}, {});
    options.warm = file.path;
    const auto warm = family.train(samples, names(3), options, {}, {});
    CHECK(warm->curve.back().losses.at("cross_entropy") < 0.6 * cold->curve.back().losses.at("cross_entropy"));
    REQUIRE(warm->notes.size() == 1);
    CHECK(warm->notes[0].starts_with("it began with 24 tensors of an earlier model"));
    auto renamed = names(3);
    renamed[1] = "another";
    const auto partly = family.train(samples, renamed, options, {}, {});
    CHECK(partly->notes.front() == "the earlier model did not know the labels: another");
    CHECK_THROWS_AS((void)engine().family("lift_sta").train(samples, names(3), options, {}, {}), std::invalid_argument);
    options.warm = file.path.string() + " is not there";
    CHECK_THROWS_AS((void)family.train(samples, names(3), options, {}, {}), std::runtime_error);
}

TEST_CASE("a pre-training comes before, changes what is learnt, and counts as progress") {
    if (!has_engine()) return;
    CHECK(said_with("tcn_clip", {{"pretrain", 10}}) != said_with("tcn_clip", {}));
    CHECK(said_with("tcn_clip", {{"pretrain", 10}}) == said_with("tcn_clip", {{"pretrain", 10}}));
    TrainOptions options = quick(30);
    options.batch = 2;
    options.overrides = {{"pretrain", 20}, {"width", 4}};
    int last = 0;
    const auto result =
        engine()
            .family("lift_sta")
            .train(synthetic_set(2, 3, 1), names(2), options,
                   [&](const TrainProgress& progress) {
                       CHECK(progress.step > last);
                       CHECK(progress.steps == 50);
                       CHECK(progress.losses.contains(progress.step <= 20 ? "reconstruction" : "total"));
                       last = progress.step;
                   },
                   {});
    CHECK(last == 50);
    CHECK(result->metrics.at("reconstruction") > 0);
    options.warm = "some.pt";
    CHECK_THROWS_AS((void)engine().family("lift_sta").train(synthetic_set(2, 3, 1), names(2), options, {}, {}),
                    std::invalid_argument);
}
