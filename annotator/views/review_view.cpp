#include "annotator/views/review_view.h"

namespace annotator {

void ReviewView::draw(const ViewContext& context) {
    (void)context;
    ImGui::TextUnformatted("ReviewView");
}

}  // namespace annotator
