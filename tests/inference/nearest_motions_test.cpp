#include "inference/nearest_motions.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/inference/motions.h"

using namespace inference;
using namespace inference_tests;

namespace {

struct Known {
    std::vector<PreparedMotion> motions;
    NearestMotions nearest;

    Known(const std::vector<Sample>& samples, int classes) {
        std::vector<int> labels;
        for (const Sample& sample : samples) {
            motions.push_back(prepared(sample, Heading::camera));
            labels.push_back(sample.label);
        }
        std::vector<const PreparedMotion*> all;
        for (const PreparedMotion& motion : motions) all.push_back(&motion);
        nearest = *nearest_motions(all, labels, classes, 2);
    }
};

std::vector<float> features_of(const Sample& sample) {
    return warping_features(prepared(sample, Heading::camera), NearestMotions::frames);
}

}  // namespace

TEST_CASE("the nearest labelled motion is of the same kind") {
    const Known known(synthetic_set(3, 4, 1), 3);
    for (const Sample& sample : synthetic_set(3, 3, 2)) {
        const auto said = known.nearest.log_probabilities(features_of(sample));
        CHECK(std::max_element(said.begin(), said.end()) - said.begin() == sample.label);
        double sum = 0;
        for (const float value : said) sum += std::exp(static_cast<double>(value));
        CHECK(sum == doctest::Approx(1));
    }
}

TEST_CASE("giving up early changes no distance") {
    const auto samples = synthetic_set(3, 4, 1);
    const Known known(samples, 3);
    const auto motion = features_of(synthetic_motion(1, 99));
    const auto nearest = known.nearest.distances(motion);
    for (std::size_t c = 0; c < 3; ++c) {
        float least = 1e9F;
        for (std::size_t i = 0; i < known.nearest.size(); ++i)
            if (known.nearest.labels[i] == static_cast<int>(c))
                least = std::min(least, dtw_distance(motion, known.nearest.of(i), 32, known.nearest.width, 6));
        CHECK(nearest[c] == doctest::Approx(least));
    }
}

TEST_CASE("a class without a motion is never the likeliest") {
    const Known known(synthetic_set(2, 3, 1), 4);
    const auto said = known.nearest.log_probabilities(features_of(synthetic_motion(4, 5)));
    CHECK(std::max_element(said.begin(), said.end()) - said.begin() < 2);
}

TEST_CASE("unlabelled and dead motions are not known") {
    auto samples = synthetic_set(2, 2, 1);
    samples[0].label = -1;
    samples.push_back(
        {std::make_shared<schemas::SkeletonSequence>(schemas::SkeletonSequence::empty(msr_layout(), 9)), {0, 9}, 1});
    CHECK(Known(samples, 2).nearest.size() == 3);
    for (Sample& sample : samples) sample.label = -1;
    CHECK(Known(samples, 2).nearest.log_probabilities(features_of(samples[0])) == std::vector<float>{0, 0});
}
