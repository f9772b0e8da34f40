#pragma once

#include <memory>
#include <optional>

#include "annotator/views/picture_canvas.h"
#include "storage/media/depth_colour.h"

namespace annotator {

// One depth recording of the take, coloured by distance; a bar below sets which distances the colours are for.
//
// Thread: the UI's.
class DepthPane {
public:
    static PaneHeader header(const ViewContext& context, std::size_t depth);
    static float aspect(const ViewContext& context, std::size_t depth);  // width over height; 4:3 while not known
    PaneAsks draw(const ViewContext& context, std::size_t depth, const PaneRect& pane, PoseOverlay& overlay);
    // Widgets for the options, in the window that is open.
    void draw_options();

private:
    [[nodiscard]] storage::DepthShading shading(const ClipMedia::Depth& depth) const;
    void colour(const ShownPicture& shown, const storage::DepthShading& shading);
    void draw_range_bar(const ViewContext& context, const ClipMedia::Depth& depth, const PaneRect& bar);

    PictureCanvas canvas_;
    storage::ColourMap map_ = storage::ColourMap::viridis;
    bool holes_visible_ = true;
    std::optional<std::pair<std::uint16_t, std::uint16_t>> range_;  // chosen by the person; none: automatic
    enum class Handle { none, nearest, farthest } dragged_ = Handle::none;

    // What was coloured last.
    std::uint64_t coloured_version_ = 0;
    storage::DepthShading coloured_{};
    schemas::Picture picture_;
    std::uint64_t picture_version_ = 0;
};

}  // namespace annotator
