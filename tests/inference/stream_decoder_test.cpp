#include "inference/stream_decoder.h"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

#include "inference/random.h"
#include "tests/inference/motions.h"

using namespace inference;
using schemas::FrameIndex;
using schemas::FrameSpan;

namespace {

std::vector<float> flat(std::size_t frames, std::vector<std::pair<std::size_t, float>> peaks) {
    std::vector<float> curve(frames, 0.0F);
    for (const auto& [frame, height] : peaks) curve[frame] = height;
    return curve;
}

std::vector<FrameIndex> frames_of(const std::vector<BoundaryProposal>& boundaries) {
    std::vector<FrameIndex> frames;
    for (const BoundaryProposal& boundary : boundaries) frames.push_back(boundary.frame);
    return frames;
}

std::vector<FrameSpan> spans_of(const std::vector<StreamSegment>& segments) {
    std::vector<FrameSpan> spans;
    for (const StreamSegment& segment : segments) spans.push_back(segment.span);
    return spans;
}

std::vector<int> labels_of(const std::vector<StreamSegment>& segments) {
    std::vector<int> labels;
    for (const StreamSegment& segment : segments) labels.push_back(segment.top.front().label);
    return labels;
}

// Frames before 50 are label 0, later ones label 1, with that certainty.
FrameScores halves(float certainty) {
    FrameScores scores;
    scores.span = {0, 100};
    scores.labels = 2;
    for (int frame = 0; frame < 100; ++frame) {
        const float first = frame < 50 ? certainty : 1 - certainty;
        scores.probabilities.insert(scores.probabilities.end(), {first, 1 - first});
    }
    scores.starts.assign(100, 0.0F);
    scores.ends.assign(100, 0.0F);
    return scores;
}

StreamRules rules_of_two() {
    StreamRules rules;
    rules.labels = 2;
    rules.stream = {0, 100};
    return rules;
}

// Says label 1 of spans that are longer than 20 frames, and remembers what it was asked.
struct ByLength {
    std::vector<FrameSpan> asked;

    SegmentScores scores() {
        return [this](std::span<const FrameSpan> spans) -> std::optional<std::vector<float>> {
            std::vector<float> rows;
            for (const FrameSpan span : spans) {
                asked.push_back(span);
                const float longer = span.length() > 20 ? 0.7F : 0.2F;
                rows.insert(rows.end(), {1 - longer, longer});
            }
            return rows;
        };
    }
};

class Constant final : public Model {
public:
    [[nodiscard]] std::string_view family() const override { return "constant"; }
    [[nodiscard]] std::int64_t parameters() const override { return 0; }
    [[nodiscard]] const std::vector<std::string>& labels() const override { return labels_; }
    [[nodiscard]] const std::string& layout() const override { return layout_; }
    [[nodiscard]] std::optional<Prediction> predict(std::span<const Sample> samples, Hardness,
                                                    std::stop_token stop) override {
        if (stop.stop_requested()) return std::nullopt;
        Prediction prediction;
        prediction.classes = 2;
        for (const Sample& sample : samples) {
            CHECK(sample.skeleton != nullptr);
            prediction.probabilities.insert(prediction.probabilities.end(), {0.25F, 0.75F});
        }
        return prediction;
    }
    void save(const std::filesystem::path&) const override {}

private:
    std::vector<std::string> labels_{"a", "b"};
    std::string layout_ = "any";
};

}  // namespace

TEST_CASE("peaks are found where they reach the threshold, in frames of the stretch") {
    const auto curve = flat(60, {{10, 0.3F}, {25, 0.29F}, {40, 0.9F}});
    const auto peaks = boundary_peaks(curve, {100, 160});
    REQUIRE(frames_of(peaks) == std::vector<FrameIndex>{110, 140});
    CHECK(peaks[1].score == doctest::Approx(0.9));
}

TEST_CASE("a slope is one peak, and a flat top counts at its middle") {
    std::vector<float> curve(50, 0.0F);
    for (std::size_t i = 0; i < 9; ++i) curve[16 + i] = 0.1F * static_cast<float>(i + 1);
    curve[30] = curve[31] = curve[32] = 0.8F;
    CHECK(frames_of(boundary_peaks(curve, {0, 50}, {.threshold = 0.3, .suppress = 4, .shortest = 1})) ==
          std::vector<FrameIndex>{24, 31});
}

