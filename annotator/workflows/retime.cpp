#include "annotator/workflows/retime.h"

#include <algorithm>
#include <cmath>

#include "annotator/document/queries.h"
#include "annotator/document/stream_commands.h"
#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/ingest.h"
#include "annotator/workflows/measure_media.h"
#include "inference/frame_matching.h"
#include "storage/features/video_index_cache.h"

namespace annotator {

namespace {

using schemas::Stream;
using schemas::StreamKind;
using schemas::Take;

// Median distance of the signatures of matched frames, in bits; copies have less than 8, others about 32.
constexpr double unlike_bits = 16;

const Take& require_take(const Document& document, const std::string& name) {
    if (const Take* take = take_named(document, name)) return *take;
    throw std::invalid_argument("there is no take '" + name + "' in the project");
}

std::optional<schemas::LayerId> layer_id(const Document& document, const std::string& name) {
    if (name.empty()) return std::nullopt;
    if (const schemas::Layer* layer = layer_named(document, name)) return layer->id;
    throw std::invalid_argument("there is no layer '" + name + "' in the project");
}

const Stream& reference_of(const Document& document, const Take& take) {
    if (const Stream* reference = reference_stream(document, take.id)) return *reference;
    throw std::invalid_argument("take '" + take.name + "' has no reference stream");
}

struct Video {
    VideoFile file;
    schemas::FrameTable times;
};

std::optional<Video> video_of_copy(const std::filesystem::path& path, const std::filesystem::path& project,
                                   const JobContext& job) {
    const auto index = storage::scan_video(
        path, {},
        [&](double share) {
            job.report({"Reading the copy", share, 1});
        },
        job.stop);
    if (!index) return std::nullopt;
    storage::VideoIndexCache(project).store(*index);
    return Video{{path, index->sha256, index->properties.stream}, index->table()};
}

std::optional<FrameMap> map_by_content(const Video& copy, const Video& original, const std::string& take,
                                       const std::filesystem::path& project, const JobContext& job) {
    std::array<schemas::MediaMeasures, 2> measures;
    double done = 0;
    for (const Video* video : {&copy, &original}) {
        auto measured = measures_of(
            video->file, project, Threads::every_core,
            [&](double share) {
                job.report({"Measuring videos", done + share, 2});
            },
            job.stop);
        if (!measured) return std::nullopt;
        measures[static_cast<std::size_t>(done++)] = std::move(*measured);
    }
    job.report({"Matching frames", 0, 0});
    const auto matching = inference::match_frames({measures[0].frames, copy.times.seconds},
                                                  {measures[1].frames, original.times.seconds}, job.stop);
    if (!matching) return std::nullopt;
    if (matching->typical_signature_distance > unlike_bits)
        throw storage::ReadError(
            copy.file.path.string() + ": does not show take '" + take + "': its pictures differ by " +
            std::to_string(std::lround(matching->typical_signature_distance)) + " of 64 bits. Nothing was imported.");
    FrameMap map{{}, original.times.frames()};
    for (const inference::MatchedFrame& frame : matching->frames)
        map.frames.push_back({frame.original, static_cast<double>(frame.confidence)});
    return map;
}

class Retiming {
public:
    Retiming(ProjectSession& session, const RetimeOptions& options, const JobContext& job)
        : session_(session),
          options_(options),
          job_(job),
          take_(require_take(session.document(), options.take)),
          layer_(layer_id(session.document(), options.layer)),
          project_(session.store().folder()) {}

