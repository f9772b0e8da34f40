#include "inference/pose_model.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <stdexcept>

#include "inference/pose_metrics.h"
#include "tests/inference/depth_takes.h"
#include "tests/inference/engines.h"

using namespace inference;
using namespace inference_tests;
using doctest::Contains;

namespace {

PoseTrainOptions few_steps(int steps = 3) {
    PoseTrainOptions options;
    options.seed = 5;
    options.steps = steps;
    options.batch = 2;
    options.frames = 4;
    options.threads = 1;
    options.device = Device::cpu;
    return options;
}

std::unique_ptr<PoseModel> trained(const std::vector<PoseTake>& takes, const PoseTrainOptions& options) {
    return std::move(engine().pose_family().train(takes, options, {}, {})->model);
}

std::vector<float> positions_of(PoseModel& model, const PoseTake& take) { return model.predict(take, {})->positions; }

}  // namespace

TEST_CASE("a model of key-points gives a skeleton in metres for every frame of a take") {
    if (!has_engine()) return;
    const auto takes = painted_takes(2, 9);
    const auto model = trained(takes, few_steps());
    CHECK(model->family() == "lstm_cnn_pose");
    CHECK(model->layout()->joints == msr_layout()->joints);
    CHECK(model->layout()->pairs == msr_layout()->pairs);
    PoseTake unknown = takes[1];
    unknown.truth = nullptr;
    const auto found = model->predict(unknown, {});
    REQUIRE(found);
    CHECK(found->space == schemas::CoordinateSpace::metres);
    CHECK(found->frames() == 9);
    for (const float confidence : found->confidence) {
        CHECK(confidence > 0);
        CHECK(confidence <= 1);
    }
    // A network that has hardly learnt puts all joints near the middle of the square.
    CHECK(std::abs(found->at(4, 6).z() - static_cast<float>(unknown.crop->median_metres)) < 1);
    CHECK(positions_of(*model, takes[1]) == found->positions);
}

TEST_CASE("where nobody is seen, no joint is") {
    if (!has_engine()) return;
    auto takes = painted_takes(1, 8);
    const auto model = trained(takes, few_steps());
    std::fill_n(takes[0].pictures.begin() + 3 * 1024, 1024, 1.0F);
    const auto found = *model->predict(takes[0], {});
    for (std::size_t joint = 0; joint < 20; ++joint) {
        CHECK_FALSE(schemas::has_position(found, 3, joint));
        CHECK(schemas::has_position(found, 4, joint));
    }
    const std::vector<std::uint16_t> nothing(std::size_t{320} * 240 * 2);
    const auto dead = *model->predict(pose_take({nothing, 320, 240, 0.001}, schemas::msr_camera), {});
    CHECK(dead.frames() == 2);
    CHECK(schemas::dead_runs(dead).size() == 1);
}

TEST_CASE("the same seed finds the same key-points and another seed others") {
    if (!has_engine()) return;
    const auto takes = painted_takes(2, 6);
    PoseTrainOptions options = few_steps();
    const auto first = positions_of(*trained(takes, options), takes[0]);
    CHECK(positions_of(*trained(takes, options), takes[0]) == first);
    ++options.seed;
    CHECK(positions_of(*trained(takes, options), takes[0]) != first);
}

TEST_CASE("a model of key-points is the same after it was kept in a file") {
    if (!has_engine()) return;
    const auto takes = painted_takes(1, 6);
    const auto model = trained(takes, few_steps());
    const ScratchFile file;
    model->save(file.path);
    const auto again = engine().pose_family().load(file.path);
    CHECK(again->parameters() == model->parameters());
    CHECK(again->layout()->name == "msr20");
    CHECK(again->layout()->parents == msr_layout()->parents);
    CHECK(again->layout()->centre == msr_layout()->centre);
    CHECK(positions_of(*again, takes[0]) == positions_of(*model, takes[0]));
}

TEST_CASE("a file that holds no model of key-points is refused by name") {
    if (!has_engine()) return;
    const ScratchFile file;
    CHECK_THROWS_WITH_AS((void)engine().pose_family().load(file.path), Contains(file.path.string().c_str()),
                         std::runtime_error);
    trained(painted_takes(1, 6), few_steps(1))->save(file.path);
    std::filesystem::resize_file(file.path, std::filesystem::file_size(file.path) / 2);
    CHECK_THROWS_WITH_AS((void)engine().pose_family().load(file.path), Contains("damaged"), std::runtime_error);
    TrainOptions of_motions = quick(2);
    of_motions.batch = 2;
    engine().family("tcn_clip").train(synthetic_set(2, 2, 1), names(2), of_motions, {}, {})->model->save(file.path);
    CHECK_THROWS_WITH_AS((void)engine().pose_family().load(file.path),
                         Contains("it finds no key-points, but is of the family tcn_clip"), std::runtime_error);
}

