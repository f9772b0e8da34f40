#include "annotator/workflows/ingest.h"

#include <algorithm>
#include <set>

#include "annotator/document/commands.h"
#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/create_project.h"
#include "annotator/workflows/recording_scan.h"
#include "annotator/workflows/take_groups.h"

namespace annotator {

namespace {

using schemas::CoordinateSpace;
using schemas::Edit;
using schemas::Performer;
using schemas::PerformerId;
using schemas::RowChange;
using schemas::Stream;
using schemas::StreamKind;
using schemas::StreamRole;
using schemas::Take;

// The reference first: the video where there is one, else depth, else a skeleton in metres.
int reference_rank(const ScannedRecording& recording) {
    switch (recording.kind) {
        case StreamKind::video:
            return 0;
        case StreamKind::depth:
            return 1;
        case StreamKind::skeleton:
            return recording.space == CoordinateSpace::metres ? 2 : 3;
        case StreamKind::audio:
            return 4;
    }
    return 4;
}

// The same view of the same thing: a take keeps one of them. Videos and sounds are different views.
std::string slot_of(const NamedRecording& named) {
    const auto& [recording, facts] = named;
    if (recording.media && recording.kind != StreamKind::skeleton)
        return recording.sha256 + "#" + std::to_string(recording.container_stream);
    if (recording.kind != StreamKind::skeleton) return std::string(schemas::to_text(recording.kind));
    return "skeleton of " + facts.performer.value_or("") +
           (recording.space == CoordinateSpace::pixels ? " in pixels" : "");
}

// Builds the one edit that an import is.
class ImportEdit {
public:
    ImportEdit(ProjectSession& session, const IngestOptions& options, KnownRecordings known, IngestResult& result)
        : session_(session),
          options_(options),
          known_(std::move(known)),
          labels_(session.document(), session.ids()),
          result_(result) {}

    Edit build(TakeGroups groups, const EditStamp& stamp) {
        for (const auto& [key, recordings] : groups)
            for (const NamedRecording& named : recordings) ++format_use_[named.recording.format];
        for (auto& [key, recordings] : groups) add_take(key, std::move(recordings), stamp);
        report_missing_depth();
        edit_.title =
            options_.title.empty() ? "Import " + std::to_string(result_.takes_added) + " takes" : options_.title;
        return std::move(edit_);
    }

    ImportExtras extras;

private:
    template <class Row>
    void insert(const Row& row) {
        edit_.changes.emplace_back(RowChange<Row>{std::nullopt, row});
    }
    void leave_out(const NamedRecording& named, const std::string& reason, LeftOut::Severity severity) {
        result_.left_out.push_back({named.recording.path.string(), reason, severity});
    }
    void report(const std::string& path, const std::string& what, std::optional<schemas::FrameSpan> span = {}) {
        extras.problems.push_back({path, {what, span}});
    }

    void add_take(const std::string& key, std::vector<NamedRecording> recordings, const EditStamp& stamp) {
        std::ranges::stable_sort(recordings, {}, [this](const NamedRecording& named) {
            return std::tuple(reference_rank(named.recording), -format_use_[named.recording.format],
                              named.recording.path, named.recording.container_stream);
        });
        keep_one_of_each(recordings);
        const auto existing = known_.takes.find(key);
        const bool fresh = existing == known_.takes.end();
        reference_ = fresh ? TakeReference() : stored_reference(existing->second);
        fill_in_rates(recordings);
        if (fresh) drop_lone_sounds(recordings);
        if (recordings.empty()) return;

        if (fresh) reference_ = TakeReference(recordings.front().recording);
        const schemas::TakeId take = fresh ? session_.ids().fresh<schemas::TakeId>() : existing->second;
        if (fresh) {
            const NameFacts& facts = recordings.front().facts;
            insert(Take{take, key, facts.choreography, facts.music, facts.view, facts.setup});
            ++result_.takes_added;
        }
        for (std::size_t i = 0; i < recordings.size(); ++i)
            add_stream(take, recordings[i], fresh && i == 0 ? StreamRole::reference : StreamRole::aligned);
        compare_frame_counts(key, recordings);
        if (fresh) add_clip(key, take, recordings, stamp);
    }

    // What the other streams of a take are compared with and aligned to.
    struct TakeReference {
        TakeReference() = default;
        explicit TakeReference(const ScannedRecording& recording)
            : sha256(recording.sha256),
              frames(recording.frames),
              rate(*recording.rate),
              table(recording.table),
              start_seconds(recording.media ? recording.media->start_seconds : 0) {}

