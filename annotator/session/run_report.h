#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "annotator/session/job_board.h"
#include "schemas/frame.h"
#include "schemas/proposal.h"

// What a training run says of itself, out of the JSON that is stored with its model. Pure.
namespace annotator {

struct JudgedExample {
    schemas::ClipId clip{};
    schemas::FrameSpan span;
    int truth = 0, predicted = 0;  // indices of RunReport::labels
    double confidence = 0;
};

struct SuspectedLabel {
    std::string clip;  // its name
    schemas::FrameSpan span;
};

// What is not known is 0 or empty; `validated` says whether the figures of the validation part are there.
struct RunReport {
    std::string track;
    std::int64_t samples = 0, labelled = 0;
    bool validated = false;
    std::int64_t validation_samples = 0;
    double accuracy = 0, top5 = 0, macro_f1 = 0, calibration_error = 0;
    std::vector<std::string> labels;
    std::vector<std::int64_t> confusion;  // labels x labels: truth, then what was said
    std::vector<JudgedExample> examples;  // of the validation part
    std::vector<SuspectedLabel> suspected;
    std::vector<CurvePoint> curve;  // of the run that was kept
};

// Never throws: what cannot be read is left out.
RunReport run_report(const schemas::ModelVersion& model);

}  // namespace annotator
