#pragma once

#include <span>
#include <string_view>

#include "storage/formats/imported_labels.h"

namespace storage {

// Every known format of labels; the first that recognises a file or folder reads it.
std::span<const LabelFormat> label_formats();
const LabelFormat* label_format_named(std::string_view name);
const LabelFormat* label_format_of(const std::filesystem::path& path);

}  // namespace storage
