#include "inference/torch/lifting_network.h"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "tests/inference/motions.h"

using namespace inference;
using inference_tests::msr_layout;
using torch::Tensor;
using Sizes = std::vector<std::int64_t>;

namespace {

const LiftingShape small{64, 32, 0.25};

schemas::SkeletonLayout layout_of(std::size_t joints) {
    schemas::SkeletonLayout layout;
    for (std::size_t joint = 0; joint < joints; ++joint) layout.parents.push_back(static_cast<int>(joint) - 1);
    layout.joints.resize(joints);
    return layout;
}

// Poses that differ in every joint, with their key-points as a camera before them sees them.
LiftingBatch batch_of(int samples) {
    const Sample motion = inference_tests::synthetic_motion(0, 7, 1);
    torch::manual_seed(11);
    LiftingBatch batch;
    batch.poses = torch::tensor(motion.skeleton->positions).view({1, 20, 3}) + 0.2 * torch::randn({samples, 20, 3});
    batch.poses = batch.poses - batch.poses.narrow(1, 6, 1);
    batch.key_points = batch.poses.narrow(2, 0, 2).clone();
    batch.known = torch::ones({samples}, torch::kBool);
    return batch;
}

double largest(const Tensor& values) { return values.abs().max().item<double>(); }
double mean_error(const Tensor& poses, const Tensor& truth) {
    return (poses - truth).norm(2, -1).mean().item<double>();
}

void learn(LiftingNetwork& network, const LiftingBatch& batch, double rate, int steps) {
    torch::optim::Adam optimiser(network.parameters(), torch::optim::AdamOptions(rate));
    for (int step = 0; step < steps; ++step) {
        optimiser.zero_grad();
        lifting_loss(network, batch).total.backward();
        optimiser.step();
    }
}

}  // namespace

DOCTEST_TEST_CASE("the lifting network of 18 joints has 7.25 million parameters") {
    const std::int64_t count = LiftingNetwork(layout_of(18)).parameter_count();
    DOCTEST_MESSAGE("18 joints: ", count, ", 17: ", LiftingNetwork(layout_of(17)).parameter_count());
    DOCTEST_CHECK(std::abs(static_cast<double>(count) / 7.25e6 - 1) < 0.01);
}

DOCTEST_TEST_CASE("key-points become a latent, and a latent a pose") {
    LiftingNetwork network(*msr_layout(), small);
    const LiftingBatch batch = batch_of(5);
    const Tensor latent = network.encode_key_points(batch.key_points);
    DOCTEST_CHECK(latent.sizes().vec() == Sizes{5, 32});
    DOCTEST_CHECK(network.encode_poses(batch.poses).sizes().vec() == Sizes{5, 32});
    DOCTEST_CHECK(network.decode(latent).sizes().vec() == Sizes{5, 20, 3});
    DOCTEST_CHECK(network.lift(batch.key_points).sizes().vec() == Sizes{5, 20, 3});
}

DOCTEST_TEST_CASE("lifting with the weight 1 is the decoded latent of the key-points alone") {
    torch::manual_seed(1);
    LiftingNetwork network(*msr_layout(), small);
    network.eval();
    const Tensor key_points = batch_of(3).key_points;
    const Tensor lifted = network.decode(network.encode_key_points(key_points));
    DOCTEST_CHECK(torch::equal(network.lift(key_points, 1), lifted));
}

DOCTEST_TEST_CASE("lifting with the weight 0 sends the lifted pose through the encoder of poses") {
    torch::manual_seed(1);
    LiftingNetwork network(*msr_layout(), small);
    network.eval();
    const Tensor key_points = batch_of(3).key_points;
    const Tensor lifted = network.decode(network.encode_key_points(key_points));
    const Tensor repaired = network.decode(network.encode_poses(lifted));
    DOCTEST_CHECK(torch::equal(network.lift(key_points, 0), repaired));
    DOCTEST_CHECK(mean_error(repaired, lifted) > 0.01);
    DOCTEST_CHECK(torch::allclose(network.lift(key_points, 0.3), 0.3 * lifted + 0.7 * repaired));
}

