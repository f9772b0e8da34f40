#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "inference/model_family.h"

// What models with a dictionary of motion primitives read in a motion beside its class (paper 003, 2.4.1 to 2.4.3).
// Primitives are latent: numbers that a network learnt. They are never the motion units that annotators name; what they
// have to do with those is counted, not assumed (register A5 and A6).
namespace inference {

// The key frames of one sample and how much each primitive has of them.
struct PrimitiveReading {
    std::vector<schemas::FrameIndex> frames;  // of the sample's skeleton, ascending; those of a short motion may repeat
    std::vector<float> weights;               // key frames x primitives, rows sum to 1

    [[nodiscard]] std::span<const float> row(std::size_t key) const {
        const std::size_t primitives = weights.size() / frames.size();
        return {&weights[key * primitives], primitives};
    }
};

struct PrimitiveTable {
    int primitives = 0;  // 0: no dictionary
    int features = 0;
    std::vector<float> rows;  // primitives x features: mean 0 and variance 1 over features, as they are compared
};

// The side of a model that knows primitives.
//
// Thread: as the model's.
class PrimitiveReader {
public:
    virtual ~PrimitiveReader() = default;
    [[nodiscard]] virtual PrimitiveTable primitive_table() const = 0;
    // One a sample; without key frames where nothing of the performer was seen. nullopt when stopped. Throws
    // std::invalid_argument as Model::predict does, and where there is no dictionary. A sample's reading does not
    // depend on the others.
    [[nodiscard]] virtual std::optional<std::vector<PrimitiveReading>> read_primitives(std::span<const Sample> samples,
                                                                                       std::stop_token stop) = 0;
};

// Null where the model has no dictionary of primitives.
inline PrimitiveReader* primitive_reader(Model& model) {
    auto* reader = dynamic_cast<PrimitiveReader*>(&model);
    return reader != nullptr && reader->primitive_table().primitives > 0 ? reader : nullptr;
}

}  // namespace inference
