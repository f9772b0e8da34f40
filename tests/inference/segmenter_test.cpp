#include "inference/segmenter.h"

#include <doctest/doctest.h>

#include "tests/inference/motions.h"

using namespace inference;
using schemas::FrameSpan;

namespace {

// Says class 1 of spans that begin at or after frame 50, else 0, and remembers how often it was asked.
class Halves final : public Model {
public:
    [[nodiscard]] std::string_view family() const override { return "halves"; }
    [[nodiscard]] std::int64_t parameters() const override { return 0; }
    [[nodiscard]] const std::vector<std::string>& labels() const override { return labels_; }
    [[nodiscard]] const std::string& layout() const override { return layout_; }
    [[nodiscard]] std::optional<Prediction> predict(std::span<const Sample> samples, Hardness,
                                                    std::stop_token stop) override {
        if (stop.stop_requested()) return std::nullopt;
        ++asked;
        Prediction prediction;
        prediction.classes = 2;
        for (const Sample& sample : samples) {
            const float late = sample.span.begin >= 50 ? 0.8F : 0.3F;
            prediction.probabilities.insert(prediction.probabilities.end(), {1 - late, late});
        }
        return prediction;
    }
    void save(const std::filesystem::path&) const override {}
    int asked = 0;

private:
    std::vector<std::string> labels_{"early", "late"};
    std::string layout_ = "any";
};

std::vector<FrameSpan> spans(const std::vector<SegmentProposal>& segments) {
    std::vector<FrameSpan> found;
    for (const SegmentProposal& segment : segments) found.push_back(segment.span);
    return found;
}

}  // namespace

TEST_CASE("boundaries cut a span into touching segments") {
    const std::vector<BoundaryProposal> boundaries{{10, 0.4}, {30, 0.9}};
    const auto segments = segments_between({0, 50}, boundaries);
    CHECK(spans(segments) == std::vector<FrameSpan>{{0, 10}, {10, 30}, {30, 50}});
    CHECK(segments[0].boundary_score == 1);
    CHECK(segments[2].boundary_score == 0.9);
}

TEST_CASE("boundaries outside the span or at its ends are passed over") {
    const std::vector<BoundaryProposal> boundaries{{5, 1}, {10, 1}, {50, 1}, {60, 1}};
    CHECK(spans(segments_between({10, 50}, boundaries)) == std::vector<FrameSpan>{{10, 50}});
    CHECK(segments_between({5, 5}, boundaries).empty());
}

TEST_CASE("the best five labels come first to last") {
    const auto ranked = ranked_labels(std::vector<float>{0.1F, 0.3F, 0.1F, 0.2F, 0.05F, 0.25F});
    REQUIRE(ranked.size() == 5);
    CHECK(ranked[0].label == 1);
    CHECK(ranked[1].label == 5);
    CHECK(ranked[3].label == 0);
    CHECK(ranked[4].label == 2);
    CHECK(ranked_labels(std::vector<float>{1}).size() == 1);
}

TEST_CASE("equal neighbours are merged over a weak boundary only") {
    Halves model;
    const auto motion = inference_tests::synthetic_motion(0, 1, 100);
    const std::vector<BoundaryProposal> boundaries{{20, 0.4}, {35, 0.6}, {50, 0.4}, {70, 0.2}};
    const auto segments = *segment_then_classify(motion.skeleton, {0, 100}, boundaries, model, Hardness::skip);
    CHECK(spans(segments) == std::vector<FrameSpan>{{0, 35}, {35, 50}, {50, 100}});
    CHECK(segments[2].top[0].label == 1);
    CHECK(model.asked == 2);  // once more for what was merged
}

TEST_CASE("segments stay as they are where no model has spoken") {
    const auto segments = segments_between({0, 50}, std::vector<BoundaryProposal>{{10, 0.1}});
    CHECK(merged_equal_neighbours(segments).size() == 2);
}

TEST_CASE("segmenting stops when asked to") {
    Halves model;
    std::stop_source stop;
    stop.request_stop();
    const auto motion = inference_tests::synthetic_motion(0, 1, 100);
    CHECK_FALSE(
        segment_then_classify(motion.skeleton, {0, 100}, {}, model, Hardness::skip, stop.get_token()).has_value());
}