DOCTEST_TEST_CASE("a weight of the lifted pose outside 0 to 1 is refused") {
    LiftingNetwork network(*msr_layout(), small);
    DOCTEST_CHECK_THROWS_AS(network.lift(batch_of(2).key_points, 1.1), std::invalid_argument);
    DOCTEST_CHECK_THROWS_AS(network.lift(batch_of(2).key_points, std::nan("")), std::invalid_argument);
}

DOCTEST_TEST_CASE("a lifted pose does not depend on its company") {
    torch::manual_seed(2);
    LiftingNetwork network(*msr_layout(), small);
    const LiftingBatch batch = batch_of(6);
    learn(network, batch, 1e-3, 2);
    network.eval();
    const Tensor together = network.lift(batch.key_points);
    for (int sample = 0; sample < 6; ++sample)
        DOCTEST_CHECK(torch::allclose(network.lift(batch.key_points.narrow(0, sample, 1)),
                                      together.narrow(0, sample, 1), 1e-4, 1e-5));
}

DOCTEST_TEST_CASE("every parameter of the lifting network learns from its loss") {
    torch::manual_seed(3);
    LiftingNetwork network(*msr_layout(), small);
    LiftingBatch batch = batch_of(8);
    batch.known[5] = false;
    lifting_loss(network, batch).total.backward();
    for (const auto& parameter : network.named_parameters()) {
        DOCTEST_INFO(parameter.key());
        DOCTEST_REQUIRE(parameter.value().grad().defined());
        DOCTEST_CHECK(torch::isfinite(parameter.value().grad()).all().item<bool>());
        DOCTEST_CHECK(largest(parameter.value().grad()) > 1e-6);
    }
}

DOCTEST_TEST_CASE("the terms of the lifting loss are those of A18") {
    torch::manual_seed(4);
    LiftingNetwork network(*msr_layout(), small);
    network.eval();
    LiftingBatch batch = batch_of(4);
    batch.known[3] = false;
    const LiftingLoss loss = lifting_loss(network, batch);
    const Tensor seen = network.encode_key_points(batch.key_points), felt = network.encode_poses(batch.poses);
    const Tensor lifted = network.decode(seen), truth = batch.poses.narrow(0, 0, 3);
    const Tensor bones = network.bone_lengths(lifted) - network.bone_lengths(batch.poses);
    const auto is = [](const Tensor& term, double value) {
        DOCTEST_CHECK(term.item<double>() == doctest::Approx(value).epsilon(1e-4));
    };
    is(loss.lifted, mean_error(lifted.narrow(0, 0, 3), truth));
    is(loss.denoised, mean_error(network.decode(felt).narrow(0, 0, 3), truth));
    is(loss.latent, (seen - felt).narrow(0, 0, 3).abs().mean().item<double>());
    is(loss.bones, bones.narrow(0, 0, 3).abs().mean().item<double>());
    is(loss.reprojection, reprojection_errors(lifted, batch.key_points)[3].item<double>());
    is(loss.total,
       (loss.lifted + loss.denoised + 0.1 * loss.latent + 0.1 * loss.bones + 0.5 * loss.reprojection).item<double>());
}

DOCTEST_TEST_CASE("a bone is as long as the way from a joint to its parent") {
    const LiftingNetwork network(layout_of(3), small);
    const Tensor pose = torch::tensor({0.0F, 0.0F, 0.0F, 3.0F, 4.0F, 0.0F, 3.0F, 4.0F, 2.0F}).view({1, 3, 3});
    DOCTEST_CHECK(torch::allclose(network.bone_lengths(pose), torch::tensor({5.0F, 2.0F})));
}

DOCTEST_TEST_CASE("the latent of key-points follows that of poses and does not pull it") {
    torch::manual_seed(5);
    LiftingNetwork network(*msr_layout(), small);
    lifting_loss(network, batch_of(4)).latent.backward();
    for (const auto& parameter : network.named_parameters()) {
        const Tensor gradient = parameter.value().grad();
        const bool pulled = gradient.defined() && largest(gradient) > 0;
        DOCTEST_INFO(parameter.key());
        DOCTEST_CHECK(pulled == parameter.key().starts_with("key_point_encoder"));
    }
}

