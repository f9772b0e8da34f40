#include "annotator/session/run_report.h"

#include <nlohmann/json.hpp>

namespace annotator {

namespace {

using nlohmann::json;

void read_validation(const json& validation, RunReport& report) {
    report.validated = true;
    report.validation_samples = validation.value("samples", std::int64_t{0});
    report.accuracy = validation.value("accuracy", 0.0);
    report.top5 = validation.value("top5", 0.0);
    report.macro_f1 = validation.value("macro_f1", 0.0);
    report.calibration_error = validation.value("calibration_error", 0.0);
    report.labels = validation.value("labels", std::vector<std::string>{});
    for (const json& row : validation.value("confusion", json::array()))
        for (const json& count : row) report.confusion.push_back(count.get<std::int64_t>());
    if (report.confusion.size() != report.labels.size() * report.labels.size()) report.confusion.clear();
    for (const json& entry : validation.value("examples", json::array()))
        report.examples.push_back(
            {schemas::ClipId{std::stoll(entry.at("clip").get<std::string>())},
             {entry.at("span").at(0).get<std::int64_t>(), entry.at("span").at(1).get<std::int64_t>()},
             entry.at("truth").get<int>(),
             entry.at("predicted").get<int>(),
             entry.at("confidence").get<double>()});
}

void read_metrics(const json& metrics, RunReport& report) {
    report.samples = metrics.value("samples", std::int64_t{0});
    report.labelled = metrics.value("labelled", std::int64_t{0});
    for (const json& entry : metrics.value("suspected_label_errors", json::array()))
        report.suspected.push_back(
            {entry.at("clip").get<std::string>(),
             {entry.at("span").at(0).get<std::int64_t>(), entry.at("span").at(1).get<std::int64_t>()}});
    for (const json& entry : metrics.value("curve", json::array()))
        report.curve.push_back(
            {"", entry.at("step").get<double>(), entry.at("losses").get<std::map<std::string, double>>()});
    const auto validation = metrics.find("validation");
    if (validation != metrics.end() && validation->is_object()) read_validation(*validation, report);
}

}  // namespace

RunReport run_report(const schemas::ModelVersion& model) {
    RunReport report;
    const json metrics = json::parse(model.metrics, nullptr, false),
               options = json::parse(model.options, nullptr, false);
    try {
        if (options.is_object()) report.track = options.value("track", "");
        if (metrics.is_object()) read_metrics(metrics, report);
    } catch (const std::exception&) {
        // of another version: what was read so far stands
    }
    return report;
}

}  // namespace annotator
