#pragma once

#include <map>
#include <memory>
#include <vector>

#include "annotator/document/document.h"
#include "annotator/session/clip_media.h"
#include "schemas/skeleton.h"

namespace annotator {

// The skeletons of a clip as people corrected them, computed again only where corrections changed.
//
// Thread: the UI's.
class CorrectedMedia {
public:
    using Motion = std::shared_ptr<const schemas::SkeletonSequence>;

    // The media with the document's corrections in each skeleton's `sequence`; nullptr when they are there already.
    std::shared_ptr<const ClipMedia> updated(const ClipMedia& media, const Document& document);

    // Of the media seen last, in the stream's own frames; nullptr where there is none.
    [[nodiscard]] Motion motion(schemas::StreamId stream) const;

private:
    struct Corrected {
        Motion recorded;
        std::vector<std::pair<schemas::JointCorrectionId, schemas::EditId>> corrections;
        Motion motion;  // in its own frames
        Motion shown;   // in those of the reference
    };
    std::map<schemas::StreamId, Corrected> skeletons_;
};

}  // namespace annotator
