#include "storage/export/export_manifest.h"

#include <algorithm>
#include <system_error>

#include "storage/formats/json_file.h"
#include "storage/hash.h"

namespace storage {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::optional<std::string> why_not_replaceable_file(const fs::path& folder, const std::string& path,
                                                    const json& listed) {
    if (path == manifest_name || path == sums_name) return std::nullopt;
    const auto entry = listed.find(path);
    if (entry == listed.end() || !fs::is_regular_file(fs::symlink_status(folder / path)))
        return "holds " + in_quotes(path) + ", which the earlier export did not write.";
    if (entry->value("sha256", "") != sha256_of_file(folder / path))
        return "holds " + in_quotes(path) + ", which was changed since the earlier export.";
    return std::nullopt;
}

}  // namespace

json losses_json(const LossReport& losses) {
    json list = json::array();
    for (const Loss& loss : losses)
        list.push_back({{"format", loss.format}, {"what", loss.what}, {"where", loss.where}, {"count", loss.count}});
    return list;
}

json files_json(const std::map<std::string, WrittenFile>& files) {
    json object = json::object();
    for (const auto& [path, file] : files) object[path] = {{"bytes", file.bytes}, {"sha256", file.sha256}};
    return object;
}

std::string sums_text(const std::map<std::string, WrittenFile>& files) {
    std::string text;
    for (const auto& [path, file] : files) text += file.sha256 + "  " + path + '\n';
    return text;
}

json read_manifest(const fs::path& folder) {
    const fs::path file = folder / manifest_name;
    std::error_code error;
    if (!fs::exists(file, error))
        throw ReadError(folder.string() + ": is no export of ours: it has no " + manifest_name);
    ProblemList ignored(file);
    json manifest = read_json(file, ignored);
    if (!manifest.is_object() || manifest.value("made_by", json()) != "kinetograph" ||
        !manifest.value("files", json()).is_object())
        throw ReadError(file.string() + ": is not the manifest of an export of ours");
    return manifest;
}

std::vector<std::string> files_in(const fs::path& folder) {
    std::vector<std::string> paths;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder))
        if (!entry.is_directory() || entry.is_symlink())
            paths.push_back(entry.path().lexically_relative(folder).generic_string());
    std::sort(paths.begin(), paths.end());
    return paths;
}

std::optional<std::string> why_not_replaceable_export(const fs::path& folder) try {
    const json listed = read_manifest(folder)["files"];
    for (const std::string& path : files_in(folder))
        if (std::optional<std::string> why = why_not_replaceable_file(folder, path, listed)) return why;
    return std::nullopt;
} catch (const ReadError&) {
    return "is not empty and no earlier export that can be read.";
} catch (const fs::filesystem_error& error) {
    return std::string("could not be looked into: ") + error.what() + ".";
} catch (const json::exception&) {
    return std::string("holds an ") + manifest_name + " of another form.";
}

}  // namespace storage
