#include "annotator/views/label_view.h"

namespace annotator {

void LabelView::draw(const ViewContext& context) {
    const Theme& theme = context.theme;
    const EditorModel& model = context.model();
    const schemas::Track* track = model.track();
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {theme.px(8), theme.px(6)});
    ImGui::PushFont(theme.strong);
    ImGui::TextUnformatted(track != nullptr ? track->name.c_str() : "Labels");
    ImGui::PopFont();
    const auto& line = context.state().line;
    if (const auto* performer =
            line && line->performer ? context.document().find<schemas::Performer>(*line->performer) : nullptr) {
        ImGui::SameLine();
        ImGui::PushStyleColor(ImGuiCol_Text, theme.faint_text);
        ImGui::TextUnformatted(performer->name.c_str());
        ImGui::PopStyleColor();
    }
    if (track != nullptr) {
        list_.draw(context, "Search, or add a label", 0);
    } else {
        ImGui::PushStyleColor(ImGuiCol_Text, theme.faint_text);
        ImGui::PushTextWrapPos(0);
        ImGui::TextUnformatted(model.clip() == nullptr ? "Open a clip to see the labels of its tracks."
                                                       : "The project has no track. Add one in the timeline.");
        ImGui::PopTextWrapPos();
        ImGui::PopStyleColor();
    }
    ImGui::PopStyleVar();
}

}  // namespace annotator
