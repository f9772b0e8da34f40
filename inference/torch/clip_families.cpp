#include "inference/torch/clip_families.h"

#include <cmath>
#include <stdexcept>

#include "inference/torch/clip_learner.h"
#include "inference/torch/estgcn_network.h"
#include "inference/torch/lstm_cnn_network.h"
#include "inference/torch/motion_family.h"
#include "inference/torch/sta_gcn_network.h"

namespace inference {

namespace {

// A family is its name, how it learns, what of its shape can be chosen, and how a network of that shape is made.
class ClipKind final : public NetworkKind {
public:
    ClipKind(std::string name, LearningOptions learning, ShapeOptions shape, MakeClipNetwork make)
        : name_(std::move(name)), learning_(learning), shape_(std::move(shape)), make_(std::move(make)) {}

    [[nodiscard]] std::string name() const override { return name_; }
    [[nodiscard]] LearningOptions learning() const override { return learning_; }
    [[nodiscard]] ShapeOptions shape() const override { return shape_; }
    // What units these networks drop out is part of their shape.
    [[nodiscard]] std::vector<std::string> ignored() const override { return {"layer_dropout", "embedding_dropout"}; }
    [[nodiscard]] std::unique_ptr<Learner> learner(const std::shared_ptr<const schemas::SkeletonLayout>& layout,
                                                   int classes, const ShapeOptions& shape,
                                                   const Place& place) const override {
        return clip_learner(make_, {layout, classes, shape}, place);
    }
    [[nodiscard]] std::shared_ptr<const TrainedNetwork> read(const Checkpoint& checkpoint) const override {
        return read_clip_network(checkpoint, make_, shape_);
    }

private:
    std::string name_;
    LearningOptions learning_;
    ShapeOptions shape_;
    MakeClipNetwork make_;
};

LearningOptions at_rate(double rate) {
    LearningOptions learning;
    learning.rate = rate;
    return learning;
}

// A whole number out of a shape's options. Throws std::invalid_argument, which a damaged model file can cause too.
int whole(const ClipShape& shape, const std::string& name, int smallest, int largest) {
    const double value = shape.options.at(name);
    if (!(value >= smallest && value <= largest) || value != std::floor(value))
        throw std::invalid_argument("the option '" + name + "' must be a whole number from " +
                                    std::to_string(smallest) + " to " + std::to_string(largest));
    return static_cast<int>(value);
}

double dropout(const ClipShape& shape) {
    const double value = shape.options.at("dropout");
    if (!(value >= 0 && value < 1)) throw std::invalid_argument("the option 'dropout' must be from 0 to less than 1");
    return value;
}

std::shared_ptr<ClipNetwork> estgcn(const ClipShape& shape) {
    EstgcnOptions options = estgcn_options(static_cast<EstgcnSize>(whole(shape, "size", 0, 3)), shape.classes);
    options.literal_ids = whole(shape, "literal_ids", 0, 1) == 1;
    options.seg_skip = whole(shape, "seg_skip", 0, 1) == 1;
    options.dropout = dropout(shape);
    return std::make_shared<EstgcnNetwork>(*shape.layout, options);
}

std::shared_ptr<ClipNetwork> sta_gcn(const ClipShape& shape) {
    StaGcnShape options;
    options.classes = shape.classes;
    options.width = whole(shape, "width", 4, 256);
    options.channels = whole(shape, "channels", 3, 9);
    options.frames = whole(shape, "frames", 8, 512);
    options.attention = static_cast<StaAttention>(whole(shape, "attention", 0, 2));
    options.dropout = dropout(shape);
    return std::make_shared<StaGcnNetwork>(*shape.layout, options);
}

std::shared_ptr<ClipNetwork> lstm_cnn(const ClipShape& shape) {
    LstmCnnShape options;
    options.joints = static_cast<int>(shape.layout->size());
    options.classes = shape.classes;
    options.frames = whole(shape, "frames", 8, 512);
    return std::make_shared<LstmSkeletonNetwork>(options);
}

}  // namespace

std::vector<std::unique_ptr<ModelFamily>> clip_families() {
    std::vector<std::unique_ptr<ModelFamily>> families;
    const auto add = [&](const char* name, double rate, ShapeOptions shape, MakeClipNetwork make) {
        families.push_back(
            motion_family(std::make_unique<ClipKind>(name, at_rate(rate), std::move(shape), std::move(make))));
    };
    add("estgcn", 2e-3, {{"size", 0}, {"literal_ids", 0}, {"seg_skip", 1}, {"dropout", 0.1}}, estgcn);
    add("lift_sta", 1e-3, {{"width", 32}, {"channels", 9}, {"frames", 48}, {"attention", 1}, {"dropout", 0.3}},
        sta_gcn);
    add("lstm_cnn", 1e-3, {{"frames", 48}}, lstm_cnn);
    return families;
}

}  // namespace inference
