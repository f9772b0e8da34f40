#pragma once

#include "inference/torch/learner.h"
#include "inference/torch/tcn_network.h"

namespace inference {

class TrainedTcn final : public TrainedNetwork {
public:
    explicit TrainedTcn(TcnNetwork network) : network_(std::move(network)), weights_(network_.views()) {}
    // Throws std::runtime_error for weights that do not fit.
    explicit TrainedTcn(const Checkpoint& checkpoint);

    [[nodiscard]] std::int64_t parameters() const override { return network_.parameters(); }
    [[nodiscard]] int frames() const override { return network_.shape().frames; }
    [[nodiscard]] int features() const override { return 2 * network_.shape().width; }
    [[nodiscard]] int samples_a_pass() const override { return 64; }
    [[nodiscard]] torch::Device device() const override { return network_.device(); }
    [[nodiscard]] Rows read(const torch::Tensor& motions) const override;
    void write(Checkpoint& checkpoint) const override;

private:
    TcnNetwork network_;
    std::vector<torch::Tensor> weights_;
};

// The network takes what fits.
WarmFit fill_tcn(const WarmStart& warm, TcnNetwork& network);

}  // namespace inference
