#include <doctest/doctest.h>

#include <memory>
#include <vector>

#include "inference/torch/estgcn_network.h"
#include "inference/torch/lstm_cnn_network.h"
#include "inference/torch/sta_gcn_network.h"
#include "tests/inference/motions.h"

using namespace inference;

namespace {

std::vector<std::shared_ptr<ClipNetwork>> networks() {
    const auto layout = inference_tests::msr_layout();
    std::vector<std::shared_ptr<ClipNetwork>> all;
    for (const EstgcnSize size : {EstgcnSize::xs, EstgcnSize::s})
        all.push_back(std::make_shared<EstgcnNetwork>(*layout, estgcn_options(size, 5)));
    for (const StaAttention attention : {StaAttention::off, StaAttention::convolution, StaAttention::graph}) {
        StaGcnShape shape;
        shape.classes = 5;
        shape.width = 8;
        shape.attention = attention;
        all.push_back(std::make_shared<StaGcnNetwork>(*layout, shape));
    }
    LstmCnnShape shape;
    shape.joints = 20;
    shape.classes = 5;
    all.push_back(std::make_shared<LstmSkeletonNetwork>(shape));
    return all;
}

}  // namespace

DOCTEST_TEST_CASE("without what only training needs a network answers as before") {
    torch::manual_seed(4);
    const torch::NoGradGuard guard;
    for (const auto& network : networks()) {
        network->train();
        // Means and variances that normalise, and scales and shifts that were learnt.
        for (int step = 0; step < 3; ++step)
            (void)network->forward(2 * torch::randn({4, 9, network->frames(), 20}) + 1);
        for (torch::Tensor& parameter : network->parameters())
            if (parameter.dim() == 1) parameter.add_(0.2 * torch::randn_like(parameter));
        network->eval();
        const torch::Tensor motions = torch::randn({3, 9, network->frames(), 20});
        const ClipOutput before = network->forward(motions);
        network->fold();
        const ClipOutput after = network->forward(motions);
        DOCTEST_CHECK(torch::allclose(before.logits, after.logits, 1e-3, 1e-4));
        DOCTEST_CHECK(torch::allclose(before.embedding, after.embedding, 1e-3, 1e-4));
        DOCTEST_CHECK(before.logits.abs().max().item<double>() > 1e-3);
    }
}
