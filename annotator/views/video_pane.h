#pragma once

#include "annotator/views/picture_canvas.h"

namespace annotator {

// One video of the take.
//
// Thread: the UI's.
class VideoPane {
public:
    static PaneHeader header(const ViewContext& context, std::size_t video);
    static float aspect(const ViewContext& context, std::size_t video);  // width over height; 16:9 while not known
    PaneAsks draw(const ViewContext& context, std::size_t video, const PaneRect& pane, PoseOverlay& overlay);

private:
    PictureCanvas canvas_;
    std::optional<int> asked_side_;
};

}  // namespace annotator
