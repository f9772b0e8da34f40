#pragma once

#include "annotator/views/picture_canvas.h"

namespace annotator {

// Key-points in pixels without a picture, flat as they were recorded.
//
// Thread: the UI's.
class KeyPointPane {
public:
    static PaneHeader header(const ViewContext& context);
    static float aspect(const ViewContext& context);
    PaneAsks draw(const ViewContext& context, const PaneRect& pane, PoseOverlay& overlay);

private:
    PictureCanvas canvas_;
};

}  // namespace annotator
