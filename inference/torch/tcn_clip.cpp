#include "inference/torch/tcn_clip.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>
#include <stdexcept>

#include "inference/calibration.h"
#include "inference/hard_examples.h"
#include "inference/nearest_motions.h"
#include "inference/parallel.h"
#include "inference/torch/tcn_trainer.h"
#include "inference/torch/torch_support.h"

namespace inference {

namespace {

constexpr const char* family_name = "tcn_clip";
constexpr std::int64_t samples_a_pass = 64;
constexpr int hard_views = 4;

struct Passed {
    std::vector<float> logits;
    std::vector<float> embedding;
};

class TcnModel final : public Model {
public:
    TcnModel(TcnNetwork network, NearestMotions known, std::string layout, Heading heading,
             std::vector<std::string> labels, double temperature, int threads)
        : network_(std::move(network)),
          known_(std::move(known)),
          heading_(heading),
          layout_(std::move(layout)),
          labels_(std::move(labels)),
          temperature_(temperature),
          threads_(threads) {}

    [[nodiscard]] std::string_view family() const override { return family_name; }
    [[nodiscard]] std::int64_t parameters() const override { return network_.parameters(); }
    [[nodiscard]] const std::vector<std::string>& labels() const override { return labels_; }

    [[nodiscard]] std::optional<Prediction> predict(std::span<const Sample> samples, Hardness hardness,
                                                    std::stop_token stop) override {
        Prediction prediction;
        prediction.classes = static_cast<int>(labels_.size());
        prediction.features = 2 * network_.shape().width;
        if (samples.empty()) return prediction;
        const MotionSet motions(samples, heading_, threads_);
        check(motions);
        const auto whole = passed(motions, stop, [&](std::size_t sample, std::span<float> features) {
            motions.cut(sample, network_.shape().frames, 0, 1, features);
        });
        if (!whole) return std::nullopt;
        const auto fused = with_nearest_motions(motions, whole->logits, stop);
        if (!fused) return std::nullopt;
        prediction.probabilities = softmax(*fused, prediction.classes, temperature_);
        prediction.embedding = whole->embedding;
        if (hardness == Hardness::skip) return prediction;
        if (!measure_hardness(motions, whole->logits, prediction, stop)) return std::nullopt;
        return prediction;
    }

    void save(const std::filesystem::path& file) const override {
        const TcnShape& shape = network_.shape();
        Checkpoint checkpoint{family_name, layout_, labels_, {}, {}};
        checkpoint.options = {{"joints", shape.joints},
                              {"frames", shape.frames},
                              {"width", shape.width},
                              {"layers", shape.layers},
                              {"temperature", temperature_},
                              {"heading", heading_ == Heading::camera ? 0 : 1},
                              {"scale", static_cast<double>(known_.scale)},
                              {"known", static_cast<double>(known_.size())}};
        const std::vector<torch::Tensor> views = network_.views();
        for (std::size_t i = 0; i < views.size(); ++i) checkpoint.tensors[network_.names()[i]] = views[i];
        checkpoint.tensors["running_mean"] = network_.running_mean;
        checkpoint.tensors["running_variance"] = network_.running_variance;
        const auto known = static_cast<std::int64_t>(known_.size());
        checkpoint.tensors["known_labels"] = torch::tensor(known_.labels, torch::kFloat);
        checkpoint.tensors["known_motions"] = torch::tensor(known_.features).view({known, NearestMotions::frames, -1});
        write_checkpoint(checkpoint, file);
    }

private:
    void check(const MotionSet& motions) const {
        if (motions.layout().name != layout_ || static_cast<int>(motions.layout().size()) != network_.shape().joints)
            throw std::invalid_argument("this model was trained on skeletons of the layout " + layout_ +
                                        " and cannot read " + motions.layout().name + "; map them first");
    }

