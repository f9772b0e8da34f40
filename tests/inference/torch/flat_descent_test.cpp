#include "inference/torch/flat_descent.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace inference;

namespace {

constexpr std::int64_t matrix = 12, vector = 3;  // weights of the one and the other

// What LibTorch makes of the same weights and gradients, the first twelve of which are a matrix.
template <class Optimiser, class Options>
torch::Tensor by_libtorch(torch::Tensor weights, const std::vector<torch::Tensor>& gradients,
                          const LearningOptions& learning, Options options) {
    torch::Tensor first = weights.slice(0, 0, matrix).clone().requires_grad_(),
                  second = weights.slice(0, matrix).clone().requires_grad_();
    std::vector<torch::optim::OptimizerParamGroup> groups;
    groups.emplace_back(std::vector<torch::Tensor>{first},
                        std::make_unique<Options>(options.weight_decay(learning.decay)));
    groups.emplace_back(std::vector<torch::Tensor>{second}, std::make_unique<Options>(options.weight_decay(0)));
    Optimiser optimiser(groups, options);
    for (const torch::Tensor& gradient : gradients) {
        first.mutable_grad() = gradient.slice(0, 0, matrix).clone() + learning.l1 * first.detach().sign();
        second.mutable_grad() = gradient.slice(0, matrix).clone();
        torch::nn::utils::clip_grad_norm_({first, second}, learning.longest_gradient);
        optimiser.step();
    }
    return torch::cat({first, second}).detach();
}

torch::Tensor by_flat_descent(torch::Tensor weights, const std::vector<torch::Tensor>& gradients,
                              const LearningOptions& learning) {
    std::vector<float> decays(matrix, 1.0F);
    decays.resize(matrix + vector, 0.0F);
    FlatDescent descent(decays, learning);
    for (const torch::Tensor& gradient : gradients) descent.step(weights, gradient, learning.rate);
    return weights;
}

}  // namespace

DOCTEST_TEST_CASE("every descent steps as LibTorch's does, with L1, L2 and gradients that are cut") {
    torch::manual_seed(5);
    const torch::Tensor weights = torch::randn({matrix + vector});
    std::vector<torch::Tensor> gradients;
    for (int step = 0; step < 8; ++step) gradients.push_back(torch::randn({matrix + vector}) * (step % 2 == 0 ? 1 : 9));
    LearningOptions learning;
    learning.rate = 0.05;
    learning.decay = 0.1;
    learning.l1 = 0.03;
    learning.longest_gradient = 6;  // some are longer, some are not
    using namespace torch::optim;
    const auto agrees = [&](Descent which, const torch::Tensor& wanted) {
        learning.descent = which;
        const torch::Tensor got = by_flat_descent(weights.clone(), gradients, learning);
        DOCTEST_CHECK((got - wanted).abs().max().item<float>() < 1e-5F);
        DOCTEST_CHECK((got - weights).abs().max().item<float>() > 0.05F);
    };
    agrees(Descent::adamw, by_libtorch<AdamW>(weights, gradients, learning, AdamWOptions(learning.rate)));
    agrees(Descent::adam, by_libtorch<Adam>(weights, gradients, learning, AdamOptions(learning.rate)));
    agrees(Descent::sgd,
           by_libtorch<SGD>(weights, gradients, learning, SGDOptions(learning.rate).momentum(0.9).nesterov(true)));
    agrees(Descent::rmsprop, by_libtorch<RMSprop>(weights, gradients, learning, RMSpropOptions(learning.rate)));
}

DOCTEST_TEST_CASE("a gradient that is no number leaves the weights as they are") {
    const LearningOptions learning;
    torch::Tensor weights = torch::ones({matrix + vector});
    torch::Tensor gradient = torch::ones({matrix + vector});
    gradient[3] = std::numeric_limits<float>::quiet_NaN();
    FlatDescent descent(std::vector<float>(matrix + vector, 1.0F), learning);
    DOCTEST_CHECK(std::isnan(descent.step(weights, gradient, 0.1)));
    DOCTEST_CHECK(torch::equal(weights, torch::ones({matrix + vector})));
}
