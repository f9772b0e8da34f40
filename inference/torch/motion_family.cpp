#include "inference/torch/motion_family.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>

#include "inference/calibration.h"
#include "inference/hard_examples.h"
#include "inference/parallel.h"
#include "inference/torch/exported_weights.h"
#include "inference/torch/lesson.h"
#include "inference/torch/lesson_log.h"
#include "inference/torch/motion_classifier.h"
#include "inference/torch/primitive_reading.h"
#include "inference/torch/torch_support.h"
#include "inference/torch/training_options.h"

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

class MotionModel final : public Model, public PrimitiveReader {
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

    [[nodiscard]] PrimitiveTable primitive_table() const override { return inference::primitive_table(classifier_); }

    [[nodiscard]] std::optional<std::vector<PrimitiveReading>> read_primitives(std::span<const Sample> samples,
                                                                               std::stop_token stop) override {
        if (samples.empty()) return std::vector<PrimitiveReading>();
        const MotionSet motions(samples, nature_.heading, classifier_.threads);
        check(motions.layout());
        return primitives_in(classifier_, motions, stop);
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
        const WantedTraining wanted = wanted_training(*kind_, options, labels.size());
        check(samples, labels);
        const Heading heading = suggested_heading(samples);
        const MotionSet motions(samples, heading, wanted.learning.threads);
        TrainResult result;
        Place place{torch_device(options.device), dynamic_cast<TensorGroup*>(options.group.get()), nullptr};
        if (!options.warm.empty() && options.start != nullptr)
            throw std::invalid_argument("training begins with an earlier model or with given weights, not with both");
        if (options.start != nullptr) place.warm = given(*options.start, motions, labels);
        if (!options.warm.empty()) place.warm = earlier(options.warm, motions, heading, labels, result.notes);
        auto learner =
            kind_->learner(samples.front().skeleton->layout, static_cast<int>(labels.size()), wanted.shape, place);
        if (options.start != nullptr)
            take_notes(*options.start, *place.warm, learner->fit(*place.warm), labels, result.notes);
        else if (place.warm != nullptr)
            take_note(learner->fit(*place.warm), result.notes);
        if (wanted.pretraining.steps > 0) {
            auto learnt = pretrained(*learner, motions, wanted, options, progress, result, stop);
            if (!learnt) return std::nullopt;
            place.warm =
                std::make_shared<WarmStart>(WarmStart{std::move(*learnt), std::vector<int>(labels.size(), -1)});
            learner =
                kind_->learner(samples.front().skeleton->layout, static_cast<int>(labels.size()), wanted.shape, place);
        }
        std::optional<Watched> watched;
        if (!options.watched.empty()) {
            watched.emplace(Watched{MotionSet(options.watched, heading, wanted.learning.threads), {}});
            for (const Sample& sample : options.watched) watched->labels.push_back(sample.label);
        }
        const auto learn = [&](LessonLog* log) {
            Lesson lesson(motions, samples, static_cast<int>(labels.size()), *learner, wanted.learning, options.seed);
            if (progress)
                lesson.report = [&](TrainProgress now) {
                    now.step += wanted.pretraining.steps;
                    now.steps += wanted.pretraining.steps;
                    progress(now);
                };
            lesson.watched = watched ? &*watched : nullptr;
            lesson.log = log;
            lesson.mirrored_labels = options.mirrored_labels;
            if (place.warm != nullptr) lesson.beginning = Beginning::earlier_weights;
            // No label has been seen where there was only a pre-training.
            if (wanted.pretraining.steps > 0) lesson.rehearsal_beginning = Beginning::earlier_weights;
            return lesson.learn(wanted.unlabelled, stop);
        };
        // Each process of a group would have to go on from the same step.
        const bool interruptible = options.interruption && options.group == nullptr;
        auto learnt = interruptible ? going_on(*options.interruption, learn, result) : learn(nullptr);
        if (!learnt) return std::nullopt;
        result.curve = std::move(learnt->curve);
        result.metrics.merge(learnt->metrics);
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
    // What was learnt without labels; its steps come before all others.
    static std::optional<Checkpoint> pretrained(const Learner& learner, const MotionSet& motions,
                                                const WantedTraining& wanted, const TrainOptions& options,
                                                const std::function<void(const TrainProgress&)>& progress,
                                                TrainResult& result, const std::stop_token& stop) {
        const auto told = [&](int step, double error) {
            if (progress && (step + 1) % 10 == 0)
                progress({step + 1, wanted.pretraining.steps + options.steps, {{"reconstruction", error}}});
            result.metrics["reconstruction"] = error;
        };
        return learner.pretrained(motions, wanted.learning, wanted.pretraining, options.seed, told, stop);
    }

    // Throws std::invalid_argument when its weights mean something else.
    [[nodiscard]] std::shared_ptr<const WarmStart> earlier(const std::filesystem::path& file, const MotionSet& motions,
                                                           Heading heading, const std::vector<std::string>& labels,
                                                           std::vector<std::string>& notes) const {
        Checkpoint checkpoint = read_checkpoint(file);
        const auto refuse = [&](const std::string& reason) {
            throw std::invalid_argument(file.string() + ": training cannot begin with this model's weights: " + reason);
        };
        if (checkpoint.family != name_) refuse("it is of the family " + checkpoint.family + ", not " + name_);
        if (checkpoint.layout != motions.layout().name)
            refuse("it reads skeletons of the layout " + checkpoint.layout + ", and these are of " +
                   motions.layout().name);
        if ((checkpoint.whole("heading", 0, 1) == 0) != (heading == Heading::camera))
            notes.push_back("the earlier model saw motions " +
                            std::string(heading == Heading::camera ? "turned to the shoulders" : "as the camera did") +
                            ", this one does not");
        auto warm = std::make_shared<WarmStart>(warm_start(std::move(checkpoint), labels));
        std::string fresh;
        for (std::size_t label = 0; label < labels.size(); ++label)
            if (warm->rows[label] < 0) fresh += (fresh.empty() ? "" : ", ") + labels[label];
        if (!fresh.empty()) notes.push_back("the earlier model did not know the labels: " + fresh);
        return warm;
    }

    void take_note(const WarmFit& fit, std::vector<std::string>& notes) const {
        if (fit.taken == 0)
            throw std::invalid_argument("training cannot begin with that model's weights: none of them fits " + name_ +
                                        " as it is wanted here");
        std::string text = "it began with " + std::to_string(fit.taken) + " tensors of an earlier model";
        std::string left;
        for (const std::string& name : fit.left_out) left += (left.empty() ? "" : ", ") + name;
        notes.push_back(left.empty() ? text : text + "; nothing fitted " + left);
    }

    static std::shared_ptr<const WarmStart> given(const StartingWeights& weights, const MotionSet& motions,
                                                  const std::vector<std::string>& labels) {
        if (!weights.layout.empty() && weights.layout != motions.layout().name)
            throw std::invalid_argument(
                "training cannot begin with the given weights: they read skeletons of the layout " + weights.layout +
                ", and these are of " + motions.layout().name);
        return std::make_shared<const WarmStart>(warm_start(weights, labels));
    }

    static void take_notes(const StartingWeights& weights, const WarmStart& warm, const WarmFit& fit,
                           const std::vector<std::string>& labels, std::vector<std::string>& notes) {
        const std::vector<std::string> others = misfits(weights, warm, fit, labels);
        notes.push_back("it began with " + std::to_string(fit.taken) + " tensors of the given weights");
        for (const std::string& other : others) notes.push_back("of the given weights, " + other);
    }

    std::unique_ptr<NetworkKind> kind_;
    std::string name_;
};

}  // namespace

std::unique_ptr<ModelFamily> motion_family(std::unique_ptr<NetworkKind> kind) {
    return std::make_unique<MotionFamily>(std::move(kind));
}

}  // namespace inference
