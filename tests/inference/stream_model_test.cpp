#include "inference/stream_model.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <stdexcept>

#include "inference/families.h"
#include "tests/inference/engines.h"
#include "tests/inference/motions.h"
#include "tests/inference/streams.h"

using namespace inference;
using namespace inference_tests;
using schemas::FrameIndex;

namespace {

StreamTrainOptions few(int steps) {
    StreamTrainOptions options;
    options.seed = 3;
    options.steps = steps;
    options.batch = 4;
    options.threads = 1;
    options.device = Device::cpu;
    options.overrides = {{"width", 24}, {"layers", 5}, {"dropout", 0.1}, {"window", 96}, {"rate", 4e-3}};
    return options;
}

std::vector<LabelledStream> some_streams(int count) {
    std::vector<LabelledStream> streams;
    for (int i = 0; i < count; ++i) streams.push_back(synthetic_stream(3, 6, static_cast<std::uint64_t>(i + 1)));
    return streams;
}

StreamTrainResult taught(std::span<const LabelledStream> streams, const StreamTrainOptions& options) {
    return std::move(*engine().stream_family("ms_tcn").train(streams, names(3), options, {}, {}));
}

std::vector<int> best_labels(const FrameScores& scores) {
    std::vector<int> labels;
    const auto width = static_cast<std::ptrdiff_t>(scores.labels);
    for (auto row = scores.probabilities.begin(); row != scores.probabilities.end(); row += width)
        labels.push_back(static_cast<int>(std::max_element(row, row + width) - row));
    return labels;
}

std::vector<int> painted(const LabelledStream& stream) {
    std::vector<int> labels(static_cast<std::size_t>(stream.span.length()), unlabelled);
    for (const LabelledSpan& each : stream.labels)
        std::fill(labels.begin() + (each.span.begin - stream.span.begin),
                  labels.begin() + (each.span.end - stream.span.begin), each.label);
    return labels;
}

std::string text_of(const std::function<void()>& work) {
    try {
        work();
    } catch (const std::exception& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("what people are told of families that read streams is of all that there are") {
    if (!has_engine()) return;
    std::vector<std::string_view> told;
    for (const FamilyCard& card : stream_family_cards) told.push_back(card.name);
    CHECK(engine().stream_families() == told);
    CHECK(is_stream_family("ms_tcn"));
    CHECK_FALSE(is_stream_family("tcn_clip"));
    CHECK_THROWS_WITH_AS((void)engine().stream_family("oracle"),
                         "there is no family of models that read streams 'oracle'. Known are: ms_tcn",
                         std::out_of_range);
}

TEST_CASE("frames and boundaries are learnt from labelled streams") {
    if (!has_engine()) return;
    const StreamTrainResult result = taught(some_streams(6), few(150));
    CHECK(result.metrics.at("streams") == 6);
    CHECK(result.curve.size() == 15);
    CHECK(result.curve.back().losses.at("total") < result.curve.front().losses.at("total"));
    const LabelledStream unseen = synthetic_stream(3, 8, 99);
    const FrameScores scores = *result.model->scores(unseen, {});
    CHECK_NOTHROW(require_sound(scores));
    CHECK(scores.span == unseen.span);
    const double right = frame_accuracy(painted(unseen), best_labels(scores)).value();
    std::vector<FrameIndex> truth, found;
    for (std::size_t i = 1; i < unseen.labels.size(); ++i) truth.push_back(unseen.labels[i].span.begin);
    for (const auto& peak : boundary_peaks(merged_boundaries(scores), unseen.span)) found.push_back(peak.frame);
    const double boundaries = boundary_scores(within(truth, 5), found).f1();
    MESSAGE("frames ", right, ", boundaries ", boundaries, ", ", result.seconds, " s");
    CHECK(right > 0.6);
    CHECK(boundaries > 0.5);
}

TEST_CASE("unlabelled frames are seen and not judged") {
    if (!has_engine()) return;
    auto streams = some_streams(3);
    for (LabelledStream& stream : streams) stream.labels = {stream.labels[1], stream.labels[4]};
    const StreamTrainResult result = taught(streams, few(60));
    double frames = 0;
    for (const LabelledStream& stream : streams)
        for (const LabelledSpan& each : stream.labels) frames += static_cast<double>(each.span.length());
    CHECK(result.metrics.at("labelled_frames") == frames);
    // A label that was given nowhere is learnt to be nowhere.
    for (LabelledStream& stream : streams)
        for (LabelledSpan& each : stream.labels) each.label = 0;
    const FrameScores scores = *taught(streams, few(60)).model->scores(streams[0], {});
    const std::vector<int> labels = best_labels(scores);
    CHECK(std::ranges::all_of(labels, [](int label) { return label == 0; }));
}

TEST_CASE("the same seed teaches the same model, which a file gives back") {
    if (!has_engine()) return;
    const auto streams = some_streams(2);
    StreamTrainOptions options = few(6);
    const auto model = std::move(taught(streams, options).model);
    const FrameScores scores = *model->scores(streams[0], {});
    CHECK(scores.probabilities == taught(streams, options).model->scores(streams[0], {})->probabilities);
    const ScratchFile file;
    model->save(file.path);
    const auto loaded = engine().load_stream(file.path);
    CHECK(loaded->family() == "ms_tcn");
    CHECK(loaded->labels() == names(3));
    CHECK(loaded->layout() == "msr20");
    CHECK(loaded->parameters() == model->parameters());
    const FrameScores again = *loaded->scores(streams[0], {});
    CHECK(again.probabilities == scores.probabilities);
    CHECK(again.starts == scores.starts);
    CHECK(again.ends == scores.ends);
    options.seed = 4;
    CHECK(scores.probabilities != taught(streams, options).model->scores(streams[0], {})->probabilities);
}

TEST_CASE("files of other models are refused by name") {
    if (!has_engine()) return;
    const ScratchFile file;
    taught(some_streams(1), few(1)).model->save(file.path);
    CHECK(text_of([&] { (void)engine().load(file.path); }) ==
          file.path.string() + ": there is no model family 'ms_tcn'. Known are: tcn_clip, estgcn, lift_sta, lstm_cnn");
    std::string bytes;
    {
        std::ifstream stream(file.path, std::ios::binary);
        bytes.assign(std::istreambuf_iterator<char>(stream), {});
    }
    std::ofstream(file.path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size() / 2));
    CHECK(text_of([&] { (void)engine().load_stream(file.path); }).starts_with(file.path.string() + ": "));
    TrainOptions clips = quick(1);
    engine().family("tcn_clip").train(synthetic_set(2, 2, 1), names(2), clips, {}, {})->model->save(file.path);
    CHECK(text_of([&] { (void)engine().load_stream(file.path); }) ==
          file.path.string() + ": there is no family of models that read streams 'tcn_clip'. Known are: ms_tcn");
    CHECK_THROWS_AS((void)engine().load_stream("nowhere.pt"), std::runtime_error);
}

TEST_CASE("a stream of twice the rate is read alike, and a long one in windows") {
    if (!has_engine()) return;
    const auto streams = some_streams(4);
    const auto model = std::move(taught(streams, few(100)).model);
    const LabelledStream once = synthetic_stream(3, 12, 50);
    const FrameScores scores = *model->scores(once, {});
    CHECK(once.span.length() > 4 * 96);
    CHECK_NOTHROW(require_sound(scores));
    const FrameScores twice = *model->scores(twice_as_quick(once), {});
    CHECK_NOTHROW(require_sound(twice));
    REQUIRE(twice.starts.size() == 2 * scores.starts.size());
    const auto labels = best_labels(scores), doubled = best_labels(twice);
    double same = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) same += labels[i] == doubled[2 * i] ? 1 : 0;
    CHECK(same / static_cast<double>(labels.size()) > 0.9);
    // What was recorded before the span makes no difference.
    LabelledStream part = once;
    part.labels.clear();
    part.span = {100, 180};
    CHECK(model->scores(part, {})->starts.size() == 80);
    part.span = {100, 101};
    CHECK_NOTHROW(require_sound(*model->scores(part, {})));
}

TEST_CASE("training and reading stop when asked to") {
    if (!has_engine()) return;
    const auto streams = some_streams(2);
    auto& family = engine().stream_family("ms_tcn");
    std::stop_source stop;
    int seen = 0;
    const auto result = family.train(
        streams, names(3), few(100'000),
        [&](const TrainProgress& progress) {
            seen = progress.step;
            CHECK(progress.steps == 100'000);
            stop.request_stop();
        },
        stop.get_token());
    CHECK_FALSE(result.has_value());
    CHECK(seen == 10);
    const auto model = std::move(taught(streams, few(1)).model);
    CHECK_FALSE(model->scores(streams[0], stop.get_token()).has_value());
}

TEST_CASE("a loss that is no number ends the training, and what was learnt before is kept") {
    if (!has_engine()) return;
    auto streams = some_streams(2);
    StreamTrainOptions options = few(50);
    options.overrides["rate"] = 1e30;
    const StreamTrainResult result = taught(streams, options);
    REQUIRE(result.broken.has_value());
    CHECK(result.broken->step < 50);
    CHECK(result.broken->sample < 2);
    CHECK_NOTHROW(require_sound(*result.model->scores(streams[0], {})));
}

TEST_CASE("streams that cannot be learnt from or read are refused") {
    if (!has_engine()) return;
    auto streams = some_streams(2);
    const auto refusal = [&](const StreamTrainOptions& options) {
        return text_of([&] { (void)engine().stream_family("ms_tcn").train(streams, names(3), options, {}, {}); });
    };
    StreamTrainOptions options = few(1);
    options.overrides["magic"] = 1;
    CHECK(refusal(options) == "ms_tcn has no option 'magic'");
    options = few(1);
    options.overrides["window"] = 7;
    CHECK(refusal(options) == "ms_tcn's option 'window' must be a whole number of rows from 8 to 512");
    options = few(0);
    CHECK(refusal(options) == "training needs at least one step and a batch of one");
    options = few(1);
    options.overrides["layers"] = 40;
    CHECK(refusal(options).starts_with("the option 'layers' must be from"));
    const auto model = std::move(taught(streams, few(1)).model);
    auto other = std::make_shared<schemas::SkeletonLayout>(*msr_layout());
    other->name = "other";
    auto foreign = std::make_shared<schemas::SkeletonSequence>(*streams[0].skeleton);
    foreign->layout = other;
    streams[1].skeleton = foreign;
    streams[1].span = {0, foreign->frames()};
    streams[1].labels.clear();
    CHECK_THROWS_WITH_AS(
        (void)model->scores(streams[1], {}),
        "this model was trained on skeletons of the layout msr20 and cannot read other; map them first",
        std::invalid_argument);
    CHECK(refusal(few(1)) == "streams of the skeleton layouts msr20 and other cannot be mixed; map them to one first");
    streams.pop_back();
    streams[0].labels[2].label = 3;
    CHECK(refusal(few(1)).ends_with("is not one of 3"));
    streams[0].labels.clear();
    CHECK(refusal(few(1)).starts_with("there is nothing to learn from: no frame of a stream has a label."));
    streams.clear();
    CHECK(refusal(few(1)).starts_with("there is nothing to learn from"));
}
