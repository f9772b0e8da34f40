#include "inference/torch/ms_tcn_network.h"

#include <doctest/doctest.h>

#include <vector>

using namespace inference;
using torch::Tensor;
using Sizes = std::vector<std::int64_t>;

namespace {

MsTcnShape small_shape() {
    MsTcnShape shape;
    shape.channels = 18;
    shape.units = 5;
    shape.layers = 4;
    shape.width = 16;
    return shape;
}

std::int64_t parameters(int stages, int layers) {
    MsTcnShape shape;
    shape.channels = 9 * 18;
    shape.units = 20;
    shape.stages = stages;
    shape.layers = layers;
    const std::int64_t count = MsTcnNetwork(shape).parameter_count();
    DOCTEST_MESSAGE(stages, " stages of ", layers, " layers: ", count, " parameters");
    return count;
}

bool are_close(const Tensor& first, const Tensor& second) { return torch::allclose(first, second, 1e-4, 1e-5); }

}  // namespace

DOCTEST_TEST_CASE("the parameters of MS-TCN are those of its stages and the head of boundaries") {
    const std::int64_t layers = 2 * 8 * (64 * 64 * 3 + 64 + 64 * 64 + 64);
    const std::int64_t ends = 162 * 64 + 64 + 20 * 64 + 64 + 2 * (64 * 20 + 20);
    DOCTEST_CHECK(parameters(2, 8) == layers + ends + 64 * 2 * 3 + 2);
    DOCTEST_CHECK(parameters(2, 10) > parameters(2, 7));
}

DOCTEST_TEST_CASE("four stages of ten layers have the 0.67 million parameters that are told of MS-TCN") {
    DOCTEST_CHECK(static_cast<double>(parameters(4, 10)) / 0.67e6 == doctest::Approx(1).epsilon(0.03));
}

DOCTEST_TEST_CASE("every stage says one logit a unit and frame, and the last one those of boundaries") {
    MsTcnNetwork network(small_shape());
    for (const int frames : {3, 40}) {
        const MsTcnOutput output = network.forward(torch::randn({2, 18, frames}));
        DOCTEST_REQUIRE(output.units.size() == 2);
        for (const Tensor& units : output.units) DOCTEST_CHECK(units.sizes().vec() == Sizes{2, 5, frames});
        DOCTEST_CHECK(output.boundaries.sizes().vec() == Sizes{2, 2, frames});
    }
}

DOCTEST_TEST_CASE("padded frames change nothing in valid ones and are 0 themselves") {
    torch::manual_seed(1);
    MsTcnNetwork network(small_shape());
    network.eval();
    const Tensor motions = torch::randn({1, 18, 30});
    const MsTcnOutput alone = network.forward(motions.narrow(2, 0, 20));
    Tensor mask = torch::ones({1, 30});
    mask.narrow(1, 20, 10).fill_(0);
    const MsTcnOutput padded = network.forward(motions, mask);
    for (std::size_t stage = 0; stage < 2; ++stage)
        DOCTEST_CHECK(are_close(padded.units[stage].narrow(2, 0, 20), alone.units[stage]));
    DOCTEST_CHECK(are_close(padded.boundaries.narrow(2, 0, 20), alone.boundaries));
    DOCTEST_CHECK(padded.units[1].narrow(2, 20, 10).eq(0).all().item<bool>());
    DOCTEST_CHECK(padded.boundaries.narrow(2, 20, 10).eq(0).all().item<bool>());
    DOCTEST_CHECK_FALSE(are_close(network.forward(motions).boundaries.narrow(2, 0, 20), alone.boundaries));
}

DOCTEST_TEST_CASE("later stages see the probabilities of earlier ones") {
    torch::manual_seed(2);
    MsTcnNetwork network(small_shape());
    network.eval();
    const torch::NoGradGuard guard;
    const Tensor motions = torch::randn({1, 18, 20});
    const MsTcnOutput before = network.forward(motions);
    Tensor bias = network.named_parameters()["stages.0.units.bias"];
    // As much for every unit leaves the probabilities as they are …
    bias.add_(3);
    const MsTcnOutput shifted = network.forward(motions);
    DOCTEST_CHECK(are_close(shifted.units[0], before.units[0] + 3));
    DOCTEST_CHECK(are_close(shifted.units[1], before.units[1]));
    DOCTEST_CHECK(are_close(shifted.boundaries, before.boundaries));
    // … and more for one of them does not; once it is certain, still more is no more.
    bias[0].add_(1);
    DOCTEST_CHECK_FALSE(are_close(network.forward(motions).units[1], before.units[1]));
    bias[0].add_(100);
    const MsTcnOutput certain = network.forward(motions);
    bias[0].add_(100);
    DOCTEST_CHECK(are_close(network.forward(motions).units[1], certain.units[1]));
}

DOCTEST_TEST_CASE("what MS-TCN says of a motion does not depend on its company") {
    torch::manual_seed(3);
    MsTcnNetwork network(small_shape());
    network.eval();
    const Tensor motions = torch::randn({3, 18, 20});
    const MsTcnOutput together = network.forward(motions);
    for (int sample = 0; sample < 3; ++sample) {
        const MsTcnOutput alone = network.forward(motions.narrow(0, sample, 1));
        DOCTEST_CHECK(are_close(alone.units[1][0], together.units[1][sample]));
        DOCTEST_CHECK(are_close(alone.boundaries[0], together.boundaries[sample]));
    }
}

DOCTEST_TEST_CASE("each layer sees twice as far as the one before") {
    torch::manual_seed(4);
    MsTcnShape shape = small_shape();
    shape.stages = 1;
    shape.layers = 3;
    MsTcnNetwork network(shape);
    network.eval();
    const Tensor motions = torch::randn({1, 18, 41});
    Tensor changed = motions.clone();
    changed.select(2, 20).add_(1);
    const Tensor change = (network.forward(changed).units[0] - network.forward(motions).units[0]).abs().amax({0, 1});
    Tensor expected = torch::zeros({41}, torch::kBool);
    expected.narrow(0, 20 - 7, 15).fill_(true);
    DOCTEST_CHECK(torch::equal(change > 1e-6, expected));
}

DOCTEST_TEST_CASE("every parameter of MS-TCN learns from its units and boundaries") {
    torch::manual_seed(5);
    MsTcnNetwork network(small_shape());
    const MsTcnOutput output = network.forward(torch::randn({2, 18, 20}));
    Tensor loss = output.boundaries.square().mean();
    for (const Tensor& units : output.units)
        loss = loss + torch::cross_entropy_loss(units, torch::arange(40).remainder(5).view({2, 20}));
    loss.backward();
    for (const auto& parameter : network.named_parameters()) {
        DOCTEST_INFO(parameter.key());
        DOCTEST_REQUIRE(parameter.value().grad().defined());
        DOCTEST_CHECK(torch::isfinite(parameter.value().grad()).all().item<bool>());
        DOCTEST_CHECK(parameter.value().grad().abs().max().item<double>() > 1e-7);
    }
}
