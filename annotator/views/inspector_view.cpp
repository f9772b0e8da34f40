#include "annotator/views/inspector_view.h"

namespace annotator {

void InspectorView::draw(const ViewContext& context) {
    (void)context;
    ImGui::TextUnformatted("InspectorView");
}

}  // namespace annotator
