#pragma once

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "storage/export/dataset.h"
#include "storage/formats/imported_labels.h"

namespace tests {

inline storage::KnownClip constant_rate(schemas::FrameIndex frames, double rate, double start = 0) {
    storage::KnownClip clip;
    for (schemas::FrameIndex i = 0; i < frames; ++i) clip.seconds.push_back(start + static_cast<double>(i) / rate);
    clip.end_seconds = start + static_cast<double>(frames) / rate;
    return clip;
}

inline storage::LabelImportOptions knowing(std::map<std::string, storage::KnownClip> clips) {
    storage::LabelImportOptions options;
    options.clip_named = [clips = std::move(clips)](std::string_view key) -> std::optional<storage::KnownClip> {
        const auto found = clips.find(std::string(key));
        return found == clips.end() ? std::nullopt : std::optional(found->second);
    };
    return options;
}

inline storage::LabelImportOptions knowing(const storage::Dataset& dataset) {
    std::map<std::string, storage::KnownClip> clips;
    for (const storage::DatasetClip& clip : dataset.clips) clips[clip.name] = {clip.table.seconds, clip.end_seconds};
    return knowing(std::move(clips));
}

// All problems, a line each.
inline std::string text_of(const std::vector<storage::ReadProblem>& problems) {
    std::string text;
    for (const storage::ReadProblem& problem : problems) text += problem.what + "\n";
    return text;
}

inline bool mentions(const std::vector<storage::ReadProblem>& problems, const std::string& what) {
    return text_of(problems).find(what) != std::string::npos;
}

// Where the real recordings lie; the folder may be absent.
inline std::filesystem::path recordings() {
    const char* chosen = std::getenv("KINETOGRAPH_DATA");
    return chosen != nullptr ? std::filesystem::path(chosen)
                             : std::filesystem::path(KINETOGRAPH_SOURCE_DIR) / "../shared/data";
}

}  // namespace tests