        std::string sha256;
        schemas::FrameIndex frames = 0;
        schemas::FrameRate rate;
        std::optional<schemas::FrameTable> table;
        double start_seconds = 0;
    };

    TakeReference stored_reference(schemas::TakeId take) {
        TakeReference found;
        const Stream* stream = reference_stream(session_.document(), take);
        if (stream == nullptr) return found;
        found.sha256 = stream->sha256;
        found.frames = stream->frames;
        found.rate = stream->rate();
        found.table = session_.store().frame_table(stream->id);
        if (const auto media = session_.store().media(stream->id)) found.start_seconds = media->start_seconds;
        return found;
    }

    // Sound numbers no frames, so it makes no take of its own.
    void drop_lone_sounds(std::vector<NamedRecording>& recordings) {
        if (recordings.empty() || recordings.front().recording.kind != StreamKind::audio) return;
        for (const NamedRecording& named : recordings)
            leave_out(named, "is sound that no pictures belong to; give it the name of a take, or name one with --take",
                      LeftOut::Severity::error);
        recordings.clear();
    }

    void keep_one_of_each(std::vector<NamedRecording>& recordings) {
        std::map<std::string, const NamedRecording*> kept;
        std::vector<NamedRecording> chosen;
        chosen.reserve(recordings.size());
        for (NamedRecording& named : recordings) {
            const auto [place, first] = kept.try_emplace(slot_of(named), &named);
            if (first) continue;
            const ScannedRecording& other = place->second->recording;
            std::string reason = "the take has this view already, from " + other.path.string();
            if (other.frames != named.recording.frames)
                reason += " (" + std::to_string(other.frames) + " frames there, " +
                          std::to_string(named.recording.frames) + " here)";
            leave_out(named, reason, LeftOut::Severity::passed_over);
        }
        for (NamedRecording& named : recordings)
            if (kept.at(slot_of(named)) == &named) chosen.push_back(named);
        recordings = std::move(chosen);
    }

    // A stream that does not say its rate has that of the stream beside it, or of the take's reference.
    void fill_in_rates(std::vector<NamedRecording>& recordings) {
        std::erase_if(recordings, [&](NamedRecording& named) {
            ScannedRecording& recording = named.recording;
            if (recording.rate) return false;
            for (const NamedRecording& other : recordings)
                if (!recording.rate && other.recording.rate && other.recording.kind != StreamKind::audio)
                    recording.rate = other.recording.rate;
            if (!recording.rate && schemas::is_valid(reference_.rate)) recording.rate = reference_.rate;
            if (!recording.rate) recording.rate = options_.rate;
            if (recording.rate) return false;
            leave_out(named, "does not say its frame rate, and no stream beside it does; give it with --fps",
                      LeftOut::Severity::error);
            return true;
        });
    }

    std::optional<PerformerId> performer(const std::optional<std::string>& name) {
        if (!name) return std::nullopt;
        const auto [place, fresh] = known_.performers.try_emplace(*name);
        if (fresh) {
            place->second = session_.ids().fresh<PerformerId>();
            insert(Performer{place->second, *name});
        }
        return place->second;
    }

    void add_stream(schemas::TakeId take, const NamedRecording& named, StreamRole role) {
        const ScannedRecording& recording = named.recording;
        Stream stream;
        stream.id = session_.ids().fresh<schemas::StreamId>();
        stream.take = take;
        stream.performer = performer(named.facts.performer);
        stream.kind = recording.kind;
        stream.role = role;
        stream.format = recording.format;
        stream.path = session_.store().stored_path(recording.path);
        stream.sha256 = recording.sha256;
        stream.frames = recording.frames;
        stream.rate_numerator = recording.rate->numerator;
        stream.rate_denominator = recording.rate->denominator;
        stream.layout = recording.layout;
        stream.container_stream = recording.container_stream;
        if (recording.sha256 == reference_.sha256 && recording.media)
            stream.offset_seconds = reference_.start_seconds - recording.media->start_seconds;
        insert(stream);
        extras.facts.push_back({stream.id, times_of(recording), recording.media});
        if (recording.media) extras.facts.back().media->id = stream.id;
        for (const storage::ReadProblem& problem : recording.problems)
            report(recording.path.string(), problem.what, problem.frames);
        ++result_.streams_added[std::string(schemas::to_text(recording.kind))];
    }

    // Whether the recording was made from the reference's frames, one by one.
    [[nodiscard]] bool follows_reference(const ScannedRecording& recording) const {
        return !recording.table && recording.frames == reference_.frames && *recording.rate == reference_.rate;
    }

