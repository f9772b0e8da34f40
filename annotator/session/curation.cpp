#include "annotator/session/curation.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"

namespace annotator {

namespace {

// "frames 12 to 39, 60": 12. Findings name the frames that they speak of so.
std::optional<schemas::FrameIndex> first_frame_in(const std::string& text) {
    for (const std::string_view word : {"frames ", "frame "}) {
        const std::size_t at = text.find(word);
        if (at == std::string::npos) continue;
        schemas::FrameIndex frame = 0;
        const char* begin = text.data() + at + word.size();
        if (std::from_chars(begin, text.data() + text.size(), frame).ec == std::errc()) return frame;
    }
    return std::nullopt;
}

}  // namespace

Places::Places(const Document& document) {
    for (const schemas::Clip* clip : clips_by_name(document))
        if (const auto* take = document.find<schemas::Take>(clip->take))
            takes_.try_emplace(take->name, Place{clip->id, clip->span()});
}

std::optional<OpenClip> Places::of(const storage::Finding& finding) const {
    constexpr std::string_view prefix = "take ";
    if (!finding.where.starts_with(prefix)) return std::nullopt;
    // "take NAME (file)": the name may hold brackets itself, so the longest that is known counts.
    for (std::size_t end = finding.where.size(); end != std::string::npos && end > prefix.size();
         end = finding.where.rfind(" (", end - 1)) {
        const auto found = takes_.find(finding.where.substr(prefix.size(), end - prefix.size()));
        if (found == takes_.end()) continue;
        const Place& place = found->second;
        const schemas::FrameIndex frame = first_frame_in(finding.what).value_or(place.span.begin);
        return OpenClip{place.clip, std::clamp(frame, place.span.begin, place.span.end - 1)};
    }
    return std::nullopt;
}

FindingKind kind_of(const storage::Finding& finding) {
    return finding.what.starts_with("shows the same as") || finding.what.find("look alike") != std::string::npos
               ? FindingKind::duplicate
               : FindingKind::recording;
}

std::vector<BalanceRow> label_balance(const Document& document, schemas::TrackId track) {
    struct Count {
        std::set<schemas::ClipId> clips;
        std::int64_t frames = 0;
    };
    std::map<schemas::LabelId, Count> counts;
    for (const auto& [id, segment] : document.rows<schemas::Segment>()) {
        if (segment.track != track || document.at<schemas::Layer>(segment.layer).kind == schemas::LayerKind::truth)
            continue;
        Count& count = counts[segment.label];
        count.clips.insert(segment.clip);
        count.frames += segment.span().length();
    }
    std::vector<BalanceRow> rows;
    for (const schemas::Label& label : labels_of(document, track)) {
        const Count& count = counts[label.id];
        rows.push_back(
            {label.name, label.colour, static_cast<std::int64_t>(count.clips.size()), count.frames, 0, label.id, {}});
    }
    return rows;
}

std::vector<BalanceRow> performer_balance(const Document& document, schemas::TrackId track) {
    std::set<schemas::ClipId> labelled;
    for (const auto& [id, segment] : document.rows<schemas::Segment>())
        if (segment.track == track && document.at<schemas::Layer>(segment.layer).kind != schemas::LayerKind::truth)
            labelled.insert(segment.clip);
    std::map<std::string, BalanceRow> rows;
    for (const auto& [id, clip] : document.rows<schemas::Clip>())
        for (const schemas::PerformerId performer : performers_of(document, clip.take)) {
            BalanceRow& row = rows[document.at<schemas::Performer>(performer).name];
            row.performer = std::min(row.performer.value_or(performer), performer);
            ++row.clips;
            row.frames += clip.span().length();
            row.labelled += labelled.contains(id) ? 1 : 0;
        }
    std::vector<BalanceRow> list;
    for (auto& [name, row] : rows) {
        row.name = name;
        list.push_back(std::move(row));
    }
    return list;
}

}  // namespace annotator
