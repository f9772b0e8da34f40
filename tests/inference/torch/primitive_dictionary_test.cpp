#include "inference/torch/primitive_dictionary.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace inference;

namespace {

double furthest(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

torch::Tensor whole_numbers(const std::vector<std::int64_t>& values) {
    return torch::tensor(values, torch::kLong).unsqueeze(0);
}

// One sample whose two key times take primitive 3 and primitive 29 of 32.
torch::Tensor third_then_last() {
    torch::Tensor assignment = torch::zeros({1, 2, 32});
    assignment[0][0][3] = 1;
    assignment[0][1][29] = 1;
    return assignment;
}

}  // namespace

DOCTEST_TEST_CASE("key times are the highest scores, in the order of time") {
    const torch::Tensor scores = torch::tensor({0.1F, 5.0F, 0.2F, 3.0F, 9.0F}).unsqueeze(0);
    DOCTEST_CHECK(torch::equal(key_times(scores, 3), whole_numbers({1, 3, 4})));
}

DOCTEST_TEST_CASE("a clip of fewer frames than key times takes each frame once") {
    DOCTEST_CHECK(
        torch::equal(key_times(torch::tensor({2.0F, 3.0F, 1.0F}).unsqueeze(0), 16), whole_numbers({0, 1, 2})));
}

DOCTEST_TEST_CASE("a window is the mean of its frames by their attention and ends with the clip") {
    const torch::Tensor features = torch::arange(7, torch::kFloat).view({1, 1, 7});
    const torch::Tensor times = whole_numbers({0, 4});
    const torch::Tensor alike = window_means(features, torch::zeros({1, 7}), times, 2);
    DOCTEST_CHECK(alike[0][0][0].item<float>() == doctest::Approx(1));  // of 0 1 2
    DOCTEST_CHECK(alike[0][1][0].item<float>() == doctest::Approx(4));  // of 2 … 6
    const torch::Tensor scores = torch::tensor({0.0F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, 50.0F}).unsqueeze(0);
    DOCTEST_CHECK(window_means(features, scores, times, 2)[0][1][0].item<float>() == doctest::Approx(6));
}

DOCTEST_TEST_CASE("scores far apart leave a window as it is without them") {
    const torch::Tensor features = torch::arange(20, torch::kFloat).view({1, 1, 20});
    torch::Tensor scores = torch::zeros({1, 20});
    scores[0][19] = 200;  // a softmax over all frames would be 0 everywhere else
    const torch::Tensor mean = window_means(features, scores, whole_numbers({5}), 2);
    DOCTEST_CHECK(mean.item<float>() == doctest::Approx(5));
}

DOCTEST_TEST_CASE("values between key times are interpolated and outside of them held") {
    const torch::Tensor values = torch::tensor({10.0F, 20.0F, 0.0F}).view({1, 1, 3});
    const torch::Tensor line = interpolated(values, whole_numbers({2, 4, 5}), 8);
    const torch::Tensor expected = torch::tensor({10.0F, 10.0F, 10.0F, 15.0F, 20.0F, 0.0F, 0.0F, 0.0F});
    DOCTEST_CHECK(furthest(line.flatten(), expected) < 1e-5);
    DOCTEST_CHECK(furthest(interpolated(values.narrow(2, 1, 1), whole_numbers({3}), 5), torch::tensor(20.0F)) < 1e-6);
}

DOCTEST_TEST_CASE("register A1: between two primitives the soft rows name no third one, interpolated numbers do") {
    const torch::Tensor times = whole_numbers({0, 8});
    const torch::Tensor rows = interpolated(third_then_last().transpose(1, 2), times, 9);  // 1 x 32 x 9
    DOCTEST_CHECK(furthest(rows.sum(1), torch::ones({1, 9})) < 1e-6);
    DOCTEST_CHECK(furthest(rows[0][3] + rows[0][29], torch::ones({9})) < 1e-6);
    DOCTEST_CHECK(rows[0][3][4].item<float>() == doctest::Approx(0.5));
    const torch::Tensor numbers = third_then_last().argmax(2).unsqueeze(1).to(torch::kFloat);
    DOCTEST_CHECK(interpolated(numbers, times, 9)[0][0][4].item<float>() == doctest::Approx(16));
}

DOCTEST_TEST_CASE("register A2: without a temperature even the best possible primitive weighs less than 0.2") {
    const torch::Tensor segment = torch::randn({1, 1, 24});
    torch::Tensor primitives = -segment[0].expand({32, 24}).clone();  // as unlike as can be …
    primitives[5] = segment[0][0];                                    // … but for one
    const auto largest = [&](double temperature) {
        return soft_assignment(segment, primitives, torch::full({1}, temperature)).max().item<double>();
    };
    DOCTEST_CHECK(largest(1) < 0.2);
    DOCTEST_CHECK(largest(PrimitiveDictionary::warmest) > 0.5);
}

DOCTEST_TEST_CASE("with the temperature that learning begins with, a segment that is a primitive is known for it") {
    torch::manual_seed(1);
    const torch::Tensor primitives = torch::randn({32, 128});
    const torch::Tensor rows = soft_assignment(primitives.unsqueeze(0), primitives, torch::full({1}, 0.1));
    DOCTEST_CHECK(rows[0].diag().min().item<double>() > 0.5);
    DOCTEST_CHECK(soft_assignment(primitives.unsqueeze(0), primitives, torch::ones({1})).max().item<double>() < 0.2);
}

DOCTEST_TEST_CASE("both sides of the reconstruction learn, the segments a quarter as fast") {
    torch::Tensor segments = torch::zeros({1, 2, 4}).requires_grad_();
    torch::Tensor rebuilt = torch::ones({1, 2, 4}).requires_grad_();
    const torch::Tensor loss = reconstruction_loss(segments, rebuilt);
    DOCTEST_CHECK(loss.item<double>() == doctest::Approx(1.25));
    loss.backward();
    DOCTEST_CHECK(furthest(segments.grad() * -4, rebuilt.grad()) < 1e-6);
}

DOCTEST_TEST_CASE("usage is best where segments take one primitive each and all are taken alike") {
    const double best = usage_loss(torch::eye(4).unsqueeze(0)).item<double>();
    DOCTEST_CHECK(best == doctest::Approx(-std::log(4.0)));
    DOCTEST_CHECK(usage_loss(torch::full({1, 4, 4}, 0.25)).item<double>() == doctest::Approx(0));
    DOCTEST_CHECK(usage_loss(torch::eye(4)[0].expand({1, 4, 4})).item<double>() == doctest::Approx(0));
}

DOCTEST_TEST_CASE("register A3: a longer dictionary is the same dictionary") {
    torch::manual_seed(2);
    PrimitiveDictionary dictionary(24, 32, 4);
    const torch::Tensor features = torch::randn({2, 24, 10});
    const torch::NoGradGuard guard;
    const KeySegments before = dictionary.forward(features);
    dictionary.named_parameters()["primitives"] *= 48;
    const KeySegments after = dictionary.forward(features);
    DOCTEST_CHECK(furthest(before.assignment, after.assignment) < 1e-4);
    DOCTEST_CHECK(after.loss.item<double>() == doctest::Approx(before.loss.item<double>()).epsilon(1e-3));
}

DOCTEST_TEST_CASE("a temperature that left its range comes back and goes on learning") {
    torch::manual_seed(3);
    PrimitiveDictionary dictionary(24, 32, 4);
    torch::Tensor temperature = dictionary.named_parameters()["temperature"];
    for (const double strayed : {-1.0, 7.0}) {
        temperature.data().fill_(strayed);
        dictionary.forward(torch::randn({2, 24, 10})).loss.backward();
        DOCTEST_CHECK(temperature.item<float>() >= static_cast<float>(PrimitiveDictionary::coldest));
        DOCTEST_CHECK(temperature.item<float>() <= static_cast<float>(PrimitiveDictionary::warmest));
        DOCTEST_CHECK(temperature.grad().abs().item<float>() > 0);
        temperature.mutable_grad().zero_();
    }
}

DOCTEST_TEST_CASE("two passes can be differentiated together") {
    torch::manual_seed(4);
    PrimitiveDictionary dictionary(24, 32, 4);
    const torch::Tensor first = dictionary.forward(torch::randn({2, 24, 10})).loss;
    const torch::Tensor second = dictionary.forward(torch::randn({2, 24, 10})).loss;
    DOCTEST_CHECK_NOTHROW((first + second).backward());
}

DOCTEST_TEST_CASE("register A4: through the windows the attention learns from what is assigned") {
    torch::manual_seed(5);
    PrimitiveDictionary dictionary(24, 32, 4);
    dictionary.forward(torch::randn({2, 24, 10})).assignment.square().sum().backward();
    DOCTEST_CHECK(dictionary.named_parameters()["attention.weight"].grad().abs().max().item<double>() > 1e-6);
}

DOCTEST_TEST_CASE("features that never change have an assignment and a finite gradient") {
    torch::manual_seed(6);
    PrimitiveDictionary dictionary(24, 32, 4);
    torch::Tensor features = torch::zeros({1, 24, 10}).requires_grad_();
    const KeySegments key = dictionary.forward(features);
    key.loss.backward();
    DOCTEST_CHECK(furthest(key.assignment.sum(2), torch::ones({1, 4})) < 1e-5);
    DOCTEST_CHECK(torch::isfinite(features.grad()).all().item<bool>());
}
