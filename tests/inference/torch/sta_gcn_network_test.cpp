#include "inference/torch/sta_gcn_network.h"

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>
#include <utility>
#include <vector>

#include "tests/inference/motions.h"

using namespace inference;
using inference_tests::msr_layout;
using torch::Tensor;
using Sizes = std::vector<std::int64_t>;

namespace {

// The 18 key-points of OpenPose.
schemas::SkeletonLayout openpose_layout() {
    schemas::SkeletonLayout layout;
    layout.parents = {1, -1, 1, 2, 3, 1, 5, 6, 1, 8, 9, 1, 11, 12, 0, 0, 14, 15};
    layout.joints.resize(18);
    layout.centre = 11;
    return layout;
}

// One limb of five joints, its centre in the middle. `numbers[i]` is the number of the i-th joint from the root.
schemas::SkeletonLayout limb(const std::vector<int>& numbers) {
    schemas::SkeletonLayout layout;
    layout.joints.resize(5);
    layout.parents.assign(5, -1);
    for (std::size_t i = 1; i < 5; ++i) layout.parents[static_cast<std::size_t>(numbers[i])] = numbers[i - 1];
    layout.centre = numbers[2];
    return layout;
}

schemas::SkeletonLayout renumbered(const schemas::SkeletonLayout& layout, const std::vector<std::int64_t>& to) {
    schemas::SkeletonLayout other = layout;
    for (std::size_t joint = 0; joint < layout.size(); ++joint) {
        const int parent = layout.parents[joint];
        other.parents[static_cast<std::size_t>(to[joint])] =
            parent < 0 ? -1 : static_cast<int>(to[static_cast<std::size_t>(parent)]);
    }
    other.centre = static_cast<int>(to[static_cast<std::size_t>(layout.centre)]);
    return other;
}

// Joint j of the motions becomes joint to[j].
Tensor renumbered(const Tensor& motions, const std::vector<std::int64_t>& to) {
    return torch::zeros_like(motions).index_copy(3, torch::tensor(to, torch::kLong), motions);
}

StaGcnShape shape_with(StaAttention attention, std::int64_t width = 8) {
    StaGcnShape shape;
    shape.classes = 20;
    shape.width = width;
    shape.attention = attention;
    return shape;
}

std::int64_t parameters(StaAttention attention, std::int64_t width) {
    return StaGcnNetwork(openpose_layout(), shape_with(attention, width)).parameter_count();
}

bool is_within_a_hundredth(std::int64_t count, double millions) {
    DOCTEST_MESSAGE("parameters: ", count);
    return std::abs(static_cast<double>(count) / (1e6 * millions) - 1) < 0.01;
}

// Whether the same weights say the same of a motion in two numberings of its skeleton, next to how much the logits
// change when only the skeleton is renumbered.
bool is_the_same_renumbered(const schemas::SkeletonLayout& layout, const std::vector<std::int64_t>& to,
                            StaAttention attention) {
    torch::manual_seed(3);
    StaGcnNetwork network(layout, shape_with(attention));
    torch::manual_seed(3);
    StaGcnNetwork other(renumbered(layout, to), shape_with(attention));
    network.eval();
    other.eval();
    const Tensor motions = 10 * torch::randn({2, 9, 16, static_cast<std::int64_t>(layout.size())});
    const Tensor logits = network.forward(motions).logits;
    const auto change = [&](const Tensor& read) {
        return (other.forward(read).logits - logits).abs().max().item<double>();
    };
    return change(renumbered(motions, to)) < 0.01 * change(motions);
}

// How much each frame and joint's weight changes with the features of the given one.
template <class Attention>
Tensor change_of_weights(Attention& attention, int frame, int joint) {
    attention.eval();
    const Tensor features = torch::randn({1, 4, 7, 6});
    Tensor changed = features.clone();
    changed.select(2, frame).select(2, joint).add_(1);
    return (attention.forward(changed) - attention.forward(features)).abs().squeeze(0).squeeze(0);
}

// Frames and joints whose weights change, as 0 and 1.
Tensor marks(std::initializer_list<std::pair<int, int>> places) {
    Tensor marked = torch::zeros({7, 6}, torch::kBool);
    for (const auto& [frame, joint] : places) marked[frame][joint] = true;
    return marked;
}

}  // namespace

