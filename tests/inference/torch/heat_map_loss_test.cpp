#include "inference/torch/heat_map_loss.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "inference/losses.h"

using namespace inference;
using doctest::Approx;

namespace {

// One sample and one frame with joints at these places.
KeyPoints joints_at(const std::vector<float>& places) {
    const auto joints = static_cast<std::int64_t>(places.size() / 3);
    return {torch::tensor(places).view({1, 1, joints, 3}), torch::ones({1, 1, joints}, torch::kBool)};
}

KeyPoints drawn_key_points(std::int64_t samples, std::int64_t frames, std::int64_t joints) {
    return {torch::rand({samples, frames, joints, 3}) * 2 - 1, torch::ones({samples, frames, joints}, torch::kBool)};
}

double value(const torch::Tensor& scalar) { return scalar.item<double>(); }

std::vector<float> floats(const torch::Tensor& tensor) {
    const torch::Tensor whole = tensor.contiguous();
    return {whole.data_ptr<float>(), whole.data_ptr<float>() + whole.numel()};
}

std::vector<std::int64_t> places_of(const torch::Tensor& chosen) {
    const torch::Tensor found = chosen.nonzero().flatten().contiguous();
    return {found.data_ptr<std::int64_t>(), found.data_ptr<std::int64_t>() + found.numel()};
}

torch::Tensor pixels_at(const std::vector<std::int64_t>& places, std::int64_t size) {
    return torch::zeros({size}, torch::kBool).index_fill_(0, torch::tensor(places), true);
}

}  // namespace

DOCTEST_TEST_CASE("each cell of a heat-map is shared out completely between joints and background") {
    torch::manual_seed(1);
    const torch::Tensor targets = heat_map_targets(drawn_key_points(2, 3, 20));
    DOCTEST_CHECK(targets.sizes() == torch::IntArrayRef({2, 3, 21, 8, 8}));
    DOCTEST_CHECK(value(targets.min()) >= 0);
    DOCTEST_CHECK(torch::allclose(targets.sum(2), torch::ones({2, 3, 8, 8})));
}

DOCTEST_TEST_CASE("a joint's heat-map is highest in the cell where the joint is") {
    // Row 1 is the second from above, column 6 the last but one.
    const torch::Tensor maps = heat_map_targets(joints_at({0.6F, -0.65F, 0, -0.9F, 0.9F, 0}))[0][0];
    DOCTEST_CHECK(maps[0].argmax().item<std::int64_t>() == 1 * 8 + 6);
    DOCTEST_CHECK(maps[1].argmax().item<std::int64_t>() == 7 * 8 + 0);
    DOCTEST_CHECK(value(maps[2][1][6]) < 0.5);
    DOCTEST_CHECK(value(maps[2][4][3]) == 1);
}

DOCTEST_TEST_CASE("a joint in the middle of a cell has the whole cell, and a Gaussian around it") {
    const torch::Tensor map = heat_map_targets(joints_at({0.125F, 0.125F, 0}), 8, 0.75)[0][0][0];
    DOCTEST_CHECK(value(map[4][4]) == Approx(1));
    DOCTEST_CHECK(value(map[4][5]) == Approx(std::exp(-1 / (2 * 0.75 * 0.75))));
    DOCTEST_CHECK(value(map[3][5]) == Approx(std::exp(-2 / (2 * 0.75 * 0.75))));
    DOCTEST_CHECK(value(map[4][7]) == 0);  // four deviations away
}

DOCTEST_TEST_CASE("joints in one place share it") {
    const torch::Tensor maps = heat_map_targets(joints_at({0.125F, 0.125F, 0, 0.125F, 0.125F, 1}))[0][0];
    DOCTEST_CHECK(value(maps[0][4][4]) == Approx(0.5));
    DOCTEST_CHECK(value(maps[1][4][4]) == Approx(0.5));
    DOCTEST_CHECK(value(maps[2][4][4]) == Approx(0));
    DOCTEST_CHECK(maps[0].argmax().item<std::int64_t>() == 4 * 8 + 4);
}

DOCTEST_TEST_CASE("a joint that is not visible has no heat-map, wherever it is said to be") {
    KeyPoints truth = joints_at({0, 0, 0, 0.5F, 0.5F, 0});
    truth.visible[0][0][1] = false;
    truth.places[0][0][1].fill_(std::nanf(""));
    const torch::Tensor maps = heat_map_targets(truth)[0][0];
    DOCTEST_CHECK(value(maps[1].abs().sum()) == 0);
    DOCTEST_CHECK(torch::allclose(maps.sum(0), torch::ones({8, 8})));
}

DOCTEST_TEST_CASE("of pixels the hardest quarter is kept") {
    const torch::Tensor losses = torch::tensor({0.1F, 0.9F, 0.3F, 0.2F, 0.8F, 0.4F, 0.5F, 0.6F});
    const torch::Tensor kept = hardest_pixels(losses, pixels_at({}, 8));
    DOCTEST_CHECK(places_of(kept) == std::vector<std::int64_t>{1, 4});
}

