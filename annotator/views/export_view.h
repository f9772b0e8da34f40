#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "annotator/session/split_summary.h"
#include "annotator/views/view_context.h"

namespace annotator {

// Splits, and the dataset as other programs read it: scheme, groups, strata, seed, the counts that come of them, leaks,
// and what a format cannot hold.
// Fills the ImGui window that is open.
//
// Thread: the UI's.
class ExportView {
public:
    void draw(const ViewContext& context);

private:
    // What is read and counted once for each revision of the project.
    struct Known {
        std::uint64_t revision = 0;
        std::vector<schemas::Track> tracks;  // that have spans, by position
        std::map<schemas::SplitId, SplitSummary> splits;
    };

    void know(const ViewContext& context);
    void draw_form(const ViewContext& context) const;
    void draw_keys(const Theme& theme, MakeSplit& form) const;
    void draw_splits(const ViewContext& context, float height) const;
    void draw_counts(const ViewContext& context, const schemas::Split& split) const;
    static void draw_export(const ViewContext& context);
    static void draw_outcome(const ViewContext& context);

    Known known_;
};

}  // namespace annotator
