#include "annotator/workflows/import_labels.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/clip_times.h"
#include "annotator/workflows/create_project.h"
#include "annotator/workflows/training_snapshot.h"
#include "storage/formats/label_formats.h"

namespace annotator {

namespace {

using nlohmann::json;
using schemas::Clip;
using schemas::Edit;
using schemas::FrameSpan;
using schemas::RowChange;
using schemas::Segment;

std::string setting_of(const std::string& layer) { return "tolerances/" + layer; }

// A clip as label files may call it: by its name, or by the name of one of its recordings.
class ClipFinder {
public:
    explicit ClipFinder(const Document& document) {
        std::map<schemas::TakeId, const Clip*> clip_of;
        for (const auto& [id, clip] : document.rows<Clip>()) clip_of.emplace(clip.take, &clip);
        for (const auto& [id, stream] : document.rows<schemas::Stream>())
            if (const auto found = clip_of.find(stream.take); found != clip_of.end())
                by_recording_.emplace(std::filesystem::path(stream.path).stem().string(), found->second);
        for (const auto& [id, clip] : document.rows<Clip>()) by_name_.emplace(clip.name, &clip);
    }
    [[nodiscard]] const Clip* find(std::string_view key) const {
        for (const auto* names : {&by_name_, &by_recording_})
            if (const auto found = names->find(std::string(key)); found != names->end()) return found->second;
        return nullptr;
    }

private:
    std::map<std::string, const Clip*> by_name_, by_recording_;
};

storage::KnownClip known_clip(ProjectSession& session, const Clip& clip) {
    ClipTimes times = clip_times(session, clip);
    storage::KnownClip known;
    known.seconds = std::move(times.table.seconds);
    known.end_seconds = times.end_seconds;
    return known;
}

// Builds the edit of one import.
class LabelEdit {
public:
    LabelEdit(ProjectSession& session, const LabelImport& wanted, LabelImportResult& result)
        : session_(session),
          document_(session.document()),
          wanted_(wanted),
          result_(result),
          labels_(document_, session.ids()) {}

    Edit build(const std::vector<storage::ImportedLabels>& files, const ClipFinder& clips, const EditStamp& stamp) {
        edit_.title = "Import labels into '" + result_.layer + "'";
        layer_ = layer_within(edit_, document_, result_.layer, wanted_.layer_kind, stamp.author.name, session_.ids());
        for (const storage::ImportedLabels& file : files) add_file(file, clips, stamp);
        if (result_.segments + result_.key_poses == 0) edit_.changes.clear();
        return std::move(edit_);
    }

    Tolerances tolerances;

private:
    void add_file(const storage::ImportedLabels& file, const ClipFinder& clips, const EditStamp& stamp) {
        for (const std::string& label : file.label_order) labels_.label(edit_, track_for(file, std::nullopt).id, label);
        for (const storage::ImportedClip& imported : file.clips) {
            const Clip* clip = clips.find(imported.key);
            if (clip == nullptr) {
                result_.left_out.push_back("the project has no clip '" + imported.key + "'; its " +
                                           std::to_string(imported.spans.size()) + " labels were left out");
                continue;
            }
            if (imported.frames && *imported.frames != clip->span().length())
                result_.problems.push_back({imported.key + ": the file speaks of " + std::to_string(*imported.frames) +
                                                " frames, the clip has " + std::to_string(clip->span().length()),
                                            {}});
            const std::size_t before = result_.segments;
            for (const storage::ImportedSpan& span : imported.spans) add_span(file, *clip, span, stamp);
            if (result_.segments > before) ++result_.clips;
        }
    }

    const schemas::Track& track_for(const storage::ImportedLabels& file, const std::optional<std::string>& named) {
        if (named) return require_track(document_, *named);
        if (!wanted_.track.empty()) return require_track(document_, wanted_.track);
        if (file.track_kind == schemas::TrackKind::free) return free_track();
        const auto* suggested = track_of_kind(document_, file.track_kind.value_or(schemas::TrackKind::category));
        return suggested != nullptr ? *suggested : require_track(document_, "category");
    }

    // The first on which labels may overlap, made where the project has none.
    const schemas::Track& free_track() {
        if (new_track_) return *new_track_;
        std::int64_t next_position = 0;
        for (const auto& [id, track] : document_.rows<schemas::Track>()) {
            if (track.kind == schemas::TrackKind::free && !track.exclusive) return track;
            next_position = std::max(next_position, track.position + 1);
        }
        std::string name = "free";
        while (track_named(document_, name) != nullptr) name += " labels";
        new_track_ = {
            session_.ids().fresh<schemas::TrackId>(), name, schemas::TrackKind::free, false, false, next_position};
        edit_.changes.emplace_back(RowChange<schemas::Track>{std::nullopt, *new_track_});
        return *new_track_;
    }

