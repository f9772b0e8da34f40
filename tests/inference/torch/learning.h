#pragma once

#include <doctest/doctest.h>

#include "inference/torch/clip_network.h"

// What tests of networks that learn have in common.
namespace network_tests {

// Every weight has a gradient, of numbers that are not all 0.
inline void check_gradients(const torch::nn::Module& network) {
    for (const auto& parameter : network.named_parameters()) {
        DOCTEST_INFO(parameter.key());
        DOCTEST_REQUIRE(parameter.value().grad().defined());
        DOCTEST_CHECK(parameter.value().grad().isfinite().all().item<bool>());
        DOCTEST_CHECK(parameter.value().grad().abs().sum().item<double>() > 0);
    }
}

// The share of a loss that is left after twenty steps.
template <class Network, class Loss>
double share_left(Network& network, const Loss& loss) {
    torch::optim::AdamW optimiser(network.parameters(), torch::optim::AdamWOptions(2e-3));
    const double first = loss().template item<double>();
    for (int step = 0; step < 20; ++step) {
        optimiser.zero_grad();
        loss().backward();
        optimiser.step();
    }
    return loss().template item<double>() / first;
}

}  // namespace network_tests
