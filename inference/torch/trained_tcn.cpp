#include "inference/torch/trained_tcn.h"

namespace inference {

namespace {

TcnShape shape_from(const Checkpoint& checkpoint) {
    TcnShape shape;
    shape.joints = checkpoint.whole("joints", 1, 1024);
    shape.frames = checkpoint.whole("frames", 1, 4096);
    shape.width = checkpoint.whole("width", 1, 4096);
    shape.layers = checkpoint.whole("layers", 1, 16);
    shape.classes = static_cast<int>(checkpoint.labels.size());
    return shape;
}

TcnNetwork network_from(const Checkpoint& checkpoint) {
    Random random(0);
    const TcnShape shape = shape_from(checkpoint);
    TcnNetwork network(shape, random);
    const std::vector<torch::Tensor> views = network.views();
    for (std::size_t i = 0; i < views.size(); ++i)
        views[i].copy_(checkpoint.tensor(network.names()[i], views[i].sizes().vec()));
    network.running_mean.copy_(checkpoint.tensor("running_mean", {shape.features()}));
    network.running_variance.copy_(checkpoint.tensor("running_variance", {shape.features()}));
    return network;
}

}  // namespace

WarmFit fill_tcn(const WarmStart& warm, TcnNetwork& network) {
    WarmFit fit;
    const std::vector<torch::Tensor> views = network.views();
    for (std::size_t i = 0; i < views.size(); ++i) fill(warm, "", network.names()[i], views[i], fit);
    fill(warm, "", "running_mean", network.running_mean, fit);
    fill(warm, "", "running_variance", network.running_variance, fit);
    return fit;
}

TrainedTcn::TrainedTcn(const Checkpoint& checkpoint) : TrainedTcn(network_from(checkpoint)) {}

TrainedNetwork::Rows TrainedTcn::read(const torch::Tensor& motions) const {
    TcnOutput output = network_.forward(network_.normalised(motions), weights_);
    return {std::move(output.logits), std::move(output.embedding)};
}

void TrainedTcn::write(Checkpoint& checkpoint) const {
    const TcnShape& shape = network_.shape();
    checkpoint.options["frames"] = shape.frames;
    checkpoint.options["width"] = shape.width;
    checkpoint.options["layers"] = shape.layers;
    for (std::size_t i = 0; i < weights_.size(); ++i) checkpoint.tensors[network_.names()[i]] = weights_[i];
    checkpoint.tensors["running_mean"] = network_.running_mean;
    checkpoint.tensors["running_variance"] = network_.running_variance;
}

}  // namespace inference
