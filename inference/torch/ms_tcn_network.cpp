#include "inference/torch/ms_tcn_network.h"

#include <memory>

namespace inference {

namespace {

namespace nn = torch::nn;
using torch::Tensor;

class DilatedLayer : public nn::Module {
public:
    DilatedLayer(std::int64_t width, std::int64_t dilation, double dropout)
        : dilated_(nn::Conv1dOptions(width, width, 3).padding(dilation).dilation(dilation)),
          pointwise_(nn::Conv1dOptions(width, width, 1)),
          dropout_(dropout) {
        register_module("dilated", dilated_);
        register_module("pointwise", pointwise_);
        register_module("dropout", dropout_);
    }
    Tensor forward(const Tensor& features, const Tensor& mask) {
        return (features + dropout_(pointwise_(torch::relu(dilated_(features))))) * mask;
    }

private:
    nn::Conv1d dilated_, pointwise_;
    nn::Dropout dropout_;
};

class Stage : public nn::Module {
public:
    Stage(std::int64_t channels, const MsTcnShape& shape)
        : input_(nn::Conv1dOptions(channels, shape.width, 1)), units_(nn::Conv1dOptions(shape.width, shape.units, 1)) {
        register_module("input", input_);
        for (int layer = 0; layer < shape.layers; ++layer)
            layers_->push_back(std::make_shared<DilatedLayer>(shape.width, std::int64_t{1} << layer, shape.dropout));
        register_module("layers", layers_);
        register_module("units", units_);
    }
    // The bias makes padded frames something, so they are masked before the first layer sees them.
    Tensor features(const Tensor& values, const Tensor& mask) {
        Tensor hidden = input_(values) * mask;
        for (const auto& layer : *layers_) hidden = layer->as<DilatedLayer>()->forward(hidden, mask);
        return hidden;
    }
    Tensor logits(const Tensor& features, const Tensor& mask) { return units_(features) * mask; }

private:
    nn::Conv1d input_, units_;
    nn::ModuleList layers_;
};

}  // namespace

MsTcnNetwork::MsTcnNetwork(const MsTcnShape& shape) {
    for (int stage = 0; stage < shape.stages; ++stage)
        stages_->push_back(std::make_shared<Stage>(stage == 0 ? shape.channels : shape.units, shape));
    register_module("stages", stages_);
    boundaries_ = register_module("boundaries", nn::Conv1d(nn::Conv1dOptions(shape.width, 2, 3).padding(1)));
}

MsTcnOutput MsTcnNetwork::forward(const Tensor& motions, const Tensor& mask) {
    const Tensor valid = mask.defined() ? mask.to(motions.options()).unsqueeze(1)
                                        : torch::ones({motions.size(0), 1, motions.size(2)}, motions.options());
    MsTcnOutput output;
    Tensor features;
    for (const auto& module : *stages_) {
        auto* stage = module->as<Stage>();
        features = stage->features(output.units.empty() ? motions : torch::softmax(output.units.back(), 1), valid);
        output.units.push_back(stage->logits(features, valid));
    }
    output.boundaries = boundaries_(features) * valid;
    return output;
}

std::int64_t MsTcnNetwork::parameter_count() const {
    std::int64_t count = 0;
    for (const Tensor& parameter : parameters()) count += parameter.numel();
    return count;
}

}  // namespace inference
