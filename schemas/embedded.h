#pragma once

#include <span>
#include <string_view>

// Files of schemas/ that are part of the program, sorted by name.
namespace schemas {

struct EmbeddedFile {
    std::string_view name;  // without the folder
    std::string_view text;
};

std::span<const EmbeddedFile> embedded_sql();         // schemas/sql/*.sql, in the order to apply
std::span<const EmbeddedFile> embedded_skeletons();   // schemas/skeletons/*.json
std::span<const EmbeddedFile> embedded_taxonomies();  // schemas/taxonomies/*.json

}  // namespace schemas
