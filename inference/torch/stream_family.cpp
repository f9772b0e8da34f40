#include "inference/torch/stream_family.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "inference/calibration.h"
#include "inference/parallel.h"
#include "inference/torch/checkpoint.h"
#include "inference/torch/torch_support.h"
#include "inference/torch/trained_clip_network.h"

namespace inference {

namespace {

constexpr int steps_a_report = 10;
constexpr const char* prefix = "network.";
constexpr const char* shape_prefix = "shape.";

// What a model is besides its weights.
struct StreamNature {
    std::string family;
    std::string layout;
    std::vector<std::string> labels;
    StreamShape shape;
    Heading heading = Heading::camera;
    double rate = 30;  // rows a second
    int window = 128;
};

class NetworkOfStreams final : public StreamModel {
public:
    NetworkOfStreams(std::shared_ptr<StreamNetwork> network, StreamNature nature, int threads)
        : network_(std::move(network)), nature_(std::move(nature)), threads_(threads) {
        network_->eval();
    }

    [[nodiscard]] std::string_view family() const override { return nature_.family; }
    [[nodiscard]] std::int64_t parameters() const override { return network_->parameter_count(); }
    [[nodiscard]] const std::vector<std::string>& labels() const override { return nature_.labels; }
    [[nodiscard]] const std::string& layout() const override { return nature_.layout; }

    [[nodiscard]] std::optional<FrameScores> scores(const LabelledStream& stream, std::stop_token stop) override {
        const StreamRows rows = rows_of(stream, nature_.rate);
        const schemas::SkeletonLayout& layout = *stream.skeleton->layout;
        if (layout.name != nature_.layout || static_cast<int>(layout.size()) != nature_.shape.joints)
            throw std::invalid_argument("this model was trained on skeletons of the layout " + nature_.layout +
                                        " and cannot read " + layout.name + "; map them first");
        const int labels = nature_.shape.labels;
        const auto logits = stream_logits(*network_, rows, nature_.heading, labels, nature_.window, threads_, stop);
        if (!logits) return std::nullopt;
        const auto width = static_cast<std::size_t>(labels) + 2;
        std::vector<float> of_labels, of_boundaries;
        for (std::size_t row = 0; row < logits->size() / width; ++row) {
            const auto first = logits->begin() + static_cast<std::ptrdiff_t>(row * width);
            of_labels.insert(of_labels.end(), first, first + labels);
            for (std::ptrdiff_t channel = labels; channel < labels + 2; ++channel)
                of_boundaries.push_back(1 / (1 + std::exp(-first[channel])));
        }
        FrameScores scores;
        scores.span = stream.span;
        scores.labels = labels;
        scores.probabilities = at_frames(softmax(of_labels, labels), static_cast<std::size_t>(labels), rows);
        const std::vector<float> boundaries = at_frames(of_boundaries, 2, rows);
        for (std::size_t i = 0; i < boundaries.size(); i += 2) {
            scores.starts.push_back(boundaries[i]);
            scores.ends.push_back(boundaries[i + 1]);
        }
        return scores;
    }

