#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/row.h"

namespace schemas {

// What the numbers of a tensor are. bf16 is the upper half of an f32; boolean is one byte, 0 or 1.
enum class NumberType { f64, f32, f16, bf16, i64, i32, i16, i8, u8, boolean };

constexpr std::size_t bytes_of(NumberType type) {
    constexpr std::array<std::size_t, 10> sizes{8, 4, 2, 2, 8, 4, 2, 1, 1, 1};
    return sizes.at(static_cast<std::size_t>(type));
}

// Numbers in rows: the last place of the shape changes fastest. An empty shape is one number.
struct Tensor {
    NumberType type = NumberType::f32;
    std::vector<std::int64_t> shape;
    std::vector<std::byte> bytes;  // little-endian

    bool operator==(const Tensor&) const = default;
};

// What a file of weights holds.
struct TensorSet {
    std::map<std::string, Tensor> tensors;
    std::map<std::string, std::string> metadata;

    bool operator==(const TensorSet&) const = default;
};

inline Tensor tensor_from(std::span<const float> values, std::vector<std::int64_t> shape) {
    Tensor tensor{NumberType::f32, std::move(shape), std::vector<std::byte>(values.size_bytes())};
    if (!values.empty()) std::memcpy(tensor.bytes.data(), values.data(), values.size_bytes());
    return tensor;
}

// Of an f32 tensor.
inline std::vector<float> floats_from(const Tensor& tensor) {
    std::vector<float> values(tensor.bytes.size() / sizeof(float));
    if (!values.empty()) std::memcpy(values.data(), tensor.bytes.data(), values.size() * sizeof(float));
    return values;
}

// "[17, 3, 9, 9]", for messages.
std::string shape_text(const std::vector<std::int64_t>& shape);

template <>
struct EnumNames<NumberType> {
    static constexpr std::array<std::string_view, 10> names{"F64", "F32", "F16", "BF16", "I64",
                                                            "I32", "I16", "I8",  "U8",   "BOOL"};
};

}  // namespace schemas
