#include "storage/export/verify_export.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "storage/export/export_manifest.h"
#include "storage/export/export_reader.h"
#include "storage/export/split_assignment.h"
#include "storage/export/verify_bundle.h"
#include "storage/formats/json_file.h"
#include "storage/hash.h"

namespace storage {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Clips = std::map<std::string, ExportedClip>;

constexpr double same_time = 1e-6;  // seconds

// Paths and hashes of SHA256SUMS.
std::map<std::string, std::string> read_sums(const fs::path& folder, FindingList& findings) {
    std::map<std::string, std::string> sums;
    const std::string text = read_text(folder / sums_name);
    std::size_t number = 0;
    for (const std::string_view line : lines_of(text)) {
        ++number;
        if (line.size() < 67 || line.substr(64, 2) != "  ")
            findings.error(at_line(sums_name, number), "expected a hash, two blanks and a path");
        else
            sums.emplace(line.substr(66), line.substr(0, 64));
    }
    return sums;
}

void verify_hashes(const fs::path& folder, const json& manifest, FindingList& findings) {
    const std::map<std::string, std::string> sums = read_sums(folder, findings);
    std::set<std::string> present;
    for (const std::string& path : files_in(folder)) {
        present.insert(path);
        if (path == sums_name) continue;
        const auto listed = sums.find(path);
        if (!fs::is_regular_file(fs::symlink_status(folder / path)))
            findings.error(path, "is a link or no plain file");
        else if (listed == sums.end())
            findings.warn(path, "was added to the export: SHA256SUMS does not list it");
        else if (listed->second != sha256_of_file(folder / path))
            findings.error(path, "was changed: its SHA-256 is not that of SHA256SUMS");
    }
    for (const auto& [path, sum] : sums)
        if (!present.contains(path)) findings.error(path, "is missing");
    for (const auto& [path, entry] : manifest["files"].items()) {
        const auto listed = sums.find(path);
        if (listed == sums.end() || !entry.is_object() || entry.value("sha256", json()) != listed->second)
            findings.error(std::string(manifest_name) + ": files." + path, "does not agree with SHA256SUMS");
    }
}

void verify_span(const std::string& where, const ExportedClip& clip, schemas::FrameSpan span, double begin, double end,
                 FindingList& findings) {
    if (!schemas::is_valid(span) || span.end > clip.frames())
        return findings.error(where, "frames [" + std::to_string(span.begin) + ", " + std::to_string(span.end) +
                                         ") do not lie in the clip");
    if (std::abs(clip.boundary_seconds(span.begin) - begin) > same_time ||
        std::abs(clip.boundary_seconds(span.end) - end) > same_time)
        findings.error(where, "the seconds are not those of frames [" + std::to_string(span.begin) + ", " +
                                  std::to_string(span.end) + ")");
}

void verify_segments(const fs::path& folder, const Clips& clips, FindingList& findings) {
    std::map<std::string, const ExportedClip*> by_name;
    for (const auto& [video, clip] : clips) by_name.emplace(clip.name, &clip);
    const Table table(folder, "segments.csv", {"clip", "begin", "end", "begin_seconds", "end_seconds", "label"},
                      findings);
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const auto clip = by_name.find(table.text(row, "clip"));
        if (clip == by_name.end())
            findings.error(table.place(row), "clip " + in_quotes(table.text(row, "clip")) + " is not in clips.csv");
        else
            verify_span(table.place(row), *clip->second, {table.integer(row, "begin"), table.integer(row, "end")},
                        table.decimal(row, "begin_seconds"), table.decimal(row, "end_seconds"), findings);
    }
}

void verify_annotation(const std::string& where, const ExportedClip& clip, const json& annotation,
                       const std::set<std::string>& labels, FindingList& findings) {
    if (!labels.contains(annotation.at("label").get<std::string>()))
        findings.error(where, "the label is not in the taxonomy");
    const json &frames = annotation.at("frames"), &segment = annotation.at("segment");
    verify_span(where, clip, {frames.at(0).get<schemas::FrameIndex>(), frames.at(1).get<schemas::FrameIndex>()},
                segment.at(0).get<double>(), segment.at(1).get<double>(), findings);
}

