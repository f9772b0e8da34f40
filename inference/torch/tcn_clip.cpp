#include "inference/torch/tcn_clip.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>

#include "inference/calibration.h"
#include "inference/hard_examples.h"
#include "inference/parallel.h"
#include "inference/torch/tcn_classifier.h"
#include "inference/torch/tcn_lesson.h"
#include "inference/torch/torch_support.h"

namespace inference {

namespace {

constexpr const char* family_name = "tcn_clip";

// What a model is besides its weights.
struct Nature {
    std::string layout;
    Heading heading = Heading::camera;
    std::vector<std::string> labels;
    double temperature = 1;
};

class TcnModel final : public Model {
public:
    TcnModel(TcnClassifier classifier, Nature nature)
        : classifier_(std::move(classifier)), nature_(std::move(nature)) {}

    [[nodiscard]] std::string_view family() const override { return family_name; }
    [[nodiscard]] std::int64_t parameters() const override { return classifier_.network.parameters(); }
    [[nodiscard]] const std::vector<std::string>& labels() const override { return nature_.labels; }
    [[nodiscard]] const std::string& layout() const override { return nature_.layout; }

    [[nodiscard]] std::optional<Prediction> predict(std::span<const Sample> samples, Hardness hardness,
                                                    std::stop_token stop) override {
        Prediction prediction;
        prediction.classes = static_cast<int>(nature_.labels.size());
        prediction.features = 2 * classifier_.network.shape().width;
        if (samples.empty()) return prediction;
        const MotionSet motions(samples, nature_.heading, classifier_.threads);
        check(motions.layout());
        auto seen = classifier_.whole(motions, stop);
        if (!seen) return std::nullopt;
        const auto fused = classifier_.fused(motions, seen->logits, stop);
        if (!fused) return std::nullopt;
        prediction.probabilities = softmax(*fused, prediction.classes, nature_.temperature);
        prediction.embedding = std::move(seen->embedding);
        if (hardness == Hardness::skip) return prediction;
        auto hard = classifier_.hardness(motions, seen->logits, stop);
        if (!hard) return std::nullopt;
        prediction.hardness = std::move(*hard);
        return prediction;
    }

    void save(const std::filesystem::path& file) const override {
        const TcnShape& shape = classifier_.network.shape();
        const NearestMotions& known = classifier_.known;
        Checkpoint checkpoint{family_name, nature_.layout, nature_.labels, {}, {}};
        checkpoint.options = {{"joints", shape.joints},
                              {"frames", shape.frames},
                              {"width", shape.width},
                              {"layers", shape.layers},
                              {"heading", nature_.heading == Heading::camera ? 0 : 1},
                              {"temperature", nature_.temperature},
                              {"known", static_cast<double>(known.size())},
                              {"scale", static_cast<double>(known.scale)}};
        const std::vector<torch::Tensor> views = classifier_.network.views();
        for (std::size_t i = 0; i < views.size(); ++i) checkpoint.tensors[classifier_.network.names()[i]] = views[i];
        checkpoint.tensors["running_mean"] = classifier_.network.running_mean;
        checkpoint.tensors["running_variance"] = classifier_.network.running_variance;
        checkpoint.tensors["known_labels"] = torch::tensor(known.labels, torch::kFloat);
        checkpoint.tensors["known_motions"] = torch::tensor(known.features);
        write_checkpoint(checkpoint, file);
    }

private:
    void check(const schemas::SkeletonLayout& layout) const {
        if (layout.name == nature_.layout && static_cast<int>(layout.size()) == classifier_.network.shape().joints)
            return;
        throw std::invalid_argument("this model was trained on skeletons of the layout " + nature_.layout +
                                    " and cannot read " + layout.name + "; map them first");
    }

