// How fast networks are, without what lies around them.
//   network_bench [train|infer …]
// The baseline is tests/benchmarks/sta_gcn_baseline.py under python3-torch, at its better thread setting; null where
// that is not installed. Bounds are those of models.md 2.4.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <set>

#include "inference/torch/clip_learner.h"
#include "inference/torch/estgcn_network.h"
#include "inference/torch/sta_gcn_network.h"
#include "inference/torch/torch_support.h"
#include "tests/benchmarks/rows.h"
#include "tests/inference/motions.h"

namespace {

using namespace benchmarks;
using namespace inference;

constexpr int classes = 20;
constexpr std::int64_t batch = 16;
constexpr std::int64_t frames = 64;
constexpr double smallest_rate_s = 34, smallest_rate_xs = 64;  // motions a second on one core

double median_of(std::vector<double> values) {
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
    return values[values.size() / 2];
}

double median_seconds(int warm, int rounds, const std::function<void()>& work) {
    for (int i = 0; i < warm; ++i) work();
    std::vector<double> times;
    for (int i = 0; i < rounds; ++i) times.push_back(seconds_of(work));
    return median_of(times);
}

struct Baseline {
    std::optional<double> train_seconds, infer_seconds;
};

Baseline measured_baseline(int threads) {
    const std::string text =
        output_of("/usr/bin/python3 " KINETOGRAPH_SOURCE_DIR "/tests/benchmarks/sta_gcn_baseline.py --threads " +
                  std::to_string(threads) + " 2>/dev/null");
    return {number_after(text, "train_seconds"), number_after(text, "infer_seconds")};
}

std::shared_ptr<StaGcnNetwork> sta_gcn() {
    StaGcnShape shape;
    shape.classes = classes;
    return std::make_shared<StaGcnNetwork>(*inference_tests::msr_layout(), shape);
}

double train_seconds(ClipNetwork& network) {
    keep_freed_memory();  // as ClipLearner does
    network.train();
    torch::optim::AdamW optimiser(network.parameters(), torch::optim::AdamWOptions(1e-3));
    const torch::Tensor motions = torch::randn({batch, 9, frames, 20});
    const torch::Tensor labels = torch::randint(classes, {batch}, torch::kLong);
    return median_seconds(1, 6, [&] {
        const torch::Tensor loss = torch::cross_entropy_loss(network.forward(motions).logits, labels);
        optimiser.zero_grad();
        loss.backward();
        torch::nn::utils::clip_grad_norm_(network.parameters(), 5.0);
        optimiser.step();
    });
}

double infer_seconds(ClipNetwork& network) {
    const torch::InferenceMode guard;
    network.eval();
    network.fold();
    const torch::Tensor motion = torch::randn({1, 9, frames, 20});
    return median_seconds(2, 30, [&] { (void)network.forward(motion); });
}

double seconds_of_estgcn(EstgcnSize size) {
    EstgcnOptions options = estgcn_options(size, classes);
    options.frames = static_cast<int>(frames);
    EstgcnNetwork network(*inference_tests::msr_layout(), options);
    return infer_seconds(network);
}

}  // namespace

int main(int count, char** arguments) {
    // As the module is opened (docs/threading.md); the libraries read it when they are loaded.
    if (std::getenv("OPENBLAS_NUM_THREADS") == nullptr) {
        setenv("OPENBLAS_NUM_THREADS", "1", 1);
        setenv("OMP_WAIT_POLICY", "passive", 1);
        execv("/proc/self/exe", arguments);
    }
    const std::set<std::string> wanted(arguments + 1, arguments + count);
    const auto asked = [&wanted](const char* name) { return wanted.empty() || wanted.contains(name); };
    std::vector<Baseline> baselines;
    for (const int threads : {1, 2}) baselines.push_back(measured_baseline(threads));
    const auto better = [&](std::optional<double> Baseline::*which) {
        std::optional<double> best;
        for (const Baseline& baseline : baselines)
            if (baseline.*which && (!best || *(baseline.*which) < *best)) best = baseline.*which;
        return best;
    };
    // With the better number of threads.
    const auto best_of = [](double (*seconds)(ClipNetwork&)) {
        double best = std::numeric_limits<double>::infinity();
        for (const int threads : {1, 2}) {
            torch::set_num_threads(threads);
            best = std::min(best, seconds(*sta_gcn()));
        }
        return best;
    };
    std::vector<Row> rows;
    const char* const python = "python3-torch";
    if (asked("infer")) {
        rows.push_back({"infer ST-GCN of 3.08 million parameters, one motion", best_of(infer_seconds), "s",
                        better(&Baseline::infer_seconds), python});
        torch::set_num_threads(1);
        rows.push_back({"infer estgcn S, one motion of 64 frames on one core", seconds_of_estgcn(EstgcnSize::s), "s",
                        1 / smallest_rate_s, "bound"});
        rows.push_back({"infer estgcn XS, one motion of 64 frames on one core", seconds_of_estgcn(EstgcnSize::xs), "s",
                        1 / smallest_rate_xs, "bound"});
    }
    // Last, for what it does with memory stays.
    if (asked("train"))
        rows.push_back({"train ST-GCN of 3.08 million parameters, a batch of 16", best_of(train_seconds), "s",
                        better(&Baseline::train_seconds), python});
    print(rows);
}