DOCTEST_TEST_CASE("the attentive ST-GCN has 3.08 million parameters, the plain one 3.07") {
    DOCTEST_CHECK(is_within_a_hundredth(parameters(StaAttention::convolution, 64), 3.08));
    DOCTEST_CHECK(is_within_a_hundredth(parameters(StaAttention::graph, 64), 3.08));
    DOCTEST_CHECK(is_within_a_hundredth(parameters(StaAttention::off, 64), 3.07));
    // Ten times two kernels of three taps, each with a normalisation.
    DOCTEST_CHECK(parameters(StaAttention::convolution, 64) - parameters(StaAttention::off, 64) == 6 * 1155 + 40);
}

DOCTEST_TEST_CASE("the attentive ST-GCN of half the width has 0.78 million parameters") {
    DOCTEST_CHECK(is_within_a_hundredth(parameters(StaAttention::convolution, sta_gcn_lite_width), 0.78));
}

DOCTEST_TEST_CASE("a motion of any length becomes one embedding and one logit a class") {
    StaGcnNetwork network(*msr_layout(), shape_with(StaAttention::convolution));
    DOCTEST_CHECK(network.frames() == 64);
    for (const int frames : {3, 10, 64}) {
        const ClipOutput output = network.forward(torch::randn({2, 9, frames, 20}));
        DOCTEST_CHECK(output.logits.sizes().vec() == Sizes{2, 20});
        DOCTEST_CHECK(output.embedding.sizes().vec() == Sizes{2, 32});
        DOCTEST_CHECK(torch::isfinite(output.logits).all().item<bool>());
        DOCTEST_CHECK(!output.units.defined());
    }
}

DOCTEST_TEST_CASE("only joints are read of a motion unless all nine channels are asked for") {
    StaGcnShape shape = shape_with(StaAttention::convolution);
    const Tensor motions = torch::randn({1, 9, 8, 20});
    Tensor others = motions.clone();
    others.narrow(1, 3, 6).add_(1);
    for (const int channels : {3, 9}) {
        shape.channels = channels;
        torch::manual_seed(1);
        StaGcnNetwork network(*msr_layout(), shape);
        network.eval();
        const bool same = torch::equal(network.forward(motions).logits, network.forward(others).logits);
        DOCTEST_CHECK(same == (channels == 3));
    }
}

DOCTEST_TEST_CASE("every parameter of the attentive ST-GCN learns from its logits") {
    for (const StaAttention attention : {StaAttention::off, StaAttention::convolution, StaAttention::graph}) {
        torch::manual_seed(2);
        StaGcnNetwork network(*msr_layout(), shape_with(attention));
        const Tensor logits = network.forward(torch::randn({4, 9, 12, 20})).logits;
        torch::cross_entropy_loss(logits, torch::arange(4)).backward();
        for (const auto& parameter : network.named_parameters()) {
            DOCTEST_INFO(parameter.key());
            DOCTEST_REQUIRE(parameter.value().grad().defined());
            DOCTEST_CHECK(torch::isfinite(parameter.value().grad()).all().item<bool>());
            DOCTEST_CHECK(parameter.value().grad().abs().max().item<double>() > 1e-7);
        }
    }
}

DOCTEST_TEST_CASE("what the attentive ST-GCN says of a motion does not depend on its company") {
    torch::manual_seed(4);
    StaGcnNetwork network(*msr_layout(), shape_with(StaAttention::convolution));
    const Tensor motions = torch::randn({4, 9, 20, 20});
    network.forward(3 * motions + 1);
    network.eval();
    const ClipOutput together = network.forward(motions);
    for (int sample = 0; sample < 4; ++sample) {
        const ClipOutput alone = network.forward(motions.narrow(0, sample, 1));
        DOCTEST_CHECK(torch::allclose(alone.logits[0], together.logits[sample], 1e-4, 1e-5));
        DOCTEST_CHECK(torch::allclose(alone.embedding[0], together.embedding[sample], 1e-4, 1e-5));
    }
}