    void save(const std::filesystem::path& file) const override {
        Checkpoint checkpoint{nature_.family, nature_.layout, nature_.labels, {}, {}};
        checkpoint.options = {{"joints", static_cast<double>(nature_.shape.joints)},
                              {"heading", nature_.heading == Heading::camera ? 0 : 1},
                              {"rate", nature_.rate},
                              {"window", static_cast<double>(nature_.window)}};
        for (const auto& [name, value] : nature_.shape.options) checkpoint.options[shape_prefix + name] = value;
        for (const auto& [name, tensor] : tensors_of(*network_)) checkpoint.tensors[prefix + name] = tensor;
        write_checkpoint(checkpoint, file);
    }

private:
    std::shared_ptr<StreamNetwork> network_;
    StreamNature nature_;
    int threads_;
};

std::map<std::string, double*> adjustable(StreamLearning& learning) {
    return {{"rate", &learning.rate},
            {"decay", &learning.decay},
            {"warm_up", &learning.warm_up},
            {"average_decay", &learning.average_decay},
            {"ohem_keep", &learning.ohem_keep},
            {"ohem_from", &learning.ohem_from},
            {"deviation", &learning.deviation},
            {"units", &learning.units},
            {"boundaries", &learning.boundaries},
            {"tempo", &learning.tempo},
            {"dice", &learning.loss.dice},
            {"cross_entropy", &learning.loss.cross_entropy},
            {"label_smoothing", &learning.loss.label_smoothing},
            {"smoothing", &learning.loss.smoothing},
            {"tau", &learning.loss.tau},
            {"turn", &learning.weak.turn_degrees},
            {"tilt", &learning.weak.tilt_degrees},
            {"scale", &learning.weak.scale},
            {"shift", &learning.weak.shift},
            {"mirror", &learning.weak.mirror_probability},
            {"noise", &learning.weak.joint_noise}};
}

void set(StreamLearning& learning, std::map<std::string, double>& shape, const std::string& family,
         const std::string& name, double value) {
    if (!std::isfinite(value)) throw std::invalid_argument(family + "'s option '" + name + "' must be a number");
    const auto numbers = adjustable(learning);
    if (const auto found = numbers.find(name); found != numbers.end()) {
        *found->second = value;
    } else if (const auto part = shape.find(name); part != shape.end()) {
        part->second = value;
    } else if (name == "window") {
        if (!(value >= 8 && value <= static_cast<double>(MotionSet::longest_motion)) || value != std::floor(value))
            throw std::invalid_argument(family + "'s option 'window' must be a whole number of rows from 8 to " +
                                        std::to_string(MotionSet::longest_motion));
        learning.window = static_cast<int>(value);
    } else {
        throw std::invalid_argument(family + " has no option '" + name + "'");
    }
}

StreamLearning learning_from(const StreamKind& kind, const StreamTrainOptions& options,
                             std::map<std::string, double>& shape) {
    StreamLearning learning = kind.learning;
    learning.steps = options.steps;
    learning.batch = options.batch;
    learning.threads = thread_count(options.threads);
    for (const auto& [name, value] : options.overrides) set(learning, shape, kind.name, name, value);
    if (options.steps < 1 || options.batch < 1)
        throw std::invalid_argument("training needs at least one step and a batch of one");
    if (!(learning.tempo >= 0 && learning.tempo < 1) || !(learning.deviation > 0) ||
        !(learning.ohem_keep > 0 && learning.ohem_keep <= 1))
        throw std::invalid_argument(kind.name +
                                    "'s options tempo must be from 0 to below 1, deviation above 0, ohem_keep above 0 "
                                    "and at most 1");
    return learning;
}

void check(std::span<const LabelledStream> streams, int labels) {
    bool labelled = false;
    for (std::size_t i = 0; i < streams.size(); ++i) {
        require_sound(streams[i], labels);
        const schemas::SkeletonLayout &first = *streams.front().skeleton->layout, &own = *streams[i].skeleton->layout;
        if (own.name != first.name || own.size() != first.size())
            throw std::invalid_argument("streams of the skeleton layouts " + first.name + " and " + own.name +
                                        " cannot be mixed; map them to one first");
        labelled = labelled || !streams[i].labels.empty();
    }
    if (!labelled)
        throw std::invalid_argument(
            "there is nothing to learn from: no frame of a stream has a label. Label some and train again.");
}

Heading heading_of(std::span<const LabelledStream> streams) {
    std::vector<Sample> samples;
    for (const LabelledStream& stream : streams)
        for (const LabelledSpan& each : stream.labels) samples.push_back({stream.skeleton, each.span});
    return suggested_heading(samples);
}

std::unique_ptr<StreamModel> model_from(const StreamKind& kind, const Checkpoint& checkpoint) {
    if (checkpoint.family != kind.name) throw std::runtime_error("it is of the family " + checkpoint.family);
    StreamNature nature{checkpoint.family, checkpoint.layout, checkpoint.labels, {}, {}, 0, 0};
    nature.shape.joints = checkpoint.whole("joints", 1, 1024);
    nature.shape.labels = static_cast<int>(checkpoint.labels.size());
    if (nature.shape.labels < 1) throw std::runtime_error("it has no labels");
    nature.heading = checkpoint.whole("heading", 0, 1) == 0 ? Heading::camera : Heading::shoulders;
    nature.rate = checkpoint.positive("rate");
    nature.window = checkpoint.whole("window", 8, static_cast<int>(MotionSet::longest_motion));
    for (const auto& [name, usual] : kind.shape) nature.shape.options[name] = checkpoint.option(shape_prefix + name);
    const auto network = kind.make(nature.shape);
    const torch::NoGradGuard guard;
    for (auto& [name, tensor] : tensors_of(*network))
        torch::Tensor(tensor).copy_(checkpoint.tensor(prefix + name, tensor.sizes().vec()));
    return std::make_unique<NetworkOfStreams>(network, std::move(nature), thread_count(0));
}

class FamilyOfStreams final : public StreamFamily {
public:
    explicit FamilyOfStreams(StreamKind kind) : kind_(std::move(kind)) {}

