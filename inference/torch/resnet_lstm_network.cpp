#include "inference/torch/resnet_lstm_network.h"

#include <string>

namespace inference {

namespace {

constexpr std::int64_t expansion = 4;  // of a bottleneck's last convolution

torch::nn::Conv2d convolution(std::int64_t from, std::int64_t to, std::int64_t kernel, std::int64_t stride = 1) {
    torch::nn::Conv2d layer(torch::nn::Conv2dOptions(from, to, kernel).stride(stride).padding(kernel / 2).bias(false));
    torch::nn::init::kaiming_normal_(layer->weight, 0, torch::kFanOut, torch::kReLU);
    return layer;
}

class Bottleneck : public torch::nn::Module {
public:
    // The stride is that of the 3x3 convolution, as in the weights that are published.
    Bottleneck(std::int64_t from, std::int64_t width, std::int64_t stride) {
        const std::int64_t to = expansion * width;
        conv1_ = register_module("conv1", convolution(from, width, 1));
        bn1_ = register_module("bn1", torch::nn::BatchNorm2d(width));
        conv2_ = register_module("conv2", convolution(width, width, 3, stride));
        bn2_ = register_module("bn2", torch::nn::BatchNorm2d(width));
        conv3_ = register_module("conv3", convolution(width, to, 1));
        bn3_ = register_module("bn3", torch::nn::BatchNorm2d(to));
        if (stride != 1 || from != to)
            downsample_ = register_module(
                "downsample", torch::nn::Sequential(convolution(from, to, 1, stride), torch::nn::BatchNorm2d(to)));
    }

    torch::Tensor forward(const torch::Tensor& input) {
        torch::Tensor hidden = torch::relu(bn1_->forward(conv1_->forward(input)));
        hidden = torch::relu(bn2_->forward(conv2_->forward(hidden)));
        hidden = bn3_->forward(conv3_->forward(hidden));
        return torch::relu(hidden + (downsample_.is_empty() ? input : downsample_->forward(input)));
    }

private:
    torch::nn::Conv2d conv1_{nullptr}, conv2_{nullptr}, conv3_{nullptr};
    torch::nn::BatchNorm2d bn1_{nullptr}, bn2_{nullptr}, bn3_{nullptr};
    torch::nn::Sequential downsample_{nullptr};
};

}  // namespace

ResnetLstmShape resnet_lite(int classes) {
    ResnetLstmShape shape;
    shape.classes = classes;
    shape.width = 16;
    shape.blocks = {1, 1, 1, 1};
    shape.lstm = 128;
    shape.side = 112;
    return shape;
}

torch::Tensor imagenet_normalised(const torch::Tensor& frames) {
    const torch::Tensor mean = torch::tensor({0.485F, 0.456F, 0.406F}).to(frames.device()).view({3, 1, 1});
    const torch::Tensor deviation = torch::tensor({0.229F, 0.224F, 0.225F}).to(frames.device()).view({3, 1, 1});
    return (frames - mean) / deviation;
}

ResnetLstm::ResnetLstm(const ResnetLstmShape& shape) : shape_(shape), channels_(shape.width) {
    conv1_ = register_module("conv1", convolution(3, shape.width, 7, 2));
    bn1_ = register_module("bn1", torch::nn::BatchNorm2d(shape.width));
    for (std::size_t i = 0; i < stages_.size(); ++i)
        stages_[i] =
            register_module("layer" + std::to_string(i + 1), stage(shape.width << i, shape.blocks[i], i == 0 ? 1 : 2));
    lstm_ = register_module("lstm",
                            torch::nn::LSTM(torch::nn::LSTMOptions(shape.features(), shape.lstm).batch_first(true)));
    classes_ = register_module("classes", torch::nn::Linear(shape.features() + shape.lstm, shape.classes));
}

torch::nn::Sequential ResnetLstm::stage(std::int64_t width, int blocks, std::int64_t stride) {
    torch::nn::Sequential layers;
    for (int block = 0; block < blocks; ++block) {
        layers->push_back(std::make_shared<Bottleneck>(channels_, width, block == 0 ? stride : 1));
        channels_ = expansion * width;
    }
    return layers;
}

torch::Tensor ResnetLstm::features_of(const torch::Tensor& frames) {
    torch::Tensor hidden = torch::relu(bn1_->forward(conv1_->forward(frames)));
    hidden = torch::max_pool2d(hidden, 3, 2, 1);
    for (torch::nn::Sequential& layers : stages_) hidden = layers->forward(hidden);
    return hidden.mean({2, 3});
}

ClipOutput ResnetLstm::forward(const torch::Tensor& frames) {
    const torch::Tensor features = features_of(frames.flatten(0, 1)).view({frames.size(0), frames.size(1), -1});
    const torch::Tensor last = std::get<0>(lstm_->forward(features)).select(1, -1);  // h_T
    ClipOutput output;
    output.embedding = torch::cat({features.mean(1), last}, 1);
    output.logits = classes_->forward(torch::dropout(output.embedding, shape_.dropout, is_training()));
    return output;
}

}  // namespace inference
