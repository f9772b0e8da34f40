#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "inference/model_family.h"
#include "inference/segmentation_metrics.h"
#include "inference/stream_decoder.h"

// The models that read streams frame by frame, beside those of whole clips in model_family.h: plain values in, plain
// values out, no LibTorch.
namespace inference {

// A stretch of motion, and what is known of its frames.
struct LabelledStream {
    std::shared_ptr<const schemas::SkeletonSequence> skeleton;
    schemas::FrameSpan span;  // of the sequence
    double frames_per_second = 30;
    std::vector<LabelledSpan> labels;  // within the span, ascending, without overlap; other frames are unlabelled
};

// Throws std::invalid_argument naming the frames where a stream is not as told above or has a label that is not in
// 0 … labels - 1.
void require_sound(const LabelledStream& stream, int labels);

// A trained model of frames and boundaries.
//
// Thread: one at a time.
class StreamModel {
public:
    virtual ~StreamModel() = default;
    [[nodiscard]] virtual std::string_view family() const = 0;
    [[nodiscard]] virtual std::int64_t parameters() const = 0;
    [[nodiscard]] virtual const std::vector<std::string>& labels() const = 0;
    // The name of the layout of the skeletons that it takes.
    [[nodiscard]] virtual const std::string& layout() const = 0;
    // Of every frame of the span; labels of the stream are not looked at. nullopt when stopped. Throws
    // std::invalid_argument for skeletons of another layout, by name, and for a span that is not of the skeleton.
    [[nodiscard]] virtual std::optional<FrameScores> scores(const LabelledStream& stream, std::stop_token stop) = 0;
    // Weights, layout, label names and options, in one file. Throws std::runtime_error.
    virtual void save(const std::filesystem::path& file) const = 0;
};

struct StreamTrainOptions {
    std::uint64_t seed = 0;
    int steps = 600;
    int batch = 16;   // windows
    int threads = 0;  // 0: one a core
    Device device = Device::automatic;
    std::map<std::string, double> overrides;  // further options of the family, by name
};

struct StreamTrainResult {
    std::unique_ptr<StreamModel> model;
    std::vector<TrainProgress> curve;  // losses: "total" "units" "boundaries"
    std::map<std::string, double> metrics;
    double seconds = 0;
    std::optional<Breakdown> broken;  // its sample is the stream; the model is what was learnt before
};

class StreamFamily {
public:
    virtual ~StreamFamily() = default;
    [[nodiscard]] virtual std::string_view name() const = 0;
    // All streams share one layout. Labelled frames alone are learnt from; the others are seen beside them. The same
    // streams, options and number of threads give the same weights on the processor. nullopt when stopped. Throws
    // std::invalid_argument when no frame has a label, and for streams that are not sound.
    [[nodiscard]] virtual std::optional<StreamTrainResult> train(
        std::span<const LabelledStream> streams, const std::vector<std::string>& labels,
        const StreamTrainOptions& options, const std::function<void(const TrainProgress&)>& progress,
        std::stop_token stop) = 0;
    // Throws std::runtime_error naming the file.
    [[nodiscard]] virtual std::unique_ptr<StreamModel> load(const std::filesystem::path& file) = 0;
};

}  // namespace inference
