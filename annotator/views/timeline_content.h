#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "annotator/views/timeline_layout.h"
#include "annotator/views/view_context.h"

namespace annotator {

struct LabelLook {
    std::string name;
    ImU32 colour = 0;
    float width = 0;  // of the name, in pixels
};

// What the timeline shows of a clip, made from the document only when that has changed: an edit costs the line that it
// changed, and a frame without edits nothing.
//
// Thread: the UI's.
class TimelineContent {
public:
    void bring_up_to_date(const ViewContext& context);

    [[nodiscard]] const std::vector<TimelineRow>& rows() const { return rows_; }
    [[nodiscard]] double rows_height() const { return rows_height_; }  // points
    // Of a row of labels, of others' labels or of proposals; empty for other rows.
    [[nodiscard]] const TimelineItems& items(const TimelineRow& row) const;
    [[nodiscard]] const LabelLook& look(schemas::LabelId label) const;
    [[nodiscard]] const std::vector<const schemas::KeyPose*>& key_poses(const Line& line) const;
    [[nodiscard]] const std::vector<const schemas::Comment*>& comments() const { return comments_; }
    [[nodiscard]] bool is_rejected(schemas::ProposalId proposal) const { return rejected_.contains(proposal); }
    [[nodiscard]] bool has_tracks() const { return has_tracks_; }

private:
    struct Kept {
        std::uint64_t revision = 0;
        TimelineItems items;
    };
    void make_rows(const EditorModel& model);
    void add_lines(const EditorModel& model);
    void make_looks(const ViewContext& context);
    void collect_marks(const EditorModel& model);
    void keep_items(const EditorModel& model);

    std::vector<TimelineRow> rows_;
    double rows_height_ = 0;
    std::map<Line, Kept> labels_, proposals_;
    std::unordered_map<std::int64_t, LabelLook> looks_;
    std::map<Line, std::vector<const schemas::KeyPose*>> key_poses_;
    std::vector<const schemas::Comment*> comments_;  // by first frame
    std::set<schemas::ProposalId> rejected_;
    bool has_tracks_ = false;

    std::uint64_t revision_ = 0;
    std::optional<schemas::ClipId> clip_;
    std::shared_ptr<const ClipMedia> media_;  // kept: another one may lie where it lay
    float scale_ = 0;
    ThemeKind theme_ = ThemeKind::dark;
    Palette palette_ = Palette::okabe_ito;
};

}  // namespace annotator
