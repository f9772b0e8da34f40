#include "annotator/views/training_view.h"

namespace annotator {

void TrainingView::draw(const ViewContext& context) {
    (void)context;
    ImGui::TextUnformatted("TrainingView");
}

}  // namespace annotator
