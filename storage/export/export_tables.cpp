#include "storage/export/export_tables.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

#include "storage/formats/csv.h"

namespace storage {
namespace {

std::string id_text(schemas::ClipId id) { return std::to_string(static_cast<std::int64_t>(id)); }

std::string ratio_text(std::int64_t numerator, std::int64_t denominator) {
    return std::to_string(numerator) + "/" + std::to_string(denominator);
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ";") + word;
    return text;
}

}  // namespace

std::string decimal_text(double value) {
    std::array<char, 32> text{};
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

std::string frames_csv(const DatasetClip& clip) {
    std::string table = "index,pts,seconds,key\n";
    const std::vector<double>& seconds = clip.table.seconds;
    const std::vector<std::int64_t>& ticks = clip.table.ticks;
    for (std::size_t i = 0; i < seconds.size(); ++i) {
        const bool key = clip.table.key.empty() || clip.table.key[i] != 0;
        const std::int64_t pts = ticks.empty() ? std::llround(seconds[i] * 1e6) : ticks[i];
        table +=
            std::to_string(i) + ',' + std::to_string(pts) + ',' + decimal_text(seconds[i]) + (key ? ",1\n" : ",0\n");
    }
    return table;
}

std::string clips_csv(const Dataset& dataset, const VideoIds& videos) {
    std::string table = csv_row({"video", "clip", "id", "take", "take_begin", "take_end", "frames", "rate", "time_base",
                                 "start_seconds", "end_seconds", "performers", "choreography", "music", "view", "setup",
                                 "media", "sha256", "container_stream"});
    for (const DatasetClip& clip : dataset.clips) {
        std::vector<std::string> performers, media, hashes, streams;
        for (const schemas::Performer& performer : clip.performers) performers.push_back(performer.name);
        for (const DatasetMedia& file : clip.media) {
            media.push_back(file.path);
            hashes.push_back(file.sha256);
            streams.push_back(std::to_string(file.container_stream));
        }
        table += csv_row({videos.at(clip.id), clip.name, id_text(clip.id), clip.take, std::to_string(clip.span.begin),
                          std::to_string(clip.span.end), std::to_string(clip.span.length()),
                          ratio_text(clip.rate.numerator, clip.rate.denominator),
                          ratio_text(time_base_of(clip).numerator, time_base_of(clip).denominator),
                          decimal_text(clip.table.seconds.front()), decimal_text(clip.end_seconds), joined(performers),
                          clip.choreography.value_or(""), clip.music.value_or(""), clip.view.value_or(""),
                          clip.setup.value_or(""), joined(media), joined(hashes), joined(streams)});
    }
    return table;
}

std::string segments_csv(const Dataset& dataset) {
    std::string table =
        csv_row({"clip", "track", "performer", "begin", "end", "begin_seconds", "end_seconds", "label", "state"});
    for (const DatasetClip& clip : dataset.clips)
        for (const schemas::Segment& segment : clip.segments) {
            const schemas::FrameSpan span = local_span(clip, segment.span());
            table += csv_row({clip.name, find_track(dataset, segment.track)->name,
                              segment.performer ? find_performer(clip, *segment.performer)->name : "",
                              std::to_string(span.begin), std::to_string(span.end),
                              decimal_text(boundary_seconds(clip, span.begin)),
                              decimal_text(boundary_seconds(clip, span.end)), find_label(dataset, segment.label)->name,
                              std::string(schemas::to_text(segment.state))});
        }
    return table;
}

std::string splits_csv(const Dataset& dataset, const VideoIds& videos) {
    std::string table = csv_row({"fold", "subset", "video", "clip", "id", "sha256"});
    const Subsets subsets = subsets_of(dataset);
    for (const std::int64_t fold : folds_of(dataset))
        for (const DatasetClip& clip : dataset.clips)
            if (const auto subset = subsets.find({fold, clip.id}); subset != subsets.end())
                table +=
                    csv_row({std::to_string(fold), std::string(schemas::to_text(subset->second)), videos.at(clip.id),
                             clip.name, id_text(clip.id), clip.media.empty() ? "" : clip.media.front().sha256});
    return table;
}

std::string groups_csv(const Dataset& dataset, const VideoIds& videos) {
    std::string table = csv_row({"video", "key", "value"});
    for (const DatasetClip& clip : dataset.clips)
        for (const SplitGroup& group : clip.groups) table += csv_row({videos.at(clip.id), group.key, group.value});
    return table;
}

}  // namespace storage
