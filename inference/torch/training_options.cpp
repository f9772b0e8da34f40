#include "inference/torch/training_options.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "inference/parallel.h"

namespace inference {

namespace {

constexpr double endless = std::numeric_limits<double>::infinity();

struct Number {
    double* value = nullptr;
    double least = -endless;
    double most = endless;
};

std::map<std::string, Number> numbers_of(LearningOptions& options, TeachingOptions& teaching) {
    return {{"rate", {&options.rate}},
            {"decay", {&options.decay, 0}},
            {"l1", {&options.l1, 0}},
            {"warm_up", {&options.warm_up, 0, 1}},
            {"longest_gradient", {&options.longest_gradient, 1e-12}},
            {"layer_dropout", {&options.layer_dropout, 0, 1}},
            {"embedding_dropout", {&options.embedding_dropout, 0, 1}},
            {"average_decay", {&options.average_decay, 0, 1}},
            {"ohem_keep", {&options.ohem_keep, 0, 1}},
            {"ohem_from", {&options.ohem_from, 0, 1}},
            {"patience_from", {&options.patience_from, 0, 1}},
            {"dice", {&options.loss.dice, 0}},
            {"cross_entropy", {&options.loss.cross_entropy, 0}},
            {"label_smoothing", {&options.loss.label_smoothing, 0, 1}},
            {"crop", {&options.weak.shortest_crop}},
            {"turn", {&options.weak.turn_degrees}},
            {"tilt", {&options.weak.tilt_degrees}},
            {"scale", {&options.weak.scale}},
            {"shift", {&options.weak.shift}},
            {"mirror", {&options.weak.mirror_probability, 0, 1}},
            {"jitter", {&options.weak.time_jitter_frames, 0}},
            {"noise", {&options.weak.joint_noise, 0}},
            {"joint_drop", {&options.weak.joint_drop, 0, 1}},
            {"time_warp", {&options.weak.time_warp}},
            {"teacher_threshold", {&teaching.threshold, 0, 1}},
            {"teacher_floor", {&teaching.floor, 0, 1}},
            {"teacher_ramp", {&teaching.ramp, 0, 1}},
            {"teacher_consistency", {&teaching.consistency, 0}},
            {"teacher_labels", {&teaching.labels_for_all, 1e-12}}};
}

// What is chosen by a whole number.
struct Choice {
    int most = 0;
    std::function<void(int)> choose;
};

class Reader {
public:
    Reader(const NetworkKind& kind, const TrainOptions& options, std::size_t labels)
        : kind_(kind), wanted_{kind.learning(), kind.shape(), Unlabelled::ignore, {}} {
        wanted_.learning.steps = options.steps;
        wanted_.learning.batch = options.batch;
        wanted_.learning.threads = thread_count(options.threads);
        if (options.semi_supervised) wanted_.unlabelled = Unlabelled::in_two_stages;
        mirror(options, labels);
    }

    void set(const std::string& name, double value) {
        const std::string subject = kind_.name() + "'s option '" + name + "'";
        if (!std::isfinite(value)) throw std::invalid_argument(subject + " must be a number");
        auto numbers = numbers_of(wanted_.learning, teaching_);
        numbers["pretrain_masked"] = {&wanted_.pretraining.masked, 0, 1};
        const bool ignored = std::ranges::count(kind_.ignored(), name) > 0;
        if (const auto number = numbers.find(name); number != numbers.end() && !ignored) {
            if (value < number->second.least || value > number->second.most)
                throw std::invalid_argument(subject + " must be " + range(number->second));
            *number->second.value = value;
        } else if (const auto choice = choices_.find(name); choice != choices_.end()) {
            if (value < 0 || value > choice->second.most || value != std::floor(value))
                throw std::invalid_argument(subject + " must be a whole number from 0 to " +
                                            std::to_string(choice->second.most));
            choice->second.choose(static_cast<int>(value));
        } else if (wanted_.shape.contains(name)) {
            wanted_.shape[name] = value;
        } else {
            throw std::invalid_argument(kind_.name() + " has no option '" + name + "'");
        }
    }

    WantedTraining wanted() {
        if (wanted_.learning.loss.dice + wanted_.learning.loss.cross_entropy <= 0)
            throw std::invalid_argument("of the options 'dice' and 'cross_entropy' one must be more than 0");
        teaching_.strong.mirror_probability = wanted_.learning.weak.mirror_probability;
        if (wanted_.unlabelled == Unlabelled::with_teacher) wanted_.learning.teaching = teaching_;
        return wanted_;
    }

private:
    // Where left and right have labels of their own, half of the motions are mirrored, and their labels with them.
    void mirror(const TrainOptions& options, std::size_t labels) {
        if (options.mirrored_labels.empty()) return;
        std::vector<int> partners = options.mirrored_labels;
        bool any = false;
        for (std::size_t i = 0; i < partners.size(); ++i) any = any || partners[i] != static_cast<int>(i);
        std::ranges::sort(partners);
        for (std::size_t i = 0; i < partners.size(); ++i)
            if (partners.size() != labels || partners[i] != static_cast<int>(i))
                throw std::invalid_argument("mirrored labels must name each of the " + std::to_string(labels) +
                                            " labels once");
        if (any) wanted_.learning.weak.mirror_probability = 0.5;
    }

    static std::string range(const Number& number) {
        const auto text = [](double value) {
            std::string digits = std::to_string(value);
            digits.erase(digits.find_last_not_of('0') + 1);
            if (digits.back() == '.') digits.pop_back();
            return digits;
        };
        if (number.most < endless) return "from " + text(number.least) + " to " + text(number.most);
        return number.least > 0 ? "more than 0" : "0 or more";
    }

    const NetworkKind& kind_;
    WantedTraining wanted_;
    TeachingOptions teaching_;
    std::map<std::string, Choice> choices_{
        {"descent", {3, [this](int value) { wanted_.learning.descent = static_cast<Descent>(value); }}},
        {"balanced",
         {1,
          [this](int value) {
              wanted_.learning.balance = value == 1 ? Balance::inverse_frequency : Balance::as_labelled;
          }}},
        {"pretrain", {1'000'000, [this](int value) { wanted_.pretraining.steps = value; }}},
        {"patience", {1000, [this](int value) { wanted_.learning.patience = value; }}},
        {"teacher",
         {1,
          [this](int value) {
              if (wanted_.unlabelled != Unlabelled::ignore)
                  wanted_.unlabelled = value == 1 ? Unlabelled::with_teacher : Unlabelled::in_two_stages;
          }}},
        {"teacher_ratio", {15, [this](int value) { teaching_.ratio = std::max(1, value); }}},
        {"teacher_nearest", {1, [this](int value) { teaching_.ask_nearest = value == 1; }}}};
};

}  // namespace

WantedTraining wanted_training(const NetworkKind& kind, const TrainOptions& options, std::size_t labels) {
    Reader reader(kind, options, labels);
    for (const auto& [name, value] : options.overrides) reader.set(name, value);
    if (options.steps < 1 || options.batch < 1)
        throw std::invalid_argument("training needs at least one step and a batch of one");
    if (options.group != nullptr && options.group->size() > options.batch)
        throw std::invalid_argument("a batch of " + std::to_string(options.batch) + " cannot be divided among " +
                                    std::to_string(options.group->size()) + " processes; take a larger one");
    WantedTraining wanted = reader.wanted();
    if (wanted.pretraining.steps > 0 && (!options.warm.empty() || options.start != nullptr))
        throw std::invalid_argument(
            "a training begins either with an earlier model's weights or with those of a "
            "pre-training, not with both");
    return wanted;
}

}  // namespace inference