    std::optional<schemas::PerformerId> performer(const std::optional<std::string>& name) {
        if (!name || name->empty()) return std::nullopt;
        if (const auto* known = performer_named(document_, *name)) return known->id;
        const auto [place, fresh] = new_performers_.try_emplace(*name);
        if (fresh) {
            place->second = session_.ids().fresh<schemas::PerformerId>();
            edit_.changes.emplace_back(
                RowChange<schemas::Performer>{std::nullopt, schemas::Performer{place->second, *name}});
        }
        return place->second;
    }

    void add_span(const storage::ImportedLabels& file, const Clip& clip, const storage::ImportedSpan& imported,
                  const EditStamp& stamp) {
        const schemas::Track& track = track_for(file, imported.track);
        if (imported.tolerance) remember(clip, imported);
        if (track.kind == schemas::TrackKind::key_pose) return add_key_pose(clip, track, imported, stamp);
        Segment segment;
        segment.layer = layer_;
        segment.clip = clip.id;
        segment.track = track.id;
        if (track.per_performer) segment.performer = performer(imported.performer);
        segment.begin_frame = clip.begin_frame + imported.span.begin;
        segment.end_frame = clip.begin_frame + imported.span.end;
        const std::string where = clip.name + ": '" + imported.label + "' on frames [" +
                                  std::to_string(segment.begin_frame) + ", " + std::to_string(segment.end_frame) + ")";
        if (!schemas::is_valid(segment.span()) || segment.end_frame > clip.end_frame ||
            segment.begin_frame < clip.begin_frame) {
            result_.problems.push_back({where + " does not lie in the clip's " + std::to_string(clip.span().length()) +
                                            " frames; it was left out",
                                        segment.span()});
            return;
        }
        const Line line = line_of(segment);
        if (is_there(line, segment.span(), track.id, imported.label)) {
            ++result_.already_there;
            return;
        }
        if (track.exclusive && overlaps_other(line, segment.span())) {
            result_.problems.push_back(
                {where + " overlaps another label of track '" + track.name + "'; it was left out", segment.span()});
            return;
        }
        segment.id = session_.ids().fresh<schemas::SegmentId>();
        segment.label = labels_.label(edit_, track.id, imported.label);
        segment.state = schemas::LabelState::imported;
        segment.author = stamp.author.name;
        segment.edit = stamp.edit;
        segment.time = stamp.time;
        spans_[line].push_back(segment.span());
        edit_.changes.emplace_back(RowChange<Segment>{std::nullopt, segment});
        ++result_.segments;
    }

    void add_key_pose(const Clip& clip, const schemas::Track& track, const storage::ImportedSpan& imported,
                      const EditStamp& stamp) {
        schemas::KeyPose pose;
        pose.layer = layer_;
        pose.clip = clip.id;
        pose.track = track.id;
        if (track.per_performer) pose.performer = performer(imported.performer);
        pose.frame = clip.begin_frame + imported.span.begin;
        if (pose.frame < clip.begin_frame || pose.frame >= clip.end_frame) {
            result_.problems.push_back({clip.name + ": key pose '" + imported.label + "' at frame " +
                                            std::to_string(pose.frame) + " does not lie in the clip; it was left out",
                                        {}});
            return;
        }
        for (const auto& [id, other] : document_.rows<schemas::KeyPose>())
            if (other.layer == layer_ && other.clip == clip.id && other.frame == pose.frame &&
                document_.at<schemas::Label>(other.label).name == imported.label) {
                ++result_.already_there;
                return;
            }
        pose.id = session_.ids().fresh<schemas::KeyPoseId>();
        pose.label = labels_.label(edit_, track.id, imported.label);
        pose.state = schemas::LabelState::imported;
        pose.author = stamp.author.name;
        pose.edit = stamp.edit;
        pose.time = stamp.time;
        edit_.changes.emplace_back(RowChange<schemas::KeyPose>{std::nullopt, pose});
        ++result_.key_poses;
    }

    [[nodiscard]] bool is_there(const Line& line, FrameSpan span, schemas::TrackId track,
                                const std::string& label) const {
        return std::ranges::any_of(document_.segments(line), [&](schemas::SegmentId id) {
            const Segment& other = document_.at<Segment>(id);
            const schemas::Label& name = document_.at<schemas::Label>(other.label);
            return other.span() == span && name.track == track && name.name == label;
        });
    }

