#include "storage/export/croissant.h"

#include "storage/export/datasheet.h"
#include "storage/formats/json_file.h"

namespace storage {
namespace {

using nlohmann::json;

// The context that the specification prescribes.
constexpr const char* context = R"({
"@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column",
"conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
"data": {"@id": "cr:data", "@type": "@json"}, "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
"dct": "http://purl.org/dc/terms/", "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract",
"field": "cr:field", "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject", "fileSet": "cr:fileSet",
"format": "cr:format", "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath",
"key": "cr:key", "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path", "recordSet": "cr:recordSet",
"references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace",
"sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField",
"transform": "cr:transform"})";

std::string media_type(const std::string& path) {
    if (path.ends_with(".json")) return "application/json";
    if (path.ends_with(".csv")) return "text/csv";
    if (path.ends_with(".md")) return "text/markdown";
    if (path.ends_with(".npy")) return "application/octet-stream";
    return "text/plain";
}

json file_object(const std::string& path, const WrittenFile& file) {
    return {{"@type", "cr:FileObject"},
            {"@id", path},
            {"name", path},
            {"contentUrl", path},
            {"contentSize", std::to_string(file.bytes) + " B"},
            {"encodingFormat", media_type(path)},
            {"sha256", file.sha256}};
}

struct Column {
    const char* name;
    const char* type;
};

json record_set(const std::string& name, const std::string& file, std::initializer_list<Column> columns) {
    json fields = json::array();
    for (const Column& column : columns)
        fields.push_back({{"@type", "cr:Field"},
                          {"@id", name + "/" + column.name},
                          {"name", column.name},
                          {"dataType", column.type},
                          {"source", {{"fileObject", {{"@id", file}}}, {"extract", {{"column", column.name}}}}}});
    return {{"@type", "cr:RecordSet"}, {"@id", name}, {"name", name}, {"field", fields}};
}

json record_sets(const Dataset& dataset) {
    json sets = json::array();
    sets.push_back(record_set("clips", "clips.csv",
                              {{"video", "sc:Text"},
                               {"clip", "sc:Text"},
                               {"take", "sc:Text"},
                               {"frames", "sc:Integer"},
                               {"start_seconds", "sc:Float"},
                               {"end_seconds", "sc:Float"},
                               {"performers", "sc:Text"}}));
    sets.push_back(record_set("segments", "segments.csv",
                              {{"clip", "sc:Text"},
                               {"track", "sc:Text"},
                               {"performer", "sc:Text"},
                               {"begin", "sc:Integer"},
                               {"end", "sc:Integer"},
                               {"begin_seconds", "sc:Float"},
                               {"end_seconds", "sc:Float"},
                               {"label", "sc:Text"},
                               {"state", "sc:Text"}}));
    if (dataset.split)
        sets.push_back(
            record_set("splits", "splits.csv",
                       {{"fold", "sc:Integer"}, {"subset", "sc:Text"}, {"video", "sc:Text"}, {"clip", "sc:Text"}}));
    return sets;
}

}  // namespace

std::string croissant_from(const Dataset& dataset, const ExportOptions& options,
                           const std::map<std::string, WrittenFile>& files) {
    json distribution = json::array();
    for (const auto& [path, file] : files) distribution.push_back(file_object(path, file));
    return json_text(
        {{"@context", json::parse(context)},
         {"@type", "sc:Dataset"},
         {"name", dataset.name},
         {"description",
          dataset.description.empty() ? "Labelled dance recordings: " + dataset.name : dataset.description},
         {"conformsTo", "http://mlcommons.org/croissant/1.0"},
         {"license", options.licence.empty() ? "No licence has been chosen; see datasheet.md" : options.licence},
         {"version", dataset.snapshot},
         {"datePublished", utc_text(dataset.snapshot_time)},
         {"rai:dataCollection",
          "See datasheet.md: people label, with proposals of a model that they accept, correct or reject."},
         {"rai:dataAnnotationProtocol", "Layer " + dataset.layer + "; states of each label are in segments.csv."},
         {"distribution", distribution},
         {"recordSet", record_sets(dataset)}});
}

}  // namespace storage
