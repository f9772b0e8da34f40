#include "annotator/workflows/frame_map.h"

#include <algorithm>
#include <cmath>

#include "inference/picture_measures.h"
#include "storage/formats/csv.h"
#include "storage/read_error.h"
#include "storage/text_file.h"

namespace annotator {

namespace {

using schemas::FrameIndex;

// Frames of the source that one step in the copy usually passes, rounded up.
FrameIndex usual_step(const FrameMap& map) {
    std::vector<FrameIndex> steps;
    for (std::size_t i = 1; i < map.frames.size(); ++i)
        steps.push_back(map.frames[i].source - map.frames[i - 1].source);
    if (steps.empty()) return 1;
    std::ranges::sort(steps);
    // Without the longest: they are cuts.
    steps.resize(std::max<std::size_t>(1, steps.size() * 9 / 10));
    double sum = 0;
    for (const FrameIndex step : steps) sum += static_cast<double>(step);
    // A few lost frames do not make a longer step.
    return std::max<FrameIndex>(1, std::llround(std::ceil(sum / static_cast<double>(steps.size()) - 0.1)));
}

// The first frame of the copy that shows the source's frame or a later one.
FrameIndex first_from(const FrameMap& map, FrameIndex source) {
    return std::ranges::lower_bound(map.frames, source, {}, &MappedFrame::source) - map.frames.begin();
}

double confidence_at(const FrameMap& map, FrameIndex boundary) {
    double least = 1;
    for (const FrameIndex frame : {boundary - 1, boundary})
        if (0 <= frame && frame < static_cast<FrameIndex>(map.frames.size()))
            least = std::min(least, map.frames[static_cast<std::size_t>(frame)].confidence);
    return least;
}

// Whether all times of the copy, `shift` seconds later, are times of the source, and whose.
std::optional<FrameMap> fit_at(std::span<const double> copy, std::span<const double> source, std::size_t first,
                               double tolerance) {
    FrameMap map{{}, static_cast<FrameIndex>(source.size())};
    const double shift = source[first] - copy.front();
    std::size_t at = first;
    for (const double seconds : copy) {
        while (at < source.size() && source[at] < seconds + shift - tolerance) ++at;
        if (at == source.size() || source[at] > seconds + shift + tolerance) return std::nullopt;
        map.frames.push_back({static_cast<FrameIndex>(at), 1});
    }
    return map;
}

class MapReader {
public:
    MapReader(const std::filesystem::path& file, FrameIndex source_frames)
        : file_(file), text_(storage::read_text(file)), reader_(text_), source_frames_(source_frames) {}

    FrameMap read() {
        std::vector<std::string> row;
        if (!reader_.next(row)) fail("expected a header with index and source_index, found an empty file");
        const std::size_t index = column(row, "index"), source = column(row, "source_index");
        FrameMap map{{}, source_frames_};
        while (reader_.next(row)) {
            if (row.size() <= std::max(index, source)) fail("expected more columns");
            if (number(row[index]) != static_cast<FrameIndex>(map.frames.size()))
                fail("expected index " + std::to_string(map.frames.size()) + ", found '" + row[index] + "'");
            const FrameIndex shown = number(row[source]);
            if (shown < 0 || shown >= source_frames_)
                fail("source_index " + row[source] + " is no frame of the take, which has " +
                     std::to_string(source_frames_));
            if (!map.frames.empty() && shown < map.frames.back().source)
                fail("source_index goes back from " + std::to_string(map.frames.back().source) + " to " + row[source]);
            map.frames.push_back({shown, 1});
        }
        return map;
    }

private:
    [[noreturn]] void fail(const std::string& what) const {
        throw storage::ReadError(file_.string() + ": line " + std::to_string(reader_.line()) + ": " + what);
    }

    [[nodiscard]] std::size_t column(const std::vector<std::string>& header, const std::string& name) const {
        const auto found = std::ranges::find(header, name);
        if (found == header.end()) fail("expected a column " + name + "; a frame map has index and source_index");
        return static_cast<std::size_t>(found - header.begin());
    }

    [[nodiscard]] FrameIndex number(const std::string& text) const {
        if (const auto value = storage::integer_from(text)) return *value;
        fail(storage::in_quotes(text) + " is no frame number");
    }