DOCTEST_TEST_CASE("poses are encoded with noise in training only") {
    LiftingNetwork network(*msr_layout(), {64, 32, 0});
    const LiftingBatch batch = batch_of(4);
    const auto denoised = [&](double noise) {
        torch::manual_seed(6);
        LiftingLossOptions options;
        options.noise = noise;
        return lifting_loss(network, batch, options).denoised.item<double>();
    };
    DOCTEST_CHECK(denoised(0.05) != denoised(0));
    network.eval();
    DOCTEST_CHECK(denoised(0.05) == denoised(0));
}

DOCTEST_TEST_CASE("a truth that is not known changes nothing") {
    torch::manual_seed(7);
    LiftingNetwork network(*msr_layout(), small);
    network.eval();
    LiftingBatch batch = batch_of(4);
    batch.known[1] = false;
    const double before = lifting_loss(network, batch).total.item<double>();
    batch.poses[1] = 100;
    DOCTEST_CHECK(lifting_loss(network, batch).total.item<double>() == before);
}

DOCTEST_TEST_CASE("batches without truth, with one truth and with nothing else can be learnt from") {
    torch::manual_seed(8);
    LiftingNetwork network(*msr_layout(), small);
    for (int known = 0; known <= 3; ++known) {
        LiftingBatch batch = batch_of(3);
        batch.known.narrow(0, 0, 3 - known).fill_(false);
        const LiftingLoss loss = lifting_loss(network, batch);
        loss.total.backward();
        DOCTEST_CHECK(std::isfinite(loss.total.item<double>()));
        DOCTEST_CHECK((loss.lifted.item<double>() > 0) == (known > 0));
        DOCTEST_CHECK((loss.denoised.item<double>() > 0) == (known > 1));
        DOCTEST_CHECK((loss.reprojection.item<double>() > 0) == (known < 3));
    }
}

DOCTEST_TEST_CASE("a camera's place and distance are no error of re-projection") {
    const LiftingBatch batch = batch_of(3);
    const Tensor scale = torch::tensor({0.5F, 2.0F, 10.0F}).view({3, 1, 1});
    const Tensor seen = scale * batch.key_points + torch::tensor({3.0F, -1.0F});
    DOCTEST_CHECK(largest(reprojection_errors(batch.poses, seen)) < 1e-4);
}

DOCTEST_TEST_CASE("a pose upside down is a large error of re-projection, and one that lies on a point a finite one") {
    const LiftingBatch batch = batch_of(2);
    DOCTEST_CHECK(reprojection_errors(-batch.poses, batch.key_points).min().item<double>() > 0.3);
    const Tensor point = torch::zeros({2, 20, 3}, torch::requires_grad());
    reprojection_errors(point, batch.key_points).sum().backward();
    DOCTEST_CHECK(torch::isfinite(point.grad()).all().item<bool>());
}

DOCTEST_TEST_CASE("the lifting network can learn eight poses by heart") {
    torch::manual_seed(9);
    LiftingNetwork network(*msr_layout(), {128, 32, 0});
    LiftingBatch batch = batch_of(8);
    // Each of them often, as the variance of eight rows is not the one that is remembered.
    batch = {batch.key_points.repeat({8, 1, 1}), batch.poses.repeat({8, 1, 1}), batch.known.repeat({8})};
    const double before = mean_error(network.lift(batch.key_points, 1), batch.poses);
    learn(network, batch, 2e-3, 200);
    learn(network, batch, 2e-4, 100);
    network.eval();
    const double after = mean_error(network.lift(batch.key_points, 1), batch.poses);
    const double repaired = mean_error(network.lift(batch.key_points, 0), batch.poses);
    DOCTEST_MESSAGE("mean error ", before, " -> ", after, ", sent through the encoder of poses ", repaired);
    // Their mean pose would be wrong by 0.3.
    DOCTEST_CHECK(before > 0.3);
    DOCTEST_CHECK(after < 0.05);
    DOCTEST_CHECK(repaired < 0.1);
}
