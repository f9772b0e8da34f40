#include "annotator/views/timeline_view.h"

namespace annotator {

void TimelineView::draw(const ViewContext& context) {
    (void)context;
    ImGui::TextUnformatted("TimelineView");
}

}  // namespace annotator