void verify_activitynet(const fs::path& folder, const std::string& path, const Clips& clips,
                        FindingList& findings) try {
    ProblemList problems(path);
    const json root = read_json(folder / path, problems);
    std::set<std::string> labels;
    for (const json& node : root.at("taxonomy")) labels.insert(node.at("nodeName").get<std::string>());
    root.at("version");
    for (const auto& [video, entry] : root.at("database").items()) {
        const std::string where = path + ": database." + video;
        const auto clip = clips.find(video);
        if (clip == clips.end()) {
            findings.error(where, "is not in clips.csv");
            continue;
        }
        if (std::abs(entry.at("duration").get<double>() - clip->second.boundary_seconds(clip->second.frames())) >
            same_time)
            findings.error(where + ".duration", "is not that of the frame table");
        for (std::size_t i = 0; i < entry.at("annotations").size(); ++i)
            verify_annotation(where + ".annotations[" + std::to_string(i) + "]", clip->second, entry["annotations"][i],
                              labels, findings);
    }
} catch (const json::exception& error) {
    findings.error(path, std::string("is not of ActivityNet's form: ") + error.what());
}

// The items that the tables describe; ids are their places among the videos.
std::vector<SplitItem> items_of(const fs::path& folder, const Clips& clips, FindingList& findings) {
    std::vector<SplitItem> items;
    std::map<std::string, std::size_t> index;
    for (const auto& [video, clip] : clips) {
        index.emplace(video, items.size());
        items.push_back({schemas::ClipId{static_cast<std::int64_t>(items.size())}, video, {}, {}, 1});
    }
    const Table groups(folder, "groups.csv", {"video", "key", "value"}, findings);
    for (std::size_t row = 0; row < groups.rows(); ++row) {
        const auto item = index.find(groups.text(row, "video"));
        if (item == index.end())
            findings.error(groups.place(row), "video " + in_quotes(groups.text(row, "video")) + " is not in clips.csv");
        else
            items[item->second].groups.push_back({groups.text(row, "key"), groups.text(row, "value")});
    }
    return items;
}

std::vector<std::string> keys_in(std::string_view text) {
    std::vector<std::string> keys;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        keys.emplace_back(trimmed(text.substr(0, comma)));
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return keys;
}

void verify_split(const fs::path& folder, const json& split, const Clips& clips, FindingList& findings) {
    const std::vector<SplitItem> items = items_of(folder, clips, findings);
    std::map<std::string, schemas::ClipId> ids;
    for (const SplitItem& item : items) ids.emplace(item.name, item.clip);
    std::vector<schemas::SplitMember> members;
    const Table table(folder, "splits.csv", {"fold", "subset", "video"}, findings);
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const auto id = ids.find(table.text(row, "video"));
        const auto subset = schemas::enum_from<schemas::Subset>(table.text(row, "subset"));
        if (id == ids.end() || !subset)
            findings.error(table.place(row), "expected a video of clips.csv and train, validation or test");
        else
            members.push_back({id->second, table.integer(row, "fold"), *subset});
    }
    for (const Leak& leak : leaks(items, members, keys_in(split.value("grouped", ""))))
        findings.error("splits.csv", leak.key + " " + in_quotes(leak.value) + " is in several subsets of fold " +
                                         std::to_string(leak.fold));
}

// One part of the check; that it could not be made is a finding.
template <class Part>
void attempt(FindingList& findings, const std::string& where, Part part) {
    try {
        part();
    } catch (const ReadError& error) {
        findings.error(where, error.what());
    } catch (const fs::filesystem_error& error) {
        findings.error(where, error.what());
    } catch (const json::exception& error) {
        findings.error(where, error.what());
    }
}

}  // namespace

std::vector<Finding> verify_export(const fs::path& folder) {
    FindingList findings;
    std::optional<json> manifest;
    attempt(findings, manifest_name, [&] { manifest = read_manifest(folder); });
    if (!manifest) return findings.take();
    attempt(findings, sums_name, [&] { verify_hashes(folder, *manifest, findings); });
    Clips clips;
    attempt(findings, "clips.csv", [&] { clips = read_clips(folder, findings); });
    attempt(findings, "segments.csv", [&] { verify_segments(folder, clips, findings); });
    const json formats = manifest->value("formats", json::object());
    if (formats.contains("mstcn")) attempt(findings, "names.csv", [&] { verify_bundle(folder, clips, findings); });
    attempt(findings, "activitynet", [&] {
        for (const std::string& path : files_in(folder))
            if (path.starts_with("activitynet.") && path.ends_with(".json"))
                verify_activitynet(folder, path, clips, findings);
    });
    const json split = manifest->value("split", json());
    if (split.is_object()) attempt(findings, "splits.csv", [&] { verify_split(folder, split, clips, findings); });
    return findings.take();
}

}  // namespace storage
