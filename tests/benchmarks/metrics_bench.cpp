// How fast the measures of inference are, and how far from those of an independent implementation in numpy
// (metrics_baseline.py), on the same random data.
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

#include "inference/metrics.h"
#include "inference/random.h"
#include "inference/segmentation_metrics.h"
#include "tests/benchmarks/rows.h"

namespace {

using namespace benchmarks;
using namespace inference;

constexpr int classes = 20, samples = 20'000, videos = 40, frames_a_video = 4000;

struct Data {
    std::vector<int> truth;
    std::vector<float> scores;
    std::vector<int> frames, found;  // of all videos, one after the other
};

std::vector<int> some_frames(Random& random) {
    std::vector<int> frames;
    while (frames.size() < frames_a_video)
        frames.insert(frames.end(), 20 + random.below(60), static_cast<int>(random.below(8)));
    frames.resize(frames_a_video);
    return frames;
}

// Boundaries a little off, some runs called something else.
std::vector<int> found_in(const std::vector<int>& frames, Random& random) {
    std::vector<int> found;
    for (const LabelledSpan& run : runs_of_labels(frames)) {
        const auto length = run.span.length() + static_cast<schemas::FrameIndex>(random.below(9)) - 4;
        const int label = random.uniform() < 0.2 ? static_cast<int>(random.below(8)) : run.label;
        found.insert(found.end(), static_cast<std::size_t>(std::max<schemas::FrameIndex>(1, length)), label);
    }
    found.resize(frames.size(), found.back());
    return found;
}

Data drawn_data() {
    Data data;
    Random random(1);
    for (int i = 0; i < samples; ++i) {
        data.truth.push_back(static_cast<int>(random.below(classes)));
        std::vector<double> row;
        for (int c = 0; c < classes; ++c) row.push_back(std::exp(random.normal() + (c == data.truth.back() ? 2 : 0)));
        double sum = 0;
        for (const double value : row) sum += value;
        for (const double value : row) data.scores.push_back(static_cast<float>(value / sum));
    }
    for (int video = 0; video < videos; ++video) {
        const std::vector<int> frames = some_frames(random), found = found_in(frames, random);
        data.frames.insert(data.frames.end(), frames.begin(), frames.end());
        data.found.insert(data.found.end(), found.begin(), found.end());
    }
    return data;
}

std::map<std::string, double> measures(const Data& data) {
    std::vector<int> predicted;
    std::vector<float> confidence;
    std::vector<std::uint8_t> correct;
    for (std::size_t i = 0; i < data.truth.size(); ++i) {
        const auto row = std::span(data.scores).subspan(i * classes, classes);
        const auto best = std::ranges::max_element(row);
        predicted.push_back(static_cast<int>(best - row.begin()));
        confidence.push_back(*best);
        correct.push_back(predicted.back() == data.truth[i] ? 1 : 0);
    }
    const ClassificationReport report = classification_report(data.truth, predicted, classes);
    std::map<std::string, double> said{{"accuracy", report.accuracy},
                                       {"macro_f1", report.macro.f1},
                                       {"weighted_f1", report.weighted.f1},
                                       {"top5", top_k_accuracy(data.scores, data.truth, classes, 5)},
                                       {"kappa", cohen_kappa(data.truth, predicted, classes)},
                                       {"map", average_precision(data.scores, data.truth, classes).mean},
                                       {"calibration_error", expected_calibration_error(confidence, correct)}};
    std::map<std::string, DetectionCounts> counts;
    for (std::size_t video = 0; video < videos; ++video) {
        const auto frames = std::span(data.frames).subspan(video * frames_a_video, frames_a_video);
        const auto found = std::span(data.found).subspan(video * frames_a_video, frames_a_video);
        for (const int overlap : {10, 25, 50})
            counts["f1_" + std::to_string(overlap)] += segmental_counts(frames, found, overlap / 100.0);
        said["edit"] += edit_score(frames, found) / videos;
    }
    for (const auto& [name, count] : counts) said[name] = count.f1();
    return said;
}

template <class Value>
void write(const std::filesystem::path& file, const std::vector<Value>& values) {
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(values.data()),
               static_cast<std::streamsize>(values.size() * sizeof(Value)));
}

std::string baseline(const Data& data) {
    const auto folder = std::filesystem::temp_directory_path() / ("kinetograph-metrics-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    write(folder / "truth.i32", data.truth);
    write(folder / "scores.f32", data.scores);
    write(folder / "frames.i32", data.frames);
    write(folder / "found.i32", data.found);
    const std::string text = output_of(
        "/usr/bin/python3 " KINETOGRAPH_SOURCE_DIR "/tests/benchmarks/metrics_baseline.py --classes " +
        std::to_string(classes) + " --videos " + std::to_string(videos) + " '" + folder.string() + "' 2>/dev/null");
    std::filesystem::remove_all(folder);
    return text;
}

}  // namespace

int main() {
    const Data data = drawn_data();
    std::map<std::string, double> said;
    const double seconds = seconds_of([&] { said = measures(data); });
    const std::string theirs = baseline(data);
    std::optional<double> farthest;
    for (const auto& [name, value] : said)
        if (const auto other = number_after(theirs, name))
            farthest = std::max(farthest.value_or(0), std::abs(value - *other));
    std::vector<Row> rows{
        {"metrics of 20,000 samples and 160,000 frames", seconds, "s", number_after(theirs, "seconds"), "numpy"}};
    if (farthest) rows.push_back({"metrics: farthest from numpy's", *farthest, "", 1e-9, "bound"});
    print(rows);
}
