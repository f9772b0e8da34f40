#include "inference/torch/lstm_cnn_network.h"

#include "inference/depth_crop.h"
#include "inference/preparation.h"
#include "inference/torch/batch_norm.h"

namespace inference {

namespace {

constexpr std::int64_t unfolded_side = 16;  // 16 x 16 = 256
constexpr std::int64_t pooled_side = 2;
constexpr std::int64_t key_point_width = 512;

void add_convolution(torch::nn::Sequential& layers, std::int64_t from, std::int64_t to) {
    // The normalisation that follows would take a bias away again.
    layers->push_back(torch::nn::Conv2d(torch::nn::Conv2dOptions(from, to, 3).padding(1).bias(false)));
    layers->push_back(BatchNorm(to));
    layers->push_back(torch::nn::ReLU());
}

}  // namespace

LstmCnnBody::LstmCnnBody() {
    lstm_ = register_module(
        "lstm", torch::nn::LSTM(
                    torch::nn::LSTMOptions(encoded_width, encoded_width / 2).bidirectional(true).batch_first(true)));
    torch::nn::Sequential layers;
    add_convolution(layers, 1, 32);
    add_convolution(layers, 32, 64);
    add_convolution(layers, 64, map_channels);
    layers->push_back(torch::nn::MaxPool2d(2));
    convolutions_ = register_module("convolutions", layers);
}

LstmCnnBody::Reading LstmCnnBody::forward(const torch::Tensor& encoded) {
    const torch::Tensor context = std::get<0>(lstm_->forward(encoded));  // o_t
    const torch::Tensor maps = convolutions_->forward(context.reshape({-1, 1, unfolded_side, unfolded_side}));
    const torch::Tensor pooled = torch::adaptive_avg_pool2d(maps, {pooled_side, pooled_side});
    return {torch::cat({context, pooled.reshape({encoded.size(0), encoded.size(1), -1})}, 2), maps};
}

LstmCnnNetwork::LstmCnnNetwork(const LstmCnnShape& shape) : shape_(shape) {
    constexpr std::int64_t cells = std::int64_t{depth_crop_side} * depth_crop_side;
    encoder_ = register_module("encoder", torch::nn::Linear(cells, LstmCnnBody::encoded_width));
    body_ = register_module("body", std::make_shared<LstmCnnBody>());
    key_points_ = register_module(
        "key_points", torch::nn::Sequential(torch::nn::Linear(LstmCnnBody::fused_width, key_point_width),
                                            torch::nn::ReLU(), torch::nn::Dropout(shape.dropout),
                                            torch::nn::Linear(key_point_width, std::int64_t{3} * shape.joints)));
    heat_maps_ = register_module("heat_maps", torch::nn::Conv2d(torch::nn::Conv2dOptions(
                                                  LstmCnnBody::map_channels, std::int64_t{shape.joints} + 1, 1)));
    if (shape.classes > 0)
        classes_ = register_module("classes", torch::nn::Linear(LstmCnnBody::fused_width, shape.classes));
}

LstmCnnOutput LstmCnnNetwork::forward(const torch::Tensor& depth) {
    const std::int64_t samples = depth.size(0), frames = depth.size(1);
    const auto [fused, maps] = body_->forward(encoder_->forward(depth.flatten(2)).relu());
    LstmCnnOutput output;
    output.key_points = key_points_->forward(fused).view({samples, frames, shape_.joints, 3});
    output.heat_maps = heat_maps_->forward(maps).view(
        {samples, frames, shape_.joints + 1, LstmCnnBody::map_side, LstmCnnBody::map_side});
    output.embedding = fused.mean(1);
    if (!classes_.is_empty()) output.logits = classes_->forward(output.embedding);
    return output;
}

LstmSkeletonNetwork::LstmSkeletonNetwork(const LstmCnnShape& shape) : shape_(shape) {
    const std::int64_t features = std::int64_t{feature_channels} * shape.joints;
    encoder_ = register_module("encoder", torch::nn::Linear(features, LstmCnnBody::encoded_width));
    body_ = register_module("body", std::make_shared<LstmCnnBody>());
    classes_ = register_module("classes", torch::nn::Linear(LstmCnnBody::fused_width, shape.classes));
}

ClipOutput LstmSkeletonNetwork::forward(const torch::Tensor& motions) {
    const torch::Tensor rows = motions.transpose(1, 2).flatten(2);  // samples x frames x 9 joints
    ClipOutput output;
    output.embedding = body_->forward(encoder_->forward(rows).relu()).fused.mean(1);
    output.logits = classes_->forward(output.embedding);
    return output;
}

}  // namespace inference
