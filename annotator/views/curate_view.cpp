#include "annotator/views/curate_view.h"

namespace annotator {

void CurateView::draw(const ViewContext& context) {
    (void)context;
    ImGui::TextUnformatted("CurateView");
}

}  // namespace annotator
