#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "annotator/session/curation.h"
#include "annotator/session/run_report.h"
#include "annotator/views/view_context.h"

namespace annotator {

// What makes the dataset worse than it could be: recordings below the standard, duplicates, labels that a model
// doubts, and balance. Every row opens the place that it speaks of, those of the balance their clips.
// Fills the ImGui window that is open.
//
// Thread: the UI's.
class CurateView {
public:
    void draw(const ViewContext& context);

private:
    struct FindingRow {
        storage::Severity severity = storage::Severity::warning;
        std::string where, what;
        std::optional<OpenClip> place;
    };
    // What is counted once for each revision of the project, and each check.
    struct Known {
        std::uint64_t revision = 0;
        std::vector<FindingRow> recordings, duplicates;
        std::vector<FindingRow> doubted;  // labels that the newest model has doubts about
        std::string doubted_by;
        std::vector<BalanceRow> labels, performers;
        std::string track;
    };

    void know(const ViewContext& context);
    void draw_top(const ViewContext& context);
    void draw_findings(const ViewContext& context, const char* id, const std::vector<FindingRow>& rows,
                       const char* nothing);
    void draw_finding(const ViewContext& context, const FindingRow& row);
    void draw_balance(const ViewContext& context);
    static void draw_bars(const ViewContext& context, const char* id, const std::vector<BalanceRow>& rows,
                          const char* nothing);
    static void draw_bar(const ViewContext& context, const BalanceRow& row, std::int64_t most);

    Known known_;
    std::string filter_;
    std::vector<std::size_t> shown_;
};

}  // namespace annotator
