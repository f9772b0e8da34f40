#include "annotator/workflows/normalised_project.h"

#include <algorithm>

#include "annotator/document/queries.h"

namespace annotator {

namespace {

using schemas::Clip;
using schemas::RowChange;
using schemas::Stream;
using schemas::StreamKind;
using schemas::StreamRole;
using schemas::Take;
using Copies = std::map<schemas::StreamId, NormalisedCopy>;

FrameMap same_frames(schemas::FrameIndex frames) {
    FrameMap map{{}, frames};
    for (schemas::FrameIndex frame = 0; frame < frames; ++frame) map.frames.push_back({frame, 1});
    return map;
}

class ProjectCopy {
public:
    ProjectCopy(ProjectSession& fresh, ProjectSession& source, const Copies& copies)
        : fresh_(fresh), source_(source), copies_(copies) {}

    CopiedProject run() {
        const Document& document = source_.document();
        for (const auto& [id, take] : document.rows<Take>())
            if (const Stream* reference = reference_stream(document, id);
                reference != nullptr && has_frames(*reference))
                takes_.emplace(id, fresh_.ids().fresh<schemas::TakeId>());
        prepare_streams();
        fresh_.commit_import([this](const EditStamp& stamp) { return build(stamp); }, extras_);
        copy_splits();
        if (const auto budget = source_.store().setting("budget")) fresh_.store().set_setting("budget", *budget);
        result_.takes = takes_.size();
        return std::move(result_);
    }

private:
    [[nodiscard]] bool has_frames(const Stream& stream) const {
        return stream.kind != StreamKind::video || copies_.contains(stream.id);
    }

    template <class Row>
    void insert(schemas::Edit& edit, const Row& row) const {
        edit.changes.emplace_back(RowChange<Row>{std::nullopt, row});
    }
    template <class Row>
    void insert_all(schemas::Edit& edit) const {
        for (const auto& [id, row] : source_.document().rows<Row>()) insert(edit, row);
    }

    // What an import stores beside its edit has to be known before it.
    void prepare_streams() {
        for (const auto& [id, stream] : source_.document().rows<Stream>()) {
            if (!takes_.contains(stream.take)) continue;
            if (const auto copy = copies_.find(id); copy != copies_.end())
                add_copy(stream, copy->second);
            else if (stream.kind != StreamKind::video && !is_sound_of_a_copy(stream))
                add_link(stream);
        }
    }

    // The sound of a file that was copied is in the copy.
    [[nodiscard]] bool is_sound_of_a_copy(const Stream& stream) const {
        if (stream.kind != StreamKind::audio) return false;
        return std::ranges::any_of(copies_, [&](const auto& entry) {
            return entry.second.recordings.size() > 1 &&
                   source_.document().at<Stream>(entry.first).sha256 == stream.sha256;
        });
    }

    Stream begun(const Stream& source) {
        Stream stream = source;
        stream.id = fresh_.ids().fresh<schemas::StreamId>();
        stream.take = takes_.at(source.take);
        return stream;
    }

    void add_copy(const Stream& source, const NormalisedCopy& copy) {
        for (const ScannedRecording& recording : copy.recordings) {
            Stream stream = begun(source);
            stream.kind = recording.kind;
            if (recording.kind != source.kind) stream.role = StreamRole::aligned;
            stream.format = recording.format;
            stream.path = fresh_.store().stored_path(recording.path);
            stream.sha256 = recording.sha256;
            stream.frames = recording.frames;
            stream.rate_numerator = recording.rate->numerator;
            stream.rate_denominator = recording.rate->denominator;
            stream.container_stream = recording.container_stream;
            stream.clock_ratio = 1;
            // What the reference shows at a second, the copy shows begin_seconds earlier on its own clock; its sound
            // may begin a little after its pictures.
            const double later = recording.media->start_seconds - copy.recordings.front().media->start_seconds;
            stream.offset_seconds = -(copy.begin_seconds + later);
            storage::StreamFacts facts{stream.id, recording.table, recording.media};
            facts.media->id = stream.id;
            extras_.facts.push_back(std::move(facts));
            streams_.push_back(std::move(stream));
        }
    }

