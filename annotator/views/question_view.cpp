#include "annotator/views/question_view.h"

namespace annotator {

void QuestionView::draw(const ViewContext& context) {
    (void)context;
    ImGui::TextUnformatted("QuestionView");
}

}  // namespace annotator