    [[nodiscard]] std::string_view name() const override { return kind_.name; }

    [[nodiscard]] std::optional<StreamTrainResult> train(std::span<const LabelledStream> streams,
                                                         const std::vector<std::string>& labels,
                                                         const StreamTrainOptions& options,
                                                         const std::function<void(const TrainProgress&)>& progress,
                                                         std::stop_token stop) override {
        const auto start = std::chrono::steady_clock::now();
        std::map<std::string, double> shape = kind_.shape;
        const StreamLearning learning = learning_from(kind_, options, shape);
        check(streams, static_cast<int>(labels.size()));
        const schemas::SkeletonLayout& layout = *streams.front().skeleton->layout;
        const double rate = common_rate(streams);
        std::vector<StreamLesson> lessons;
        double frames = 0;
        for (const LabelledStream& stream : streams) {
            if (stop.stop_requested()) return std::nullopt;
            StreamRows rows = rows_of(stream, rate);
            RowTargets targets = targets_of(stream, rows);
            lessons.push_back({std::move(rows), std::move(targets)});
            for (const LabelledSpan& each : stream.labels) frames += static_cast<double>(each.span.length());
        }
        const Heading heading = heading_of(streams);
        StreamTrainResult result;
        const auto report = [&](const StreamStep& step) {
            if ((step.step + 1) % steps_a_report != 0 && step.step + 1 != learning.steps) return;
            result.curve.push_back({step.step + 1,
                                    learning.steps,
                                    {{"total", step.total}, {"units", step.units}, {"boundaries", step.boundaries}}});
            if (progress) progress(result.curve.back());
        };
        StreamNature nature{kind_.name,     layout.name,
                            labels,         {static_cast<int>(layout.size()), static_cast<int>(labels.size()), shape},
                            heading,        rate,
                            learning.window};
        auto taught = taught_stream_network(lessons, heading, learning, kind_.make, nature.shape, options.seed,
                                            torch_device(options.device), report, stop);
        if (!taught) return std::nullopt;
        result.broken = taught->broken;
        result.metrics = {
            {"streams", static_cast<double>(streams.size())}, {"labelled_frames", frames}, {"rows_a_second", rate}};
        result.model =
            std::make_unique<NetworkOfStreams>(std::move(taught->network), std::move(nature), learning.threads);
        result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return result;
    }

    [[nodiscard]] std::unique_ptr<StreamModel> load(const std::filesystem::path& file) override {
        const Checkpoint checkpoint = read_checkpoint(file);
        try {
            return model_from(kind_, checkpoint);
        } catch (const std::exception& error) {
            throw std::runtime_error(file.string() + ": this model cannot be used: " + first_line(error) +
                                     ". Train it again.");
        }
    }

private:
    StreamKind kind_;
};

}  // namespace

std::unique_ptr<StreamFamily> stream_family(StreamKind kind) {
    return std::make_unique<FamilyOfStreams>(std::move(kind));
}

}  // namespace inference
