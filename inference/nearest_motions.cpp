#include "inference/nearest_motions.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "inference/parallel.h"

namespace inference {

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

// Indices of the labelled motions; where there are too many, the first ones of each class in turn.
std::vector<std::size_t> kept_motions(std::span<const PreparedMotion* const> motions, std::span<const int> labels,
                                      int classes) {
    std::vector<std::vector<std::size_t>> of_class(static_cast<std::size_t>(classes));
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (labels[i] >= 0 && !motions[i]->dead) of_class[static_cast<std::size_t>(labels[i])].push_back(i);
    std::vector<std::size_t> kept;
    for (std::size_t turn = 0, before = 1; kept.size() < NearestMotions::most && kept.size() != before; ++turn) {
        before = kept.size();
        for (const auto& members : of_class)
            if (turn < members.size() && kept.size() < NearestMotions::most) kept.push_back(members[turn]);
    }
    std::ranges::sort(kept);
    return kept;
}

// Of at most 256 of the motions, evenly spread.
std::optional<float> median_of_nearest(const NearestMotions& known, int threads, const std::stop_token& stop) {
    const std::size_t asked = std::min<std::size_t>(known.size(), 256);
    std::vector<float> nearest(asked, infinity);
    const auto measure = [&](std::size_t place) {
        const std::size_t i = place * known.size() / asked;
        for (std::size_t j = 0; j < known.size(); ++j)
            if (i != j)
                nearest[place] =
                    std::min(nearest[place], dtw_distance(known.of(i), known.of(j), NearestMotions::frames, known.width,
                                                          NearestMotions::band, nearest[place]));
    };
    if (!for_each_index(asked, threads, stop, measure)) return std::nullopt;
    std::ranges::sort(nearest);
    const std::size_t middle = nearest.size() / 2;
    const float median = nearest.size() % 2 == 1 ? nearest[middle] : (nearest[middle - 1] + nearest[middle]) / 2;
    return std::isfinite(median) && median > 0 ? median : 1;
}

}  // namespace

std::span<const float> NearestMotions::of(std::size_t motion) const {
    const std::size_t stride = static_cast<std::size_t>(frames) * static_cast<std::size_t>(width);
    return std::span(features).subspan(motion * stride, stride);
}

// The straight path bounds every distance from above at a tenth of the price, so that most
// motions can be given up early.
std::vector<float> NearestMotions::distances(std::span<const float> motion) const {
    std::vector<float> nearest(static_cast<std::size_t>(classes), infinity);
    for (std::size_t i = 0; i < size(); ++i) {
        float& least = nearest[static_cast<std::size_t>(labels[i])];
        least = std::min(least, dtw_distance(motion, of(i), frames, width, 0, least));
    }
    for (std::size_t i = 0; i < size(); ++i) {
        float& least = nearest[static_cast<std::size_t>(labels[i])];
        least = std::min(least, dtw_distance(motion, of(i), frames, width, band, least));
    }
    return nearest;
}

std::vector<float> NearestMotions::log_probabilities(std::span<const float> motion, double temperature) const {
    constexpr float without_motion = -30;
    std::vector<float> logits(static_cast<std::size_t>(classes), 0.0F);
    if (size() == 0) return logits;
    const std::vector<float> nearest = distances(motion);
    float least = without_motion;
    for (std::size_t c = 0; c < nearest.size(); ++c) {
        logits[c] = -nearest[c] / (static_cast<float>(temperature) * scale);
        if (std::isfinite(nearest[c])) least = std::min(least, logits[c]);
    }
    for (float& logit : logits) logit = std::max(logit, least);
    const float largest = *std::ranges::max_element(logits);
    double sum = 0;
    for (const float logit : logits) sum += std::exp(static_cast<double>(logit - largest));
    for (float& logit : logits) logit -= largest + static_cast<float>(std::log(sum));
    return logits;
}

std::optional<NearestMotions> nearest_motions(std::span<const PreparedMotion* const> motions,
                                              std::span<const int> labels, int classes, int threads,
                                              std::stop_token stop) {
    NearestMotions known;
    known.classes = classes;
    const std::vector<std::size_t> kept = kept_motions(motions, labels, classes);
    if (kept.empty()) return known;
    known.width = static_cast<int>(motions[kept.front()]->layout->size() * 6);
    for (const std::size_t i : kept) {
        const std::vector<float> features = warping_features(*motions[i], NearestMotions::frames);
        known.features.insert(known.features.end(), features.begin(), features.end());
        known.labels.push_back(labels[i]);
    }
    const std::optional<float> scale = median_of_nearest(known, threads, stop);
    if (!scale) return std::nullopt;
    known.scale = *scale;
    return known;
}

}  // namespace inference
