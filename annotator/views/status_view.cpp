#include "annotator/views/status_view.h"

namespace annotator {

void StatusView::draw(const ViewContext& context) {
    (void)context;
    ImGui::TextUnformatted("StatusView");
}

}  // namespace annotator
