#include "storage/formats/frame_labels.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <stdexcept>

#include "storage/formats/span_check.h"
#include "storage/text_file.h"

namespace storage {
namespace {

using schemas::FrameIndex;

struct Ids {
    std::vector<std::optional<std::int64_t>> values;  // nullopt: not a number
    std::vector<std::size_t> lines;                   // where each stands
    std::size_t numbers = 0;
};

Ids ids_in(std::string_view text, ProblemList& problems) {
    Ids ids;
    const std::vector<std::string_view> lines = lines_of(text);
    for (std::size_t i = 0; i < lines.size(); ++i)
        for (const std::string_view word : words_of(lines[i])) {
            ids.values.push_back(integer_from(word));
            ids.lines.push_back(i + 1);
            if (ids.values.back())
                ++ids.numbers;
            else
                problems.add(i + 1, "entry " + std::to_string(ids.values.size()) + ": expected a class id, found " +
                                        in_quotes(word) + "; its frames stay unlabelled");
        }
    return ids;
}

void compare_length(FrameIndex rows, FrameIndex per_row, FrameIndex frames, ProblemList& problems) {
    const FrameIndex rest = frames - rows * per_row;
    if (rest == 0) return;
    const std::string counts = std::to_string(rows) + " ids for " + std::to_string(per_row) +
                               " frames each, the clip has " + std::to_string(frames) + " frames: ";
    if (rest > 0)
        problems.add(counts + "the last " + std::to_string(rest) + " stay unlabelled",
                     schemas::FrameSpan{frames - rest, frames});
    else
        problems.add(counts + "the ids reach " + std::to_string(-rest) + " frames beyond its end and are cut there");
}

std::string name_of(std::int64_t id, const LabelImportOptions& options) {
    const auto found = options.class_names.find(id);
    return found == options.class_names.end() ? std::to_string(id) : found->second;
}

}  // namespace

bool looks_like_frame_labels(const std::filesystem::path& path) {
    if (path.extension() != ".txt") return false;
    std::string text = first_text(path, 512);
    std::replace(text.begin(), text.end(), '\r', ' ');
    std::replace(text.begin(), text.end(), '\n', ' ');
    const std::vector<std::string_view> words = words_of(text);
    return words.size() > 1 &&
           std::all_of(words.begin(), words.end(), [](std::string_view w) { return integer_from(w).has_value(); });
}

ImportedLabels read_frame_labels(const std::filesystem::path& path, const LabelImportOptions& options) {
    const FrameIndex per_row = options.frames_per_row;
    if (per_row < 1 || per_row > std::numeric_limits<std::int32_t>::max())
        throw std::invalid_argument("frames for each class id: expected a positive number");
    ProblemList problems(path);
    const std::string text = read_text(path);
    const Ids ids = ids_in(text, problems);
    if (ids.numbers == 0) throw ReadError(path.string() + ": holds no class ids");

    const auto rows = static_cast<FrameIndex>(ids.values.size());
    ImportedClip clip{path.stem().string(), std::nullopt, std::nullopt, {}};
    const std::optional<FrameIndex> frames = known_frames(options, clip.key);
    if (frames) compare_length(rows, per_row, *frames, problems);
    const FrameIndex end_of_clip = frames.value_or(rows * per_row);
    for (FrameIndex begin = 0, end = 0; begin < rows; begin = end) {
        const auto id = ids.values[static_cast<std::size_t>(begin)];
        while (end < rows && ids.values[static_cast<std::size_t>(end)] == id) ++end;
        const schemas::FrameSpan span{begin * per_row, std::min(end * per_row, end_of_clip)};
        if (id && schemas::is_valid(span)) clip.spans.push_back({span, name_of(*id, options), {}, {}, {}});
    }
    ImportedLabels labels{"frame-labels", schemas::TrackKind::primitive, {}, {}, problems.take()};
    for (const auto& [id, name] : options.class_names) labels.label_order.push_back(name);
    labels.clips.push_back(std::move(clip));
    return labels;
}

}  // namespace storage
