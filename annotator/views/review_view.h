#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "annotator/session/labelled_share.h"
#include "annotator/views/view_context.h"

namespace annotator {

// The queue of hard examples as cards, and the budget.
// Fills the ImGui window that is open.
//
// Thread: the UI's.
class ReviewView {
public:
    void draw(const ViewContext& context);

private:
    // What is counted once for each revision of the project.
    struct Counted {
        std::uint64_t revision = 0;
        std::optional<schemas::TrackId> track;
        std::vector<std::uint8_t> answered;  // of each item of the queue
        std::size_t open = 0;
        double labelled = 0;  // share of 1
        std::vector<schemas::Label> labels;
    };

    void count(const ViewContext& context);
    void draw_top(const ViewContext& context);
    void draw_cards(const ViewContext& context);
    void draw_card(const ViewContext& context, std::size_t index, float height);
    void draw_current(const ViewContext& context);
    void draw_strip(const ViewContext& context, const schemas::QueueItem& item);
    // What the model thinks, and why the card is here.
    void draw_thoughts(const ViewContext& context, const schemas::QueueItem& item);
    void draw_opinion(const ViewContext& context, const schemas::QueueItem& item);
    void draw_labels(const ViewContext& context);
    void draw_buttons(const ViewContext& context, const schemas::QueueItem& item);

    Counted counted_;
    LabelledShare labelled_;
    std::optional<std::size_t> shown_;  // the card that the list was scrolled to
};

}  // namespace annotator
