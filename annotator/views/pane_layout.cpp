#include "annotator/views/pane_layout.h"

#include <algorithm>

namespace annotator {

namespace {

// A pane is not made narrower or wider than this for the sake of its picture.
constexpr float least_aspect = 0.5F, most_aspect = 2;

float usable(float aspect) { return std::clamp(aspect > 0 ? aspect : 1, least_aspect, most_aspect); }

std::vector<PaneRect> in_rows(ImVec2 size, std::span<const float> aspects, const PaneGridOptions& options,
                              std::size_t columns) {
    std::vector<PaneRect> panes;
    const std::size_t rows = (aspects.size() + columns - 1) / columns;
    const float height =
        std::max(1.0F, (size.y - options.gap * static_cast<float>(rows - 1)) / static_cast<float>(rows));
    for (std::size_t row = 0; row < rows; ++row) {
        // Rows differ by at most one pane, the fuller ones last.
        const std::size_t begin = row * aspects.size() / rows, end = (row + 1) * aspects.size() / rows;
        float sum = 0;
        for (std::size_t i = begin; i < end; ++i) sum += usable(aspects[i]);
        const float width = std::max(1.0F, size.x - options.gap * static_cast<float>(end - begin - 1));
        float x = 0;
        const float y = static_cast<float>(row) * (height + options.gap);
        for (std::size_t i = begin; i < end; ++i) {
            const float wide = width * usable(aspects[i]) / sum;
            panes.push_back({{x, y}, {x + wide, y + height}});
            x += wide + options.gap;
        }
    }
    return panes;
}

float shown_area(const std::vector<PaneRect>& panes, std::span<const float> aspects, float header) {
    float area = 0;
    for (std::size_t i = 0; i < panes.size(); ++i) {
        const float aspect = aspects[i] > 0 ? aspects[i] : 1;
        const float high = std::max(0.0F, panes[i].size().y - header);
        const float height = std::min(high, panes[i].size().x / aspect);
        area += height * height * aspect;
    }
    return area;
}

float clamped_centre(float centre, float shown_share) {
    return shown_share >= 1 ? 0.5F : std::clamp(centre, shown_share / 2, 1 - shown_share / 2);
}

PictureZoom kept_in_sight(const PaneRect& pane, float aspect, PictureZoom zoom) {
    const ImVec2 picture = placed(pane, aspect, zoom).size(), room = pane.size();
    zoom.centre = {clamped_centre(zoom.centre.x, room.x / picture.x),
                   clamped_centre(zoom.centre.y, room.y / picture.y)};
    return zoom;
}

}  // namespace

std::vector<PaneRect> pane_grid(ImVec2 size, std::span<const float> aspects, const PaneGridOptions& options) {
    std::vector<PaneRect> best;
    float best_area = -1;
    for (std::size_t columns = aspects.size(); columns >= 1; --columns) {
        std::vector<PaneRect> panes = in_rows(size, aspects, options, columns);
        const float area = shown_area(panes, aspects, options.header);
        if (area > best_area) {
            best_area = area;
            best = std::move(panes);
        }
    }
    return best;
}

PaneRect placed(const PaneRect& pane, float aspect, const PictureZoom& zoom) {
    const ImVec2 room = pane.size();
    const float fitting = std::min(room.x, room.y * aspect);
    const ImVec2 size{fitting * zoom.factor, fitting * zoom.factor / aspect};
    const ImVec2 low{(pane.low.x + pane.high.x) / 2 - zoom.centre.x * size.x,
                     (pane.low.y + pane.high.y) / 2 - zoom.centre.y * size.y};
    return {low, {low.x + size.x, low.y + size.y}};
}

PictureZoom zoomed_at(const PaneRect& pane, float aspect, const PictureZoom& zoom, ImVec2 mouse, float by) {
    const PaneRect before = placed(pane, aspect, zoom);
    const ImVec2 share{(mouse.x - before.low.x) / before.size().x, (mouse.y - before.low.y) / before.size().y};
    PictureZoom after = zoom;
    after.factor = std::clamp(zoom.factor * by, 1.0F, PictureZoom::largest);
    const ImVec2 size = placed(pane, aspect, after).size();
    after.centre = {share.x - (mouse.x - (pane.low.x + pane.high.x) / 2) / size.x,
                    share.y - (mouse.y - (pane.low.y + pane.high.y) / 2) / size.y};
    return kept_in_sight(pane, aspect, after);
}

PictureZoom moved(const PaneRect& pane, float aspect, const PictureZoom& zoom, ImVec2 by) {
    const ImVec2 size = placed(pane, aspect, zoom).size();
    PictureZoom after = zoom;
    after.centre = {zoom.centre.x - by.x / size.x, zoom.centre.y - by.y / size.y};
    return kept_in_sight(pane, aspect, after);
}

}  // namespace annotator