    // Spans mostly come in order, so the newest is looked at first.
    [[nodiscard]] bool overlaps_other(const Line& line, FrameSpan span) const {
        if (const auto own = spans_.find(line); own != spans_.end())
            if (std::any_of(own->second.rbegin(), own->second.rend(),
                            [&](FrameSpan other) { return schemas::overlap(other, span); }))
                return true;
        return std::ranges::any_of(document_.segments(line), [&](schemas::SegmentId id) {
            return schemas::overlap(document_.at<Segment>(id).span(), span);
        });
    }

    // The end of the last segment is the end of the clip and no boundary.
    void remember(const Clip& clip, const storage::ImportedSpan& imported) {
        if (clip.begin_frame + imported.span.end >= clip.end_frame) return;
        tolerances[clip.id].push_back({clip.begin_frame + imported.tolerance->earliest_end,
                                       clip.begin_frame + imported.span.end,
                                       clip.begin_frame + imported.tolerance->latest_end});
    }

    ProjectSession& session_;
    const Document& document_;
    const LabelImport& wanted_;
    LabelImportResult& result_;
    LabelMaker labels_;
    Edit edit_;
    schemas::LayerId layer_{};
    std::map<std::string, schemas::PerformerId> new_performers_;
    std::optional<schemas::Track> new_track_;
    std::map<Line, std::vector<FrameSpan>> spans_;
};

// Those of other clips of the layer, from earlier imports, stay.
void store_tolerances(ProjectSession& session, const std::string& layer, Tolerances tolerances) {
    if (tolerances.empty()) return;
    tolerances.merge(tolerances_of(session, layer));
    json stored = json::object();
    for (const auto& [clip, boundaries] : tolerances)
        for (const auto& each : boundaries)
            stored[std::to_string(static_cast<std::int64_t>(clip))].push_back({each.earliest, each.best, each.latest});
    session.store().set_setting(setting_of(layer), stored.dump());
}

}  // namespace

LabelImportResult import_labels(ProjectSession& session, const LabelImport& wanted) {
    LabelImportResult result;
    if (wanted.format != "auto" && storage::label_format_named(wanted.format) == nullptr) {
        std::string known;
        for (const auto& format : storage::label_formats()) known += " " + std::string(format.name);
        throw std::invalid_argument("there is no label format '" + wanted.format + "'; there are auto" + known);
    }
    const ClipFinder clips(session.document());
    storage::LabelImportOptions options;
    if (wanted.frames_per_row) options.frames_per_row = *wanted.frames_per_row;
    options.class_names = wanted.class_names;
    options.clip_named = [&](std::string_view key) -> std::optional<storage::KnownClip> {
        const Clip* clip = clips.find(key);
        if (clip == nullptr) return std::nullopt;
        return known_clip(session, *clip);
    };

    std::vector<storage::ImportedLabels> files;
    for (const auto& file : wanted.files) try {
            const auto* format =
                wanted.format == "auto" ? storage::label_format_of(file) : storage::label_format_named(wanted.format);
            if (format == nullptr)
                throw storage::ReadError(file.string() + ": is in no known label format; name it with --format");
            files.push_back(format->read(file, options));
            std::ranges::copy(files.back().problems, std::back_inserter(result.problems));
        } catch (const storage::ReadError& error) {
            result.left_out.emplace_back(error.what());
        }

    result.layer = !wanted.layer.empty() ? wanted.layer : wanted.files.front().stem().string();
    LabelEdit edit(session, wanted, result);
    if (!files.empty()) session.commit([&](const EditStamp& stamp) { return edit.build(files, clips, stamp); });
    store_tolerances(session, result.layer, std::move(edit.tolerances));
    return result;
}

Tolerances tolerances_of(ProjectSession& session, const std::string& layer) {
    Tolerances tolerances;
    const auto stored = session.store().setting(setting_of(layer));
    if (!stored) return tolerances;
    const json by_clip = json::parse(*stored);
    for (const auto& [clip, boundaries] : by_clip.items())
        for (const json& each : boundaries)
            tolerances[schemas::ClipId{std::stoll(clip)}].push_back({each.at(0).get<schemas::FrameIndex>(),
                                                                     each.at(1).get<schemas::FrameIndex>(),
                                                                     each.at(2).get<schemas::FrameIndex>()});
    return tolerances;
}

}  // namespace annotator
