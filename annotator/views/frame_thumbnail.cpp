#include "annotator/views/frame_thumbnail.h"

#include <string>

namespace annotator {

void draw_frame_thumbnail(const ViewContext& context, schemas::ClipId, schemas::FrameIndex frame, ImVec2 at,
                          ImVec2 size) {
    const Theme& theme = context.theme;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 end{at.x + size.x, at.y + size.y};
    list.AddRectFilled(at, end, theme.window, theme.px(3));
    list.AddText({at.x + theme.px(4), at.y + theme.px(2)}, theme.faint_text, std::to_string(frame).c_str());
}

}  // namespace annotator
