#include "inference/torch/gcn_layers.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <vector>

#include "inference/torch/graph.h"
#include "tests/inference/motions.h"

using namespace inference;

namespace {

torch::Tensor partition() { return graph_partition(*inference_tests::msr_layout()); }

// samples x channels x frames x the joints of MSR-Action3D
torch::Tensor drawn(std::int64_t samples, std::int64_t channels, std::int64_t frames) {
    return torch::randn({samples, channels, frames, 20});
}

double furthest(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

// Frames of the first sample in which two outputs differ.
std::vector<std::int64_t> differing(const torch::Tensor& a, const torch::Tensor& b) {
    std::vector<std::int64_t> frames;
    for (std::int64_t frame = 0; frame < a.size(2); ++frame)
        if (furthest(a[0].select(1, frame), b[0].select(1, frame)) > 1e-6) frames.push_back(frame);
    return frames;
}

}  // namespace

DOCTEST_TEST_CASE("aggregating joints before mixing channels gives what the order of the paper gives") {
    torch::manual_seed(1);
    GraphConvolution layer(partition(), 5, 7);
    const torch::NoGradGuard guard;
    torch::Tensor importance = layer.named_parameters()["importance"];
    importance.uniform_(0.5, 1.5);
    const torch::Tensor weight = layer.named_parameters()["mix.weight"];
    const torch::Tensor motions = drawn(2, 5, 4);
    torch::Tensor expected = torch::zeros({2, 7, 4, 20});
    for (std::int64_t part = 0; part < 3; ++part) {
        const torch::Tensor mixed = torch::conv2d(motions, weight.narrow(2, part, 1));
        expected += torch::matmul(mixed, partition()[part] * importance[part]);
    }
    DOCTEST_CHECK(furthest(layer.forward(motions), expected) < 1e-5);
}

DOCTEST_TEST_CASE("what joints attend to sums to one, in every frame or once a motion") {
    torch::manual_seed(2);
    JointAttention framewise(6, 8, AttentionTime::per_frame);
    JointAttention pooled(6, 8, AttentionTime::pooled);
    const torch::Tensor motions = drawn(2, 6, 5);
    const torch::Tensor weights = framewise.weights(motions);
    DOCTEST_CHECK(weights.sizes() == torch::IntArrayRef({2, 4, 5, 20, 20}));
    DOCTEST_CHECK(furthest(weights.sum(4), torch::ones({2, 4, 5, 20})) < 1e-5);
    DOCTEST_CHECK(pooled.weights(motions).sizes() == torch::IntArrayRef({2, 4, 1, 20, 20}));
    DOCTEST_CHECK(furthest(pooled.weights(motions).sum(4), torch::ones({2, 4, 1, 20})) < 1e-5);
}

DOCTEST_TEST_CASE("of equal frames pooled attention gives what attention in every frame gives") {
    torch::manual_seed(3);
    JointAttention pooled(6, 8, AttentionTime::pooled);
    torch::manual_seed(3);
    JointAttention framewise(6, 8, AttentionTime::per_frame);
    const torch::Tensor still = drawn(2, 6, 1).expand({2, 6, 4, 20});
    DOCTEST_CHECK(furthest(pooled.forward(still), framewise.forward(still)) < 1e-5);
    const torch::Tensor moving = drawn(2, 6, 4);
    DOCTEST_CHECK(furthest(pooled.forward(moving), framewise.forward(moving)) > 1e-3);
}

DOCTEST_TEST_CASE("attention in every frame sees that frame alone, pooled attention all of them") {
    torch::manual_seed(4);
    const torch::Tensor motions = drawn(1, 6, 4);
    torch::Tensor changed = motions.clone();
    changed.select(2, 3) += 1 + drawn(1, 6, 1).squeeze(2);
    JointAttention framewise(6, 8, AttentionTime::per_frame);
    JointAttention pooled(6, 8, AttentionTime::pooled);
    DOCTEST_CHECK(differing(framewise.forward(motions), framewise.forward(changed)) == std::vector<std::int64_t>{3});
    DOCTEST_CHECK(differing(pooled.forward(motions), pooled.forward(changed)).size() == 4);
}

DOCTEST_TEST_CASE("joints that are renumbered attend as before") {
    torch::manual_seed(5);
    JointAttention attention(6, 8, AttentionTime::per_frame);
    const torch::Tensor motions = drawn(1, 6, 3);
    DOCTEST_CHECK(furthest(attention.forward(motions.flip(3)), attention.forward(motions).flip(3)) < 1e-5);
}

DOCTEST_TEST_CASE("at first an eighth of a block is attention") {
    torch::manual_seed(6);
    AttentiveGraphConvolution block(partition(), 4, 8, AttentionTime::per_frame);
    const torch::Tensor fusion = block.named_parameters()["fusion"];
    DOCTEST_CHECK(torch::sigmoid(fusion).item<double>() == doctest::Approx(0.119).epsilon(0.01));
    const torch::NoGradGuard guard;
    fusion.fill_(-100);
    block.eval();
    const torch::Tensor motions = drawn(1, 4, 3);
    const torch::Tensor before = block.forward(motions);
    block.named_parameters()["attention.value.weight"].zero_();
    DOCTEST_CHECK(torch::equal(block.forward(motions), before));
}

DOCTEST_TEST_CASE("a pyramid sees three frames either way") {
    torch::manual_seed(7);
    TemporalPyramid pyramid(8, {.bottleneck = 2});
    pyramid.eval();
    const torch::Tensor motions = drawn(1, 8, 15);
    torch::Tensor changed = motions.clone();
    changed.select(2, 7) += 1;
    DOCTEST_CHECK(differing(pyramid.forward(motions), pyramid.forward(changed)) ==
                  std::vector<std::int64_t>{4, 5, 6, 7, 8, 9, 10});
}

DOCTEST_TEST_CASE("a pyramid of stride two gives every other frame of one of stride one") {
    torch::manual_seed(8);
    TemporalPyramid whole(8, {.bottleneck = 4});
    torch::manual_seed(8);
    TemporalPyramid halved(8, {.bottleneck = 4, .stride = 2});
    whole.eval();
    halved.eval();
    for (const std::int64_t frames : {1, 2, 3, 8, 9}) {
        const torch::Tensor motions = drawn(2, 8, frames);
        const torch::Tensor every_other = whole.forward(motions).slice(2, 0, frames, 2);
        DOCTEST_CHECK(furthest(halved.forward(motions), every_other) < 1e-5);
    }
}

DOCTEST_TEST_CASE("layers refuse widths that they cannot divide") {
    DOCTEST_CHECK_THROWS_AS(JointAttention(3, 6, AttentionTime::per_frame), std::invalid_argument);
    DOCTEST_CHECK_THROWS_AS(TemporalPyramid(6, {.bottleneck = 4}), std::invalid_argument);
}