    TcnClassifier classifier_;
    Nature nature_;
};

TcnOptions options_from(const TrainOptions& wanted) {
    TcnOptions options;
    options.steps = wanted.steps;
    options.batch = wanted.batch;
    options.threads = thread_count(wanted.threads);
    const std::map<std::string, double*> known{{"rate", &options.rate},
                                               {"decay", &options.decay},
                                               {"layer_dropout", &options.layer_dropout},
                                               {"embedding_dropout", &options.embedding_dropout},
                                               {"average_decay", &options.average_decay},
                                               {"ohem_keep", &options.ohem_keep},
                                               {"ohem_from", &options.ohem_from},
                                               {"dice", &options.loss.dice},
                                               {"cross_entropy", &options.loss.cross_entropy},
                                               {"label_smoothing", &options.loss.label_smoothing},
                                               {"crop", &options.weak.shortest_crop},
                                               {"turn", &options.weak.turn_degrees},
                                               {"tilt", &options.weak.tilt_degrees},
                                               {"scale", &options.weak.scale},
                                               {"shift", &options.weak.shift},
                                               {"mirror", &options.weak.mirror_probability},
                                               {"jitter", &options.weak.time_jitter_frames},
                                               {"noise", &options.weak.joint_noise},
                                               {"joint_drop", &options.weak.joint_drop},
                                               {"time_warp", &options.weak.time_warp}};
    for (const auto& [name, value] : wanted.overrides) {
        const auto found = known.find(name);
        if (found == known.end()) throw std::invalid_argument("tcn_clip has no option '" + name + "'");
        if (!std::isfinite(value)) throw std::invalid_argument("tcn_clip's option '" + name + "' must be a number");
        *found->second = value;
    }
    if (options.steps < 1 || options.batch < 1)
        throw std::invalid_argument("training needs at least one step and a batch of one");
    return options;
}

void check(std::span<const Sample> samples, const std::vector<std::string>& labels) {
    bool labelled = false;
    for (const Sample& sample : samples) {
        if (sample.label >= static_cast<int>(labels.size()))
            throw std::invalid_argument("label " + std::to_string(sample.label) + " is not one of " +
                                        std::to_string(labels.size()));
        if (!std::isfinite(sample.weight) || sample.weight < 0)
            throw std::invalid_argument("a sample's weight must be 0 or more");
        labelled = labelled || (sample.label >= 0 && sample.weight > 0);
    }
    if (!labelled)
        throw std::invalid_argument(
            "there is nothing to learn from: no sample has a label. Label some and train again.");
}

int bounded(const Checkpoint& checkpoint, const std::string& name, int smallest, int largest) {
    const double value = checkpoint.option(name);
    if (!(value >= smallest && value <= largest)) throw std::runtime_error("its option '" + name + "' is out of range");
    return static_cast<int>(value);
}

double positive(const Checkpoint& checkpoint, const std::string& name) {
    const double value = checkpoint.option(name);
    if (!(value > 0 && value < 1e9)) throw std::runtime_error("its option '" + name + "' is out of range");
    return value;
}

TcnShape shape_from(const Checkpoint& checkpoint) {
    TcnShape shape;
    shape.joints = bounded(checkpoint, "joints", 1, 1024);
    shape.frames = bounded(checkpoint, "frames", 1, 4096);
    shape.width = bounded(checkpoint, "width", 1, 4096);
    shape.layers = bounded(checkpoint, "layers", 1, 16);
    shape.classes = static_cast<int>(checkpoint.labels.size());
    if (shape.classes < 1) throw std::runtime_error("it has no labels");
    return shape;
}

TcnNetwork network_from(const Checkpoint& checkpoint, const TcnShape& shape) {
    Random random(0);
    TcnNetwork network(shape, random);
    const std::vector<torch::Tensor> views = network.views();
    for (std::size_t i = 0; i < views.size(); ++i)
        views[i].copy_(checkpoint.tensor(network.names()[i], views[i].sizes().vec()));
    network.running_mean.copy_(checkpoint.tensor("running_mean", {shape.features()}));
    network.running_variance.copy_(checkpoint.tensor("running_variance", {shape.features()}));
    return network;
}

NearestMotions known_from(const Checkpoint& checkpoint, const TcnShape& shape) {
    NearestMotions known;
    known.classes = shape.classes;
    known.width = 6 * shape.joints;
    known.scale = static_cast<float>(positive(checkpoint, "scale"));
    const std::int64_t count = bounded(checkpoint, "known", 0, static_cast<int>(NearestMotions::most));
    const torch::Tensor labels = checkpoint.tensor("known_labels", {count}).contiguous();
    const torch::Tensor motions =
        checkpoint.tensor("known_motions", {count * NearestMotions::frames * known.width}).contiguous();
    for (std::int64_t i = 0; i < count; ++i) {
        const float label = labels.data_ptr<float>()[i];
        if (!(label >= 0 && label < static_cast<float>(shape.classes)))
            throw std::runtime_error("one of its motions has a label that it does not know");
        known.labels.push_back(static_cast<int>(label));
    }
    known.features.assign(motions.data_ptr<float>(), motions.data_ptr<float>() + motions.numel());
    return known;
}

std::unique_ptr<Model> model_from(const Checkpoint& checkpoint) {
    if (checkpoint.family != family_name) throw std::runtime_error("it is of the family " + checkpoint.family);
    const TcnShape shape = shape_from(checkpoint);
    Nature nature{checkpoint.layout, bounded(checkpoint, "heading", 0, 1) == 0 ? Heading::camera : Heading::shoulders,
                  checkpoint.labels, positive(checkpoint, "temperature")};
    return std::make_unique<TcnModel>(
        TcnClassifier{network_from(checkpoint, shape), known_from(checkpoint, shape), thread_count(0)},
        std::move(nature));
}

class TcnFamily final : public ModelFamily {
public:
    [[nodiscard]] std::string_view name() const override { return family_name; }