DOCTEST_TEST_CASE("each positive pixel that is kept has three negative ones beside it, the hardest first") {
    const torch::Tensor losses = torch::tensor({0.1F, 0.9F, 0.3F, 0.2F, 0.8F, 0.4F, 0.5F, 0.6F});
    const torch::Tensor kept = hardest_pixels(losses, pixels_at({1, 7}, 8));
    // The quarter is 1 and 4; 7 is a positive one that is not hard enough.
    DOCTEST_CHECK(places_of(kept) == std::vector<std::int64_t>{1, 4, 5, 6});
}

DOCTEST_TEST_CASE("where negative pixels are too few all of them are kept, and no hard positive one is lost") {
    const torch::Tensor losses = torch::tensor({0.9F, 0.8F, 0.1F, 0.2F});
    const torch::Tensor kept =
        hardest_pixels(losses, pixels_at({0, 1, 2}, 4), {.keep = 0.5, .negatives_per_positive = 3});
    DOCTEST_CHECK(places_of(kept) == std::vector<std::int64_t>{0, 1, 3});
}

DOCTEST_TEST_CASE("mining holds its promises on pixels drawn at random") {
    torch::manual_seed(2);
    for (int round = 0; round < 20; ++round) {
        const torch::Tensor losses = torch::rand({200});
        const torch::Tensor positive =
            torch::rand({200}) < 0.4;  // so that the hardest quarter has too few negative ones
        const torch::Tensor kept = hardest_pixels(losses, positive);
        const double positives = value(kept.logical_and(positive).sum());
        const double negatives = value(kept.logical_and(positive.logical_not()).sum());
        DOCTEST_CHECK(positives + negatives >= 50);
        DOCTEST_CHECK(negatives >= 3 * positives);
        const torch::Tensor hardest = std::get<1>(losses.topk(50));
        DOCTEST_CHECK(kept.index_select(0, hardest).all().item<bool>());
    }
}

DOCTEST_TEST_CASE("the loss of heat-maps is Dice and cross-entropy as computed without LibTorch") {
    torch::manual_seed(3);
    const KeyPoints truth = drawn_key_points(2, 2, 4);
    const torch::Tensor logits = torch::randn({2, 2, 5, 8, 8}).requires_grad_();
    HeatMapLossOptions options;
    options.mining.keep = 1;
    const torch::Tensor loss = heat_map_loss(logits, truth, options);
    loss.backward();
    const auto pixels = [](const torch::Tensor& maps) {
        return floats(maps.flatten(0, 1).permute({0, 2, 3, 1}).flatten(0, 2));
    };
    constexpr std::size_t rows = 2 * 2 * 64;
    std::vector<std::size_t> all(rows);
    std::iota(all.begin(), all.end(), std::size_t{0});
    const BatchLoss reference =
        dice_cross_entropy(pixels(logits.detach()), pixels(heat_map_targets(truth)), 5, std::vector<float>(rows, 1.0F),
                           all, {.dice = 3, .cross_entropy = 1, .label_smoothing = 0});
    DOCTEST_CHECK(value(loss) == Approx(reference.total).epsilon(1e-4));
    DOCTEST_CHECK(torch::allclose(torch::tensor(pixels(logits.grad())), torch::tensor(reference.gradient), 1e-3, 1e-6));
}

DOCTEST_TEST_CASE("pixels that are not kept are not learnt from") {
    torch::manual_seed(4);
    const torch::Tensor logits = torch::randn({2, 2, 4, 8, 8}).requires_grad_();
    heat_map_loss(logits, drawn_key_points(2, 2, 3)).backward();
    const double learnt = value(logits.grad().abs().sum(2).gt(0).sum()) / (2 * 2 * 64);
    DOCTEST_CHECK(learnt >= 0.25);
    DOCTEST_CHECK(learnt < 0.9);
}

DOCTEST_TEST_CASE(
    "the loss of key-points is quadratic up to 0.02 and linear beyond, and its mean is over coordinates") {
    const KeyPoints truth = joints_at({0, 0, 0, 0, 0, 0});
    const torch::Tensor predicted = torch::zeros({1, 1, 2, 3});
    predicted[0][0][0][0] = 0.01;
    DOCTEST_CHECK(value(key_point_loss(predicted, truth)) == Approx(0.5 * 0.01 * 0.01 / 0.02 / 6));
    predicted[0][0][0][0] = -0.5;
    DOCTEST_CHECK(value(key_point_loss(predicted, truth)) == Approx((0.5 - 0.01) / 6));
}

DOCTEST_TEST_CASE("the loss of key-points is over visible joints alone") {
    KeyPoints truth = joints_at({0, 0, 0, 0, 0, 0});
    truth.visible[0][0][1] = false;
    truth.places[0][0][1].fill_(std::nanf(""));
    DOCTEST_CHECK(value(key_point_loss(torch::full({1, 1, 2, 3}, 0.5), truth)) == Approx(0.49));
}

