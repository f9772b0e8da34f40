#include "annotator/views/frame_thumbnail.h"

#include <algorithm>
#include <string>

#include "annotator/views/pane_layout.h"
#include "annotator/views/texture_key.h"

namespace annotator {

void draw_frame_thumbnail(const ViewContext& context, schemas::ClipId clip, schemas::FrameIndex frame, ImVec2 at,
                          ImVec2 size) {
    const Theme& theme = context.theme;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 end{at.x + size.x, at.y + size.y};
    if (!ImGui::IsRectVisible(at, end)) return;
    // Skeletons are drawn for a dark ground, whatever the theme.
    list.AddRectFilled(at, end, IM_COL32(34, 37, 44, 255), theme.px(3));
    const auto* row = context.document().find<schemas::Clip>(clip);
    if (row == nullptr) return;
    const FramePicture shown = context.bench.playback().frame_pictures().get(row->take, frame);
    if (shown.picture) {
        const float aspect = shown.aspect > 0 ? static_cast<float>(shown.aspect)
                                              : static_cast<float>(shown.picture->width) /
                                                    static_cast<float>(std::max(1, shown.picture->height));
        const PaneRect place = placed({at, end}, aspect, {});
        const std::uint64_t key = texture_key(TextureOf::thumbnail, static_cast<std::int64_t>(row->take), frame);
        list.AddImage(context.textures.texture(key, shown.version, *shown.picture), place.low, place.high);
    }
    const std::string number = std::to_string(frame);
    ImGui::PushFont(theme.small);
    const ImVec2 text = ImGui::CalcTextSize(number.c_str());
    const ImVec2 corner{at.x + theme.px(2), end.y - text.y - theme.px(2)};
    list.AddRectFilled(corner, {corner.x + text.x + theme.px(6), end.y - theme.px(1)}, IM_COL32(0, 0, 0, 170),
                       theme.px(2));
    list.AddText({corner.x + theme.px(3), corner.y}, IM_COL32(255, 255, 255, 255), number.c_str());
    ImGui::PopFont();
}

}  // namespace annotator
