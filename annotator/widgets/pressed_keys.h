#pragma once

#include <imgui.h>

// What went down, or repeats, in this picture.
namespace annotator {

inline bool is_pressed(ImGuiKey key) { return ImGui::IsKeyPressed(ImGui::GetKeyIndex(key)); }

// Also that of the number pad.
inline bool is_enter_pressed() { return is_pressed(ImGuiKey_Enter) || is_pressed(ImGuiKey_KeyPadEnter); }

}  // namespace annotator
