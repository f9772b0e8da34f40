#include "storage/export/export_reader.h"

#include <algorithm>
#include <cmath>

#include "storage/formats/csv.h"
#include "storage/text_file.h"

namespace storage {
namespace {

constexpr double same_time = 1e-6;  // seconds

// Both columns tell the same times, whatever the clock of the pts starts from.
void check_pts(const Table& table, const schemas::FrameTable& frames, FindingList& findings) {
    const double tick = static_cast<double>(frames.tick.numerator) / static_cast<double>(frames.tick.denominator);
    for (std::size_t row = 1; row < table.rows(); ++row) {
        const double by_pts = (static_cast<double>(frames.ticks[row]) - static_cast<double>(frames.ticks[0])) * tick;
        if (std::abs(by_pts - (frames.seconds[row] - frames.seconds[0])) > 1.001 * same_time)
            findings.error(table.place(row), "pts and seconds tell different times");
    }
}

schemas::FrameTable read_frame_table(const std::filesystem::path& folder, const std::string& path,
                                     schemas::TickLength tick, FindingList& findings) {
    const Table table(folder, path, {"index", "pts", "seconds", "key"}, findings);
    schemas::FrameTable frames;
    frames.tick = tick;
    std::vector<double>& seconds = frames.seconds;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        if (table.integer(row, "index") != static_cast<std::int64_t>(row))
            findings.error(table.place(row),
                           "expected index " + std::to_string(row) + ", found " + in_quotes(table.text(row, "index")));
        seconds.push_back(table.decimal(row, "seconds"));
        frames.ticks.push_back(table.integer(row, "pts"));
        if (row > 0 && seconds[row] < seconds[row - 1]) findings.error(table.place(row), "the time runs backwards");
        if (table.text(row, "key") != "0" && table.text(row, "key") != "1")
            findings.error(table.place(row), "key is neither 0 nor 1");
        frames.key.push_back(table.text(row, "key") == "1" ? 1 : 0);
    }
    check_pts(table, frames, findings);
    return frames;
}

// Exports of version 0.1 counted microseconds and did not say so.
schemas::TickLength tick_in(const Table& clips, std::size_t row) {
    if (!clips.has("time_base")) return {1, 1'000'000};
    const std::string& text = clips.text(row, "time_base");
    const std::size_t slash = text.find('/');
    schemas::TickLength tick;
    if (slash != std::string::npos)
        tick = {integer_from(text.substr(0, slash)).value_or(0), integer_from(text.substr(slash + 1)).value_or(0)};
    if (!schemas::is_valid(tick))
        throw ReadError("time_base " + in_quotes(text) + ": expected seconds of a tick such as 1/90000");
    return tick;
}

}  // namespace

Table::Table(const std::filesystem::path& folder, const std::string& path, const std::vector<std::string>& columns,
             FindingList& findings)
    : path_(path), findings_(findings) {
    const std::string text = read_text(folder / path);
    CsvReader reader(text);
    std::vector<std::string> fields;
    reader.next(fields);
    for (std::size_t i = 0; i < fields.size(); ++i) columns_.emplace(fields[i], i);
    for (const std::string& column : columns)
        if (!columns_.contains(column)) throw ReadError(path + ": line 1: column " + in_quotes(column) + " is missing");
    while (reader.next(fields)) {
        if (fields.size() != columns_.size()) {
            findings.error(at_line(path, reader.line()), "expected " + std::to_string(columns_.size()) +
                                                             " fields, found " + std::to_string(fields.size()));
            continue;
        }
        rows_.push_back(fields);
        lines_.push_back(reader.line());
    }
}

const std::string& Table::text(std::size_t row, std::string_view column) const {
    return rows_[row][columns_.find(column)->second];
}

std::int64_t Table::integer(std::size_t row, std::string_view column) const {
    const std::optional<std::int64_t> value = integer_from(text(row, column));
    if (!value)
        findings_.error(place(row),
                        std::string(column) + ": expected a whole number, found " + in_quotes(text(row, column)));
    return value.value_or(0);
}

double Table::decimal(std::size_t row, std::string_view column) const {
    const std::optional<double> value = decimal_from(text(row, column));
    if (!value)
        findings_.error(place(row), std::string(column) + ": expected a number, found " + in_quotes(text(row, column)));
    return value.value_or(0);
}

double ExportedClip::boundary_seconds(schemas::FrameIndex boundary) const {
    return (boundary < frames() ? table.seconds[static_cast<std::size_t>(boundary)] : end_seconds) -
           table.seconds.front();
}

std::map<std::string, ExportedClip> read_clips(const std::filesystem::path& folder, FindingList& findings) {
    const Table table(folder, "clips.csv",
                      {"video", "clip", "take_begin", "take_end", "frames", "start_seconds", "end_seconds"}, findings);
    std::map<std::string, ExportedClip> clips;
    for (std::size_t row = 0; row < table.rows(); ++row) try {
            ExportedClip clip{table.text(row, "video"), table.text(row, "clip"), {}, table.decimal(row, "end_seconds")};
            const std::vector<double>& seconds = clip.table.seconds;
            if (clip.video.find_first_of("/.\\") != std::string::npos)
                throw ReadError("video " + in_quotes(clip.video) + ": is no file name");
            const std::string path = "frames/" + clip.video + ".csv";
            clip.table = read_frame_table(folder, path, tick_in(table, row), findings);
            if (clip.frames() != table.integer(row, "frames") ||
                clip.frames() != table.integer(row, "take_end") - table.integer(row, "take_begin"))
                findings.error(
                    path, "has " + std::to_string(clip.frames()) + " rows, " + table.place(row) + " says otherwise");
            if (seconds.empty()) {
                findings.error(path, "has no frames");
                continue;
            }
            if (seconds.front() != table.decimal(row, "start_seconds"))
                findings.error(table.place(row), "start_seconds is not the time of the first frame");
            if (clip.end_seconds < seconds.back())
                findings.error(table.place(row), "end_seconds comes before the last frame");
            if (!clips.emplace(clip.video, clip).second)
                findings.error(table.place(row), "video " + in_quotes(clip.video) + " occurs twice");
        } catch (const ReadError& error) {
            findings.error(table.place(row), error.what());
        }
    return clips;
}

}  // namespace storage
