#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "annotator/views/clip_rows.h"
#include "annotator/views/view_context.h"

namespace annotator {

// All clips of the project, with filters and a bar of states for each. Fills the ImGui window that is open.
//
// Thread: the UI's.
class ClipListView {
public:
    void draw(const ViewContext& context);

private:
    struct Shown {
        StateBar bar{};
        std::string category;
    };

    // What another edit took away filters nothing.
    void follow_filter(const ViewContext& context);
    void draw_filters(const ViewContext& context);
    void draw_more_filters(const ViewContext& context);
    void draw_row(const ViewContext& context, const ClipRow& row);
    static void draw_hover(const ViewContext& context, const ClipRow& row, const StateBar& bar, ImVec2 from, ImVec2 to);
    void collect(const ViewContext& context);
    void collect_choices(const Document& document);
    void follow_clip(const ViewContext& context, float row_height);
    const Shown& shown(const ViewContext& context, const ClipRow& row);

    ClipFilter filter_;  // of the state, as it is being changed
    ClipFilter collected_filter_;
    std::uint64_t revision_ = 0;
    std::optional<schemas::TrackId> track_;
    std::vector<ClipRow> rows_;
    std::vector<std::pair<schemas::LabelId, std::string>> categories_;
    std::vector<std::pair<schemas::PerformerId, std::string>> performers_;
    std::map<schemas::ClipId, Shown> shown_;  // of this revision, of rows that were in sight
    std::optional<schemas::ClipId> followed_;
};

}  // namespace annotator