TEST_CASE("a peak hides lower ones within four frames, of equal ones the later") {
    CHECK(frames_of(boundary_peaks(flat(60, {{20, 0.5F}, {24, 0.6F}}), {0, 60})) == std::vector<FrameIndex>{24});
    CHECK(frames_of(boundary_peaks(flat(60, {{20, 0.5F}, {24, 0.5F}}), {0, 60})) == std::vector<FrameIndex>{20});
    const PeakOptions no_shortest{.threshold = 0.3, .suppress = 4, .shortest = 1};
    CHECK(boundary_peaks(flat(60, {{20, 0.5F}, {25, 0.6F}}), {0, 60}, no_shortest).size() == 2);
}

TEST_CASE("no segment is shorter than eight frames, and the surest choice is kept") {
    // The middle one is the highest, but the two beside it are worth more together.
    const auto curve = flat(60, {{20, 0.6F}, {26, 0.7F}, {32, 0.6F}});
    CHECK(frames_of(boundary_peaks(curve, {0, 60})) == std::vector<FrameIndex>{20, 32});
    CHECK(frames_of(boundary_peaks(flat(60, {{20, 0.3F}, {26, 0.7F}, {32, 0.3F}}), {0, 60})) ==
          std::vector<FrameIndex>{26});
    CHECK(frames_of(boundary_peaks(flat(60, {{7, 0.9F}, {30, 0.9F}, {53, 0.9F}}), {0, 60})) ==
          std::vector<FrameIndex>{30});
    CHECK(frames_of(boundary_peaks(flat(60, {{8, 0.9F}, {52, 0.9F}}), {0, 60})) == std::vector<FrameIndex>{8, 52});
}

TEST_CASE("peaks are the best choice of all that leave no short segment") {
    Random random(2);
    for (int round = 0; round < 200; ++round) {
        std::vector<float> curve(40);
        for (float& value : curve) value = static_cast<float>(random.uniform());
        const PeakOptions options{.threshold = 0.5, .suppress = 0, .shortest = 6};
        std::vector<std::size_t> tops;
        for (std::size_t i = 0; i < curve.size(); ++i)
            if (curve[i] >= 0.5F && (i == 0 || curve[i - 1] < curve[i]) && (i == 39 || curve[i + 1] < curve[i]))
                tops.push_back(i);
        double best = 0;
        for (std::size_t choice = 0; choice < (std::size_t{1} << tops.size()); ++choice) {
            std::size_t before = 0;
            double sum = 0;
            bool fits = true;
            for (std::size_t i = 0; i < tops.size(); ++i) {
                if ((choice >> i & 1U) == 0) continue;
                fits = fits && tops[i] >= before + 6 && tops[i] + 6 <= curve.size();
                before = tops[i];
                sum += static_cast<double>(curve[tops[i]]);
            }
            if (fits) best = std::max(best, sum);
        }
        double found = 0;
        FrameIndex before = 0;
        for (const BoundaryProposal& peak : boundary_peaks(curve, {0, 40}, options)) {
            CHECK(peak.frame - before >= 6);
            before = peak.frame;
            found += peak.score;
        }
        CHECK(found == doctest::Approx(best));
    }
}

TEST_CASE("something new begins after an end as well as at a start") {
    FrameScores scores = halves(0.9F);
    scores.starts[30] = 0.5F;
    scores.ends[29] = 0.8F;
    scores.ends[69] = 0.6F;
    scores.ends[99] = 0.9F;  // the end of the stretch is no boundary
    const auto curve = merged_boundaries(scores);
    CHECK(curve[30] == 0.8F);
    CHECK(curve[70] == 0.6F);
    CHECK(curve[29] == 0);
    CHECK(frames_of(boundary_peaks(curve, scores.span)) == std::vector<FrameIndex>{30, 70});
}

