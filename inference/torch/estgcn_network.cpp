#include "inference/torch/estgcn_network.h"

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <utility>

#include "inference/preparation.h"
#include "inference/torch/graph.h"

namespace inference {

namespace {

constexpr std::int64_t unit_width = 64;
constexpr double reconstruction_weight = 0.8;  // lambda 4 of paper 003, eq. 5

struct Shape {
    std::vector<std::int64_t> widths;
    std::int64_t bottleneck = 1;
    std::int64_t stride_when_wider = 1;
    AttentionTime time = AttentionTime::per_frame;
};

std::vector<std::int64_t> ten_blocks(std::int64_t width) {
    std::vector<std::int64_t> widths(4, width);
    widths.insert(widths.end(), 3, 2 * width);
    widths.insert(widths.end(), 3, 4 * width);
    return widths;
}

Shape shape_of(EstgcnSize size) {
    switch (size) {
        case EstgcnSize::xs:
            return {{32, 32, 64, 64, 128, 128}, 4, 2, AttentionTime::pooled};
        case EstgcnSize::s:
            return {ten_blocks(32), 2};
        case EstgcnSize::m:
            return {ten_blocks(64)};
        case EstgcnSize::l:
            break;
    }
    return {ten_blocks(96)};
}

void check(const EstgcnOptions& options) {
    const std::initializer_list<std::pair<const char*, int>> counts{
        {"channel", options.channels}, {"class", options.classes},        {"unit", options.units},
        {"frame", options.frames},     {"primitive", options.primitives}, {"key time", options.key_times}};
    for (const auto& [name, count] : counts)
        if (count < 1) throw std::invalid_argument(std::string("an enhanced ST-GCN needs at least one ") + name);
}

torch::nn::Conv1d along_time(std::int64_t in, std::int64_t out, bool bias) {
    return torch::nn::Conv1d(torch::nn::Conv1dOptions(in, out, 3).padding(1).bias(bias));
}

torch::nn::Sequential unit_head(std::int64_t in, std::int64_t units) {
    return torch::nn::Sequential(along_time(in, unit_width, false), BatchNorm(unit_width), torch::nn::ReLU(),
                                 along_time(unit_width, unit_width, false), BatchNorm(unit_width), torch::nn::ReLU(),
                                 torch::nn::Conv1d(unit_width, units, 1));
}

}  // namespace

EstgcnOptions estgcn_options(EstgcnSize size, int classes) {
    EstgcnOptions options;
    options.size = size;
    options.classes = classes;
    if (size != EstgcnSize::xs) return options;
    options.channels = feature_channels;
    options.frames = 48;
    return options;
}

EstgcnNetwork::EstgcnNetwork(const schemas::SkeletonLayout& layout, const EstgcnOptions& options)
    : options_(options), joints_(static_cast<std::int64_t>(layout.size())) {
    check(options);
    const torch::Tensor partition = graph_partition(layout);
    const Shape shape = shape_of(options.size);
    norm_ = register_module("norm", BatchNorm(options.channels * joints_));
    std::int64_t width = options.channels;
    for (std::size_t block = 0; block < shape.widths.size(); ++block) {
        const std::int64_t next = shape.widths[block];
        const std::int64_t stride = block > 0 && next != width ? shape.stride_when_wider : 1;
        spatial_.push_back(
            register_module("spatial" + std::to_string(block),
                            std::make_shared<AttentiveGraphConvolution>(partition, width, next, shape.time)));
        temporal_.push_back(register_module(
            "temporal" + std::to_string(block),
            std::make_shared<TemporalPyramid>(
                next, PyramidOptions{.bottleneck = shape.bottleneck, .stride = stride, .dropout = options.dropout})));
        stride_ *= stride;
        width = next;
    }
    classes_ = register_module("classes", torch::nn::Linear(width, options.classes));
    dictionary_ = register_module("dictionary",
                                  std::make_shared<PrimitiveDictionary>(width, options.primitives, options.key_times));
    if (options.seg_skip)
        projection_ = register_module("projection",
                                      torch::nn::Conv1d(torch::nn::Conv1dOptions(width, unit_width, 1).bias(false)));
    const std::int64_t read = (options.literal_ids ? 1 : options.primitives) + (options.seg_skip ? unit_width : 0);
    units_ = register_module("units", unit_head(read, options.units));
    boundaries_ = register_module("boundaries", along_time(width, 2, true));
    if (!options.literal_bnd) offsets_ = register_module("offsets", along_time(width, 2, true));
}

void EstgcnNetwork::fold() {
    for (const auto& layer : spatial_) layer->fold();
    for (const auto& layer : temporal_) layer->fold();
}

torch::Tensor EstgcnNetwork::features(const torch::Tensor& motions) {
    if (motions.dim() != 4 || motions.size(1) < options_.channels || motions.size(3) != joints_)
        throw std::invalid_argument("this network reads motions of " + std::to_string(options_.channels) +
                                    " channels and " + std::to_string(joints_) + " joints");
    const torch::Tensor read = motions.narrow(1, 0, options_.channels).transpose(2, 3);
    torch::Tensor hidden =
        norm_(read.reshape({read.size(0), -1, read.size(3)})).view(read.sizes()).transpose(2, 3).contiguous();
    for (std::size_t block = 0; block < spatial_.size(); ++block)
        hidden = temporal_[block]->forward(spatial_[block]->forward(hidden));
    return hidden.mean(3);
}

torch::Tensor EstgcnNetwork::unit_logits(const torch::Tensor& features, const KeySegments& key) {
    const torch::Tensor named = options_.literal_ids ? key.assignment.argmax(2).unsqueeze(1).to(features.scalar_type())
                                                     : key.assignment.transpose(1, 2);
    const torch::Tensor primitives = interpolated(named, key.times, features.size(2));
    return units_->forward(options_.seg_skip ? torch::cat({primitives, projection_(features)}, 1) : primitives);
}

EstgcnOutput EstgcnNetwork::parse(const torch::Tensor& motions) {
    const torch::Tensor seen = features(motions);
    const KeySegments key = dictionary_->forward(seen);
    // A frame of the features lies on every stride-th frame of the motion.
    const auto in_frames = [&](const torch::Tensor& values) {
        if (stride_ == 1) return values;
        const torch::Tensor times = torch::arange(values.size(2), key.times.options()).unsqueeze(0) * stride_;
        return interpolated(values, times, motions.size(2));
    };
    EstgcnOutput output;
    output.clip.embedding = seen.mean(2);
    output.clip.logits = classes_(output.clip.embedding);
    output.clip.units = in_frames(unit_logits(seen, key));
    output.clip.boundaries = in_frames(boundaries_(seen));
    output.clip.assignment = key.assignment;
    output.clip.extra_loss = reconstruction_weight * key.loss;
    if (!offsets_.is_empty()) output.offsets = in_frames(offsets_(seen));
    output.attention = key.attention;
    output.key_times = key.times * stride_;
    return output;
}

PrimitiveSource::Rows EstgcnNetwork::key_primitives(const torch::Tensor& motions) {
    const KeySegments key = dictionary_->forward(features(motions));
    return {key.times * stride_, key.assignment};
}

}  // namespace inference
