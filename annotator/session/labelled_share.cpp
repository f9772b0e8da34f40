#include "annotator/session/labelled_share.h"

#include <algorithm>

namespace annotator {

double LabelledShare::of(const EditorModel& model, schemas::TrackId track) {
    if (track_ == track && revision_ == model.revision) return share_;
    if (track_ != track) parts_.clear();
    track_ = track;
    count(model);
    revision_ = model.revision;
    const bool in_pieces = std::ranges::any_of(parts_, [](const auto& each) { return each.second.in_pieces; });
    double labelled = 0, total = 0;
    for (const auto& [clip, part] : parts_) {
        labelled += in_pieces ? static_cast<double>(part.by_person) : (part.is_whole() ? 1.0 : 0.0);
        total += in_pieces ? static_cast<double>(part.frames) : 1.0;
    }
    share_ = total > 0 ? labelled / total : 0;
    return share_;
}

void LabelledShare::count(const EditorModel& model) {
    const Document& document = model.document();
    const auto& clips = document.rows<schemas::Clip>();
    const auto changed = parts_.empty() ? std::nullopt : model.clips_changed_after(revision_);
    if (changed) {
        for (const schemas::ClipId id : *changed)
            if (const auto* clip = document.find<schemas::Clip>(id))
                parts_[id] = labelled_part(document, *clip, *track_);
        return;
    }
    parts_.clear();
    for (const auto& [id, clip] : clips) parts_[id] = labelled_part(document, clip, *track_);
}

}  // namespace annotator
