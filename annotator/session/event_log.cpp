#include "annotator/session/event_log.h"

#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <set>

#include "annotator/document/queries.h"
#include "storage/formats/row_json.h"

namespace annotator {

namespace {

using nlohmann::json;
using schemas::LabelState;
using schemas::RowChange;
using schemas::Segment;

constexpr schemas::Timestamp hour_us = schemas::Timestamp{3600} * 1'000'000;
constexpr std::streamoff read_back = 1 << 20;  // more than an hour of work writes

struct SegmentChanges {
    explicit SegmentChanges(const schemas::Edit& edit) {
        for (const schemas::Change& change : edit.changes) {
            rejections += std::holds_alternative<RowChange<schemas::Rejection>>(change) ? 1 : 0;
            const auto* segment = std::get_if<RowChange<Segment>>(&change);
            if (segment == nullptr) continue;
            (!segment->before ? made : !segment->after ? gone : changed).push_back(*segment);
        }
    }

    [[nodiscard]] bool any() const { return !made.empty() || !gone.empty() || !changed.empty(); }
    std::vector<RowChange<Segment>> made, gone, changed;
    std::int64_t rejections = 0;
};

bool is_split(const SegmentChanges& changes) {
    if (changes.made.size() != 1 || changes.changed.size() != 1 || !changes.gone.empty()) return false;
    const Segment &fresh = *changes.made[0].after, &whole = *changes.changed[0].before;
    return fresh.begin_frame > whole.begin_frame && fresh.end_frame == whole.end_frame && fresh.label == whole.label &&
           fresh.layer == whole.layer && fresh.track == whole.track;
}

std::string kind_of(const SegmentChanges& changes) {
    if (changes.rejections > 0) return "reject";
    if (!changes.any()) return "other";
    if (is_split(changes)) return "split";
    const auto all_made_are = [&](LabelState state) {
        return std::ranges::all_of(changes.made, [&](const auto& change) { return change.after->state == state; });
    };
    if (!changes.made.empty())
        return all_made_are(LabelState::accepted) ? "accept" : all_made_are(LabelState::corrected) ? "correct" : "draw";
    if (!changes.gone.empty()) return changes.changed.empty() ? "delete" : "merge";
    const auto& [before, after] = changes.changed.front();
    if (before->label != after->label) return "relabel";
    return before->span() != after->span() ? "move" : "other";
}

double seconds_of(const Document& document, const Segment& segment) {
    const auto* clip = document.find<schemas::Clip>(segment.clip);
    const auto* stream = clip == nullptr ? nullptr : reference_stream(document, clip->take);
    if (stream == nullptr || !schemas::is_valid(stream->rate())) return 0;
    return static_cast<double>(segment.span().length()) / stream->rate().per_second();
}

void count_label(schemas::LabelId label, const std::vector<schemas::LabelScore>& top, inference::Actions& actions) {
    if (!top.empty() && top.front().label == label) return;
    const bool by_key = std::ranges::find(top, label, &schemas::LabelScore::label) != top.end();
    ++(by_key ? actions.relabelled_by_key : actions.relabelled_by_search);
}

void count_correction(const Segment& made, const Offered& offered, inference::Actions& actions) {
    if (!made.proposal) return;
    count_label(made.label, offered.proposal(*made.proposal), actions);
    if (const auto span = offered.proposal_span(*made.proposal))
        actions.moved += (span->begin != made.begin_frame ? 1 : 0) + (span->end != made.end_frame ? 1 : 0);
}

// A boundary between two segments that moves is one, however many rows it changes.
std::int64_t boundaries_moved(const SegmentChanges& changes) {
    std::set<schemas::FrameIndex> moved;
    for (const auto& [before, after] : changes.changed) {
        if (before->begin_frame != after->begin_frame) moved.insert(after->begin_frame);
        if (before->end_frame != after->end_frame) moved.insert(after->end_frame);
    }
    return static_cast<std::int64_t>(moved.size());
}

void count(EditEvent& event, const SegmentChanges& changes, const Offered& offered) {
    inference::Actions& actions = event.actions;
    const auto made = static_cast<std::int64_t>(changes.made.size());
    const inference::EffortOptions speeds;
    if (event.kind == "draw") {
        actions.created = actions.labelled = made;
        actions.watched_seconds = event.labelled_seconds / speeds.watch_speed_scratch;
    } else if (event.kind == "accept" || event.kind == "correct") {
        actions.verified = made;
        actions.watched_seconds = event.labelled_seconds / speeds.watch_speed_verify;
        if (event.kind == "correct")
            for (const auto& change : changes.made) count_correction(*change.after, offered, actions);
    } else if (event.kind == "relabel") {
        for (const auto& [before, after] : changes.changed)
            count_label(after->label, offered.segment(after->id), actions);
    } else if (event.kind == "move") {
        actions.moved = boundaries_moved(changes);
    } else if (event.kind == "split") {
        actions.inserted = 1;
    } else if (event.kind == "merge" || event.kind == "delete") {
        actions.deleted = static_cast<std::int64_t>(changes.gone.size());
    } else if (event.kind == "reject") {
        actions.verified = actions.deleted = changes.rejections;
    }
}

json rows_json(const std::string& title, const SegmentChanges& changes) {
    constexpr std::size_t most = 20;
    json before = json::array(), after = json::array();
    for (const auto* list : {&changes.made, &changes.gone, &changes.changed})
        for (const auto& change : *list) {
            if (change.before && before.size() < most) before.push_back(storage::json_from(*change.before));
            if (change.after && after.size() < most) after.push_back(storage::json_from(*change.after));
        }
    return {{"title", title}, {"before", before}, {"after", after}};
}

json json_of(const EditEvent& event) {
    const inference::Actions& actions = event.actions;
    json line = event.rows.empty() ? json::object() : json::parse(event.rows);
    line["time"] = event.time;
    line["since_ms"] = event.since_ms;
    line["kind"] = event.kind;
    line["segments"] = event.segments;
    line["labelled_seconds"] = event.labelled_seconds;
    line["actions"] = {{"created", actions.created},
                       {"labelled", actions.labelled},
                       {"moved", actions.moved},
                       {"inserted", actions.inserted},
                       {"deleted", actions.deleted},
                       {"relabelled_by_key", actions.relabelled_by_key},
                       {"relabelled_by_search", actions.relabelled_by_search},
                       {"verified", actions.verified},
                       {"watched_seconds", actions.watched_seconds}};
    return line;
}

std::optional<EditEvent> event_from(const std::string& text) {
    const json line = json::parse(text, nullptr, false);
    if (!line.is_object() || !line.contains("actions") || !line.at("actions").is_object()) return std::nullopt;
    try {
        const json& counts = line.at("actions");
        EditEvent event;
        event.time = line.at("time").get<schemas::Timestamp>();
        event.since_ms = line.value("since_ms", 0.0);
        event.kind = line.value("kind", "other");
        event.segments = line.value("segments", std::int64_t{0});
        event.labelled_seconds = line.value("labelled_seconds", 0.0);
        const auto number = [&](const char* name) { return counts.value(name, std::int64_t{0}); };
        event.actions = {number("created"),
                         number("labelled"),
                         number("moved"),
                         number("inserted"),
                         number("deleted"),
                         number("relabelled_by_key"),
                         number("relabelled_by_search"),
                         number("verified"),
                         counts.value("watched_seconds", 0.0)};
        return event;
    } catch (const json::exception&) {
        return std::nullopt;  // a line of another version
    }
}

}  // namespace

EditEvent event_of(const Document& before, const schemas::Edit& edit, const Offered& offered) {
    const SegmentChanges changes(edit);
    EditEvent event;
    event.kind = kind_of(changes);
    if (event.kind == "draw" || event.kind == "accept" || event.kind == "correct")
        for (const auto& change : changes.made) {
            ++event.segments;
            event.labelled_seconds += seconds_of(before, *change.after);
        }
    count(event, changes, offered);
    event.rows = rows_json(edit.title, changes).dump(-1, ' ', false, json::error_handler_t::replace);
    return event;
}

std::optional<double> WorkHour::saved() const {
    return seconds_scratch > 0 ? std::optional(1 - seconds / seconds_scratch) : std::nullopt;
}

WorkHour hour_of(const std::deque<EditEvent>& events, schemas::Timestamp now) {
    WorkHour hour;
    inference::Actions done, scratch;
    for (const EditEvent& event : events) {
        if (event.time <= now - hour_us) continue;
        done += event.actions;
        hour.segments += event.segments;
        scratch.watched_seconds += event.labelled_seconds;
    }
    scratch.created = scratch.labelled = hour.segments;
    const inference::KeystrokeModel keystrokes;
    hour.operations = done.operations();
    hour.seconds = keystrokes.seconds(done);
    hour.seconds_scratch = hour.segments > 0 ? keystrokes.seconds(scratch) : 0;
    return hour;
}

std::string text_of(const WorkHour& hour) {
    if (hour.segments == 0) return "";
    std::string text = "your hour: " + std::to_string(hour.segments) + (hour.segments == 1 ? " segment" : " segments");
    const auto percent = std::llround(100 * hour.saved().value_or(0));
    if (percent > 0) text += ", " + std::to_string(percent) + " % less than from scratch";
    if (percent < 0) text += ", " + std::to_string(-percent) + " % more than from scratch";
    return text;
}

void EventLog::keep_in(const std::filesystem::path& file) {
    file_ = file;
    std::error_code error;
    std::filesystem::create_directories(file.parent_path(), error);
    std::ifstream in(file, std::ios::binary);
    in.seekg(0, std::ios::end);
    const std::streamoff size = in.tellg();
    in.seekg(std::max<std::streamoff>(0, size - read_back));
    std::string line;
    if (size > read_back) std::getline(in, line);  // a part of one
    while (std::getline(in, line))
        if (auto event = event_from(line)) events_.push_back(std::move(*event));
}

void EventLog::add(EditEvent event, schemas::Timestamp now) {
    event.time = now;
    event.since_ms = last_ ? static_cast<double>(now - *last_) / 1000 : 0;
    last_ = now;
    if (!file_.empty()) {
        std::error_code unknown;
        const bool fresh = !std::filesystem::exists(file_, unknown);
        std::ofstream(file_, std::ios::app)
            << json_of(event).dump(-1, ' ', false, json::error_handler_t::replace) << "\n";
        if (fresh) chmod(file_.c_str(), S_IRUSR | S_IWUSR);
    }
    event.rows.clear();
    events_.push_back(std::move(event));
    while (events_.front().time <= now - hour_us) events_.pop_front();
}

std::filesystem::path user_state_folder() {
    if (const char* named = std::getenv("XDG_STATE_HOME"); named != nullptr && *named == '/')
        return std::filesystem::path(named) / "kinetograph";
    const char* home = std::getenv("HOME");
    return std::filesystem::path(home != nullptr && *home != '\0' ? home : ".") / ".local" / "state" / "kinetograph";
}

}  // namespace annotator
