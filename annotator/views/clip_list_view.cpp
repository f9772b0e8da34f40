#include "annotator/views/clip_list_view.h"

namespace annotator {

void ClipListView::draw(const ViewContext& context) {
    (void)context;
    ImGui::TextUnformatted("ClipListView");
}

}  // namespace annotator