    const std::filesystem::path& file_;
    std::string text_;
    storage::CsvReader reader_;
    FrameIndex source_frames_;
};

std::string ticks_text(const schemas::FrameTable& table, std::size_t frame) {
    return table.ticks.empty() ? "" : std::to_string(table.ticks[frame]);
}

}  // namespace

std::string csv_from(const FrameMap& map, const schemas::FrameTable& copy, const schemas::FrameTable& source) {
    std::string text = storage::csv_row(
        {"index", "pts", "seconds", "source_index", "source_pts", "source_seconds", "duplicated", "dropped"});
    FrameIndex before = -1;
    for (std::size_t i = 0; i < map.frames.size(); ++i) {
        const FrameIndex shown = map.frames[i].source;
        const auto at = static_cast<std::size_t>(shown);
        text += storage::csv_row({std::to_string(i), ticks_text(copy, i), std::to_string(copy.seconds[i]),
                                  std::to_string(shown), ticks_text(source, at), std::to_string(source.seconds[at]),
                                  std::to_string(shown == before ? 1 : 0),
                                  std::to_string(std::max<FrameIndex>(0, shown - before - 1))});
        before = shown;
    }
    return text;
}

FrameMap read_frame_map(const std::filesystem::path& file, FrameIndex source_frames) {
    return MapReader(file, source_frames).read();
}

TimesFit fit_times(std::span<const double> copy_seconds, std::span<const double> source_seconds) {
    TimesFit fit;
    if (copy_seconds.empty() || copy_seconds.size() > source_seconds.size()) return fit;
    // Containers round to milliseconds; a quarter of a frame is never another one.
    const double tolerance = std::min(0.0015, inference::frame_timing(source_seconds).median_interval_seconds / 4);
    for (std::size_t first = 0; first + copy_seconds.size() <= source_seconds.size(); ++first) {
        auto map = fit_at(copy_seconds, source_seconds, first, tolerance);
        if (!map) continue;
        if (fit.kind == TimesFit::Kind::one) return {TimesFit::Kind::several, {}};
        fit = {TimesFit::Kind::one, std::move(*map)};
    }
    return fit;
}

FrameMapper::FrameMapper(FrameMap map) : map_(std::move(map)), step_(usual_step(map_)) {}

MappedSpan FrameMapper::span(schemas::FrameSpan source) const {
    const auto& frames = map_.frames;
    MappedSpan mapped;
    mapped.begin = {source.begin, first_from(map_, source.begin), 1, false};
    mapped.end = {source.end, first_from(map_, source.end), 1, false};
    if (frames.empty() || source.end <= frames.front().source || source.begin > frames.back().source) {
        mapped.outcome = MappedSpan::Outcome::outside;
        return mapped;
    }
    mapped.begin.confidence = confidence_at(map_, mapped.begin.to);
    mapped.end.confidence = confidence_at(map_, mapped.end.to);
    if (mapped.begin.to == mapped.end.to) {
        mapped.outcome = MappedSpan::Outcome::collapsed;
        return mapped;
    }
    const auto shown = [&](FrameIndex frame) { return frames[static_cast<std::size_t>(frame)].source; };
    mapped.begin.cut = shown(mapped.begin.to) - source.begin >= step_;
    mapped.end.cut = source.end - 1 - shown(mapped.end.to - 1) >= step_;
    return mapped;
}

std::optional<MappedBoundary> FrameMapper::frame(FrameIndex source) const {
    const auto& frames = map_.frames;
    // A copy of fewer frames may begin a little later and end a little earlier than the source.
    if (frames.empty() || source <= frames.front().source - step_ || source >= frames.back().source + step_)
        return std::nullopt;
    const auto shown = [&](FrameIndex at) { return frames[static_cast<std::size_t>(at)].source; };
    FrameIndex at = first_from(map_, source);
    if (at == static_cast<FrameIndex>(frames.size()) || (at > 0 && shown(at) - source > source - shown(at - 1))) --at;
    const bool there = shown(at) == source;
    return MappedBoundary{source, at, frames[static_cast<std::size_t>(at)].confidence, !there};
}

}  // namespace annotator