    [[nodiscard]] std::optional<TrainResult> train(std::span<const Sample> samples,
                                                   const std::vector<std::string>& labels, const TrainOptions& wanted,
                                                   const std::function<void(const TrainProgress&)>& progress,
                                                   std::stop_token stop) override {
        const auto start = std::chrono::steady_clock::now();
        const TcnOptions options = options_from(wanted);
        check(samples, labels);
        const Heading heading = suggested_heading(samples);
        const MotionSet motions(samples, heading, options.threads);
        TrainResult result;
        Lesson lesson(motions, samples, static_cast<int>(labels.size()), options, wanted.seed,
                      torch_device(wanted.device));
        lesson.report = [&](const TrainProgress& done) {
            result.curve.push_back(done);
            if (progress) progress(done);
        };
        std::optional<Watched> watched;
        if (!wanted.watched.empty()) {
            watched.emplace(Watched{MotionSet(wanted.watched, heading, options.threads), {}});
            for (const Sample& sample : wanted.watched) watched->labels.push_back(sample.label);
            lesson.watched = &*watched;
        }
        auto learnt = lesson.learn(wanted.semi_supervised ? Unlabelled::learn_from : Unlabelled::ignore, stop);
        if (!learnt) return std::nullopt;
        result.metrics = std::move(learnt->metrics);
        result.suspected_label_errors = std::move(learnt->suspected);
        result.model = std::make_unique<TcnModel>(std::move(learnt->classifier),
                                                  Nature{motions.layout().name, heading, labels, learnt->temperature});
        result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return result;
    }

    [[nodiscard]] std::unique_ptr<Model> load(const std::filesystem::path& file) override {
        const Checkpoint checkpoint = read_checkpoint(file);
        try {
            return model_from(checkpoint);
        } catch (const std::exception& error) {
            throw std::runtime_error(file.string() + ": this model cannot be used: " + first_line(error) +
                                     ". Train it again.");
        }
    }
};

}  // namespace

std::unique_ptr<ModelFamily> tcn_clip_family() { return std::make_unique<TcnFamily>(); }

}  // namespace inference
