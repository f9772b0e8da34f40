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

#include "inference/model_weights.h"
#include "inference/sample.h"
#include "inference/scripted_network.h"
#include "inference/world.h"

// The face that model families turn to the rest of the program: plain values in, plain
// values out, no LibTorch.
namespace inference {

enum class Device { automatic, cpu, cuda };

// Class scores and what selectors need, one row a sample.
struct Prediction {
    int classes = 0;
    std::vector<float> probabilities;  // samples x classes, calibrated on held-out labels, rows sum to 1
    int features = 0;
    std::vector<float> embedding;  // samples x features, L2-normalised
    std::vector<float> hardness;   // the ohem score of models.md 3.2, one a sample; empty unless asked for

    [[nodiscard]] std::span<const float> row(std::size_t sample) const {
        return {&probabilities[sample * static_cast<std::size_t>(classes)], static_cast<std::size_t>(classes)};
    }
};

enum class Hardness { skip, measure };

// A trained classifier of motion.
//
// Thread: one at a time.
class Model {
public:
    virtual ~Model() = default;
    [[nodiscard]] virtual std::string_view family() const = 0;
    [[nodiscard]] virtual std::int64_t parameters() const = 0;
    [[nodiscard]] virtual const std::vector<std::string>& labels() const = 0;
    // The name of the layout of the skeletons that it takes.
    [[nodiscard]] virtual const std::string& layout() const = 0;
    // nullopt when stopped. Throws std::invalid_argument for skeletons of another layout than
    // the one that it was trained on, by name. A sample's rows do not depend on the others.
    [[nodiscard]] virtual std::optional<Prediction> predict(std::span<const Sample> samples, Hardness hardness,
                                                            std::stop_token stop) = 0;
    // Weights, layout, label names and options, in one file. Throws std::runtime_error.
    virtual void save(const std::filesystem::path& file) const = 0;
};

// Where a training is kept while it goes on, so that one that was killed goes on where it was.
struct Interruption {
    std::filesystem::path file;
    // Of everything that the result depends on. What the file holds of another one is not used.
    std::string fingerprint;
    double seconds = 20;  // at least, between two times that the file is written
};

struct TrainOptions {
    std::uint64_t seed = 0;
    int steps = 1800;
    int batch = 16;
    int threads = 0;  // 0: one less than the cores while the editor is open, else all
    Device device = Device::automatic;
    bool semi_supervised = true;
    std::map<std::string, double> overrides;  // further options of the family, by name
    // Labelled samples that nothing is learnt from. The share of them that the network has right at the time, and the
    // macro F1, are reported as "validation_accuracy" and "validation_macro_f1" now and then. With the override
    // "patience" they decide when training stops, and which of its networks is kept.
    std::vector<Sample> watched;
    // Of each label, that of the mirrored motion; empty where left and right have no labels of their own.
    std::vector<int> mirrored_labels;
    // A model's file, of the same family and skeleton layout: training begins with its weights where labels and shape
    // fit. The rehearsal, which measures, begins from nothing: the earlier model may have learnt what is held out.
    std::filesystem::path warm;
    // The same with weights from elsewhere, where their names and shapes fit; not together with `warm`.
    std::shared_ptr<const StartingWeights> start;
    // Processes that train this network together, each called with the same samples and options; none: this one alone.
    std::shared_ptr<ProcessGroup> group;
    // The file is left behind; whoever stores the model removes it.
    std::optional<Interruption> interruption;
};

struct TrainProgress {
    int step = 0;
    int steps = 0;
    // "total" "dice" "cross_entropy", with a teacher "unlabelled" and "sure", and at some steps "validation_accuracy"
    // and "validation_macro_f1" of TrainOptions::watched.
    std::map<std::string, double> losses;
};

// Where the loss, or its gradient, was no number any more: the rate was too high, or a motion has impossible values.
struct Breakdown {
    int step = 0;            // of TrainOptions::steps
    std::size_t sample = 0;  // the one of the batch whose scores were the worst
};

struct TrainResult {
    std::unique_ptr<Model> model;
    std::vector<TrainProgress> curve;
    std::map<std::string, double> metrics;
    std::vector<std::size_t> suspected_label_errors;  // indices of samples
    double seconds = 0;
    int went_on_from = 0;             // the step at which an earlier training had been interrupted
    std::string problem;              // with what is kept for the case of an interruption
    std::optional<Breakdown> broken;  // training ended there, and the model is what was learnt before
    std::vector<std::string> notes;   // what people should know
};

// Samples with a label of 0 or more are the labelled part; those with -1 are the
// unlabelled rest that the semi-supervised loss may use. All share one layout.
class ModelFamily {
public:
    virtual ~ModelFamily() = default;
    [[nodiscard]] virtual std::string_view name() const = 0;
    // nullopt when stopped. Throws std::invalid_argument when there is nothing to learn from, or the starting weights
    // do not fit.
    [[nodiscard]] virtual std::optional<TrainResult> train(std::span<const Sample> samples,
                                                           const std::vector<std::string>& labels,
                                                           const TrainOptions& options,
                                                           const std::function<void(const TrainProgress&)>& progress,
                                                           std::stop_token stop) = 0;
    // Throws std::runtime_error naming the file.
    [[nodiscard]] virtual std::unique_ptr<Model> load(const std::filesystem::path& file) = 0;
};

class PoseFamily;  // inference/pose_model.h
// Of inference/stream_model.h.
class StreamFamily;
class StreamModel;

// The opened LibTorch module.
class Engine {
public:
    virtual ~Engine() = default;
    [[nodiscard]] virtual std::vector<std::string_view> families() const = 0;
    // Throws std::out_of_range naming the known families.
    [[nodiscard]] virtual ModelFamily& family(std::string_view name) = 0;
    // Reads the family from the file and loads it. Throws std::runtime_error.
    [[nodiscard]] virtual std::unique_ptr<Model> load(const std::filesystem::path& file) = 0;
    // The weights of a model's file as values. Throws std::runtime_error naming the file.
    [[nodiscard]] virtual ModelWeights weights(const std::filesystem::path& file) = 0;
    // A network in TorchScript. From here on what its author wrote runs with the rights of this process, so only for a
    // file that a person named on purpose. `threads` work on one question; 0: one a core. Throws std::runtime_error
    // naming the file.
    [[nodiscard]] virtual std::unique_ptr<ScriptedNetwork> open_script(const std::filesystem::path& file, Device device,
                                                                       int threads) = 0;
    // The one that finds key-points in depth.
    [[nodiscard]] virtual PoseFamily& pose_family() = 0;
    // The same of the families that read streams frame by frame.
    [[nodiscard]] virtual std::vector<std::string_view> stream_families() const = 0;
    [[nodiscard]] virtual StreamFamily& stream_family(std::string_view name) = 0;
    [[nodiscard]] virtual std::unique_ptr<StreamModel> load_stream(const std::filesystem::path& file) = 0;
    // Waits for the other processes. Throws std::runtime_error naming the address when they do not come.
    [[nodiscard]] virtual std::shared_ptr<ProcessGroup> join(const World& world) = 0;
    [[nodiscard]] virtual std::string description() const = 0;            // LibTorch version, BLAS, threads, device
    [[nodiscard]] virtual std::vector<std::string> warnings() const = 0;  // a slow BLAS …
};

// Opens the module that lies beside the program on the first call. Throws
// std::runtime_error that says what is missing and what to install.
//
// Thread: any; the engine itself is used by one thread at a time.
Engine& engine();

}  // namespace inference
