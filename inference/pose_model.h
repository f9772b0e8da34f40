#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "inference/model_family.h"
#include "inference/pose_set.h"

// Networks that find key-points in depth pictures: plain values in, plain values out, no LibTorch.
namespace inference {

// A trained network.
//
// Thread: one at a time.
class PoseModel {
public:
    virtual ~PoseModel() = default;
    [[nodiscard]] virtual std::string_view family() const = 0;
    [[nodiscard]] virtual std::int64_t parameters() const = 0;
    // Of the skeletons that it gives.
    [[nodiscard]] virtual const std::shared_ptr<const schemas::SkeletonLayout>& layout() const = 0;
    // As many frames as the take has, in metres, in its camera's coordinates; what the take says about its key-points
    // is not looked at. A joint's confidence is the peak of its heat-map, which is no probability that it is right. In
    // a frame that shows nobody no joint is seen. nullopt when stopped. Throws std::invalid_argument where a depth is
    // no number.
    [[nodiscard]] virtual std::optional<schemas::SkeletonSequence> predict(const PoseTake& take,
                                                                           std::stop_token stop) = 0;
    // Weights, layout and options, in one file. Throws std::runtime_error.
    virtual void save(const std::filesystem::path& file) const = 0;
};

struct PoseTrainOptions {
    std::uint64_t seed = 0;
    int steps = 2000;
    int batch = 8;    // windows
    int frames = 16;  // of a window; the model looks at as many at once
    int threads = 0;  // 0: one a core
    Device device = Device::automatic;
    double rate = 2e-3;
    double decay = 5e-4;    // of matrices alone
    double warm_up = 0.05;  // share of the steps
    double dropout = 0.3;   // of the head for key-points
    double longest_gradient = 5;
    double average_decay = 0.99;  // of the moving average that is kept
    // What the parts of the loss count (models.md 2.2): smooth L1 of key-points counts 1 and is quadratic up to beta.
    double beta = 0.02;
    double heat_maps = 0.5;
    double bones = 0.1;
    PoseAugmentation augmentation;
};

// Sets one of the numbers above by name: "frames" "rate" "decay" "warm_up" "dropout" "longest_gradient" "average_decay"
// "beta" "heat_maps" "bones", and of the augmentation "mirror" "turn" "scale" "shift" "depth_scale" "depth_shift"
// "slant" "depth_noise" "holes". Throws std::invalid_argument for another name or what is no number.
void set_option(PoseTrainOptions& options, const std::string& name, double value);

struct PoseTrainResult {
    std::unique_ptr<PoseModel> model;
    std::vector<TrainProgress> curve;  // "total" "key_points" "heat_maps" "bones", unweighted, about a hundred points
    double seconds = 0;
    // The loss was no number: training ended there, and the model is what was learnt before. `sample` counts takes.
    std::optional<Breakdown> broken;
};

class PoseFamily {
public:
    virtual ~PoseFamily() = default;
    [[nodiscard]] virtual std::string_view name() const = 0;
    // Takes without key-points are allowed and not learnt from. The same seed, takes and number of threads give the
    // same model on the processor. `progress` is called after each step. nullopt when stopped, which is looked at
    // several times a step. Throws std::invalid_argument as PoseSet does, and for options that make no sense.
    [[nodiscard]] virtual std::optional<PoseTrainResult> train(
        std::span<const PoseTake> takes, const PoseTrainOptions& options,
        const std::function<void(const TrainProgress&)>& progress, std::stop_token stop) = 0;
    // Throws std::runtime_error naming the file.
    [[nodiscard]] virtual std::unique_ptr<PoseModel> load(const std::filesystem::path& file) = 0;
};

}  // namespace inference
