#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "annotator/document/document.h"
#include "inference/effort.h"
#include "schemas/proposal.h"

namespace annotator {

// What an edit took, counted as `simulate` counts it (inference/effort.h).
struct EditEvent {
    schemas::Timestamp time = 0;
    double since_ms = 0;  // the edit before; 0 for the first
    std::string kind;     // "draw" "accept" "correct" "relabel" "move" "split" "merge" "delete" "reject" "other"
    inference::Actions actions;
    std::int64_t segments = 0;    // labels that it made
    double labelled_seconds = 0;  // of recordings, that those cover
    std::string rows;             // JSON: {"title", "before": […], "after": […]} of the segments that it changed
};

// What a model offered before the edit: the labels of a proposal or a segment, best first; empty where nothing was.
struct Offered {
    std::function<std::vector<schemas::LabelScore>(schemas::ProposalId)> proposal;
    std::function<std::optional<schemas::FrameSpan>(schemas::ProposalId)> proposal_span;
    std::function<std::vector<schemas::LabelScore>(schemas::SegmentId)> segment;
};
EditEvent event_of(const Document& before, const schemas::Edit& edit, const Offered& offered);

// The last sixty minutes of work.
struct WorkHour {
    std::int64_t segments = 0;
    std::int64_t operations = 0;
    double seconds = 0;          // that the work took, by the keystroke-level model
    double seconds_scratch = 0;  // that the same labels would have taken without a model
    // Share of 1; less than 0 where the model was no help. None without labels.
    [[nodiscard]] std::optional<double> saved() const;
};
WorkHour hour_of(const std::deque<EditEvent>& events, schemas::Timestamp now);
// "your hour: 214 segments, 61 % less than from scratch"; "" before the first.
std::string text_of(const WorkHour& hour);

// The edits that a person made, for themselves: never in the project, never sent.
//
// Thread: the UI's.
class EventLog {
public:
    // Goes on in that file, a line of JSON for each event. Where it cannot be written events are counted all the same.
    void keep_in(const std::filesystem::path& file);
    void add(EditEvent event, schemas::Timestamp now);
    [[nodiscard]] WorkHour hour(schemas::Timestamp now) const { return hour_of(events_, now); }

private:
    std::deque<EditEvent> events_;  // of the last hour, oldest first
    std::optional<schemas::Timestamp> last_;
    std::filesystem::path file_;  // empty: kept nowhere
};

// $XDG_STATE_HOME/kinetograph, or ~/.local/state/kinetograph.
std::filesystem::path user_state_folder();

}  // namespace annotator
