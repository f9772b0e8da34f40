#include "inference/torch/motion_family.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>

#include "inference/calibration.h"
#include "inference/hard_examples.h"
#include "inference/parallel.h"
#include "inference/torch/lesson.h"
#include "inference/torch/lesson_log.h"
#include "inference/torch/motion_classifier.h"
#include "inference/torch/torch_support.h"

namespace inference {

namespace {

// What a model is besides its weights.
struct Nature {
    std::string family;
    std::string layout;
    std::size_t joints = 0;
    Heading heading = Heading::camera;
    std::vector<std::string> labels;
    double temperature = 1;
};

class MotionModel final : public Model {
public:
    MotionModel(MotionClassifier classifier, Nature nature)
        : classifier_(std::move(classifier)), nature_(std::move(nature)) {}

    [[nodiscard]] std::string_view family() const override { return nature_.family; }
    [[nodiscard]] std::int64_t parameters() const override { return classifier_.network->parameters(); }
    [[nodiscard]] const std::vector<std::string>& labels() const override { return nature_.labels; }
    [[nodiscard]] const std::string& layout() const override { return nature_.layout; }

    [[nodiscard]] std::optional<Prediction> predict(std::span<const Sample> samples, Hardness hardness,
                                                    std::stop_token stop) override {
        Prediction prediction;
        prediction.classes = classifier_.classes;
        prediction.features = classifier_.network->features();
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
        const NearestMotions& known = classifier_.known;
        Checkpoint checkpoint{nature_.family, nature_.layout, nature_.labels, {}, {}};
        checkpoint.options = {{"joints", static_cast<double>(nature_.joints)},
                              {"heading", nature_.heading == Heading::camera ? 0 : 1},
                              {"temperature", nature_.temperature},
                              {"known", static_cast<double>(known.size())},
                              {"scale", static_cast<double>(known.scale)}};
        classifier_.network->write(checkpoint);
        checkpoint.tensors["known_labels"] = torch::tensor(known.labels, torch::kFloat);
        checkpoint.tensors["known_motions"] = torch::tensor(known.features);
        write_checkpoint(checkpoint, file);
    }

private:
    void check(const schemas::SkeletonLayout& layout) const {
        if (layout.name == nature_.layout && layout.size() == nature_.joints) return;
        throw std::invalid_argument("this model was trained on skeletons of the layout " + nature_.layout +
                                    " and cannot read " + layout.name + "; map them first");
    }