TEST_CASE("a stream is cut at its boundaries and equal neighbours join over a weak one") {
    const FrameScores scores = halves(0.9F);
    const std::vector<BoundaryProposal> boundaries{{20, 0.4}, {50, 0.4}, {75, 0.6}};
    const auto segments = decoded_stream({0, 100}, boundaries, mean_of_frames(scores), rules_of_two()).value();
    CHECK(spans_of(segments) == std::vector<FrameSpan>{{0, 50}, {50, 75}, {75, 100}});
    CHECK(labels_of(segments) == std::vector{0, 1, 1});
    CHECK(segments[0].boundary_score == 1);
    CHECK(segments[2].boundary_score == 0.6);
    CHECK(segments[0].top[0].score == doctest::Approx(0.9));
}

TEST_CASE("what was joined is labelled again, as a whole") {
    ByLength model;
    const std::vector<BoundaryProposal> boundaries{{15, 0.4}, {30, 0.9}, {45, 0.9}};
    const auto segments = decoded_stream({0, 100}, boundaries, model.scores(), rules_of_two()).value();
    CHECK(spans_of(segments) == std::vector<FrameSpan>{{0, 30}, {30, 45}, {45, 100}});
    CHECK(labels_of(segments) == std::vector{1, 0, 1});
    CHECK(model.asked.size() == 5);  // the four, and the joined one
    CHECK(model.asked.back() == FrameSpan{0, 30});
}

TEST_CASE("the mean of a segment's frames is its probability") {
    const FrameScores scores = halves(0.8F);
    const std::vector<FrameSpan> spans{{40, 60}, {45, 50}};
    const auto rows = mean_of_frames(scores)(spans).value();
    CHECK(rows[0] == doctest::Approx(0.5));
    CHECK(rows[2] == doctest::Approx(0.8));
    CHECK_THROWS_AS((void)mean_of_frames(scores)(std::vector<FrameSpan>{{90, 101}}), std::invalid_argument);
}

TEST_CASE("after an edit only what it touched is asked about, and neighbours speak with it") {
    // 1 always follows 0, and 0 follows 1.
    std::vector<LabelledRun> runs(50, LabelledRun{{0, 1, 0, 1}, {1, 1, 1, 1}, false, false});
    Grammar grammar = counted_grammar(runs, 2);
    grammar.durations.clear();
    ByLength model;
    StreamRules rules = rules_of_two();
    rules.grammar = &grammar;
    std::vector<StreamSegment> segments{
        {{0, 30}, 1, 1, {}, {}}, {{30, 60}, 0.9, {}, {}, {}}, {{60, 100}, 0.8, {}, {}, {}}};
    segments = labelled_segments(segments, model.scores(), rules).value();
    CHECK(model.asked == std::vector<FrameSpan>{{30, 60}, {60, 100}});  // a person has labelled the first one
    CHECK(segments[0].top.front().label == 1);
    CHECK(segments[0].top.front().score == 1);
    // By themselves both would be 1.
    CHECK(segments[1].said[1] == 0.7F);
    CHECK(segments[1].top.front().label == 0);
    CHECK(segments[2].top.front().label == 1);

    model.asked.clear();
    segments[2].span.begin = 85;
    segments[2].said.clear();
    segments = labelled_segments(segments, model.scores(), rules).value();
    CHECK(model.asked == std::vector<FrameSpan>{{85, 100}});
    CHECK(segments[2].top.front().label == 0);  // nothing stands in front of it any more
}

TEST_CASE("what a person has labelled joins nothing, and neither does what does not touch") {
    ByLength model;
    const std::vector<StreamSegment> segments{
        {{0, 10}, 1, 0, {}, {}}, {{10, 20}, 0.1, {}, {}, {}}, {{20, 30}, 0.1, {}, {}, {}}, {{40, 50}, 0.1, {}, {}, {}}};
    const auto joined = joined_segments(segments, model.scores(), rules_of_two()).value();
    CHECK(spans_of(joined) == std::vector<FrameSpan>{{0, 10}, {10, 30}, {40, 50}});
    CHECK(model.asked == std::vector<FrameSpan>{{10, 20}, {20, 30}, {40, 50}, {10, 30}});
}