DOCTEST_TEST_CASE("bones that keep their lengths cost nothing, wherever they point") {
    // A bone of 0.5 m, at first across and then towards the camera; x measures 1 m a unit, z 0.5 m.
    const torch::Tensor places = torch::tensor({0.0F, 0.0F, 0.0F, 0.5F, 0.0F, 0.0F,  //
                                                0.1F, 0.0F, 0.0F, 0.1F, 0.0F, 1.0F})
                                     .view({1, 2, 2, 3});
    const torch::Tensor labelled = torch::ones({1, 2}, torch::kBool);
    const torch::Tensor units = torch::tensor({1.0F, 1.0F, 0.5F}).view({1, 3});
    DOCTEST_CHECK(value(bone_length_variance(places, labelled, {-1, 0}, units)) == Approx(0).epsilon(1e-6));
    // By the numbers alone it would be 0.5 and 1 long.
    DOCTEST_CHECK(value(bone_length_variance(places, labelled, {-1, 0}, torch::ones({1, 3}))) == Approx(0.0625));
}

DOCTEST_TEST_CASE("frames without labels do not count for the lengths of bones, nor do samples without any") {
    torch::Tensor places = torch::zeros({2, 3, 2, 3});
    const std::vector<float> lengths{1, 2, 70};
    for (std::int64_t frame = 0; frame < 3; ++frame) places[0][frame][1][0] = lengths[static_cast<std::size_t>(frame)];
    places[1].copy_(torch::randn({3, 2, 3}));
    torch::Tensor labelled = torch::zeros({2, 3}, torch::kBool);
    labelled[0][0] = true;
    labelled[0][1] = true;
    DOCTEST_CHECK(value(bone_length_variance(places, labelled, {-1, 0}, torch::ones({2, 3}))) == Approx(0.25));
}

DOCTEST_TEST_CASE("the loss of a pose is 1 of key-points, a half of heat-maps and a tenth of bones") {
    torch::manual_seed(5);
    const PoseLoss loss = pose_loss(torch::randn({2, 3, 4, 3}), torch::randn({2, 3, 5, 8, 8}),
                                    drawn_key_points(2, 3, 4), {-1, 0, 1, 0}, torch::ones({2, 3}));
    DOCTEST_CHECK(value(loss.key_points) > 0);
    DOCTEST_CHECK(value(loss.heat_maps) > 0);
    DOCTEST_CHECK(value(loss.bones) > 0);
    DOCTEST_CHECK(value(loss.total) ==
                  Approx(value(loss.key_points) + 0.5 * value(loss.heat_maps) + 0.1 * value(loss.bones)));
}

DOCTEST_TEST_CASE("frames without labels teach nothing of a pose") {
    torch::manual_seed(6);
    const torch::Tensor key_points = torch::randn({2, 3, 4, 3}).requires_grad_();
    const torch::Tensor heat_maps = torch::randn({2, 3, 5, 8, 8}).requires_grad_();
    KeyPoints truth = drawn_key_points(2, 3, 4);
    truth.visible[0].fill_(false);
    truth.visible[1][2].fill_(false);
    const auto loss = [&](const torch::Tensor& said, const torch::Tensor& shown) {
        return pose_loss(said, shown, truth, {-1, 0, 1, 0}, torch::ones({2, 3})).total;
    };
    loss(key_points, heat_maps).backward();
    for (const torch::Tensor& gradient : {key_points.grad(), heat_maps.grad()}) {
        DOCTEST_CHECK(value(gradient[0].abs().sum()) == 0);
        DOCTEST_CHECK(value(gradient[1][2].abs().sum()) == 0);
        DOCTEST_CHECK(value(gradient[1][0].abs().sum()) > 0);
    }
    const double alone = value(loss(key_points, heat_maps));
    torch::Tensor other = heat_maps.detach().clone();
    other[0].fill_(3);
    DOCTEST_CHECK(value(loss(key_points, other)) == Approx(alone));
}

DOCTEST_TEST_CASE("where no frame has labels the loss of a pose is 0, and so are its slopes") {
    torch::manual_seed(7);
    const torch::Tensor key_points = torch::zeros({1, 1, 4, 3}).requires_grad_();
    const torch::Tensor heat_maps = torch::randn({1, 1, 5, 8, 8}).requires_grad_();
    KeyPoints truth = drawn_key_points(1, 1, 4);
    truth.visible.fill_(false);
    const torch::Tensor loss = pose_loss(key_points, heat_maps, truth, {-1, 0, 1, 0}, torch::ones({1, 3})).total;
    DOCTEST_CHECK(value(loss) == 0);
    loss.backward();
    DOCTEST_CHECK(value(key_points.grad().abs().sum()) == 0);
    DOCTEST_CHECK(value(heat_maps.grad().abs().sum()) == 0);
}
