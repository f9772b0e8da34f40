#include "inference/torch/resnet_lstm_network.h"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/inference/torch/learning.h"

using namespace inference;
using doctest::Approx;
using network_tests::check_gradients;
using network_tests::share_left;

namespace {

// As many blocks as a ResNet-50, but narrow.
ResnetLstmShape narrow_shape() {
    ResnetLstmShape shape;
    shape.classes = 3;
    shape.width = 4;
    shape.lstm = 16;
    return shape;
}

std::int64_t count_of(const torch::nn::Module& network) {
    std::int64_t count = 0;
    for (const torch::Tensor& parameter : network.parameters()) count += parameter.numel();
    return count;
}

// By name, with "lstm." and "classes." left out.
std::map<std::string, std::vector<std::int64_t>> published_names(const torch::nn::Module& network) {
    std::map<std::string, std::vector<std::int64_t>> sizes;
    const auto add = [&](const auto& values) {
        for (const auto& value : values)
            if (!value.key().starts_with("lstm.") && !value.key().starts_with("classes."))
                sizes[value.key()] = value.value().sizes().vec();
    };
    add(network.named_parameters());
    add(network.named_buffers());
    return sizes;
}

torch::Tensor frames(std::int64_t samples, std::int64_t count, std::int64_t side = 32) {
    return imagenet_normalised(torch::rand({samples, count, 3, side, side}));
}

// Lets the running means of the normalisation come near those of the clips.
void settle(ResnetLstm& network, const torch::Tensor& clips) {
    const torch::NoGradGuard guard;
    for (int i = 0; i < 20; ++i) network.forward(clips);
    network.eval();
}

}  // namespace

DOCTEST_TEST_CASE("ResNet-50 and LSTM have 28.8 million parameters at 20 classes") {
    ResnetLstmShape shape;
    shape.classes = 20;
    const std::int64_t count = count_of(ResnetLstm(shape));
    DOCTEST_MESSAGE("resnet_lstm: ", count, " parameters");
    DOCTEST_CHECK(static_cast<double>(count) == Approx(28.8e6).epsilon(0.01));
}

DOCTEST_TEST_CASE("the light ResNet and LSTM have 0.848 million parameters at 20 classes") {
    const std::int64_t count = count_of(ResnetLstm(resnet_lite(20)));
    DOCTEST_MESSAGE("resnet_lite: ", count, " parameters");
    DOCTEST_CHECK(static_cast<double>(count) == Approx(0.848e6).epsilon(0.01));
}

DOCTEST_TEST_CASE("the weights of a ResNet-50 bear their published names") {
    const auto sizes = published_names(ResnetLstm(narrow_shape()));
    // 53 convolutions with one weight, 53 normalisations with five values each.
    DOCTEST_CHECK(sizes.size() == 53 + 53 * 5);
    const std::map<std::string, std::vector<std::int64_t>> some{
        {"conv1.weight", {4, 3, 7, 7}},
        {"bn1.running_var", {4}},
        {"layer1.0.conv1.weight", {4, 4, 1, 1}},
        {"layer1.0.downsample.0.weight", {16, 4, 1, 1}},
        {"layer1.0.downsample.1.running_mean", {16}},
        {"layer1.2.bn3.bias", {16}},
        {"layer2.0.conv1.weight", {8, 16, 1, 1}},
        {"layer2.3.conv3.weight", {32, 8, 1, 1}},
        {"layer3.5.conv2.weight", {16, 16, 3, 3}},
        {"layer4.0.downsample.0.weight", {128, 64, 1, 1}},
        {"layer4.2.bn3.num_batches_tracked", {}},
    };
    for (const auto& [name, size] : some) {
        DOCTEST_INFO(name);
        DOCTEST_REQUIRE(sizes.contains(name));
        DOCTEST_CHECK(sizes.at(name) == size);
    }
    DOCTEST_CHECK_FALSE(sizes.contains("layer1.1.downsample.0.weight"));
    DOCTEST_CHECK_FALSE(sizes.contains("layer3.6.conv1.weight"));
}

