#include "annotator/document/document.h"

#include <algorithm>
#include <cmath>

namespace annotator {

namespace {

using schemas::Change;
using schemas::FrameIndex;
using schemas::RowChange;
using schemas::Segment;

auto place_of(const schemas::JointCorrection& correction) {
    return std::tuple(correction.joint, correction.begin_frame, correction.id);
}

auto place_in(const Document& document) {
    return [&document](schemas::JointCorrectionId id) { return place_of(document.at<schemas::JointCorrection>(id)); };
}

template <class Row>
void check_owners(const Document& document, const Row& row, schemas::FrameSpan span) {
    const schemas::Clip& clip = document.at<schemas::Clip>(row.clip);
    const schemas::Label& label = document.at<schemas::Label>(row.label);
    if (!document.find<schemas::Track>(row.track)) throw EditConflict(clip.name + ": the track is gone");
    if (row.performer && !document.find<schemas::Performer>(*row.performer))
        throw EditConflict(clip.name + ": the performer is gone");
    if (label.track != row.track)
        throw EditConflict(clip.name + ": '" + label.name + "' is no label of track '" +
                           document.at<schemas::Track>(row.track).name + "'");
    if (!schemas::is_valid(span) || span.begin < clip.begin_frame || span.end > clip.end_frame)
        throw EditConflict(clip.name + ": frames " + interval_text(span) + " do not lie in the clip's " +
                           interval_text(clip.span()));
}

void check(const Document& document, const Segment& segment) {
    check_owners(document, segment, segment.span());
    if (!document.find<schemas::Layer>(segment.layer)) throw EditConflict("the layer is gone");
    if (!document.at<schemas::Track>(segment.track).exclusive) return;
    const auto neighbours = document.segments(line_of(segment));
    const auto place = std::ranges::find(neighbours, segment.id);
    const auto overlaps = [&](schemas::SegmentId other) {
        return schemas::overlap(document.at<Segment>(other).span(), segment.span());
    };
    if ((place != neighbours.begin() && overlaps(*std::prev(place))) ||
        (std::next(place) != neighbours.end() && overlaps(*std::next(place))))
        throw EditConflict(document.at<schemas::Clip>(segment.clip).name + ": frames " + interval_text(segment.span()) +
                           " would overlap another label of track '" + document.at<schemas::Track>(segment.track).name +
                           "'");
}

void check(const Document& document, const schemas::KeyPose& pose) {
    check_owners(document, pose, {pose.frame, pose.frame + 1});
}

void check(const Document& document, const schemas::Clip& clip) {
    if (!schemas::is_valid(clip.span())) throw EditConflict(clip.name + ": a clip needs at least one frame");
    if (!document.find<schemas::Take>(clip.take)) throw EditConflict(clip.name + ": the take is gone");
}

void check(const Document& document, const schemas::Label& label) {
    if (label.name.empty()) throw EditConflict("a label needs a name");
    if (!document.find<schemas::Track>(label.track))
        throw EditConflict("label '" + label.name + "': the track is gone");
}

void check(const Document& document, const schemas::JointCorrection& correction) {
    const auto* stream = document.find<schemas::Stream>(correction.stream);
    if (stream == nullptr) throw EditConflict("the skeleton is gone");
    const auto fail = [&](const std::string& what) {
        throw EditConflict(stream->path + ": joint " + std::to_string(correction.joint) + ", frames " +
                           interval_text(correction.span()) + ": " + what);
    };
    if (stream->kind != schemas::StreamKind::skeleton) fail("only skeletons have key-points to correct");
    if (correction.joint < 0 || !schemas::is_valid(correction.span()) || correction.end_frame > stream->frames)
        fail("the recording has no such key-points; it has " + std::to_string(stream->frames) + " frames");
    if (static_cast<FrameIndex>(correction.points.size()) != correction.span().length())
        fail("has " + std::to_string(correction.points.size()) + " points");
    for (const schemas::JointPoint& point : correction.points)
        if (!std::isfinite(point.x) || !std::isfinite(point.y) || !std::isfinite(point.z) ||
            !(point.confidence >= 0 && point.confidence <= 1))
            fail("a key-point needs a position in numbers and a confidence from 0 to 1");
    const auto all = document.corrections(correction.stream);
    const auto place = std::ranges::lower_bound(all, place_of(correction), {}, place_in(document));
    const auto clashes = [&](schemas::JointCorrectionId id) {
        const auto& other = document.at<schemas::JointCorrection>(id);
        return other.joint == correction.joint && schemas::overlap(other.span(), correction.span());
    };
    if ((place != all.begin() && clashes(*std::prev(place))) ||
        (std::next(place) != all.end() && clashes(*std::next(place))))
        fail("is corrected twice");
}

template <class Row>
void check(const Document&, const Row&) {}

}  // namespace

Line line_of(const Segment& segment) { return {segment.clip, segment.layer, segment.track, segment.performer}; }

std::string interval_text(schemas::FrameSpan span) {
    return "[" + std::to_string(span.begin) + ", " + std::to_string(span.end) + ")";
}

Document::Document(schemas::ProjectRows rows) {
    const auto take_in = [this]<class Row>(std::vector<Row>& each) {
        auto& own = std::get<std::map<IdOf<Row>, Row>>(rows_);
        for (Row& row : each) own.emplace_hint(own.end(), row.id, std::move(row));
    };
    std::apply([&](auto&... each) { (take_in(each), ...); }, rows);
    for (const auto& [id, segment] : this->rows<Segment>()) lines_[line_of(segment)].push_back(id);
    for (auto& [line, ids] : lines_)
        std::ranges::sort(ids, {},
                          [this](schemas::SegmentId id) { return std::pair(at<Segment>(id).begin_frame, id); });
    for (const auto& [id, stream] : this->rows<schemas::Stream>()) streams_[stream.take].push_back(id);
    for (const auto& [id, correction] : this->rows<schemas::JointCorrection>())
        corrections_[correction.stream].push_back(id);
    for (auto& [stream, ids] : corrections_) std::ranges::sort(ids, {}, place_in(*this));
}

std::span<const schemas::SegmentId> Document::segments(const Line& line) const {
    const auto found = lines_.find(line);
    if (found == lines_.end()) return {};
    return found->second;
}

std::vector<Line> Document::lines(schemas::ClipId clip) const {
    std::vector<Line> found;
    for (auto at = lines_.lower_bound(Line{clip, schemas::LayerId{0}, schemas::TrackId{0}, std::nullopt});
         at != lines_.end() && at->first.clip == clip; ++at)
        found.push_back(at->first);
    return found;
}

std::span<const schemas::JointCorrectionId> Document::corrections(schemas::StreamId stream) const {
    const auto found = corrections_.find(stream);
    if (found == corrections_.end()) return {};
    return found->second;
}

const std::vector<schemas::StreamId>& Document::streams(schemas::TakeId take) const {
    static const std::vector<schemas::StreamId> none;
    const auto found = streams_.find(take);
    return found == streams_.end() ? none : found->second;
}

void Document::index(const Segment& segment) {
    auto& ids = lines_[line_of(segment)];
    const auto place =
        std::ranges::lower_bound(ids, std::pair(segment.begin_frame, segment.id), {},
                                 [this](schemas::SegmentId id) { return std::pair(at<Segment>(id).begin_frame, id); });
    ids.insert(place, segment.id);
}

void Document::unindex(const Segment& segment) {
    const auto line = lines_.find(line_of(segment));
    std::erase(line->second, segment.id);
    if (line->second.empty()) lines_.erase(line);
}

void Document::index(const schemas::JointCorrection& correction) {
    auto& ids = corrections_[correction.stream];
    ids.insert(std::ranges::lower_bound(ids, place_of(correction), {}, place_in(*this)), correction.id);
}

void Document::unindex(const schemas::JointCorrection& correction) {
    const auto ids = corrections_.find(correction.stream);
    ids->second.erase(std::ranges::lower_bound(ids->second, place_of(correction), {}, place_in(*this)));
    if (ids->second.empty()) corrections_.erase(ids);
}

template <class Row>
void Document::change(const RowChange<Row>& change) {
    auto& own = std::get<std::map<IdOf<Row>, Row>>(rows_);
    if (!change.before && !change.after) return;
    const IdOf<Row> id = change.before ? change.before->id : change.after->id;
    const auto found = own.find(id);
    if (change.before.has_value() != (found != own.end()) || (change.before && found->second != *change.before) ||
        (change.after && change.after->id != id))
        throw EditConflict("a " + std::string(schemas::Table<Row>::name) +
                           " was changed meanwhile; the edit was not made");

    constexpr bool is_indexed = std::is_same_v<Row, Segment> || std::is_same_v<Row, schemas::JointCorrection>;
    if constexpr (is_indexed)
        if (change.before) unindex(*change.before);
    if constexpr (std::is_same_v<Row, schemas::Stream>)
        if (change.before) std::erase(streams_[change.before->take], id);

    if (!change.after)
        own.erase(found);
    else
        own.insert_or_assign(id, *change.after);

    if constexpr (is_indexed)
        if (change.after) index(*change.after);
    if constexpr (std::is_same_v<Row, schemas::Stream>)
        if (change.after) {
            auto& ids = streams_[change.after->take];
            ids.insert(std::ranges::upper_bound(ids, id), id);
        }
}

void Document::change_all(std::span<const Change> changes) {
    for (const Change& each : changes) std::visit([this](const auto& row) { change(row); }, each);
}

void Document::check_rules(const schemas::Edit& edit) const {
    for (const Change& each : edit.changes)
        std::visit(
            [this]<class Row>(const RowChange<Row>& row) {
                // A later change of the same edit may have replaced or deleted it.
                if (row.after)
                    if (const Row* now = find<Row>(row.after->id)) check(*this, *now);
            },
            each);
}

void Document::apply(const schemas::Edit& edit) {
    std::size_t done = 0;
    try {
        for (; done < edit.changes.size(); ++done) change_all(std::span(edit.changes).subspan(done, 1));
        check_rules(edit);
    } catch (...) {
        change_all(schemas::inverse(
                       {edit.title, {edit.changes.begin(), edit.changes.begin() + static_cast<std::ptrdiff_t>(done)}})
                       .changes);
        throw;
    }
}

}  // namespace annotator
