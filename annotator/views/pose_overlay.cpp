#include "annotator/views/pose_overlay.h"

namespace annotator {

bool PoseOverlay::draw(const ViewContext&, std::span<const DrawnJoint>, const PaneMapping&) { return false; }

}  // namespace annotator
