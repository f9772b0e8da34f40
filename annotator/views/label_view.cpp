#include "annotator/views/label_view.h"

namespace annotator {

void LabelView::draw(const ViewContext& context) {
    (void)context;
    ImGui::TextUnformatted("LabelView");
}

}  // namespace annotator
