#pragma once

#include <imgui.h>

#include <span>
#include <vector>

// Where panes and pictures in them lie. Pure.
namespace annotator {

struct PaneRect {
    ImVec2 low{}, high{};

    [[nodiscard]] ImVec2 size() const { return {high.x - low.x, high.y - low.y}; }
};

struct PaneGridOptions {
    float gap = 0;     // between panes
    float header = 0;  // of each pane, above its picture
};

// Panes side by side in rows that fill the size, in their order, so that pictures of these proportions (width over
// height) come out as large as they can.
std::vector<PaneRect> pane_grid(ImVec2 size, std::span<const float> aspects, const PaneGridOptions& options);

// What part of a picture a pane shows: `centre` is the place of the picture, in shares of its sides, that lies in the
// middle of the pane; at factor 1 the picture just fits.
struct PictureZoom {
    float factor = 1;
    ImVec2 centre{0.5F, 0.5F};

    static constexpr float largest = 32;
};

// Where the whole picture lies on the screen; it may reach beyond the pane.
PaneRect placed(const PaneRect& pane, float aspect, const PictureZoom& zoom);
// Zoomed by a factor so that what is under the mouse stays there.
PictureZoom zoomed_at(const PaneRect& pane, float aspect, const PictureZoom& zoom, ImVec2 mouse, float by);
// Moved by so many pixels of the screen, but never out of sight.
PictureZoom moved(const PaneRect& pane, float aspect, const PictureZoom& zoom, ImVec2 by);

}  // namespace annotator
