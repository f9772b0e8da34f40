#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "storage/skeleton/skeleton_recording.h"

namespace storage {

// What a format is called, how its files are told apart and how they are read.
//
// `recognises` looks at the name and the first bytes and never throws; `read` throws
// ReadError. The skeleton of an .amc file is looked for beside it (asf_of, amc.h).
//
// Thread: any.
struct SkeletonFormat {
    std::string_view name;   // "msr-skeleton" …
    std::string_view title;  // for people: "MSR-Action3D skeleton, world coordinates"
    std::function<bool(const std::filesystem::path&)> recognises;
    std::function<SkeletonRecording(const std::filesystem::path&)> read;
};

// Every known format; the first that recognises a file reads it.
std::span<const SkeletonFormat> skeleton_formats();
const SkeletonFormat* skeleton_format_named(std::string_view name);
const SkeletonFormat* skeleton_format_of(const std::filesystem::path& file);

}  // namespace storage