    // Class scores of one view of every sample, as `view` writes it.
    std::optional<Passed> passed(const MotionSet& motions, const std::stop_token& stop,
                                 const std::function<void(std::size_t, std::span<float>)>& view) const {
        const SingleThreaded scope;
        const auto count = static_cast<std::int64_t>(motions.size());
        const std::int64_t frames = network_.shape().frames;
        const auto classes = static_cast<std::int64_t>(labels_.size());
        const std::int64_t width = 2 * network_.shape().width;
        Passed result{std::vector<float>(static_cast<std::size_t>(count * classes)),
                      std::vector<float>(static_cast<std::size_t>(count * width))};
        const std::vector<torch::Tensor> weights = network_.views();
        const std::int64_t passes = (count + samples_a_pass - 1) / samples_a_pass;
        const auto one_pass = [&](std::size_t pass) {
            const torch::NoGradGuard guard;
            const std::int64_t begin = static_cast<std::int64_t>(pass) * samples_a_pass;
            const std::int64_t rows = std::min(samples_a_pass, count - begin);
            torch::Tensor features = torch::empty({rows, frames, network_.shape().features()});
            const auto stride = static_cast<std::size_t>(frames * network_.shape().features());
            for (std::int64_t row = 0; row < rows; ++row)
                view(static_cast<std::size_t>(begin + row),
                     {features.data_ptr<float>() + static_cast<std::size_t>(row) * stride, stride});
            const TcnOutput output = network_.forward(network_.normalised(features.to(network_.device())), weights);
            const auto copy = [begin](const torch::Tensor& tensor, std::vector<float>& to) {
                const torch::Tensor rows_of = tensor.cpu().contiguous();
                std::copy_n(rows_of.data_ptr<float>(), rows_of.numel(), to.begin() + begin * rows_of.size(1));
            };
            copy(output.logits, result.logits);
            copy(torch::nn::functional::normalize(output.embedding,
                                                  torch::nn::functional::NormalizeFuncOptions().dim(1)),
                 result.embedding);
        };
        if (!for_each_index(static_cast<std::size_t>(passes), network_.device().is_cpu() ? threads_ : 1, stop,
                            one_pass))
            return std::nullopt;
        return result;
    }

    // The sum of what the network and the nearest labelled motions say, as log-probabilities.
    std::optional<std::vector<float>> with_nearest_motions(const MotionSet& motions, std::span<const float> logits,
                                                           const std::stop_token& stop) const {
        const auto classes = static_cast<std::size_t>(known_.classes);
        std::vector<float> fused = softmax(logits, known_.classes);
        for (float& value : fused) value = std::log(std::max(value, 1e-9F));
        const auto add = [&](std::size_t sample) {
            const PreparedMotion& motion = motions.motion(sample);
            if (motion.dead || known_.size() == 0) return;
            const auto near = known_.log_probabilities(warping_features(motion, NearestMotions::frames));
            for (std::size_t c = 0; c < classes; ++c) fused[sample * classes + c] += near[c];
        };
        if (!for_each_index(motions.size(), threads_, stop, add)) return std::nullopt;
        return fused;
    }

    // Mean over strong views of CE(view, best class) + H(prediction), models.md 3.2.
    bool measure_hardness(const MotionSet& motions, std::span<const float> logits, Prediction& prediction,
                          const std::stop_token& stop) const {
        const std::size_t count = motions.size();
        const auto classes = static_cast<std::size_t>(prediction.classes);
        std::vector<float> best(count * classes, 0.0F);
        prediction.hardness.assign(count, 0.0F);
        const std::vector<float> plain = softmax(logits, prediction.classes);
        for (std::size_t sample = 0; sample < count; ++sample) {
            const auto row = std::span(plain).subspan(sample * classes, classes);
            best[sample * classes + static_cast<std::size_t>(std::ranges::max_element(row) - row.begin())] = 1;
            prediction.hardness[sample] = static_cast<float>(entropy(row));
        }
        for (int number = 0; number < hard_views; ++number) {
            const auto strong = passed(motions, stop, [&](std::size_t sample, std::span<float> features) {
                // The same views whatever the order and company of the samples.
                Random random(static_cast<std::uint64_t>(number) + 1);
                motions.draw(sample, network_.shape().frames, strong_augmentation(), random, features);
            });
            if (!strong) return false;
            const std::vector<float> losses = cross_entropies(strong->logits, best, prediction.classes, 0);
            for (std::size_t sample = 0; sample < count; ++sample)
                prediction.hardness[sample] += losses[sample] / hard_views;
        }
        return true;
    }

