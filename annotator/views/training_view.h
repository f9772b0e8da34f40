#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "annotator/session/labelled_share.h"
#include "annotator/session/run_report.h"
#include "annotator/views/view_context.h"
#include "annotator/widgets/heat_map.h"
#include "annotator/widgets/line_chart.h"

namespace annotator {

// Training: start, pause, cancel, live curves, confusion, runs side by side, promotion.
// Fills the ImGui window that is open.
//
// Thread: the UI's.
class TrainingView {
public:
    void draw(const ViewContext& context);

private:
    // What is read and counted once for each revision of the project.
    struct Known {
        std::uint64_t revision = 0;
        std::vector<schemas::Track> tracks;                // that a model can learn, by position
        std::map<schemas::TrackId, std::size_t> labelled;  // segments of each
        std::map<schemas::ModelId, RunReport> reports;
        schemas::TrackId track{};  // that is chosen
        double share = 0;          // of it that a person has labelled
    };

    struct Curves {
        std::int64_t id = 0;  // of the job or the model
        std::span<const CurvePoint> points;
        double steps = 0;
    };

    void know(const ViewContext& context, schemas::TrackId track);
    void draw_form(const ViewContext& context, const StartTraining& form);
    void draw_fields(const ViewContext& context, StartTraining form);
    void draw_jobs(const ViewContext& context);
    void draw_curves(const ViewContext& context, float height);
    static void draw_no_curves(const ViewContext& context, float height);
    [[nodiscard]] Curves curves_to_draw(const ViewContext& context) const;
    void draw_runs(const ViewContext& context);
    void draw_run(const ViewContext& context, const schemas::ModelVersion& model);
    void draw_confusion(const ViewContext& context);
    void draw_examples(const ViewContext& context, const RunReport& report);
    [[nodiscard]] const schemas::ModelVersion* selected(const ViewContext& context) const;

    Known known_;
    LabelledShare labelled_;
    std::optional<HeatCell> cell_;
    std::optional<schemas::ModelId> cell_of_;
    std::vector<ChartLine> lines_, shares_;          // of what is drawn: losses, and shares of 1
    std::pair<std::int64_t, std::size_t> lines_of_;  // which curves they were made of, and how many points
};

}  // namespace annotator
