#include "annotator/workflows/ingest.h"

#include <algorithm>
#include <set>

#include "annotator/document/commands.h"
#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/create_project.h"
#include "annotator/workflows/name_pattern.h"
#include "annotator/workflows/recording_scan.h"
#include "storage/formats/utf8.h"

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

struct NamedRecording {
    ScannedRecording recording;
    NameFacts facts;
};
using TakeGroups = std::map<std::string, std::vector<NamedRecording>>;  // by key

// The project's own view of what was imported before.
struct Known {
    explicit Known(const Document& document) {
        for (const auto& [id, stream] : document.rows<Stream>()) path_of.emplace(stream.sha256, stream.path);
        for (const auto& [id, take] : document.rows<Take>()) takes.emplace(take.name, id);
        for (const auto& [id, performer] : document.rows<Performer>()) performers.emplace(performer.name, id);
    }
    std::map<std::string, std::string> path_of;
    std::map<std::string, schemas::TakeId> takes;
    std::map<std::string, PerformerId> performers;
};

// Turns a scan into groups, leaving out what cannot be named or is there already.
class Grouping {
public:
    Grouping(const IngestOptions& options, const Known& known, IngestResult& result)
        : options_(options), known_(known), result_(result) {
        if (!options.name_pattern.empty()) pattern_.emplace(options.name_pattern);
    }

    TakeGroups groups(std::vector<ScannedRecording> recordings) {
        TakeGroups groups;
        for (ScannedRecording& recording : recordings) {
            const std::string path = recording.path.string();
            auto facts = facts_of(recording);
            if (!facts) continue;
            if (recording.frames == 0) {
                leave_out(path, "has no frames", LeftOut::Severity::error);
                continue;
            }
            if (const auto found = known_.path_of.find(recording.sha256); found != known_.path_of.end()) {
                ++result_.already_there;
                leave_out(path, "is in the project already, as " + found->second, LeftOut::Severity::passed_over);
                continue;
            }
            auto& group = groups[facts->key];
            group.push_back({std::move(recording), std::move(*facts)});
        }
        return groups;
    }

private:
    void leave_out(const std::string& path, const std::string& reason, LeftOut::Severity severity) {
        result_.left_out.push_back({path, reason, severity});
    }

    std::optional<NameFacts> facts_of(const ScannedRecording& recording) {
        const std::string path = recording.path.string();
        if (storage::first_invalid_utf8(path)) {
            leave_out(path, "has a name that is not UTF-8; rename it", LeftOut::Severity::error);
            return std::nullopt;
        }
        const bool folder = is_directory(recording.path);
        const std::string name = (folder ? recording.path.filename() : recording.path.stem()).string();
        auto facts = pattern_ ? pattern_->facts(name) : facts_without_pattern(name);
        if (!facts) {
            leave_out(path, "has a name that does not fit the pattern '" + options_.name_pattern + "'",
                      LeftOut::Severity::error);
            return std::nullopt;
        }
        if (!facts->performer && !options_.performer.empty()) facts->performer = options_.performer;
        for (const auto& [first, partner] : options_.same_take)
            if (pattern_ && facts->performer == partner) facts->key.replace(facts->performer_at, partner.size(), first);
        if (!options_.take.empty()) facts->key = options_.take;
        return facts;
    }

    const IngestOptions& options_;
    const Known& known_;
    IngestResult& result_;
    std::optional<NamePattern> pattern_;
};

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

// The same view of the same thing: a take keeps one of them.
std::string slot_of(const NamedRecording& named) {
    const auto& [recording, facts] = named;
    if (recording.kind != StreamKind::skeleton) return std::string(schemas::to_text(recording.kind));
    return "skeleton of " + facts.performer.value_or("") +
           (recording.space == CoordinateSpace::pixels ? " in pixels" : "");
}

