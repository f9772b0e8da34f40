#include "inference/torch/estgcn_network.h"

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "inference/torch/segment_losses.h"
#include "inference/torch/structure_loss.h"
#include "tests/inference/motions.h"

using namespace inference;

namespace {

constexpr int classes = 6;

// As many joints as paper 003 has; how they hang together costs no parameters.
schemas::SkeletonLayout eighteen_joints() {
    schemas::SkeletonLayout layout;
    layout.name = "chain";
    for (int joint = 0; joint < 18; ++joint) {
        layout.joints.push_back("joint " + std::to_string(joint));
        layout.parents.push_back(joint - 1);
    }
    layout.centre = 9;
    return layout;
}

double millions(EstgcnSize size, int of_classes) {
    const EstgcnNetwork network(eighteen_joints(), estgcn_options(size, of_classes));
    return static_cast<double>(network.parameter_count()) / 1e6;
}

std::shared_ptr<EstgcnNetwork> network_of(const EstgcnOptions& options, std::uint64_t seed = 1) {
    torch::manual_seed(seed);
    return std::make_shared<EstgcnNetwork>(*inference_tests::msr_layout(), options);
}

torch::Tensor drawn(std::int64_t samples, std::int64_t frames) {
    torch::manual_seed(7);
    return torch::randn({samples, 9, frames, 20});
}

double furthest(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

// Of two motions that go through units 0 … 3 in turn.
torch::Tensor whole_loss(EstgcnNetwork& network, const torch::Tensor& motions) {
    const std::int64_t frames = motions.size(2);
    const EstgcnOutput output = network.parse(motions);
    const torch::Tensor mask = torch::ones({2, frames}, torch::kBool);
    const torch::Tensor units = (torch::arange(frames, torch::kLong) * 4 / frames).to(torch::kLong).expand({2, frames});
    const std::vector<double> starts{1.0, 5.0};
    const std::vector<double> ends{4.0, 9.0};
    const BoundaryTargets one = boundary_targets(starts, ends, frames);
    const BoundaryTargets targets{one.peaks.expand({2, 2, frames}).to(motions.scalar_type()),
                                  one.offsets.expand({2, 2, frames}).to(motions.scalar_type())};
    const std::vector<std::vector<int>> sequences{{0, 1, 2, 3}};
    const torch::Tensor grammar =
        bigram_transitions(sequences, network.options().units).log().to(motions.scalar_type());
    return torch::nn::functional::cross_entropy(output.clip.logits, torch::tensor({1, 4}, torch::kLong)) +
           1.5 * unit_loss(output.clip.units, units, mask) +
           0.5 * boundary_scale * boundary_loss(output.clip.boundaries, targets.peaks, mask) +
           0.1 * offset_loss(output.offsets, targets, mask) + output.clip.extra_loss +
           0.3 * grammar_loss(torch::softmax(output.clip.units, 1), grammar);
}

// In double precision what ought to be zero is not hidden by rounding.
void check_gradients(const EstgcnOptions& options, std::int64_t frames) {
    const auto network = network_of(options);
    network->to(torch::kDouble);
    whole_loss(*network, drawn(2, frames).to(torch::kDouble)).backward();
    for (const auto& parameter : network->named_parameters()) {
        DOCTEST_CAPTURE(parameter.key());
        const torch::Tensor slope = parameter.value().grad();
        DOCTEST_REQUIRE(slope.defined());
        DOCTEST_CHECK(torch::isfinite(slope).all().item<bool>());
        DOCTEST_CHECK(slope.abs().max().item<double>() > 1e-10);
    }
}

// What the units of a network say to the attention over frames.
double slope_of_attention(const EstgcnOptions& options) {
    const auto network = network_of(options);
    network->parse(drawn(2, 20)).clip.units.square().sum().backward();
    const torch::Tensor slope = network->named_parameters()["dictionary.attention.weight"].grad();
    return slope.defined() ? slope.abs().max().item<double>() : 0;
}

}  // namespace

DOCTEST_TEST_CASE("the sizes have the parameters of models.md") {
    const std::initializer_list<std::pair<EstgcnSize, double>> stated{
        {EstgcnSize::l, 10.84}, {EstgcnSize::m, 4.87}, {EstgcnSize::s, 0.760}};
    for (const auto& [size, expected] : stated) DOCTEST_CHECK(std::abs(millions(size, 101) / expected - 1) < 0.01);
    DOCTEST_CHECK(millions(EstgcnSize::xs, 20) >= 0.28);
    DOCTEST_CHECK(millions(EstgcnSize::xs, 20) < 0.375);
}

DOCTEST_TEST_CASE("every head speaks for every frame, of the halved frames of the smallest size too") {
    for (const EstgcnSize size : {EstgcnSize::xs, EstgcnSize::s}) {
        const auto network = network_of(estgcn_options(size, classes));
        network->eval();
        const torch::NoGradGuard guard;
        const EstgcnOutput output = network->parse(drawn(2, network->frames()));
        const std::int64_t frames = network->frames();
        const std::int64_t times = size == EstgcnSize::xs ? 12 : 16;
        DOCTEST_CHECK(output.clip.logits.sizes() == torch::IntArrayRef({2, classes}));
        DOCTEST_CHECK(output.clip.embedding.sizes() == torch::IntArrayRef({2, 128}));
        DOCTEST_CHECK(output.clip.units.sizes() == torch::IntArrayRef({2, 10, frames}));
        DOCTEST_CHECK(output.clip.boundaries.sizes() == torch::IntArrayRef({2, 2, frames}));
        DOCTEST_CHECK(output.offsets.sizes() == torch::IntArrayRef({2, 2, frames}));
        DOCTEST_CHECK(output.clip.assignment.sizes() == torch::IntArrayRef({2, times, 32}));
        DOCTEST_CHECK(output.clip.extra_loss.dim() == 0);
        DOCTEST_CHECK(furthest(output.clip.assignment.sum(2), torch::ones({2, times})) < 1e-5);
        DOCTEST_CHECK(furthest(output.attention.sum(1), torch::ones({2})) < 1e-5);
    }
}

DOCTEST_TEST_CASE("key times of the smallest size are frames of the motion") {
    const auto network = network_of(estgcn_options(EstgcnSize::xs, classes));
    network->eval();
    const torch::NoGradGuard guard;
    const torch::Tensor times = network->parse(drawn(1, 48)).key_times;
    DOCTEST_CHECK(torch::equal(times[0], torch::arange(0, 48, 4, torch::kLong)));
}

DOCTEST_TEST_CASE("a motion is read alike in any company") {
    for (const EstgcnSize size : {EstgcnSize::xs, EstgcnSize::s}) {
        const auto network = network_of(estgcn_options(size, classes));
        const torch::NoGradGuard guard;
        const torch::Tensor motions = drawn(3, 24);
        network->forward(motions);  // so that the normalisations have seen something
        network->eval();
        const ClipOutput output = network->forward(motions);
        const ClipOutput turned = network->forward(motions.flip(0));
        const double apart = furthest(output.logits[0], output.logits[1]);
        DOCTEST_CHECK(furthest(output.logits.flip(0), turned.logits) < 0.01 * apart);
        DOCTEST_CHECK(torch::allclose(output.embedding.flip(0), turned.embedding, 1e-4, 1e-4));
        DOCTEST_CHECK(torch::allclose(output.units.flip(0), turned.units, 1e-4, 1e-4));
        DOCTEST_CHECK(torch::allclose(output.boundaries.flip(0), turned.boundaries, 1e-4, 1e-4));
        DOCTEST_CHECK(torch::allclose(output.assignment.flip(0), turned.assignment, 1e-4, 1e-4));
        const torch::Tensor alone = network->forward(motions.narrow(0, 1, 1)).logits[0];
        DOCTEST_CHECK(furthest(alone, output.logits[1]) < 0.01 * apart);
    }
}

DOCTEST_TEST_CASE("the same seed makes the same network") {
    const EstgcnOptions options = estgcn_options(EstgcnSize::xs, classes);
    const torch::Tensor motions = drawn(2, 24);
    const auto logits = [&](std::uint64_t seed) {
        const auto network = network_of(options, seed);
        return network->forward(motions).logits;
    };
    DOCTEST_CHECK(torch::equal(logits(3), logits(3)));
    DOCTEST_CHECK(furthest(logits(3), logits(4)) > 1e-3);
}

DOCTEST_TEST_CASE("every parameter learns from the losses of all heads") {
    check_gradients(estgcn_options(EstgcnSize::s, classes), 20);
    check_gradients(estgcn_options(EstgcnSize::xs, classes), 40);
}

DOCTEST_TEST_CASE("a category alone teaches category and primitives but neither units nor boundaries") {
    const auto network = network_of(estgcn_options(EstgcnSize::xs, classes));
    const ClipOutput output = network->forward(drawn(2, 24));
    (output.extra_loss + output.logits.square().sum()).backward();
    const auto slopes = network->named_parameters();
    for (const char* learns : {"classes.weight", "dictionary.primitives", "dictionary.attention.weight"})
        DOCTEST_CHECK(slopes[learns].grad().abs().max().item<double>() > 0);
    for (const char* waits : {"units.0.weight", "projection.weight", "boundaries.weight", "offsets.weight"})
        DOCTEST_CHECK_FALSE(slopes[waits].grad().defined());
}

DOCTEST_TEST_CASE("register A1: units teach the attention through soft rows and not through numbers") {
    EstgcnOptions options = estgcn_options(EstgcnSize::s, classes);
    options.seg_skip = false;
    DOCTEST_CHECK(slope_of_attention(options) > 1e-8);
    options.literal_ids = true;
    DOCTEST_CHECK(slope_of_attention(options) == 0);
}

DOCTEST_TEST_CASE("register A5: without the skip the unit head sees only the primitives") {
    EstgcnOptions options = estgcn_options(EstgcnSize::xs, classes);
    options.seg_skip = false;
    const auto network = network_of(options);
    DOCTEST_CHECK_FALSE(network->named_parameters().contains("projection.weight"));
    DOCTEST_CHECK(network->named_parameters()["units.0.weight"].size(1) == 32);
    DOCTEST_CHECK(network_of(estgcn_options(EstgcnSize::xs, classes))->named_parameters()["units.0.weight"].size(1) ==
                  96);
}

DOCTEST_TEST_CASE("literal boundaries have no offsets") {
    EstgcnOptions options = estgcn_options(EstgcnSize::xs, classes);
    options.literal_bnd = true;
    const EstgcnOutput output = network_of(options)->parse(drawn(2, 24));
    DOCTEST_CHECK_FALSE(output.offsets.defined());
    DOCTEST_CHECK(output.clip.boundaries.size(1) == 2);
}

DOCTEST_TEST_CASE("clips of fewer frames than key times are read") {
    for (const EstgcnSize size : {EstgcnSize::xs, EstgcnSize::s})
        for (const std::int64_t frames : {1, 3}) {
            const auto network = network_of(estgcn_options(size, classes));
            network->eval();
            const torch::NoGradGuard guard;
            const EstgcnOutput output = network->parse(drawn(2, frames));
            const std::int64_t times = size == EstgcnSize::xs ? 1 : frames;
            DOCTEST_CHECK(output.clip.assignment.sizes() == torch::IntArrayRef({2, times, 32}));
            DOCTEST_CHECK(output.clip.units.sizes() == torch::IntArrayRef({2, 10, frames}));
            DOCTEST_CHECK(torch::isfinite(output.clip.units).all().item<bool>());
        }
}

DOCTEST_TEST_CASE("a short clip can be learnt from") {
    const auto network = network_of(estgcn_options(EstgcnSize::s, classes));
    const torch::Tensor loss = whole_loss(*network, drawn(2, 3));
    loss.backward();
    DOCTEST_CHECK(std::isfinite(loss.item<double>()));
}

DOCTEST_TEST_CASE("sizes but the smallest look at joint positions only") {
    const torch::Tensor motions = drawn(1, 24);
    torch::Tensor other = motions.clone();
    other.narrow(1, 3, 6) += 1;
    for (const EstgcnSize size : {EstgcnSize::xs, EstgcnSize::s}) {
        const auto network = network_of(estgcn_options(size, classes));
        network->eval();
        const torch::NoGradGuard guard;
        DOCTEST_CHECK(torch::equal(network->forward(motions).logits, network->forward(other).logits) ==
                      (size == EstgcnSize::s));
    }
}

DOCTEST_TEST_CASE("a few steps bring all losses of a batch down") {
    const auto network = network_of(estgcn_options(EstgcnSize::xs, classes));
    torch::optim::AdamW optimiser(network->parameters(), torch::optim::AdamWOptions(2e-3));
    const torch::Tensor motions = drawn(2, 24);
    const double before = whole_loss(*network, motions).item<double>();
    double after = before;
    for (int step = 0; step < 15; ++step) {
        optimiser.zero_grad();
        const torch::Tensor loss = whole_loss(*network, motions);
        loss.backward();
        optimiser.step();
        after = loss.item<double>();
    }
    DOCTEST_CHECK(after < 0.9 * before);
}

DOCTEST_TEST_CASE("motions of other joints and networks without classes are refused") {
    const auto network = network_of(estgcn_options(EstgcnSize::xs, classes));
    DOCTEST_CHECK_THROWS_AS(network->forward(torch::zeros({1, 9, 24, 18})), std::invalid_argument);
    DOCTEST_CHECK_THROWS_AS(network->forward(torch::zeros({1, 3, 24, 20})), std::invalid_argument);
    DOCTEST_CHECK_THROWS_AS(network_of(estgcn_options(EstgcnSize::xs, 0)), std::invalid_argument);
}
