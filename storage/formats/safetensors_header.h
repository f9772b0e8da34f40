#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/tensor.h"

namespace storage {

// What the header of a safetensors file says of one tensor.
struct SafetensorsEntry {
    std::string name;
    schemas::NumberType type = schemas::NumberType::f32;
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0, end = 0;  // bytes from the end of the header
};

struct SafetensorsHeader {
    std::vector<SafetensorsEntry> tensors;  // by where they begin
    std::map<std::string, std::string> metadata;
};

// `data_bytes` follow the header. `name` is that of the file, for messages. Throws ReadError unless every byte of the
// data belongs to exactly one tensor.
SafetensorsHeader parse_safetensors_header(const std::string& name, std::string_view header, std::uint64_t data_bytes);

// The number of bytes of a tensor. Throws std::overflow_error where they cannot be counted.
std::uint64_t tensor_bytes(schemas::NumberType type, const std::vector<std::int64_t>& shape);

}  // namespace storage