DOCTEST_TEST_CASE("joints may be numbered in any way where attention does not follow their order") {
    const std::vector<std::int64_t> to{7, 3, 12, 0, 5, 16, 9, 1, 14, 17, 2, 11, 6, 15, 4, 10, 13, 8};
    for (const StaAttention attention : {StaAttention::off, StaAttention::graph})
        DOCTEST_CHECK(is_the_same_renumbered(openpose_layout(), to, attention));
}

DOCTEST_TEST_CASE("attention along the joints follows the limbs and not the numbers of the joints") {
    const schemas::SkeletonLayout layout = limb({0, 1, 2, 3, 4});
    DOCTEST_CHECK(is_the_same_renumbered(layout, {3, 0, 4, 1, 2}, StaAttention::convolution));
}

DOCTEST_TEST_CASE("joints in kinematic order go down one limb before the next") {
    const std::vector<std::int64_t> expected{1, 0, 14, 16, 15, 17, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
    DOCTEST_CHECK(joints_depth_first(openpose_layout()) == expected);
}

DOCTEST_TEST_CASE("attention over time sees the same joint one frame before and after, and no other joint") {
    torch::manual_seed(5);
    TemporalAttention attention(4);
    const Tensor change = change_of_weights(attention, 3, 2);
    DOCTEST_CHECK(torch::equal(change > 1e-6, marks({{2, 2}, {3, 2}, {4, 2}})));
}

DOCTEST_TEST_CASE("attention over joints sees the joints before and after in the same frame, and no other frame") {
    torch::manual_seed(6);
    SpatialAttention attention(4);
    const Tensor change = change_of_weights(attention, 3, 2);
    DOCTEST_CHECK(torch::equal(change > 1e-6, marks({{3, 1}, {3, 2}, {3, 3}})));
}

DOCTEST_TEST_CASE("attention over the graph sees the joints that a part of the graph connects") {
    torch::manual_seed(7);
    Tensor graph = torch::zeros({6, 3, 6});
    graph[2][0][2] = graph[2][1][5] = graph[2][2][0] = 1;
    SpatialAttention attention(4, graph.flatten(1));
    const Tensor change = change_of_weights(attention, 3, 2);
    DOCTEST_CHECK(torch::equal(change > 1e-6, marks({{3, 0}, {3, 2}, {3, 5}})));
}

DOCTEST_TEST_CASE("weights of attention lie between 0 and 1, one a frame and joint") {
    torch::manual_seed(8);
    TemporalAttention attention(4);
    const Tensor weights = attention.forward(3 * torch::randn({2, 4, 7, 6}));
    DOCTEST_CHECK(weights.sizes().vec() == Sizes{2, 1, 7, 6});
    DOCTEST_CHECK((weights > 0).logical_and(weights < 1).all().item<bool>());
}

DOCTEST_TEST_CASE("the same seed makes the same attentive ST-GCN") {
    const auto logits = [](std::uint64_t seed) {
        torch::manual_seed(seed);
        StaGcnNetwork network(*msr_layout(), shape_with(StaAttention::convolution));
        return network.forward(torch::ones({2, 9, 8, 20}).cumsum(2)).logits;
    };
    DOCTEST_CHECK(torch::equal(logits(1), logits(1)));
    DOCTEST_CHECK(!torch::equal(logits(1), logits(2)));
}

DOCTEST_TEST_CASE("attention over time and over joints is the convolution that it stands for") {
    torch::manual_seed(3);
    const torch::NoGradGuard guard;
    TemporalAttention over_time(5);
    SpatialAttention over_joints(5);
    over_time.eval();
    over_joints.eval();
    const Tensor features = torch::randn({2, 5, 7, 6});
    // A fresh normalisation divides by the root of 1 + 1e-5.
    const auto expected = [&](const torch::nn::Module& attention, std::vector<std::int64_t> padding) {
        const Tensor weight = attention.named_parameters()["convolution.weight"];
        return torch::sigmoid(torch::conv2d(features, weight, {}, 1, padding) / std::sqrt(1 + 1e-5));
    };
    DOCTEST_CHECK(torch::allclose(over_time.forward(features), expected(over_time, {1, 0}), 1e-5, 1e-6));
    DOCTEST_CHECK(torch::allclose(over_joints.forward(features), expected(over_joints, {0, 1}), 1e-5, 1e-6));
}