    MotionClassifier classifier_;
    Nature nature_;
};

struct Wanted {
    LearningOptions learning;
    ShapeOptions shape;
};

std::map<std::string, double*> adjustable(LearningOptions& options) {
    return {{"rate", &options.rate},
            {"decay", &options.decay},
            {"l1", &options.l1},
            {"warm_up", &options.warm_up},
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
}

void set(Wanted& wanted, const std::string& family, const std::string& name, double value) {
    if (!std::isfinite(value)) throw std::invalid_argument(family + "'s option '" + name + "' must be a number");
    const auto learning = adjustable(wanted.learning);
    if (const auto found = learning.find(name); found != learning.end())
        *found->second = value;
    else if (wanted.shape.contains(name))
        wanted.shape[name] = value;
    else if (name == "descent" && value >= 0 && value <= 3)
        wanted.learning.descent = static_cast<Descent>(static_cast<int>(value));
    else
        throw std::invalid_argument(family + " has no option '" + name + "'");
}

Wanted wanted_from(const NetworkKind& kind, const TrainOptions& options) {
    Wanted wanted{kind.learning(), kind.shape()};
    wanted.learning.steps = options.steps;
    wanted.learning.batch = options.batch;
    wanted.learning.threads = thread_count(options.threads);
    for (const auto& [name, value] : options.overrides) set(wanted, kind.name(), name, value);
    if (options.steps < 1 || options.batch < 1)
        throw std::invalid_argument("training needs at least one step and a batch of one");
    if (options.group != nullptr && options.group->size() > options.batch)
        throw std::invalid_argument("a batch of " + std::to_string(options.batch) + " cannot be divided among " +
                                    std::to_string(options.group->size()) + " processes; take a larger one");
    return wanted;
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

NearestMotions known_from(const Checkpoint& checkpoint, int classes, int joints) {
    NearestMotions known;
    known.classes = classes;
    known.width = 6 * joints;
    known.scale = static_cast<float>(checkpoint.positive("scale"));
    const std::int64_t count = checkpoint.whole("known", 0, static_cast<int>(NearestMotions::most));
    const torch::Tensor labels = checkpoint.tensor("known_labels", {count}).contiguous();
    const torch::Tensor motions =
        checkpoint.tensor("known_motions", {count * NearestMotions::frames * known.width}).contiguous();
    for (std::int64_t i = 0; i < count; ++i) {
        const float label = labels.data_ptr<float>()[i];
        if (!(label >= 0 && label < static_cast<float>(classes)))
            throw std::runtime_error("one of its motions has a label that it does not know");
        known.labels.push_back(static_cast<int>(label));
    }
    known.features.assign(motions.data_ptr<float>(), motions.data_ptr<float>() + motions.numel());
    return known;
}

std::unique_ptr<Model> model_from(const NetworkKind& kind, const Checkpoint& checkpoint) {
    if (checkpoint.family != kind.name()) throw std::runtime_error("it is of the family " + checkpoint.family);
    const int classes = static_cast<int>(checkpoint.labels.size());
    if (classes < 1) throw std::runtime_error("it has no labels");
    const int joints = checkpoint.whole("joints", 1, 1024);
    Nature nature{checkpoint.family,
                  checkpoint.layout,
                  static_cast<std::size_t>(joints),
                  checkpoint.whole("heading", 0, 1) == 0 ? Heading::camera : Heading::shoulders,
                  checkpoint.labels,
                  checkpoint.positive("temperature")};
    return std::make_unique<MotionModel>(
        MotionClassifier{kind.read(checkpoint), classes, known_from(checkpoint, classes, joints), thread_count(0)},
        std::move(nature));
}

// Goes on from what an interrupted training left; begins anew where that turns out to fit no longer.
std::optional<Learnt> going_on(const Interruption& interruption,
                               const std::function<std::optional<Learnt>(LessonLog* log)>& learn, TrainResult& result) {
    LessonLog log(interruption);
    result.went_on_from = log.steps();
    std::optional<Learnt> learnt;
    try {
        learnt = learn(&log);
    } catch (const std::exception& error) {
        if (log.steps() == 0) throw;
        log.forget(error);
        result.went_on_from = 0;
        learnt = learn(&log);
    }
    result.problem = log.problem();
    return learnt;
}

class MotionFamily final : public ModelFamily {
public:
    explicit MotionFamily(std::unique_ptr<NetworkKind> kind) : kind_(std::move(kind)), name_(kind_->name()) {}

    [[nodiscard]] std::string_view name() const override { return name_; }

    [[nodiscard]] std::optional<TrainResult> train(std::span<const Sample> samples,
                                                   const std::vector<std::string>& labels, const TrainOptions& options,
                                                   const std::function<void(const TrainProgress&)>& progress,
                                                   std::stop_token stop) override {
        const auto start = std::chrono::steady_clock::now();
        const Wanted wanted = wanted_from(*kind_, options);
        check(samples, labels);
        const Heading heading = suggested_heading(samples);
        const MotionSet motions(samples, heading, wanted.learning.threads);
        const auto learner =
            kind_->learner(samples.front().skeleton->layout, static_cast<int>(labels.size()), wanted.shape,
                           {torch_device(options.device), dynamic_cast<TensorGroup*>(options.group.get())});
        TrainResult result;
        if (options.start) result.start_notes = learner->start_from(*options.start);
        std::optional<Watched> watched;
        if (!options.watched.empty()) {
            watched.emplace(Watched{MotionSet(options.watched, heading, wanted.learning.threads), {}});
            for (const Sample& sample : options.watched) watched->labels.push_back(sample.label);
        }
        const auto learn = [&](LessonLog* log) {
            Lesson lesson(motions, samples, static_cast<int>(labels.size()), *learner, wanted.learning, options.seed);
            lesson.report = progress;
            lesson.watched = watched ? &*watched : nullptr;
            lesson.log = log;
            return lesson.learn(options.semi_supervised ? Unlabelled::learn_from : Unlabelled::ignore, stop);
        };
        // Each process of a group would have to go on from the same step.
        const bool interruptible = options.interruption && options.group == nullptr;
        auto learnt = interruptible ? going_on(*options.interruption, learn, result) : learn(nullptr);
        if (!learnt) return std::nullopt;
        result.curve = std::move(learnt->curve);
        result.metrics = std::move(learnt->metrics);
        result.suspected_label_errors = std::move(learnt->suspected);
        result.broken = learnt->broken;
        result.model = std::make_unique<MotionModel>(
            std::move(learnt->classifier),
            Nature{name_, motions.layout().name, motions.layout().size(), heading, labels, learnt->temperature});
        result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return result;
    }

    [[nodiscard]] std::unique_ptr<Model> load(const std::filesystem::path& file) override {
        const Checkpoint checkpoint = read_checkpoint(file);
        try {
            return model_from(*kind_, checkpoint);
        } catch (const std::exception& error) {
            throw std::runtime_error(file.string() + ": this model cannot be used: " + first_line(error) +
                                     ". Train it again.");
        }
    }

private:
    std::unique_ptr<NetworkKind> kind_;
    std::string name_;
};

}  // namespace

std::unique_ptr<ModelFamily> motion_family(std::unique_ptr<NetworkKind> kind) {
    return std::make_unique<MotionFamily>(std::move(kind));
}

}  // namespace inference
