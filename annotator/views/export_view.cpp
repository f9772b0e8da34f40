#include "annotator/views/export_view.h"

namespace annotator {

void ExportView::draw(const ViewContext& context) {
    (void)context;
    ImGui::TextUnformatted("ExportView");
}

}  // namespace annotator
