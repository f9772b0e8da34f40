// How fast `inference` is.
//   inference_bench [train|infer|select|segment …] [--measured N]
// The baseline is tests/benchmarks/tcn_clip_baseline.py under python3-torch, at its better
// thread setting; null where that is not installed. --measured runs fewer of its and our steps and scales up.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "inference/change_points.h"
#include "inference/dtw.h"
#include "inference/random.h"
#include "inference/selectors.h"
#include "tests/benchmarks/rows.h"
#include "tests/inference/motions.h"

namespace {

using inference::Sample;
using namespace benchmarks;

constexpr int steps = 1800;
constexpr int sequences = 234;

struct Baseline {
    std::optional<double> train_seconds, infer_seconds;
};

std::optional<double> smaller(std::optional<double> a, std::optional<double> b) {
    if (!a || !b) return a ? a : b;
    return std::min(*a, *b);
}

Baseline measured_baseline(int measured) {
    Baseline best;
    for (const int threads : {1, 2}) {
        const std::string text =
            output_of("/usr/bin/python3 " KINETOGRAPH_SOURCE_DIR "/tests/benchmarks/tcn_clip_baseline.py --measured " +
                      std::to_string(measured) + " --threads " + std::to_string(threads) + " 2>/dev/null");
        best.train_seconds = smaller(best.train_seconds, number_after(text, "seconds"));
        best.infer_seconds = smaller(best.infer_seconds, number_after(text, "infer_seconds"));
    }
    return best;
}

std::vector<Sample> motions(std::size_t count) {
    std::vector<Sample> samples;
    inference::Random random(0);
    for (std::size_t i = 0; i < count; ++i) {
        samples.push_back(
            inference_tests::synthetic_motion(static_cast<int>(i % 6), i, static_cast<int>(25 + random.below(35))));
        samples.back().label = static_cast<int>(i % 20);
    }
    return samples;
}

std::unique_ptr<inference::Model> trained(const std::vector<Sample>& samples, int count, int threads, double& seconds) {
    std::vector<std::string> labels(20);
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = std::to_string(i);
    inference::TrainOptions options;
    options.steps = count;
    options.threads = threads;
    options.device = inference::Device::cpu;
    std::unique_ptr<inference::Model> model;
    seconds = seconds_of([&] {
        model = std::move(inference::engine().family("tcn_clip").train(samples, labels, options, {}, {})->model);
    });
    return model;
}

void add_learning(std::vector<Row>& rows, int measured) {
    const std::vector<Sample> samples = motions(sequences);
    double one = 0;
    double two = 0;
    trained(samples, 20, 1, one);  // the first steps load and warm up
    trained(samples, measured, 1, one);
    const auto model = trained(samples, measured, 2, two);
    const double seconds = std::min(one, two);
    const Baseline baseline = measured_baseline(measured);
    rows.push_back({"train tcn_clip, 234 sequences, 1,800 steps", seconds * steps / measured, "s",
                    baseline.train_seconds, "python3-torch"});
    (void)model->predict(samples, inference::Hardness::skip, {});
    const double once = seconds_of([&] { (void)model->predict(samples, inference::Hardness::skip, {}); });
    rows.push_back(
        {"infer tcn_clip with nearest motions, 234 sequences", once, "s", baseline.infer_seconds, "python3-torch"});
}

void add_selection(std::vector<Row>& rows) {
    const std::vector<Sample> samples = motions(289);
    inference::DistanceMatrix distances;
    const double warping = seconds_of([&] { distances = *inference::dtw_distances(samples); });
    rows.push_back({"time warping between 289 sequences", warping, "s", {}, ""});
    const inference::Pool pool{.samples = samples.size(),
                               .chosen = {},
                               .distances = &distances,
                               .prediction = nullptr,
                               .truth = {},
                               .unselectable = {}};
    const double choosing = seconds_of([&] { (void)inference::select(inference::Strategy::facility, pool, 58, 0); });
    rows.push_back({"facility location over 289 sequences, with time warping", warping + choosing, "s", {}, ""});
}

void add_segmentation(std::vector<Row>& rows) {
    const Sample long_motion = inference_tests::synthetic_motion(0, 1, 4600);
    const double seconds =
        seconds_of([&] { (void)inference::change_points(*long_motion.skeleton, long_motion.span, 120); });
    rows.push_back({"change points in 4,600 frames at 120 fps", seconds, "s", {}, ""});
}

}  // namespace

int main(int count, char** arguments) {
    std::set<std::string> wanted;
    int measured = steps;
    for (int i = 1; i < count; ++i) {
        const std::string argument = arguments[i];
        if (argument == "--measured" && i + 1 < count)
            measured = std::clamp(std::atoi(arguments[++i]), 1, steps);
        else
            wanted.insert(argument);
    }
    const auto asked = [&wanted](const char* name) { return wanted.empty() || wanted.contains(name); };
    std::vector<Row> rows;
    try {
        if (asked("train") || asked("infer")) add_learning(rows, measured);
        if (asked("select")) add_selection(rows);
        if (asked("segment")) add_segmentation(rows);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "inference_bench: %s\n", error.what());
        return 1;
    }
    print(rows);
}
