#pragma once

#include <imgui.h>

namespace annotator {

enum class Icon {
    search,
    close,
    check,
    warning,
    error,
    info,
    lock,
    folder,
    project,
    file,
    film,
    sound_off,
    comment,
    gear,
    keyboard,
    plus,
    run,
    label,
    undo,
    redo
};

// Drawn with lines, so that it is sharp at every scale. `size` in pixels, round `centre`.
void draw_icon(ImDrawList& list, Icon icon, ImVec2 centre, float size, ImU32 colour);

// In the line of the text that follows or goes before, as high as the text.
void icon(Icon icon, ImU32 colour);

}  // namespace annotator