// Builds the one edit that an import is.
class ImportEdit {
public:
    ImportEdit(ProjectSession& session, const IngestOptions& options, Known known, IngestResult& result)
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
        edit_.title = "Import " + std::to_string(result_.takes_added) + " takes";
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
                              named.recording.path);
        });
        keep_one_of_each(recordings);
        fill_in_rates(recordings);
        if (recordings.empty()) return;

        const auto existing = known_.takes.find(key);
        const bool fresh = existing == known_.takes.end();
        const schemas::TakeId take = fresh ? session_.ids().fresh<schemas::TakeId>() : existing->second;
        if (fresh) {
            const NameFacts& facts = recordings.front().facts;
            insert(Take{take, key, facts.choreography, facts.music, facts.view, facts.setup});
            ++result_.takes_added;
        }
        for (std::size_t i = 0; i < recordings.size(); ++i)
            add_stream(take, recordings[i], fresh && i == 0 ? StreamRole::reference : StreamRole::aligned);
        compare_frame_counts(key, take, fresh, recordings);
        if (fresh) add_clip(key, take, recordings, stamp);
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

    // A stream that does not say its rate has that of the stream beside it with as many frames.
    void fill_in_rates(std::vector<NamedRecording>& recordings) {
        std::erase_if(recordings, [&](NamedRecording& named) {
            ScannedRecording& recording = named.recording;
            if (recording.rate) return false;
            for (const NamedRecording& other : recordings)
                if (!recording.rate && other.recording.rate) recording.rate = other.recording.rate;
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
        insert(stream);
        if (recording.table) extras.facts.push_back({stream.id, recording.table, {}});
        for (const storage::ReadProblem& problem : recording.problems)
            report(recording.path.string(), problem.what, problem.frames);
        ++result_.streams_added[std::string(schemas::to_text(recording.kind))];
    }

    void compare_frame_counts(const std::string& key, schemas::TakeId take, bool fresh,
                              const std::vector<NamedRecording>& recordings) {
        schemas::FrameIndex wanted = recordings.front().recording.frames;
        schemas::FrameRate rate = *recordings.front().recording.rate;
        if (const Stream* reference = fresh ? nullptr : reference_stream(session_.document(), take))
            wanted = reference->frames, rate = reference->rate();
        bool depth = false, aligned = false;
        for (const auto& [recording, facts] : recordings) {
            const bool equal = recording.frames == wanted && *recording.rate == rate;
            depth = depth || recording.kind == StreamKind::depth;
            aligned = aligned || (recording.kind == StreamKind::skeleton && equal);
            if (!equal && *recording.rate == rate)
                report(recording.path.string(), "has " + std::to_string(recording.frames) + " frames where take " +
                                                    key + " has " + std::to_string(wanted));
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

    // Worth a word only where other takes do have depth.
    void report_missing_depth() {
        if (result_.streams_added["depth"] == 0) return;
        for (const std::string& key : without_depth_) report(key, "has no depth, unlike other takes of this import");
    }

    ProjectSession& session_;
    const IngestOptions& options_;
    Known known_;
    LabelMaker labels_;
    IngestResult& result_;
    Edit edit_;
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
    const Known known(session.document());
    IngestResult result;
    for (const std::string_view kind : schemas::EnumNames<StreamKind>::names)
        result.streams_added[std::string(kind)] = 0;
    Grouping grouping(options, known, result);
    auto scan = scan_recordings(options.paths, options.format, session.store().folder(), job);
    if (!scan) return std::nullopt;
    std::ranges::move(scan->left_out, std::back_inserter(result.left_out));
    TakeGroups groups = grouping.groups(std::move(scan->recordings));

    ImportEdit import(session, options, known, result);
    session.commit_import([&](const EditStamp& stamp) { return import.build(std::move(groups), stamp); },
                          import.extras);
    result.problems = std::move(import.extras.problems);
    std::ranges::sort(result.left_out, {}, &LeftOut::path);
    std::ranges::stable_sort(result.problems, {}, &storage::StoredProblem::path);
    return result;
}

}  // namespace annotator
