#include "annotator/workflows/classifier_report.h"

#include <algorithm>

#include "inference/metrics.h"

namespace annotator {

namespace {

using nlohmann::json;

// Of the validation part, so that a person can look at what a cell of the confusion matrix holds.
constexpr std::size_t most_examples = 5000;

json confusion_json(const inference::ConfusionMatrix& confusion) {
    json rows = json::array();
    for (int truth = 0; truth < confusion.classes; ++truth) {
        json row = json::array();
        for (int predicted = 0; predicted < confusion.classes; ++predicted)
            row.push_back(confusion.at(truth, predicted));
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace

json classifier_report(inference::Model& model, const TrainingSnapshot& snapshot, const std::set<std::size_t>& part,
                       const JobContext& job) {
    std::vector<inference::Sample> samples;
    std::vector<int> truth, predicted;
    for (const std::size_t i : part) {
        samples.push_back(snapshot.samples[i]);
        truth.push_back(snapshot.samples[i].label);
    }
    const auto prediction = model.predict(samples, inference::Hardness::skip, job.stop);
    if (!prediction) return nullptr;
    std::vector<float> confidence;
    std::vector<std::uint8_t> correct;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto row = prediction->row(i);
        const auto best = std::ranges::max_element(row);
        predicted.push_back(static_cast<int>(best - row.begin()));
        confidence.push_back(*best);
        correct.push_back(predicted.back() == truth[i] ? 1 : 0);
    }
    const int classes = static_cast<int>(snapshot.labels.size());
    const auto report = inference::classification_report(truth, predicted, classes);
    json examples = json::array();
    for (std::size_t i = 0; const std::size_t sample : part) {
        const SampleOrigin& origin = snapshot.origins[sample];
        if (examples.size() < most_examples)
            examples.push_back({{"clip", std::to_string(static_cast<std::int64_t>(origin.clip))},
                                {"span", {origin.span.begin, origin.span.end}},
                                {"truth", truth[i]},
                                {"predicted", predicted[i]},
                                {"confidence", confidence[i]}});
        ++i;
    }
    return {{"samples", report.samples},
            {"accuracy", report.accuracy},
            {"top5", inference::top_k_accuracy(prediction->probabilities, truth, classes, 5)},
            {"macro_f1", report.macro.f1},
            {"calibration_error", inference::expected_calibration_error(confidence, correct)},
            {"labels", snapshot.labels},
            {"confusion", confusion_json(report.confusion)},
            {"examples", examples}};
}

}  // namespace annotator
