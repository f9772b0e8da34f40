#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "tests/inference/engines.h"
#include "tests/inference/motions.h"

// Trainings that end before their time.

using namespace inference;
using namespace inference_tests;

namespace {

namespace fs = std::filesystem;

// Interrupted and gone on with, it comes to the same as without.
void check_interruption(ModelFamily& family, int steps, const std::map<std::string, double>& overrides = {}) {
    auto samples = synthetic_set(3, 4, 1);
    for (std::size_t i = 0; i < samples.size(); i += 4) samples[i].label = -1;
    const ScratchFile file;
    TrainOptions options = quick(steps);
    options.batch = 3;
    options.overrides = overrides;
    options.watched = {synthetic_motion(0, 30), synthetic_motion(1, 31)};
    for (std::size_t i = 0; i < 2; ++i) options.watched[i].label = static_cast<int>(i);
    const TrainResult whole = *family.train(samples, names(3), options, {}, {});
    options.interruption = {file.path, "these labels", 0};
    for (const int interrupted_at : {10, whole.curve[whole.curve.size() - 2].step}) {
        INFO(family.name() << " " << interrupted_at);
        std::stop_source stop;
        const int before = overrides.contains("pretrain") ? static_cast<int>(overrides.at("pretrain")) : 0;
        const auto until = [&](const TrainProgress& progress) {
            if (progress.step == before + interrupted_at) stop.request_stop();
        };
        CHECK_FALSE(family.train(samples, names(3), options, until, stop.get_token()).has_value());
        const TrainResult rest = *family.train(samples, names(3), options, {}, {});
        CHECK(rest.went_on_from >= interrupted_at - 1);
        CHECK(rest.went_on_from <= interrupted_at);
        CHECK(rest.problem == "");
        CHECK(rest.metrics == whole.metrics);
        REQUIRE(rest.curve.size() == whole.curve.size());
        for (std::size_t i = 0; i < whole.curve.size(); ++i) CHECK(rest.curve[i].losses == whole.curve[i].losses);
        CHECK(rest.model->predict(samples, Hardness::skip, {})->probabilities ==
              whole.model->predict(samples, Hardness::skip, {})->probabilities);
        fs::remove(file.path);
    }
}

}  // namespace

TEST_CASE("where the loss is no number any more, training ends, says where, and keeps what it learnt before") {
    if (!has_engine()) return;
    auto samples = synthetic_set(3, 4, 1);
    samples.push_back(synthetic_motion(1, 7));
    for (const std::string_view name : engine().families()) {
        INFO(name);
        TrainOptions options = quick(24);
        options.batch = 4;
        CHECK_FALSE(engine().family(name).train(samples, names(3), options, {}, {})->broken.has_value());
        options.overrides = {{"rate", 1e30}};
        const auto result = engine().family(name).train(samples, names(3), options, {}, {});
        REQUIRE(result.has_value());
        REQUIRE(result->broken.has_value());
        CHECK(result->broken->step >= 1);
        CHECK(result->broken->step < 24);
        CHECK(result->broken->sample < samples.size());
        const Prediction prediction = *result->model->predict(samples, Hardness::skip, {});
        CHECK(std::ranges::all_of(prediction.probabilities, [](float value) { return std::isfinite(value); }));
    }
}

TEST_CASE("a training that was interrupted goes on where it was, to the same model") {
    if (!has_engine()) return;
    // Long enough for a report from the rehearsal.
    check_interruption(engine().family("tcn_clip"), 120);
}

TEST_CASE("a training with every new option goes on where it was interrupted, to the same model") {
    if (!has_engine()) return;
    auto& family = engine().family("tcn_clip");
    check_interruption(family, 120, {{"teacher", 1}});
    check_interruption(family, 120, {{"teacher", 1}, {"patience", 2}, {"balanced", 1}, {"descent", 3}, {"l1", 1e-4}});
    check_interruption(family, 120, {{"patience", 1}, {"descent", 2}});
    check_interruption(family, 60, {{"pretrain", 10}});
    check_interruption(engine().family("lift_sta"), 36, {{"teacher", 1}, {"patience", 1}, {"width", 4}});
}

TEST_CASE("slow: a training of any family that was interrupted goes on where it was, to the same model") {
    if (!has_engine()) return;
    for (const std::string_view name : engine().families()) check_interruption(engine().family(name), 24);
}

TEST_CASE("what is left of another training, or damaged, is not gone on from") {
    if (!has_engine()) return;
    const auto samples = synthetic_set(2, 4, 1);
    auto& family = engine().family("tcn_clip");
    const ScratchFile file;
    TrainOptions options = quick(20);
    options.interruption = {file.path, "these labels", 0};
    (void)family.train(samples, names(2), options, {}, {});
    CHECK(family.train(samples, names(2), options, {}, {})->went_on_from == 20);
    options.interruption->fingerprint = "others";
    const auto other = family.train(samples, names(2), options, {}, {});
    CHECK(other->went_on_from == 0);
    CHECK(other->problem == "");
    // Of more classes than it says.
    const auto more = synthetic_set(3, 4, 1);
    const auto misfit = family.train(more, names(3), options, {}, {});
    CHECK(misfit->went_on_from == 0);
    CHECK(misfit->problem.starts_with("what was left of an interrupted training cannot be used"));
    fs::resize_file(file.path, fs::file_size(file.path) / 2);
    const auto truncated = family.train(more, names(3), options, {}, {});
    CHECK(truncated->went_on_from == 0);
    CHECK(truncated->problem.starts_with("what was left of an interrupted training cannot be used"));
    // Where nothing can be written the training itself goes on.
    options.interruption->file = file.path / "no folder" / "x.pt";
    const auto unkept = family.train(samples, names(2), options, {}, {});
    REQUIRE(unkept.has_value());
    CHECK(unkept->problem.starts_with("it could not be kept on the way"));
}