    [[nodiscard]] std::optional<schemas::FrameTable> times_of(const ScannedRecording& recording) const {
        if (!follows_reference(recording) || !reference_.table) return recording.table;
        // Its frames have these times, but no pts in its own file.
        return schemas::FrameTable{reference_.table->seconds, {}};
    }

    void compare_frame_counts(const std::string& key, const std::vector<NamedRecording>& recordings) {
        bool depth = false, aligned = false;
        for (const auto& [recording, facts] : recordings) {
            const bool equal = recording.frames == reference_.frames && *recording.rate == reference_.rate;
            depth = depth || recording.kind == StreamKind::depth;
            aligned = aligned || (recording.kind == StreamKind::skeleton && equal);
            const bool numbered_alike = recording.kind == StreamKind::depth || recording.kind == StreamKind::skeleton;
            if (numbered_alike && !equal && *recording.rate == reference_.rate)
                report(recording.path.string(), "has " + std::to_string(recording.frames) + " frames where take " +
                                                    key + " has " + std::to_string(reference_.frames));
        }
        if (depth && aligned) ++result_.takes_with_depth_aligned;
        if (!depth) without_depth_.push_back(key);
    }

    void add_clip(const std::string& key, schemas::TakeId take, const std::vector<NamedRecording>& recordings,
                  const EditStamp& stamp) {
        std::string name = key;
        for (int n = 2; clip_named(session_.document(), name) != nullptr; ++n)
            name = key + " (" + std::to_string(n) + ")";
        const schemas::Clip clip{session_.ids().fresh<schemas::ClipId>(), take, name, 0,
                                 recordings.front().recording.frames};
        insert(clip);
        const auto named = std::ranges::find_if(
            recordings, [](const NamedRecording& each) { return each.facts.category.has_value(); });
        const schemas::Track* track = track_of_kind(session_.document(), schemas::TrackKind::category);
        if (named == recordings.end() || track == nullptr) return;
        schemas::Segment segment;
        segment.id = session_.ids().fresh<schemas::SegmentId>();
        segment.layer = category_layer(stamp);
        segment.clip = clip.id;
        segment.track = track->id;
        segment.end_frame = clip.end_frame;
        segment.label = labels_.label(edit_, track->id, *named->facts.category);
        segment.state = schemas::LabelState::imported;
        segment.author = stamp.author.name;
        segment.edit = stamp.edit;
        segment.time = stamp.time;
        insert(segment);
    }

    schemas::LayerId category_layer(const EditStamp& stamp) {
        if (!category_layer_)
            category_layer_ = layer_within(edit_, session_.document(), options_.category_layer,
                                           options_.category_layer_kind, stamp.author.name, session_.ids());
        return *category_layer_;
    }

    // Worth a word only where it is the exception.
    void report_missing_depth() {
        if (without_depth_.size() > result_.streams_added["depth"]) return;
        for (const std::string& key : without_depth_) report(key, "has no depth, unlike other takes of this import");
    }

    ProjectSession& session_;
    const IngestOptions& options_;
    KnownRecordings known_;
    LabelMaker labels_;
    IngestResult& result_;
    Edit edit_;
    TakeReference reference_;  // of the take that is being added
    std::map<std::string, int> format_use_;
    std::vector<std::string> without_depth_;
    std::optional<schemas::LayerId> category_layer_;
};

}  // namespace

bool IngestResult::in_part() const {
    return std::ranges::any_of(left_out,
                               [](const LeftOut& entry) { return entry.severity == LeftOut::Severity::error; });
}

std::optional<IngestResult> ingest(ProjectSession& session, const IngestOptions& options, const JobContext& job) {
    const KnownRecordings known(session.document());
    IngestResult result;
    for (const std::string_view kind : schemas::EnumNames<StreamKind>::names)
        result.streams_added[std::string(kind)] = 0;
    auto scan = scan_recordings(options.paths, options.format, session.store().folder(), options.thoroughness, job);
    if (!scan) return std::nullopt;
    std::ranges::move(scan->left_out, std::back_inserter(result.left_out));
    TakeGroups groups = take_groups(std::move(scan->recordings), options, known, result);

    ImportEdit import(session, options, known, result);
    session.commit_import([&](const EditStamp& stamp) { return import.build(std::move(groups), stamp); },
                          import.extras);
    result.problems = std::move(import.extras.problems);
    std::ranges::sort(result.left_out, {}, &LeftOut::path);
    std::ranges::stable_sort(result.problems, {}, &storage::StoredProblem::path);
    return result;
}

}  // namespace annotator
