#include "inference/torch/segment_losses.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "inference/losses.h"

using namespace inference;

namespace {

torch::Tensor all_of(std::int64_t samples, std::int64_t frames) { return torch::ones({samples, frames}, torch::kBool); }

// 1 x frames
torch::Tensor labels(const std::vector<std::int64_t>& units) { return torch::tensor(units).unsqueeze(0); }

constexpr UnitLossOptions frames_only{.smoothing = 0};

// Frames of the first sample that the loss pulls at.
std::vector<std::int64_t> pulled_at(const torch::Tensor& logits, const torch::Tensor& units, const torch::Tensor& mask,
                                    const UnitLossOptions& options) {
    const torch::Tensor leaf = logits.clone().requires_grad_();
    unit_loss(leaf, units, mask, options).backward();
    std::vector<std::int64_t> frames;
    for (std::int64_t frame = 0; frame < logits.size(2); ++frame)
        if (leaf.grad()[0].select(1, frame).abs().max().item<double>() > 1e-9) frames.push_back(frame);
    return frames;
}

// 1 x 2 x frames
BoundaryTargets batch_of_one(const BoundaryTargets& targets) {
    return {targets.peaks.unsqueeze(0), targets.offsets.unsqueeze(0)};
}

BoundaryTargets start_at_ten_end_at_twenty(double deviation = 2) {
    const std::vector<double> starts{10};
    const std::vector<double> ends{20};
    return batch_of_one(boundary_targets(starts, ends, 30, deviation));
}

}  // namespace

