#include "annotator/views/take_view.h"

namespace annotator {

void TakeView::draw(const ViewContext& context) {
    (void)context;
    ImGui::TextUnformatted("TakeView");
}

}  // namespace annotator