DOCTEST_TEST_CASE("ResNet and LSTM tell classes and both their readings, with one frame as with several") {
    torch::manual_seed(1);
    ResnetLstm network(narrow_shape());
    network.eval();
    for (const std::int64_t count : {1, 3}) {
        const ClipOutput output = network.forward(frames(2, count));
        DOCTEST_CHECK(output.logits.sizes() == torch::IntArrayRef({2, 3}));
        DOCTEST_CHECK(output.embedding.sizes() == torch::IntArrayRef({2, 4 * 32 + 16}));
        DOCTEST_CHECK(output.logits.isfinite().all().item<bool>());
    }
}

DOCTEST_TEST_CASE("the order of frames matters to the LSTM and not to the mean") {
    torch::manual_seed(2);
    ResnetLstm network(narrow_shape());
    const torch::Tensor clip = frames(1, 4);
    settle(network, clip);
    const torch::Tensor forwards = network.forward(clip).embedding, backwards = network.forward(clip.flip(1)).embedding;
    DOCTEST_CHECK(torch::allclose(forwards.narrow(1, 0, 128), backwards.narrow(1, 0, 128), 1e-4, 1e-5));
    DOCTEST_CHECK_FALSE(torch::allclose(forwards.narrow(1, 128, 16), backwards.narrow(1, 128, 16), 1e-3, 1e-4));
}

DOCTEST_TEST_CASE("every weight of ResNet and LSTM is learnt") {
    torch::manual_seed(3);
    ResnetLstm network(narrow_shape());
    torch::cross_entropy_loss(network.forward(frames(3, 2)).logits, torch::tensor({0, 1, 2})).backward();
    check_gradients(network);
}

DOCTEST_TEST_CASE("what ResNet and LSTM say about a sample does not depend on its company") {
    torch::manual_seed(4);
    ResnetLstm network(narrow_shape());
    const torch::Tensor clips = frames(3, 2);
    settle(network, clips);
    DOCTEST_CHECK(torch::allclose(network.forward(clips).logits.narrow(0, 1, 1),
                                  network.forward(clips.narrow(0, 1, 1)).logits, 1e-4, 1e-5));
}

DOCTEST_TEST_CASE("what the classes are told by is dropped out in training only") {
    torch::manual_seed(5);
    ResnetLstmShape shape = narrow_shape();
    shape.dropout = 1;
    ResnetLstm network(shape);
    const torch::Tensor clips = frames(2, 2);
    const torch::Tensor dropped = network.forward(clips).logits;
    DOCTEST_CHECK(torch::equal(dropped[0], dropped[1]));  // nothing is left but the bias
    settle(network, clips);
    const torch::Tensor whole = network.forward(clips).logits;
    DOCTEST_CHECK_FALSE(torch::equal(whole[0], whole[1]));
}

DOCTEST_TEST_CASE("twenty steps lower what the light ResNet and LSTM get wrong") {
    torch::manual_seed(6);
    ResnetLstm network(resnet_lite(3));
    const torch::Tensor clips = frames(4, 3), labels = torch::tensor({0, 1, 2, 1});
    const double left =
        share_left(network, [&] { return torch::cross_entropy_loss(network.forward(clips).logits, labels); });
    DOCTEST_MESSAGE("resnet_lite: ", left, " of the loss left");
    DOCTEST_CHECK(left < 0.7);
}

DOCTEST_TEST_CASE("frames are normalised channel by channel") {
    const torch::Tensor mean = torch::tensor({0.485, 0.456, 0.406}).view({1, 3, 1, 1}).expand({2, 3, 4, 4});
    DOCTEST_CHECK(torch::allclose(imagenet_normalised(mean), torch::zeros({2, 3, 4, 4}), 0, 1e-6));
    const torch::Tensor white = imagenet_normalised(torch::ones({3, 1, 1})).flatten();
    DOCTEST_CHECK(white[2].item<double>() == Approx((1 - 0.406) / 0.225));
}

DOCTEST_TEST_CASE("slow: the full ResNet-50 and LSTM read frames of 224 x 224 and learn from them") {
    torch::manual_seed(7);
    ResnetLstmShape shape;
    shape.classes = 20;
    ResnetLstm network(shape);
    const ClipOutput output = network.forward(frames(2, 2, shape.side));
    DOCTEST_CHECK(output.embedding.sizes() == torch::IntArrayRef({2, 2560}));
    torch::cross_entropy_loss(output.logits, torch::tensor({4, 9})).backward();
    check_gradients(network);
}