DOCTEST_TEST_CASE("the loss of frames is that of samples in inference/losses.h") {
    torch::manual_seed(1);
    const torch::Tensor logits = torch::randn({2, 4, 5});
    const torch::Tensor units = torch::randint(0, 4, {2, 5}, torch::kLong);
    const torch::Tensor rows = logits.transpose(1, 2).reshape({10, 4}).contiguous();
    const torch::Tensor targets = torch::one_hot(units.reshape({10}), 4).to(torch::kFloat).contiguous();
    const std::vector<float> weights(10, 1.0F);
    const std::vector<std::size_t> kept{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    const BatchLoss expected =
        dice_cross_entropy({rows.data_ptr<float>(), 40}, {targets.data_ptr<float>(), 40}, 4, weights, kept);
    DOCTEST_CHECK(unit_loss(logits, units, all_of(2, 5), frames_only).item<double>() ==
                  doctest::Approx(expected.total).epsilon(1e-4));
}

DOCTEST_TEST_CASE("frames without a label teach nothing") {
    torch::manual_seed(2);
    const torch::Tensor mask = torch::tensor({true, true, false, true, false}).unsqueeze(0);
    const torch::Tensor units = labels({0, 1, -1, 2, 77});
    DOCTEST_CHECK(pulled_at(torch::randn({1, 3, 5}), units, mask, frames_only) == std::vector<std::int64_t>{0, 1, 3});
    const torch::Tensor none = torch::zeros({1, 5}, torch::kBool);
    DOCTEST_CHECK(pulled_at(torch::randn({1, 3, 5}), units, none, {}).empty());
    DOCTEST_CHECK(unit_loss(torch::randn({1, 3, 5}), units, none).item<double>() == 0);
}

DOCTEST_TEST_CASE("OHEM learns from the hardest frames and from at least one of every unit") {
    // Unit 0 is known ever better; unit 1, of one frame, is known best of all.
    const torch::Tensor units = labels({0, 0, 0, 0, 1});
    torch::Tensor logits = torch::zeros({1, 2, 5});
    for (std::int64_t frame = 0; frame < 4; ++frame) logits[0][0][frame] = frame;
    logits[0][1][4] = 5;
    UnitLossOptions options = frames_only;
    options.keep = 0.3;
    options.label_smoothing = 0;
    DOCTEST_CHECK(pulled_at(logits, units, all_of(1, 5), options) == std::vector<std::int64_t>{0, 1, 4});
    options.keep = 1;
    DOCTEST_CHECK(pulled_at(logits, units, all_of(1, 5), options).size() == 5);
}

DOCTEST_TEST_CASE("OHEM takes its share of the labelled frames only") {
    const torch::Tensor mask = torch::tensor({true, true, false, false, false, false}).unsqueeze(0);
    UnitLossOptions options = frames_only;
    options.keep = 0.5;
    torch::Tensor logits = torch::zeros({1, 2, 6});
    logits[0][0][0] = 1;
    DOCTEST_CHECK(pulled_at(logits, labels({0, 0, 0, 0, 0, 0}), mask, options).size() == 1);
    DOCTEST_CHECK(unit_loss(logits, labels({0, 0, 0, 0, 0, 0}), torch::zeros_like(mask), options).item<double>() == 0);
}

DOCTEST_TEST_CASE("smoothing costs what changes, and no jump more than tau squared") {
    torch::Tensor restless = torch::zeros({1, 2, 6});
    restless[0][0].slice(0, 0, 6, 2) = 1000;
    restless[0][1].slice(0, 1, 6, 2) = 1000;
    const torch::Tensor units = labels({0, 1, 0, 1, 0, 1});
    const auto smoothing = [&](const torch::Tensor& logits) {
        return (unit_loss(logits, units, all_of(1, 6)) - unit_loss(logits, units, all_of(1, 6), frames_only))
            .item<double>();
    };
    DOCTEST_CHECK(smoothing(restless) == doctest::Approx(0.15 * 16));
    DOCTEST_CHECK(smoothing(torch::randn({1, 2, 1}).expand({1, 2, 6})) == doctest::Approx(0));
}

DOCTEST_TEST_CASE("a single frame can be learnt from") {
    DOCTEST_CHECK(unit_loss(torch::zeros({1, 2, 1}), labels({1}), all_of(1, 1)).item<double>() > 0);
}

DOCTEST_TEST_CASE("boundary targets are Gaussian around starts and ends, each in its channel") {
    const torch::Tensor peaks = start_at_ten_end_at_twenty().peaks[0];
    DOCTEST_CHECK(peaks[0][10].item<double>() == 1);
    DOCTEST_CHECK(peaks[0][8].item<double>() == doctest::Approx(std::exp(-0.5)));
    DOCTEST_CHECK(peaks[0][12].item<double>() == doctest::Approx(std::exp(-0.5)));
    DOCTEST_CHECK(peaks[1][20].item<double>() == 1);
    DOCTEST_CHECK(peaks[1][10].item<double>() < 1e-5);
}

DOCTEST_TEST_CASE("between two boundaries the nearer one counts") {
    const std::vector<double> starts{4, 9.5};
    const BoundaryTargets targets = boundary_targets(starts, {}, 12);
    DOCTEST_CHECK(targets.offsets[0][6].item<double>() == -2);
    DOCTEST_CHECK(targets.offsets[0][8].item<double>() == 1.5);
    DOCTEST_CHECK(targets.peaks[0][8].item<double>() == doctest::Approx(std::exp(-1.5 * 1.5 / 8)));
    DOCTEST_CHECK(targets.peaks[0].max().item<double>() <= 1);
    DOCTEST_CHECK(targets.peaks[1].abs().sum().item<double>() == 0);
    DOCTEST_CHECK(targets.offsets[1].abs().sum().item<double>() == 0);
}

DOCTEST_TEST_CASE("literal targets are ones and zeros") {
    const torch::Tensor peaks = start_at_ten_end_at_twenty(0).peaks[0];
    DOCTEST_CHECK(peaks.sum().item<double>() == 2);
    DOCTEST_CHECK(peaks[0][10].item<double>() == 1);
    const std::vector<double> outside{-3, 40};
    DOCTEST_CHECK(boundary_targets(outside, {}, 30, 0).peaks.sum().item<double>() == 0);
}

DOCTEST_TEST_CASE("the boundary loss is least where the probabilities are the targets") {
    const torch::Tensor peaks = start_at_ten_end_at_twenty().peaks;
    const auto loss = [&](const torch::Tensor& p) {
        return boundary_loss(torch::logit(p, 1e-6), peaks, all_of(1, 30)).item<double>();
    };
    DOCTEST_CHECK(loss(peaks) < 1e-6);
    DOCTEST_CHECK(loss(peaks * 0.9) > 1e-3);
    DOCTEST_CHECK(loss((peaks + 0.1).clamp_max(1)) > 1e-3);
}

DOCTEST_TEST_CASE("a boundary that is missed costs ten times one that is not there") {
    const torch::Tensor peaks = start_at_ten_end_at_twenty(0).peaks;
    torch::Tensor missed = peaks.clone();
    missed[0][0][10] = 0;
    torch::Tensor invented = peaks.clone();
    invented[0][0][15] = 1;
    const auto loss = [&](const torch::Tensor& p) {
        return boundary_loss(torch::logit(p, 1e-6), peaks, all_of(1, 30)).item<double>();
    };
    DOCTEST_CHECK(loss(missed) == doctest::Approx(10 * loss(invented)).epsilon(1e-3));
    // 10 x (1 - beta / 2) over 2 x 30 frames
    DOCTEST_CHECK(loss(missed) == doctest::Approx(10 * 0.95 / 60).epsilon(1e-3));
}

DOCTEST_TEST_CASE("frames without a label have no boundary loss") {
    const torch::Tensor peaks = start_at_ten_end_at_twenty().peaks;
    torch::Tensor mask = all_of(1, 30);
    mask[0][10] = false;
    const torch::Tensor logits = torch::logit(peaks, 1e-6);
    torch::Tensor wrong = logits.clone();
    wrong[0][0][10] = -20;
    DOCTEST_CHECK(boundary_loss(wrong, peaks, mask).item<double>() ==
                  doctest::Approx(boundary_loss(logits, peaks, mask).item<double>()));
    const torch::Tensor none = torch::zeros({1, 30}, torch::kBool);
    DOCTEST_CHECK(boundary_loss(wrong, peaks, none).item<double>() == 0);
    DOCTEST_CHECK(offset_loss(wrong, start_at_ten_end_at_twenty(), none).item<double>() == 0);
}

DOCTEST_TEST_CASE("the literal head says probabilities, and what left their range is pulled back") {
    const torch::Tensor peaks = start_at_ten_end_at_twenty(0).peaks;
    const torch::Tensor said = (peaks * 3).requires_grad_();
    const torch::Tensor loss = boundary_loss(said, peaks, all_of(1, 30), literal_boundary_options());
    DOCTEST_CHECK(loss.item<double>() == doctest::Approx(2 * 1.5 / 60));  // |3 - 1| - 1/2 in two of 60 frames
    loss.backward();
    DOCTEST_CHECK(said.grad()[0][0][10].item<double>() > 0);
    DOCTEST_CHECK(boundary_probabilities(said, BoundaryReading::literal).max().item<double>() == 1);
    DOCTEST_CHECK(boundary_probabilities(torch::zeros({1}), BoundaryReading::logits).item<double>() == 0.5);
}

DOCTEST_TEST_CASE("offsets are learnt near boundaries only") {
    const BoundaryTargets targets = start_at_ten_end_at_twenty();
    const torch::Tensor mask = all_of(1, 30);
    DOCTEST_CHECK(offset_loss(targets.offsets, targets, mask).item<double>() == 0);
    torch::Tensor near = targets.offsets.clone();
    near[0][0][9] += 2;
    torch::Tensor far = targets.offsets.clone();
    far[0][0][29] += 2;
    DOCTEST_CHECK(offset_loss(near, targets, mask).item<double>() > 0.05);
    DOCTEST_CHECK(offset_loss(far, targets, mask).item<double>() < 1e-6);
}