    TcnNetwork network_;
    NearestMotions known_;
    Heading heading_;
    std::string layout_;
    std::vector<std::string> labels_;
    double temperature_;
    int threads_;
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
        *found->second = value;
    }
    if (options.steps < 1 || options.batch < 1)
        throw std::invalid_argument("training needs at least one step and a batch of one");
    return options;
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
        TrainingSet set{motions, {}, {}};
        for (const Sample& sample : samples) {
            set.labels.push_back(sample.label);
            set.weights.push_back(static_cast<float>(sample.weight));
        }
        TcnShape shape;
        shape.joints = static_cast<int>(motions.layout().size());
        shape.classes = static_cast<int>(labels.size());
        const torch::Device device = torch_device(wanted.device);
        auto training = train_tcn(set, shape, options, wanted.seed, device, progress, stop);
        if (!training) return std::nullopt;
        TrainResult result;
        result.curve = std::move(training->curve);
        result.metrics = {
            {"labelled", static_cast<double>(std::ranges::count_if(set.labels, [](int l) { return l >= 0; }))}};
        result.model = std::make_unique<TcnModel>(
            std::move(training->network), known_motions(motions, set.labels, shape.classes, options.threads),
            motions.layout().name, heading, labels, 1.0, options.threads);
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

private:
    static void check(std::span<const Sample> samples, const std::vector<std::string>& labels) {
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

    static NearestMotions known_motions(const MotionSet& motions, std::span<const int> labels, int classes,
                                        int threads) {
        std::vector<const PreparedMotion*> all;
        for (std::size_t i = 0; i < motions.size(); ++i) all.push_back(&motions.motion(i));
        return nearest_motions(all, labels, classes, threads);
    }

    static NearestMotions known_from(const Checkpoint& checkpoint, const TcnShape& shape) {
        NearestMotions known;
        known.classes = shape.classes;
        known.scale = static_cast<float>(checkpoint.option("scale"));
        if (!(known.scale > 0)) throw std::runtime_error("its option 'scale' is out of range");
        if (checkpoint.option("known") == 0) return known;
        const auto count = static_cast<std::int64_t>(bounded(checkpoint, "known", NearestMotions::most));
        known.width = 6 * shape.joints;
        const torch::Tensor labels = checkpoint.tensor("known_labels", {count}).contiguous();
        const torch::Tensor motions =
            checkpoint.tensor("known_motions", {count, NearestMotions::frames, known.width}).contiguous();
        for (std::int64_t i = 0; i < count; ++i) {
            const float label = labels.data_ptr<float>()[i];
            if (!(label >= 0 && label < static_cast<float>(shape.classes)))
                throw std::runtime_error("one of its motions has no such label");
            known.labels.push_back(static_cast<int>(label));
        }
        known.features.assign(motions.data_ptr<float>(), motions.data_ptr<float>() + motions.numel());
        return known;
    }

    static int bounded(const Checkpoint& checkpoint, const std::string& name, int largest) {
        const double value = checkpoint.option(name);
        if (!(value >= 1 && value <= largest)) throw std::runtime_error("its option '" + name + "' is out of range");
        return static_cast<int>(value);
    }

    static std::unique_ptr<Model> model_from(const Checkpoint& checkpoint) {
        if (checkpoint.family != family_name) throw std::runtime_error("it is of the family " + checkpoint.family);
        TcnShape shape;
        shape.joints = bounded(checkpoint, "joints", 1024);
        shape.frames = bounded(checkpoint, "frames", 4096);
        shape.width = bounded(checkpoint, "width", 4096);
        shape.layers = bounded(checkpoint, "layers", 16);
        shape.classes = static_cast<int>(checkpoint.labels.size());
        if (shape.classes < 1) throw std::runtime_error("it has no labels");
        const double temperature = checkpoint.option("temperature");
        if (!(temperature > 0 && temperature < 1000)) throw std::runtime_error("its temperature is out of range");
        Random random(0);
        TcnNetwork network(shape, random);
        const std::vector<torch::Tensor> views = network.views();
        for (std::size_t i = 0; i < views.size(); ++i)
            views[i].copy_(checkpoint.tensor(network.names()[i], views[i].sizes().vec()));
        network.running_mean.copy_(checkpoint.tensor("running_mean", {shape.features()}));
        network.running_variance.copy_(checkpoint.tensor("running_variance", {shape.features()}));
        return std::make_unique<TcnModel>(
            std::move(network), known_from(checkpoint, shape), checkpoint.layout,
            checkpoint.option("heading") == 0 ? Heading::camera : Heading::shoulders, checkpoint.labels, temperature,
            thread_count(0));
    }
};

}  // namespace

std::unique_ptr<ModelFamily> tcn_clip_family() { return std::make_unique<TcnFamily>(); }

}  // namespace inference
