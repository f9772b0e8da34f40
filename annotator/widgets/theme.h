#pragma once

#include <imgui.h>

#include <array>
#include <string_view>

#include "annotator/session/settings.h"
#include "schemas/annotation.h"

namespace annotator {

// Patterns tell states apart where colours cannot.
enum class Pattern { solid, hatched, dotted, outlined, crossed, double_line };

// Colours and sizes of everything that is drawn. Lengths are in points; `scale` makes them pixels.
struct Theme {
    ThemeKind kind = ThemeKind::dark;
    Palette palette = Palette::okabe_ito;
    float scale = 1;

    ImU32 window, panel, raised, border;
    ImU32 text, faint_text, accent, accent_text;
    ImU32 playhead, selection, mark, grid, waveform, beat, energy, probability;
    ImU32 good, warning, error;
    ImU32 left, right, middle;  // sides of a body

    ImFont* body = nullptr;  // null: ImGui's own
    ImFont* strong = nullptr;
    ImFont* small = nullptr;
    ImFont* title = nullptr;  // of the welcome screen; letters of English only
    ImFont* mono = nullptr;   // figures of one width

    [[nodiscard]] float px(float points) const { return points * scale; }
};

Theme make_theme(ThemeKind kind, Palette palette, float scale);
// Sets ImGui's colours and sizes.
void apply(const Theme& theme);

// "#rrggbb" as ImGui has it; the theme's accent for what is no colour. What labels are given by themselves
// (label_colour) has its counterpart in the theme's palette.
ImU32 colour_from(std::string_view hex, const Theme& theme);
ImU32 with_alpha(ImU32 colour, float alpha);
ImU32 mixed(ImU32 a, ImU32 b, float share_of_b);
// Black or white, whichever reads better on it.
ImU32 text_on(ImU32 background);
// WCAG 2: 1 to 21.
double contrast(ImU32 a, ImU32 b);

Pattern pattern_of(schemas::FrameState state);

}  // namespace annotator
