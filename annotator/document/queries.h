#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "annotator/document/document.h"
#include "schemas/proposal.h"

// Questions to a document. Pure.
namespace annotator {

// What a project counts its budget in: trimmed clips are labelled whole, streams frame by frame.
enum class LabelUnit { clip, frame };

using schemas::FrameState;

struct StateRun {
    schemas::FrameSpan span;
    FrameState state = FrameState::unlabelled;
};

// The states of a clip on a track, from its first to its last frame without gaps. Where
// several layers speak the most settled label wins: verified before disputed, corrected,
// accepted, drawn, imported. Truth layers do not count.
std::vector<StateRun> frame_states(const Document& document, const schemas::Clip& clip, schemas::TrackId track,
                                   const std::vector<schemas::Proposal>& proposals_of_clip);

// Whether a person looked at it, rather than a file or nobody.
bool is_persons_work(FrameState state);

// The segments of a clip on a track that training may learn from and exports write: by
// layer priority consensus, person, import; never truth. `layer` limits it to one layer,
// whatever its kind. Sorted by performer and first frame.
std::vector<schemas::Segment> labels_of_clip(const Document& document, schemas::ClipId clip, schemas::TrackId track,
                                             std::optional<schemas::LayerId> layer);

struct Budget {
    double target = 0.2;
    double labelled = 0;
};

// What a person has labelled of one clip on a track.
struct LabelledPart {
    schemas::FrameIndex by_person = 0, frames = 0;
    bool in_pieces = false;  // some label of the track covers only a part of the clip

    [[nodiscard]] bool is_whole() const { return by_person == frames; }
};
LabelledPart labelled_part(const Document& document, const schemas::Clip& clip, schemas::TrackId track);

// The share that a person has labelled: of the clips, or of the frames.
double labelled_share(const Document& document, schemas::TrackId track, LabelUnit unit);

// Clips are labelled whole unless some label of the track covers only a part of its clip.
LabelUnit unit_of(const Document& document, schemas::TrackId track);

// The performers whose skeletons a take has.
std::set<schemas::PerformerId> performers_of(const Document& document, schemas::TakeId take);
const schemas::Stream* reference_stream(const Document& document, schemas::TakeId take);

// Whether it is a skeleton in pixels of a picture.
bool holds_key_points(const schemas::Stream& stream);

// All clips by name: the order of everything that leaves the program.
std::vector<const schemas::Clip*> clips_by_name(const Document& document);

// What splits may group a clip by, as (key, value): "performer" "take" "choreography" "music"
// "view" "setup". A clip of several performers has several values of that key.
std::vector<std::pair<std::string, std::string>> groups_of(const Document& document, const schemas::Clip& clip);

// The performers' names joined with '+', or the take's name where nobody is named.
std::string performer_group(const Document& document, const schemas::Clip& clip);

}  // namespace annotator

template <>
struct schemas::EnumNames<annotator::LabelUnit> {
    static constexpr std::array<std::string_view, 2> names{"clip", "frame"};
};
