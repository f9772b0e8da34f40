#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "annotator/playback/playback.h"
#include "storage/media/depth_reader.h"
#include "storage/media/scrub_proxy.h"

namespace annotator {

// What a pane shows of a video or of depth. The number is always that of the picture.
struct ShownPicture {
    // waiting: nothing has come yet. absent: the recording has no frame at this time. exact: the frame that is due.
    // preview: a small picture of the frame that is due. earlier: the picture before, while the one that is due is on
    // its way. failed: `problem` says why.
    enum class Kind { waiting, absent, exact, preview, earlier, failed };
    Kind kind = Kind::waiting;
    schemas::FrameIndex frame = 0;  // of the recording itself
    std::shared_ptr<const schemas::Picture> picture;
    std::shared_ptr<const storage::DepthFrame> depth;
    std::uint64_t version = 0;  // another one: another picture
    std::string problem;

    [[nodiscard]] bool has_picture() const { return picture || depth; }
    bool operator==(const ShownPicture&) const = default;
};

// Never the same twice, so that no two pictures have one version.
//
// Thread: the UI's.
std::uint64_t fresh_picture_version();

// How a recording is played while its pictures are chosen.
struct Moving {
    bool playing = false;
    double speed = 1;
};

// What to show next of a video, given what is shown now. `previews` may be null.
ShownPicture next_picture(ShownPicture shown, const ViewedFrame& viewed, storage::ScrubProxy* previews,
                          const Moving& moving);

// Likewise of depth, of which the pump has that frame or not; -1 where the recording shows none.
class DepthPump;
ShownPicture next_depth(ShownPicture shown, schemas::FrameIndex due, const DepthPump& pump);

}  // namespace annotator