    std::optional<RetimeResult> run() {
        const Stream& reference = reference_of(session_.document(), take_);
        const Video original{video_file(session_, reference), session_.store().frame_times(reference)};
        const auto copy = video_of_copy(options_.copy, project_, job_);
        if (!copy) return std::nullopt;
        if (copy->file.sha256 == reference.sha256)
            throw std::invalid_argument(options_.copy.string() + ": is the very file of take '" + take_.name +
                                        "'; give a copy of it");
        auto map = map_of(*copy, original, reference);
        if (!map) return std::nullopt;
        const schemas::Clip* clip = clip_of_copy(*copy);
        if (clip == nullptr) return std::nullopt;
        carry(*clip, FrameMapper(std::move(*map)));
        return std::move(result_);
    }

private:
    std::optional<FrameMap> map_of(const Video& copy, const Video& original, const Stream& reference) {
        if (options_.map && (!options_.by || *options_.by == RetimeMethod::map)) {
            result_.method = RetimeMethod::map;
            FrameMap map = read_frame_map(*options_.map, reference.frames);
            if (map.frames.size() != copy.times.seconds.size())
                throw storage::ReadError(options_.map->string() + ": is the map of " +
                                         std::to_string(map.frames.size()) + " frames, but " + options_.copy.string() +
                                         " has " + std::to_string(copy.times.frames()));
            return map;
        }
        if (options_.by == RetimeMethod::map) throw std::invalid_argument("a frame map is given with --map");
        if (options_.by != RetimeMethod::content) {
            TimesFit fit = fit_times(copy.times.seconds, original.times.seconds);
            result_.method = RetimeMethod::pts;
            if (fit.kind == TimesFit::Kind::one) return std::move(fit.map);
            if (options_.by == RetimeMethod::pts)
                throw storage::ReadError(
                    options_.copy.string() +
                    (fit.kind == TimesFit::Kind::none
                         ? ": its times are not those of take '" + take_.name + "'"
                         : ": its times fit those of take '" + take_.name + "' at several places") +
                    "; use --by content. Nothing was imported.");
        }
        if (reference.kind != StreamKind::video)
            throw std::invalid_argument("take '" + take_.name + "' has no video to compare with; give a frame map");
        result_.method = RetimeMethod::content;
        return map_by_content(copy, original, take_.name, project_, job_);
    }

    // Imports it, unless it is there. Null when stopped.
    const schemas::Clip* clip_of_copy(const Video& copy) {
        if (stream_of(copy) == nullptr) {
            IngestOptions wanted;
            wanted.paths = {options_.copy};
            wanted.take = fresh_take_name();
            const auto imported = ingest(session_, wanted, job_);
            if (!imported) return nullptr;
            if (stream_of(copy) == nullptr)
                throw storage::ReadError(imported->left_out.empty() ? options_.copy.string() + ": was not imported"
                                                                    : imported->left_out.front().path + ": " +
                                                                          imported->left_out.front().reason);
        }
        const Document& document = session_.document();
        const Stream& stream = *stream_of(copy);
        const Take& take = document.at<Take>(stream.take);
        if (stream.role != schemas::StreamRole::reference || stream.frames != copy.times.frames())
            throw std::invalid_argument(options_.copy.string() + ": does not number the frames of its take '" +
                                        take.name + "', so labels cannot be brought onto it");
        const schemas::Clip* longest = nullptr;
        for (const auto& [id, clip] : document.rows<schemas::Clip>())
            if (clip.take == take.id && (longest == nullptr || clip.span().length() > longest->span().length()))
                longest = &clip;
        if (longest == nullptr) throw std::invalid_argument("take '" + take.name + "' has no clip");
        result_.take = take.name;
        result_.clip = longest->name;
        return longest;
    }

    [[nodiscard]] const Stream* stream_of(const Video& copy) const {
        for (const auto& [id, stream] : session_.document().rows<Stream>())
            if (stream.sha256 == copy.file.sha256 && stream.container_stream == copy.file.container_stream)
                return &stream;
        return nullptr;
    }

    [[nodiscard]] std::string fresh_take_name() const {
        const std::string stem = options_.copy.stem().string();
        std::string name = stem;
        const auto taken = [&] {
            return std::ranges::any_of(session_.document().rows<Take>(),
                                       [&](const auto& entry) { return entry.second.name == name; });
        };
        for (int n = 2; taken(); ++n) name = stem + " (" + std::to_string(n) + ")";
        return name;
    }

    void carry(const schemas::Clip& to, const FrameMapper& mapper) {
        session_.commit([&](const EditStamp& stamp) {
            const Document& document = session_.document();
            LabelCarrier carrier(document, stamp, session_.ids());
            for (const auto& [id, clip] : document.rows<schemas::Clip>())
                if (clip.take == take_.id) carrier.carry(clip, to, mapper, layer_, document);
            carrier.edit.title = "Bring the labels of '" + take_.name + "' onto '" + result_.take + "'";
            result_.labels = std::move(carrier.carried);
            return std::move(carrier.edit);
        });
    }

    ProjectSession& session_;
    const RetimeOptions& options_;
    const JobContext& job_;
    const Take take_;
    std::optional<schemas::LayerId> layer_;
    std::filesystem::path project_;
    RetimeResult result_;
};

}  // namespace

std::optional<RetimeResult> retime(ProjectSession& session, const RetimeOptions& options, const JobContext& job) {
    return Retiming(session, options, job).run();
}

}  // namespace annotator
