#pragma once

#include <nlohmann/json.hpp>

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "storage/export/file_sink.h"
#include "storage/export/loss_report.h"

namespace storage {

// The file that marks a folder as an export of ours and says how it was made.
inline constexpr const char* manifest_name = "export.json";
inline constexpr const char* sums_name = "SHA256SUMS";

nlohmann::json losses_json(const LossReport& losses);
nlohmann::json files_json(const std::map<std::string, WrittenFile>& files);

// One line for each file, as `sha256sum --check` reads it.
std::string sums_text(const std::map<std::string, WrittenFile>& files);

// The manifest of an export; throws ReadError if the folder is none of ours.
nlohmann::json read_manifest(const std::filesystem::path& folder);

// Paths of all files in a folder, relative, with '/', sorted; links are listed and not followed.
std::vector<std::string> files_in(const std::filesystem::path& folder);

// Why a folder must not be replaced by a new export: it is none of ours, or holds a file that the export did
// not write or that was changed since (somebody's work). nullopt where nothing would be lost.
std::optional<std::string> why_not_replaceable_export(const std::filesystem::path& folder);

}  // namespace storage
