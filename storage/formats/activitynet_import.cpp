#include "storage/formats/activitynet_import.h"

#include <cmath>
#include <set>
#include <tuple>
#include <utility>

#include "storage/formats/json_file.h"
#include "storage/formats/nearest_boundary.h"

namespace storage {
namespace {

using nlohmann::json;
using schemas::FrameIndex;
using schemas::FrameSpan;

// One video of "database" on its way in.
class VideoReader {
public:
    VideoReader(std::string field, const std::string& name, const json& video, const LabelImportOptions& options,
                ProblemList& problems)
        : field_(std::move(field)), video_(video), problems_(problems) {
        clip_.key = text_or(video, "clip", name);
        if (const auto subset = video.find("subset"); subset != video.end() && subset->is_string())
            clip_.subset = *subset;
        if (options.clip_named) known_ = options.clip_named(clip_.key);
        if (known_ && known_->seconds.empty()) known_.reset();
    }

    ImportedClip read() {
        const auto annotations = video_.find("annotations");
        if (annotations == video_.end() || !annotations->is_array()) {
            problems_.add("field " + field_ + ".annotations: expected a list; the video was left out");
            return std::move(clip_);
        }
        std::optional<SecondsConverter> converter;
        if (known_) converter.emplace(*known_);
        compare_duration();
        for (std::size_t i = 0; i < annotations->size(); ++i)
            read_annotation((*annotations)[i], field_ + ".annotations[" + std::to_string(i) + "]", converter);
        if (converter) converter->report("field " + field_ + ": ", problems_);
        return std::move(clip_);
    }

private:
    static std::string text_or(const json& object, const char* key, const std::string& otherwise) {
        const auto found = object.find(key);
        return found != object.end() && found->is_string() ? found->get<std::string>() : otherwise;
    }

    void compare_duration() {
        const auto duration = video_.find("duration");
        if (!known_ || duration == video_.end() || !duration->is_number()) return;
        const double length = boundary_seconds(*known_, static_cast<FrameIndex>(known_->seconds.size()));
        const double frame = length / static_cast<double>(known_->seconds.size());
        if (std::abs(duration->get<double>() - length) > frame)
            problems_.add("field " + field_ + ".duration: is " + duration->dump() + " s, the clip lasts " +
                          json(length).dump() + " s; is it another cut of the recording?");
    }

    void read_annotation(const json& annotation, const std::string& place, std::optional<SecondsConverter>& converter) {
        if (!annotation.is_object()) return problems_.add("field " + place + ": expected an object; left out");
        const auto label = annotation.find("label");
        if (label == annotation.end() || !label->is_string() || label->get_ref<const std::string&>().empty())
            return problems_.add("field " + place + ".label: expected a name; left out");
        const std::optional<FrameSpan> span = span_of(annotation, place, converter);
        if (!span) return;
        ImportedSpan imported{*span, *label, {}, {}, {}};
        if (const std::string track = text_or(annotation, "track", ""); !track.empty()) imported.track = track;
        if (const std::string performer = text_or(annotation, "performer", ""); !performer.empty())
            imported.performer = performer;
        if (!seen_.emplace(span->begin, span->end, imported.label, imported.track, imported.performer).second)
            return problems_.add("field " + place + ": repeats an earlier annotation; left out", *span);
        clip_.spans.push_back(std::move(imported));
    }

    std::optional<FrameSpan> span_of(const json& annotation, const std::string& place,
                                     std::optional<SecondsConverter>& converter) {
        const auto segment = annotation.find("segment");
        const bool pair = segment != annotation.end() && segment->is_array() && segment->size() == 2 &&
                          (*segment)[0].is_number() && (*segment)[1].is_number();
        const std::optional<FrameSpan> exact = frames_of(annotation);
        if (!pair) {
            problems_.add("field " + place + ".segment: expected [begin, end] in seconds; left out");
            return std::nullopt;
        }
        if (!converter) {
            if (!exact)
                problems_.add("field " + place + ": clip " + in_quotes(clip_.key) +
                              " is not in the project, so its seconds have no frames; left out");
            return exact;
        }
        const double begin = (*segment)[0], end = (*segment)[1];
        if (exact && agrees(exact->begin, begin) && agrees(exact->end, end)) return exact;
        if (exact) problems_.add("field " + place + ".frames: do not agree with the seconds, which count");
        return converter->span_from(begin, end, 0, "field " + place + ".segment", problems_);
    }

    static std::optional<FrameSpan> frames_of(const json& annotation) {
        const auto frames = annotation.find("frames");
        if (frames == annotation.end() || !frames->is_array() || frames->size() != 2 ||
            !(*frames)[0].is_number_integer() || !(*frames)[1].is_number_integer())
            return std::nullopt;
        const FrameSpan span{(*frames)[0], (*frames)[1]};
        return schemas::is_valid(span) ? std::optional(span) : std::nullopt;
    }

    bool agrees(FrameIndex boundary, double seconds) const {
        if (boundary > static_cast<FrameIndex>(known_->seconds.size())) return false;
        const NearestBoundary nearest = nearest_boundary(*known_, seconds);
        return boundary_seconds(*known_, boundary) == boundary_seconds(*known_, nearest.boundary) && lands(nearest);
    }

    using Key = std::tuple<FrameIndex, FrameIndex, std::string, std::optional<std::string>, std::optional<std::string>>;

    std::string field_;
    const json& video_;
    ProblemList& problems_;
    ImportedClip clip_;
    std::optional<KnownClip> known_;
    std::set<Key> seen_;
};

const json& database_of(const std::filesystem::path& file, const json& root) {
    if (root.is_object() && root.contains("results") && !root.contains("database"))
        throw ReadError(file.string() + ": field results: this is a file of predictions, not of labels");
    if (!root.is_object() || !root.contains("database") || !root["database"].is_object())
        throw ReadError(file.string() + ": field database: is missing or no object; expected ActivityNet's layout");
    return root["database"];
}

}  // namespace

bool looks_like_activitynet(const std::filesystem::path& path) {
    if (path.extension() != ".json") return false;
    const std::string text = first_text(path, std::size_t{64} << 10U);
    const std::string_view start = text;
    return start.find_first_not_of(" \t\r\n") == start.find('{') &&
           (start.find("\"database\"") != std::string_view::npos ||
            start.find("\"annotations\"") != std::string_view::npos);
}

ImportedLabels read_activitynet(const std::filesystem::path& path, const LabelImportOptions& options) {
    ProblemList problems(path);
    const json root = read_json(path, problems);
    ImportedLabels labels{"activitynet", std::nullopt, {}, {}, {}};
    std::set<std::string> keys;
    for (const auto& [name, video] : database_of(path, root).items()) {
        const std::string field = "database." + name;
        if (!video.is_object()) {
            problems.add("field " + field + ": expected an object; the video was left out");
            continue;
        }
        ImportedClip clip = VideoReader(field, name, video, options, problems).read();
        if (keys.insert(clip.key).second)
            labels.clips.push_back(std::move(clip));
        else
            problems.add("field " + field + ".clip: another video is of clip " + in_quotes(clip.key) +
                         " too; left out");
    }
    labels.problems = problems.take();
    return labels;
}

}  // namespace storage
