#include "storage/formats/labels_json.h"

#include <exception>

#include "storage/export/export_names.h"
#include "storage/formats/json_file.h"
#include "storage/formats/row_json.h"

namespace storage {
namespace {

using nlohmann::json;

constexpr const char* format_name = "kinetograph-labels";
constexpr int format_version = 1;

template <class Value>
json text_of(const Value& value) {
    return JsonValue<Value>::from(value);
}

template <class Value>
void read_into(Value& value, const json& object, const char* key) {
    value = JsonValue<Value>::to(object.at(key));
}

template <class Row>
json rows_json(const std::vector<Row>& rows) {
    json list = json::array();
    for (const Row& row : rows) list.push_back(json_from_row(row));
    return list;
}

template <class Row>
std::vector<Row> rows_from(const json& list) {
    std::vector<Row> rows;
    for (const json& row : list) rows.push_back(row_from_json<Row>(row));
    return rows;
}

json state_json(const StateRun& run) {
    return {{"track", text_of(run.track)},
            {"performer", text_of(run.performer)},
            {"begin_frame", run.span.begin},
            {"end_frame", run.span.end},
            {"state", text_of(run.state)}};
}

StateRun state_from(const json& object) {
    StateRun run;
    read_into(run.track, object, "track");
    read_into(run.performer, object, "performer");
    read_into(run.span.begin, object, "begin_frame");
    read_into(run.span.end, object, "end_frame");
    read_into(run.state, object, "state");
    return run;
}

json media_json(const DatasetMedia& file) {
    return {{"kind", text_of(file.kind)}, {"role", text_of(file.role)}, {"path", file.path},
            {"sha256", file.sha256},      {"frames", file.frames},      {"container_stream", file.container_stream}};
}

DatasetMedia media_from(const json& object) {
    DatasetMedia file;
    read_into(file.kind, object, "kind");
    read_into(file.role, object, "role");
    read_into(file.path, object, "path");
    read_into(file.sha256, object, "sha256");
    // Exports of version 0.1 and before do not have these.
    file.frames = object.value("frames", file.frames);
    file.container_stream = object.value("container_stream", file.container_stream);
    return file;
}

json clip_json(const DatasetClip& clip, const std::string& video) {
    json object{{"id", text_of(clip.id)},
                {"name", clip.name},
                {"video", video},
                {"frame_table", "frames/" + video + ".csv"},
                {"take", clip.take},
                {"choreography", text_of(clip.choreography)},
                {"music", text_of(clip.music)},
                {"view", text_of(clip.view)},
                {"setup", text_of(clip.setup)},
                {"performers", rows_json(clip.performers)},
                {"begin_frame", clip.span.begin},
                {"end_frame", clip.span.end},
                {"rate", {clip.rate.numerator, clip.rate.denominator}},
                {"time_base", {time_base_of(clip).numerator, time_base_of(clip).denominator}},
                {"end_seconds", clip.end_seconds},
                {"media", json::array()},
                {"groups", json::array()},
                {"segments", rows_json(clip.segments)},
                {"key_poses", rows_json(clip.key_poses)},
                {"states", json::array()}};
    for (const DatasetMedia& file : clip.media) object["media"].push_back(media_json(file));
    for (const SplitGroup& group : clip.groups)
        object["groups"].push_back({{"key", group.key}, {"value", group.value}});
    for (const StateRun& run : clip.states) object["states"].push_back(state_json(run));
    return object;
}

DatasetClip clip_from(const json& object) {
    DatasetClip clip;
    read_into(clip.id, object, "id");
    read_into(clip.name, object, "name");
    read_into(clip.take, object, "take");
    read_into(clip.choreography, object, "choreography");
    read_into(clip.music, object, "music");
    read_into(clip.view, object, "view");
    read_into(clip.setup, object, "setup");
    clip.performers = rows_from<schemas::Performer>(object.at("performers"));
    read_into(clip.span.begin, object, "begin_frame");
    read_into(clip.span.end, object, "end_frame");
    clip.rate = {object.at("rate").at(0).get<std::int64_t>(), object.at("rate").at(1).get<std::int64_t>()};
    read_into(clip.end_seconds, object, "end_seconds");
    for (const json& file : object.at("media")) clip.media.push_back(media_from(file));
    for (const json& group : object.at("groups"))
        clip.groups.push_back({group.at("key").get<std::string>(), group.at("value").get<std::string>()});
    clip.segments = rows_from<schemas::Segment>(object.at("segments"));
    clip.key_poses = rows_from<schemas::KeyPose>(object.at("key_poses"));
    for (const json& run : object.at("states")) clip.states.push_back(state_from(run));
    return clip;
}

json split_json(const schemas::Split& split) {
    json object = json_from_row(split);
    object["members"] = json::array();
    for (const schemas::SplitMember& member : split.members)
        object["members"].push_back(
            {{"clip", text_of(member.clip)}, {"fold", member.fold}, {"subset", text_of(member.subset)}});
    return object;
}

schemas::Split split_from(const json& object) {
    auto split = row_from_json<schemas::Split>(object);
    for (const json& entry : object.at("members")) {
        schemas::SplitMember member;
        read_into(member.clip, entry, "clip");
        read_into(member.fold, entry, "fold");
        read_into(member.subset, entry, "subset");
        split.members.push_back(member);
    }
    return split;
}

// Reads one part of the file; whatever is wrong there is said with its place.
template <class Read>
void at_place(const std::filesystem::path& file, const std::string& place, Read read) {
    try {
        read();
    } catch (const std::exception& error) {
        throw ReadError(file.string() + ": field " + place + ": " + error.what());
    }
}

Dataset dataset_from(const std::filesystem::path& file, const json& root) {
    Dataset dataset;
    at_place(file, "(top level)", [&] {
        read_into(dataset.name, root, "name");
        read_into(dataset.description, root, "description");
        read_into(dataset.layer, root, "layer");
        read_into(dataset.snapshot, root, "snapshot");
        read_into(dataset.snapshot_time, root, "snapshot_time");
        read_into(dataset.tool_version, root, "tool_version");
        dataset.models = root.at("models").get<std::map<std::string, std::string>>();
        dataset.state_frames = root.at("state_frames").get<std::map<std::string, std::int64_t>>();
    });
    at_place(file, "tracks", [&] { dataset.tracks = rows_from<schemas::Track>(root.at("tracks")); });
    at_place(file, "labels", [&] { dataset.labels = rows_from<schemas::Label>(root.at("labels")); });
    at_place(file, "split", [&] {
        if (!root.at("split").is_null()) dataset.split = split_from(root.at("split"));
    });
    at_place(file, "clips", [&] { root.at("clips").get_ref<const json::array_t&>(); });
    for (const json& clip : root["clips"])
        at_place(file, "clips[" + std::to_string(dataset.clips.size()) + "]",
                 [&] { dataset.clips.push_back(clip_from(clip)); });
    return dataset;
}

}  // namespace

std::string labels_json_from(const Dataset& dataset) {
    const std::map<schemas::ClipId, std::string> videos = video_ids_of(dataset);
    json root{{"format", format_name},
              {"version", format_version},
              {"name", dataset.name},
              {"description", dataset.description},
              {"layer", dataset.layer},
              {"snapshot", dataset.snapshot},
              {"snapshot_time", dataset.snapshot_time},
              {"tool_version", dataset.tool_version},
              {"models", dataset.models},
              {"state_frames", dataset.state_frames},
              {"tracks", rows_json(dataset.tracks)},
              {"labels", rows_json(dataset.labels)},
              {"clips", json::array()},
              {"split", dataset.split ? split_json(*dataset.split) : json()}};
    for (const DatasetClip& clip : dataset.clips) root["clips"].push_back(clip_json(clip, videos.at(clip.id)));
    return json_text(root);
}

Dataset read_labels_json(const std::filesystem::path& file) {
    ProblemList problems(file);
    const json root = read_json(file, problems);
    if (!root.is_object() || root.value("format", json()) != format_name)
        throw ReadError(file.string() + ": field format: expected " + in_quotes(format_name));
    if (root.value("version", json()) != format_version)
        throw ReadError(file.string() + ": field version: expected " + std::to_string(format_version) + ", found " +
                        root.value("version", json()).dump() + "; a newer program wrote it");
    return dataset_from(file, root);
}

}  // namespace storage
