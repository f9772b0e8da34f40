#pragma once

#include <filesystem>
#include <string>

#include "storage/export/dataset.h"

namespace storage {

// Our own complete form of a dataset, schemas/json/labels.schema.json: everything but the frame tables, which
// lie beside it in frames/. Reading it back gives the same value.
std::string labels_json_from(const Dataset& dataset);

// A dataset whose clips have no frame table yet. Throws ReadError, naming the list and entry.
Dataset read_labels_json(const std::filesystem::path& file);

}  // namespace storage
