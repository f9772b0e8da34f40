#include "storage/formats/dataloop_import.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <tuple>

#include "storage/formats/json_file.h"
#include "storage/formats/nearest_boundary.h"
#include "storage/formats/span_check.h"

namespace storage {
namespace {

using nlohmann::json;
using schemas::FrameIndex;
using schemas::FrameSpan;

std::optional<std::string> text_at(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? std::optional(found->get<std::string>()) : std::nullopt;
}

std::optional<FrameIndex> frame_at(const json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_number_integer()) return std::nullopt;
    const auto frame = found->get<std::int64_t>();
    return 0 <= frame && frame < std::numeric_limits<std::int32_t>::max() ? std::optional(frame) : std::nullopt;
}

// metadata.system, an empty object where it is missing.
json system_of(const json& annotation) {
    const json::json_pointer place("/metadata/system");
    if (!annotation.contains(place)) return json::object();
    const json& system = annotation.at(place);
    return system.is_object() ? system : json::object();
}

class DataloopFile {
public:
    DataloopFile(const std::filesystem::path& file, const LabelImportOptions& options, ProblemList& problems)
        : file_(file), options_(options), problems_(problems) {}

    ImportedClip read(const json& root) {
        name_clip(text_at(root, "name"));
        const json& annotations = root.at("annotations");
        for (std::size_t i = 0; i < annotations.size(); ++i)
            add(annotations[i], "field annotations[" + std::to_string(i) + "]");
        if (elsewhere_ > 0)
            problems_.add(std::to_string(elsewhere_) +
                          " begin or end times lie on other frames of the clip than the "
                          "frame numbers say, up to " +
                          std::to_string(farthest_) +
                          " frames off; the frame numbers count. Is it another copy of the recording?");
        return std::move(clip_);
    }

private:
    void name_clip(const std::optional<std::string>& video) {
        const std::string own = file_.stem().string();
        clip_.key = video && !video->empty() ? std::filesystem::path(*video).stem().string() : own;
        if (!options_.clip_named) return;
        if (video) known_ = options_.clip_named(*video);
        if (known_) clip_.key = *video;
        if (!known_) known_ = options_.clip_named(clip_.key);
        if (known_ || clip_.key == own) return;
        known_ = options_.clip_named(own);
        if (!known_) return;
        problems_.add("field name: the project has no clip " + in_quotes(clip_.key) + "; taken as labels of clip " +
                      in_quotes(own) + ", which the file is named after");
        clip_.key = own;
    }

    void add(const json& annotation, const std::string& place) {
        const std::optional<std::string> label = annotation.is_object() ? text_at(annotation, "label") : std::nullopt;
        if (!label || label->empty()) return problems_.add(place + ".label: expected a name; left out");
        const json system = system_of(annotation);
        const std::optional<FrameIndex> first = frame_at(system, "frame"), last = frame_at(system, "endFrame");
        if (!first || !last || *last < *first)
            return problems_.add(place +
                                 ".metadata.system: expected frame and endFrame, counted from 0 and in this "
                                 "order; left out");
        const auto frames = known_ ? std::optional(static_cast<FrameIndex>(known_->seconds.size())) : std::nullopt;
        const auto span = fitted({*first, *last + 1}, frames, 0, problems_);
        if (!span) return;
        if (!seen_.emplace(span->begin, span->end, *label).second)
            return problems_.add(place + ": repeats an earlier annotation; left out", *span);
        compare_time(system, "startTime", *first);
        compare_time(system, "endTime", *last);
        clip_.spans.push_back({*span, *label, {}, {}, {}});
    }

    void compare_time(const json& system, const char* key, FrameIndex frame) {
        const auto seconds = system.find(key);
        if (!known_ || known_->seconds.empty() || seconds == system.end() || !seconds->is_number()) return;
        const FrameIndex nearest = nearest_boundary(*known_, seconds->get<double>()).boundary;
        if (nearest == frame) return;
        ++elsewhere_;
        farthest_ = std::max(farthest_, std::abs(nearest - frame));
    }

    const std::filesystem::path& file_;
    const LabelImportOptions& options_;
    ProblemList& problems_;
    ImportedClip clip_;
    std::optional<KnownClip> known_;
    std::set<std::tuple<FrameIndex, FrameIndex, std::string>> seen_;
    std::size_t elsewhere_ = 0;
    FrameIndex farthest_ = 0;
};

}  // namespace

bool looks_like_dataloop(const std::filesystem::path& path) {
    if (path.extension() != ".json") return false;
    const std::string start = first_text(path, std::size_t{64} << 10U);
    const auto holds = [&start](const char* key) { return start.find(key) != std::string::npos; };
    return holds("\"annotations\"") && holds("\"system\"") && holds("\"endFrame\"");
}

ImportedLabels read_dataloop(const std::filesystem::path& path, const LabelImportOptions& options) {
    ProblemList problems(path);
    const json root = read_json(path, problems);
    if (!root.is_object() || !root.contains("annotations") || !root["annotations"].is_array())
        throw ReadError(path.string() + ": field annotations: is missing or no list; expected Dataloop's layout");
    ImportedLabels labels{"dataloop", schemas::TrackKind::free, {}, {}, {}};
    labels.clips.push_back(DataloopFile(path, options, problems).read(root));
    labels.problems = problems.take();
    return labels;
}

}  // namespace storage
