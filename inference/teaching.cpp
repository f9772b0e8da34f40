#include "inference/teaching.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "inference/calibration.h"

namespace inference {

namespace {

std::size_t best_of(std::span<const float> row) {
    return static_cast<std::size_t>(std::ranges::max_element(row) - row.begin());
}

}  // namespace

void mirror_labels(std::span<float> row, std::span<const int> partners) {
    if (partners.empty()) return;
    const std::vector<float> before(row.begin(), row.end());
    for (std::size_t c = 0; c < row.size(); ++c) row[static_cast<std::size_t>(partners[c])] = before[c];
}

Teaching::Teaching(const Untaught& untaught, int classes, std::span<const int> partners, const TeachingOptions& options,
                   int steps, Random& random)
    : untaught_(untaught),
      classes_(static_cast<std::size_t>(classes)),
      partners_(partners),
      options_(options),
      steps_(steps),
      random_(random),
      state_{{},
             std::vector<float>(classes_, 1 / static_cast<float>(classes)),
             std::vector<float>(classes_, 1 / static_cast<float>(classes))} {}

std::vector<std::size_t> Teaching::batch(std::size_t labelled) {
    std::vector<std::size_t> places;
    if (untaught_.samples.empty()) return places;
    while (places.size() < labelled * static_cast<std::size_t>(options_.ratio)) {
        if (state_.queue.empty()) state_.queue = random_.permutation(untaught_.samples.size());
        places.push_back(state_.queue.back());
        state_.queue.pop_back();
    }
    return places;
}

double Teaching::weight(int step) const {
    const double risen = options_.ramp <= 0 ? 1 : std::min(1.0, step / (options_.ramp * steps_));
    return std::min(1.0, untaught_.labels_a_class / options_.labels_for_all) * risen * risen;
}

std::vector<float> Teaching::said(std::span<const float> teacher, std::span<const std::size_t> batch) const {
    if (untaught_.nearest.empty()) return softmax(teacher, static_cast<int>(classes_));
    std::vector<float> sums = softmax(teacher, static_cast<int>(classes_));
    for (std::size_t row = 0; row < batch.size(); ++row)
        for (std::size_t c = 0; c < classes_; ++c) {
            float& value = sums[row * classes_ + c];
            value = std::log(std::max(value, 1e-9F)) + untaught_.nearest[batch[row] * classes_ + c];
        }
    return softmax(sums, static_cast<int>(classes_));
}

void Teaching::align(std::vector<float>& said) {
    const auto rows = static_cast<double>(said.size() / classes_);
    std::vector<double> now(classes_);
    for (std::size_t i = 0; i < said.size(); ++i) now[i % classes_] += static_cast<double>(said[i]) / rows;
    for (std::size_t c = 0; c < classes_; ++c)
        state_.means[c] =
            static_cast<float>(options_.memory * static_cast<double>(state_.means[c]) + (1 - options_.memory) * now[c]);
    for (std::size_t begin = 0; begin < said.size(); begin += classes_) {
        const auto row = std::span(said).subspan(begin, classes_);
        float sum = 0;
        for (std::size_t c = 0; c < classes_; ++c) sum += row[c] /= std::max(state_.means[c], 1e-6F);
        for (float& value : row) value /= sum;
    }
}

std::vector<double> Teaching::thresholds() const {
    const auto largest = static_cast<double>(*std::ranges::max_element(state_.confidence));
    std::vector<double> of_class;
    for (const float confidence : state_.confidence)
        of_class.push_back(std::max(options_.floor, options_.threshold * static_cast<double>(confidence) / largest));
    return of_class;
}

void Teaching::remember(std::span<const float> said) {
    std::vector<double> sums(classes_), counts(classes_);
    for (std::size_t begin = 0; begin < said.size(); begin += classes_) {
        const auto row = said.subspan(begin, classes_);
        const std::size_t best = best_of(row);
        sums[best] += static_cast<double>(row[best]);
        ++counts[best];
    }
    for (std::size_t c = 0; c < classes_; ++c)
        if (counts[c] > 0)
            state_.confidence[c] = static_cast<float>(options_.memory * static_cast<double>(state_.confidence[c]) +
                                                      (1 - options_.memory) * sums[c] / counts[c]);
}

TaughtLoss Teaching::loss(int step, std::span<const float> teacher, std::span<const float> student,
                          std::span<const std::size_t> batch, std::span<const Side> sides) {
    TaughtLoss loss;
    loss.gradient.assign(student.size(), 0.0F);
    std::vector<float> wanted = said(teacher, batch);
    // What is no number would stay in the means for good.
    const bool sound = std::ranges::all_of(wanted, [](float value) { return std::isfinite(value); });
    if (batch.empty() || !sound) return loss;
    align(wanted);
    remember(wanted);
    const std::vector<double> needed = thresholds();
    const std::vector<float> p = softmax(student, static_cast<int>(classes_));
    const auto rows = static_cast<double>(batch.size());
    const double scale = weight(step) / rows;
    for (std::size_t row = 0; row < batch.size(); ++row) {
        const std::size_t begin = row * classes_;
        const auto q = std::span(wanted).subspan(begin, classes_);
        const std::size_t taken_for = best_of(q);
        const bool sure = static_cast<double>(q[taken_for]) > needed[taken_for];
        if (sides[row] == Side::mirrored) mirror_labels(q, partners_);
        const std::size_t target = best_of(q);
        if (sure) {
            loss.sure += 1 / rows;
            loss.total -= scale * std::log(std::max(static_cast<double>(p[begin + target]), 1e-12));
        }
        double mean = 0;
        for (std::size_t c = 0; c < classes_; ++c) {
            const double off = static_cast<double>(p[begin + c]) - static_cast<double>(q[c]);
            loss.total += scale * options_.consistency * off * off;
            mean += static_cast<double>(p[begin + c]) * off;
        }
        for (std::size_t c = 0; c < classes_; ++c) {
            const auto own = static_cast<double>(p[begin + c]);
            double slope = 2 * options_.consistency * own * (own - static_cast<double>(q[c]) - mean);
            if (sure) slope += own - (c == target ? 1 : 0);
            loss.gradient[begin + c] = static_cast<float>(scale * slope);
        }
    }
    return loss;
}

void Teaching::go_on_from(State state) {
    const bool fits =
        state.means.size() == classes_ && state.confidence.size() == classes_ &&
        std::ranges::all_of(state.queue, [&](std::size_t place) { return place < untaught_.samples.size(); });
    if (!fits) throw std::invalid_argument("this is the state of a training on other samples without a label");
    state_ = std::move(state);
}

}  // namespace inference