TEST_CASE("a model of key-points is no classifier") {
    if (!has_engine()) return;
    const ScratchFile file;
    trained(painted_takes(1, 6), few_steps(1))->save(file.path);
    CHECK_THROWS_WITH_AS((void)engine().load(file.path), Contains("there is no model family 'lstm_cnn_pose'"),
                         std::runtime_error);
}

TEST_CASE("learning key-points stops soon when asked to, and leaves nothing behind") {
    if (!has_engine()) return;
    const auto takes = painted_takes(2, 20);
    PoseTrainOptions options;
    options.threads = 1;
    options.device = Device::cpu;
    options.steps = 100000;
    std::stop_source stop;
    auto requested = std::chrono::steady_clock::time_point();
    const auto progress = [&](const TrainProgress&) {
        stop.request_stop();
        requested = std::chrono::steady_clock::now();
    };
    CHECK_FALSE(engine().pose_family().train(takes, options, progress, stop.get_token()).has_value());
    CHECK(std::chrono::steady_clock::now() - requested < std::chrono::milliseconds(500));
    std::stop_source before;
    before.request_stop();
    CHECK_FALSE(engine().pose_family().train(takes, options, {}, before.get_token()).has_value());
    CHECK_FALSE(trained(takes, few_steps(1))->predict(takes[0], before.get_token()).has_value());
}

TEST_CASE("progress in learning key-points counts up, with the parts of the loss") {
    if (!has_engine()) return;
    int last = 0;
    const auto result =
        engine().pose_family().train(painted_takes(1, 6), few_steps(4),
                                     [&](const TrainProgress& now) {
                                         CHECK(now.step == last + 1);
                                         CHECK(now.steps == 4);
                                         for (const char* part : {"total", "key_points", "heat_maps", "bones"})
                                             CHECK(std::isfinite(now.losses.at(part)));
                                         last = now.step;
                                     },
                                     {});
    CHECK(last == 4);
    CHECK(result->curve.size() == 4);
    CHECK_FALSE(result->broken.has_value());
}

TEST_CASE("a loss that is no number ends the learning of key-points at a step and a take") {
    if (!has_engine()) return;
    const auto takes = painted_takes(3, 6);
    PoseTrainOptions options = few_steps(30);
    options.rate = 1e30;
    options.longest_gradient = 1e30;
    options.warm_up = 0;
    const auto result = engine().pose_family().train(takes, options, {}, {});
    REQUIRE(result->broken.has_value());
    CHECK(result->broken->step > 0);
    CHECK(result->broken->step < 30);
    CHECK(result->broken->sample < takes.size());
    // What it had learnt before gives numbers.
    for (const float value : positions_of(*result->model, takes[0])) CHECK(std::isfinite(value));
}

TEST_CASE("what key-points cannot be learnt from is refused") {
    if (!has_engine()) return;
    auto takes = painted_takes(1, 6);
    CHECK_THROWS_AS((void)engine().pose_family().train({}, few_steps(), {}, {}), std::invalid_argument);
    PoseTrainOptions options = few_steps();
    options.frames = 0;
    CHECK_THROWS_WITH_AS((void)engine().pose_family().train(takes, options, {}, {}), Contains("1 to 4096 frames"),
                         std::invalid_argument);
    options = few_steps();
    options.augmentation.scale = 1;
    CHECK_THROWS_AS((void)engine().pose_family().train(takes, options, {}, {}), std::invalid_argument);
    const auto model = trained(takes, few_steps(1));
    takes[0].pictures[5 * 1024] = std::numeric_limits<float>::quiet_NaN();
    CHECK_THROWS_WITH_AS((void)model->predict(takes[0], {}), Contains("frame 5"), std::invalid_argument);
}

TEST_CASE("slow: key-points of figures that were never seen are found to a few centimetres") {
    if (!has_engine()) return;
    const auto known = painted_takes(4, 20, 1);
    const auto unseen = painted_takes(4, 20, 100);
    PoseTrainOptions options = few_steps(250);
    options.batch = 8;
    options.frames = 8;
    const auto model = trained(known, options);
    for (const PoseTake& take : unseen) {
        const PoseErrors errors = pose_errors(*model->predict(take, {}), *take.truth);
        MESSAGE("median error: ", 1000 * errors.median, " mm, RMSE_n ", errors.rmse_n);
        CHECK(errors.median < 0.08);
    }
}