    void add_link(const Stream& source) {
        Stream stream = begun(source);
        stream.path = fresh_.store().stored_path(source_.store().resolved_path(source.path));
        storage::StreamFacts facts{stream.id, source_.store().frame_table(source.id), source_.store().media(source.id)};
        if (facts.media) facts.media->id = stream.id;
        if (facts.frames || facts.media) extras_.facts.push_back(std::move(facts));
        linked_.emplace(source.id, stream.id);
        streams_.push_back(std::move(stream));
    }

    schemas::Edit build(const EditStamp& stamp) {
        schemas::Edit edit{"Copy " + std::to_string(takes_.size()) + " takes to one standard", {}};
        insert_all<schemas::Performer>(edit);
        insert_all<schemas::Track>(edit);
        insert_all<schemas::Label>(edit);
        insert_all<schemas::Layer>(edit);
        for (const auto& [id, fresh] : takes_) {
            Take take = source_.document().at<Take>(id);
            take.id = fresh;
            insert(edit, take);
        }
        for (const Stream& stream : streams_) insert(edit, stream);
        for (const auto& [id, correction] : source_.document().rows<schemas::JointCorrection>()) {
            const auto stream = linked_.find(correction.stream);
            if (stream == linked_.end()) continue;
            schemas::JointCorrection copy = correction;
            copy.id = fresh_.ids().fresh<schemas::JointCorrectionId>();
            copy.stream = stream->second;
            copy.edit = stamp.edit;
            insert(edit, copy);
        }
        LabelCarrier carrier(source_.document(), stamp, fresh_.ids());
        for (const auto& [id, fresh] : takes_) add_clips(edit, id, carrier);
        std::ranges::move(carrier.edit.changes, std::back_inserter(edit.changes));
        std::ranges::move(carrier.carried.boundaries, std::back_inserter(result_.labels.boundaries));
        std::ranges::move(carrier.carried.key_poses, std::back_inserter(result_.labels.key_poses));
        std::ranges::move(carrier.carried.dropped, std::back_inserter(result_.labels.dropped));
        return edit;
    }

    void add_clips(schemas::Edit& edit, schemas::TakeId take, LabelCarrier& carrier) {
        const Stream& reference = *reference_stream(source_.document(), take);
        const auto copy = copies_.find(reference.id);
        const FrameMapper mapper(copy == copies_.end() ? same_frames(reference.frames) : copy->second.map);
        for (const auto& [id, clip] : source_.document().rows<Clip>()) {
            if (clip.take != take) continue;
            const MappedSpan mapped = mapper.span(clip.span());
            if (mapped.outcome != MappedSpan::Outcome::kept) {
                result_.labels.dropped.push_back(
                    {{}, {}, clip.span(), "clip '" + clip.name + "'", "lies between two frames of the copy"});
                continue;
            }
            const Clip fresh{fresh_.ids().fresh<schemas::ClipId>(), takes_.at(take), clip.name, mapped.begin.to,
                             mapped.end.to};
            clips_.emplace(id, fresh.id);
            insert(edit, fresh);
            carrier.carry(clip, fresh, mapper, std::nullopt, fresh_.document());
        }
    }

    void copy_splits() {
        for (schemas::Split split : source_.store().splits()) {
            split.id = fresh_.ids().fresh<schemas::SplitId>();
            std::erase_if(split.members, [&](const auto& member) { return !clips_.contains(member.clip); });
            for (schemas::SplitMember& member : split.members) member.clip = clips_.at(member.clip);
            fresh_.store().put_split(split);
        }
    }

    ProjectSession& fresh_;
    ProjectSession& source_;
    const Copies& copies_;
    std::map<schemas::TakeId, schemas::TakeId> takes_;  // those that come along
    std::map<schemas::ClipId, schemas::ClipId> clips_;
    std::map<schemas::StreamId, schemas::StreamId> linked_;  // streams whose recording is the same
    std::vector<Stream> streams_;
    ImportExtras extras_;
    CopiedProject result_;
};

}  // namespace

CopiedProject fill_with_copies(ProjectSession& fresh, ProjectSession& source, const Copies& copies) {
    return ProjectCopy(fresh, source, copies).run();
}

}  // namespace annotator
