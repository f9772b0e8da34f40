#pragma once

#include <array>
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
    static constexpr std::array<const char*, 6> group_keys{"performer", "take", "choreography",
                                                           "music",     "view", "setup"};

    // What is read and counted once for each revision of the project.
    struct Known {
        std::uint64_t revision = 0;
        std::vector<schemas::Track> tracks;  // that have spans, by position
        std::map<schemas::SplitId, SplitSummary> splits;
    };

    void know(const ViewContext& context);
    void draw_form(const ViewContext& context);
    void draw_keys(const ViewContext& context);
    void draw_splits(const ViewContext& context, float height);
    void draw_counts(const ViewContext& context, const schemas::Split& split);
    void draw_export(const ViewContext& context);
    void draw_outcome(const ViewContext& context);
    [[nodiscard]] ExportDataset wanted(ExportHow how) const;

    Known known_;
    std::string name_ = "main", scheme_ = "60/20/20";
    std::array<bool, group_keys.size()> groups_{true, true};
    std::map<schemas::TrackId, bool> strata_;
    int seed_ = 0;
    std::string split_;      // that is shown and exported; "": none
    std::string last_made_;  // the split that was made last
    std::map<std::string, bool> formats_;
    std::string folder_;
};

}  // namespace annotator