TEST_CASE("the beginning of a stream speaks for the labels that begin streams") {
    std::vector<LabelledRun> runs(50, LabelledRun{{1}, {1}, true, true});
    Grammar grammar = counted_grammar(runs, 2);
    grammar.durations.clear();
    StreamRules rules = rules_of_two();
    rules.grammar = &grammar;
    const SegmentScores undecided = [](std::span<const FrameSpan> spans) -> std::optional<std::vector<float>> {
        return std::vector<float>(2 * spans.size(), 0.5F);
    };
    CHECK(labelled_segments({{{0, 30}, 1, {}, {}, {}}}, undecided, rules)->front().top.front().label == 1);
    CHECK(labelled_segments({{{10, 30}, 1, {}, {}, {}}}, undecided, rules)->front().top.front().label == 0);
}

TEST_CASE("a classifier is shown the motion of every segment, and stops when asked to") {
    Constant model;
    const auto motion = inference_tests::synthetic_motion(0, 1, 100);
    const std::vector<BoundaryProposal> boundaries{{50, 0.9}};
    const auto segments =
        decoded_stream({0, 100}, boundaries, classified_by(model, motion.skeleton), rules_of_two()).value();
    CHECK(labels_of(segments) == std::vector{1, 1});
    std::stop_source stop;
    stop.request_stop();
    CHECK_FALSE(
        decoded_stream({0, 100}, boundaries, classified_by(model, motion.skeleton, stop.get_token()), rules_of_two())
            .has_value());
}

TEST_CASE("what cannot be decoded is refused with its frame") {
    FrameScores scores = halves(0.9F);
    scores.probabilities[2 * 17] = 0.3F;
    CHECK_THROWS_WITH_AS(require_sound(scores), "frame 17: expected probabilities that sum to 1, found 0.400000",
                         std::invalid_argument);
    scores = halves(0.9F);
    scores.starts[3] = std::nanf("");
    CHECK_THROWS_AS((void)merged_boundaries(scores), std::invalid_argument);
    scores.starts.pop_back();
    CHECK_THROWS_AS(require_sound(scores), std::invalid_argument);
    CHECK_THROWS_AS(require_sound(FrameScores{}), std::invalid_argument);

    CHECK_THROWS_WITH_AS((void)boundary_peaks(std::vector<float>{0, 2}, {5, 7}),
                         "frame 6: expected boundaries from 0 to 1, found 2.000000", std::invalid_argument);
    CHECK_THROWS_AS((void)boundary_peaks(std::vector<float>{0, 1}, {5, 8}), std::invalid_argument);
    CHECK_THROWS_AS((void)boundary_peaks(std::vector<float>{0}, {0, 1}, {.threshold = 0, .suppress = 4, .shortest = 8}),
                    std::invalid_argument);
    CHECK(boundary_peaks(std::vector<float>{0.9F}, {0, 1}).empty());

    ByLength model;
    StreamRules rules = rules_of_two();
    CHECK_THROWS_AS(
        (void)labelled_segments({{{20, 30}, 1, {}, {}, {}}, {{10, 20}, 1, {}, {}, {}}}, model.scores(), rules),
        std::invalid_argument);
    CHECK_THROWS_AS((void)labelled_segments({{{20, 30}, 1, 2, {}, {}}}, model.scores(), rules), std::invalid_argument);
    CHECK_THROWS_AS((void)labelled_segments({{{20, 30}, 1, {}, {1}, {}}}, model.scores(), rules),
                    std::invalid_argument);
    rules.labels = 3;
    CHECK_THROWS_AS((void)labelled_segments({{{20, 30}, 1, {}, {}, {}}}, model.scores(), rules), std::invalid_argument);
    rules.labels = 2;
    rules.frames_per_second = 0;
    CHECK_THROWS_AS((void)labelled_segments({}, model.scores(), rules), std::invalid_argument);
    rules.frames_per_second = 1;
    const Grammar of_three = counted_grammar({}, 3);
    rules.grammar = &of_three;
    CHECK_THROWS_AS((void)labelled_segments({}, model.scores(), rules), std::invalid_argument);
}
