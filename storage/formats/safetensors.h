#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "schemas/tensor.h"
#include "storage/export/atomic_file.h"
#include "storage/read_error.h"

// Tensors in the layout of https://huggingface.co/docs/safetensors: eight bytes that say how long the header is
// (little-endian), the header, a JSON object padded with blanks, then the numbers. The header has for each tensor its
// `dtype`, its `shape` and `data_offsets`, [begin, end) counted from the end of the header, and perhaps `__metadata__`,
// an object of texts.
//
// The types F64 F32 F16 BF16 I64 I32 I16 I8 U8 BOOL are read and written. Nothing in such a file is ever executed.
//
// Thread: any.
namespace storage {

// Longer headers are refused, as the format's own reader does.
inline constexpr std::uint64_t longest_safetensors_header = 100'000'000;
inline constexpr std::size_t most_tensor_sides = 64;

// Takes no more memory than a small multiple of the file's length. Throws ReadError that names the tensor, for a header
// that is longer than the file, is no JSON of this layout or names a tensor or a field twice, for sizes that are not
// those of shape and type, and for numbers that overlap, lie outside of the file or leave a hole.
schemas::TensorSet read_safetensors(const std::filesystem::path& file);

// `__metadata__` alone. The rest of the header is checked, the numbers are not read.
std::map<std::string, std::string> read_safetensors_metadata(const std::filesystem::path& file);

// The widest numbers first, so that all are aligned, then by name: equal sets give equal bytes. Throws WriteError, and
// std::invalid_argument for a tensor whose bytes are not those of its shape or whose name is no UTF-8.
void write_safetensors(const schemas::TensorSet& set, const std::filesystem::path& file);

}  // namespace storage
