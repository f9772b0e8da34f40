#include "inference/torch/stream_families.h"

#include <cmath>
#include <stdexcept>

#include "inference/preparation.h"
#include "inference/torch/ms_tcn_network.h"
#include "inference/torch/stream_family.h"

namespace inference {

namespace {

double within(const StreamShape& shape, const std::string& name, double smallest, double largest) {
    const double value = shape.options.at(name);
    if (!(value >= smallest && value <= largest))
        throw std::invalid_argument("the option '" + name + "' must be from " + std::to_string(smallest) + " to " +
                                    std::to_string(largest));
    return value;
}

int whole(const StreamShape& shape, const std::string& name, int smallest, int largest) {
    const double value = within(shape, name, smallest, largest);
    if (value != std::floor(value)) throw std::invalid_argument("the option '" + name + "' must be a whole number");
    return static_cast<int>(value);
}

class MsTcnStreams final : public StreamNetwork {
public:
    explicit MsTcnStreams(const StreamShape& shape) {
        MsTcnShape options;
        options.channels = std::int64_t{feature_channels} * shape.joints;
        options.units = shape.labels;
        options.stages = whole(shape, "stages", 1, 8);
        options.layers = whole(shape, "layers", 1, 12);
        options.width = whole(shape, "width", 4, 512);
        options.dropout = within(shape, "dropout", 0, 0.9);
        network_ = register_module("network", std::make_shared<MsTcnNetwork>(options));
    }

    StreamOutput forward(const torch::Tensor& motions, const torch::Tensor& mask) override {
        MsTcnOutput output = network_->forward(motions.transpose(1, 2), mask);
        return {std::move(output.units), std::move(output.boundaries)};
    }

private:
    std::shared_ptr<MsTcnNetwork> network_;
};

}  // namespace

std::vector<std::unique_ptr<StreamFamily>> stream_families() {
    std::vector<std::unique_ptr<StreamFamily>> families;
    families.push_back(stream_family(
        {"ms_tcn", {}, {{"stages", 2}, {"layers", 8}, {"width", 64}, {"dropout", 0.5}}, [](const StreamShape& shape) {
             return std::make_shared<MsTcnStreams>(shape);
         }}));
    return families;
}

}  // namespace inference
