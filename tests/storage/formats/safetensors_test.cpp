#include "storage/formats/safetensors.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string>

#include "tests/support/recording_files.h"
#include "tests/support/skeleton_measures.h"

namespace {

using schemas::NumberType;
using schemas::Tensor;
using schemas::TensorSet;
using tests::TemporaryFolder;

// A file with that header in front of so many bytes of data.
std::string file_of(const std::string& header, std::size_t data_bytes) {
    std::string bytes(8, '\0');
    for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>((header.size() >> (8 * i)) & 0xFFU);
    return bytes + header + std::string(data_bytes, '\1');
}

std::string refusal_of(const TemporaryFolder& folder, const std::string& bytes) {
    const auto file = tests::write_file(folder, "w.safetensors", bytes);
    const std::string message = tests::read_error_of([&] { (void)storage::read_safetensors(file); });
    CHECK(message == tests::read_error_of([&] { (void)storage::read_safetensors_metadata(file); }));
    return message;
}

Tensor tensor_of(NumberType type, const std::vector<std::int64_t>& shape) {
    Tensor tensor{type, shape, {}};
    std::size_t count = 1;
    for (const std::int64_t side : shape) count *= static_cast<std::size_t>(side);
    for (std::size_t i = 0; i < count * schemas::bytes_of(type); ++i)
        tensor.bytes.push_back(static_cast<std::byte>(type == NumberType::boolean ? i % 2 : (i * 37 + 5) % 256));
    return tensor;
}

TensorSet every_type() {
    TensorSet set;
    for (std::size_t type = 0; type < schemas::EnumNames<NumberType>::names.size(); ++type)
        set.tensors["layer." + std::string(schemas::EnumNames<NumberType>::names[type])] =
            tensor_of(static_cast<NumberType>(type), {3, static_cast<std::int64_t>(type) + 1});
    set.tensors["one number"] = tensor_of(NumberType::f32, {});
    set.tensors["nothing"] = tensor_of(NumberType::f64, {4, 0, 2});
    set.tensors["重み"] = schemas::tensor_from(std::vector<float>{1.5F, -2, 0.25F}, {3});
    set.metadata = {{"family", "estgcn"}, {"labels", "[\"pas de chat\", \"回転\"]"}};
    return set;
}

}  // namespace

TEST_CASE("tensors of every type come back from a safetensors file as they were") {
    const TemporaryFolder folder;
    const TensorSet set = every_type();
    storage::write_safetensors(set, folder.path() / "a.safetensors");
    CHECK(storage::read_safetensors(folder.path() / "a.safetensors") == set);
    CHECK(storage::read_safetensors_metadata(folder.path() / "a.safetensors") == set.metadata);
    CHECK(schemas::floats_from(storage::read_safetensors(folder.path() / "a.safetensors").tensors.at("重み")) ==
          std::vector<float>{1.5F, -2, 0.25F});
    storage::write_safetensors({}, folder.path() / "none.safetensors");
    CHECK(storage::read_safetensors(folder.path() / "none.safetensors") == TensorSet());
}

TEST_CASE("a safetensors file is written byte for byte as its layout says, wide numbers first") {
    const TemporaryFolder folder;
    TensorSet set;
    set.tensors["a"] = {NumberType::u8, {3}, {std::byte{7}, std::byte{8}, std::byte{9}}};
    set.tensors["b"] = schemas::tensor_from(std::vector<float>{1}, {1, 1});
    set.metadata["by"] = "us";
    storage::write_safetensors(set, folder.path() / "a.safetensors");
    std::string header = R"({"__metadata__":{"by":"us"},"a":{"data_offsets":[4,7],"dtype":"U8","shape":[3]},)"
                         R"("b":{"data_offsets":[0,4],"dtype":"F32","shape":[1,1]}})";
    header.resize((header.size() + 7) / 8 * 8, ' ');
    std::string expected = file_of(header, 0);
    expected += std::string("\0\0\x80\x3F\7\10\11", 7);
    CHECK(tests::bytes_of(folder.path() / "a.safetensors") == expected);
}

TEST_CASE("tensors that cannot be written are refused and leave no file") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "a.safetensors";
    TensorSet wrong_size, no_name, not_text;
    wrong_size.tensors["a"] = {NumberType::f32, {2, 2}, std::vector<std::byte>(15)};
    no_name.tensors["__metadata__"] = tensor_of(NumberType::u8, {1});
    not_text.tensors["\xFF"] = tensor_of(NumberType::u8, {1});
    for (const TensorSet& set : {wrong_size, no_name, not_text})
        CHECK_THROWS_AS(storage::write_safetensors(set, file), std::invalid_argument);
    CHECK_FALSE(std::filesystem::exists(file));
    CHECK_THROWS_AS(storage::write_safetensors(every_type(), folder.path() / "no folder" / "a.safetensors"),
                    storage::WriteError);
}

TEST_CASE("a hostile safetensors header is refused with what is wrong in it") {
    const TemporaryFolder folder;
    struct Hostile {
        std::string header;
        std::size_t data_bytes;
        std::string says;
    };
    const std::string good = R"("a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
    const std::string deep(10'000, '[');
    const std::vector<Hostile> cases{
        {"", 0, "does not begin with '{'"},
        {"[]", 0, "does not begin with '{'"},
        {" {}", 0, "does not begin with '{'"},
        {"{", 0, "is not JSON"},
        {"{}x", 0, "is not JSON"},
        {"{" + good, 4, "is not JSON"},
        {"{\"\xFF\":1}", 0, "is not JSON"},
        {R"({"a":1e999})", 0, "is not JSON"},
        {"{\"a\":" + deep, 0, "has a list where it should describe 'a'"},
        {R"({"a":{"shape":)" + deep, 0, "has a list as or in its shape"},
        {"{\"__metadata__\":" + deep, 0, "a list where it should describe"},
        {R"({"__metadata__":{"a":{}}})", 0, "has an object in __metadata__"},
        {R"({"__metadata__":{"a":1}})", 0, "has a number in __metadata__"},
        {R"({"__metadata__":{"a":"1","a":"1"}})", 0, "'a' twice"},
        {R"({"__metadata__":{},"__metadata__":{}})", 0, "names '__metadata__' twice"},
        {"{" + good + "," + good + "}", 4, "names 'a' twice"},
        {R"({"a":7})", 0, "a number where it should describe 'a'"},
        {R"({"a":null})", 0, "null where it should describe 'a'"},
        {R"({"a":{}})", 0, "lacks its dtype"},
        {R"({"a":{"dtype":"F32","shape":[1]}})", 4, "lacks its data_offsets"},
        {R"({"a":{"dtype":"F32","dtype":"F32"}})", 4, "has its dtype twice"},
        {R"({"a":{"dtype":"F32","shape":[],"shape":[]}})", 4, "has its shape twice"},
        {R"({"a":{"dtype":"F32","code":"import os"}})", 4, "has a field 'code'"},
        {R"({"a":{"dtype":"F7","shape":[1],"data_offsets":[0,4]}})", 4, "is of type 'F7'"},
        {R"({"a":{"dtype":4,"shape":[1],"data_offsets":[0,4]}})", 4, "a number as or in its dtype"},
        {R"({"a":{"dtype":["F32"],"shape":[1],"data_offsets":[0,4]}})", 4, "a list as or in its dtype"},
        {R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", 4, "a negative number"},
        {R"({"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}})", 4, "not whole"},
        {R"({"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}})", 4, "a text"},
        {R"({"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}})", 4, "a number as or in its shape"},
        {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}})", 4, "needs two data_offsets"},
        {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}})", 4, "more than 2 numbers"},
        {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", 4, "do not lie within"},
        {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,5]}})", 4, "do not lie within"},
        {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", 4, "takes 8 bytes, and it has 4"},
        {R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0,0]}})", 0, "takes 4 bytes, and it has 0"},
        {R"({"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807],"data_offsets":[0,4]}})", 4,
         "more numbers than can be counted"},
        {R"({"a":{"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,4]}})", 4, "too large"},
        {R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[1,5]}})", 5, "leave a hole"},
        {"{" + good + R"(,"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}})", 12, "leave a hole"},
        {"{" + good + R"(,"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}})", 6, "overlap"},
        {"{" + good + R"(,"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4, "overlap"},
        {"{" + good + "}", 9, "describes 4 bytes, and 9 follow"},
    };
    for (const Hostile& hostile : cases) {
        CAPTURE(hostile.header.substr(0, 80));
        const std::string message = refusal_of(folder, file_of(hostile.header, hostile.data_bytes));
        CAPTURE(message);
        CHECK(message.starts_with("w.safetensors: its header "));
        CHECK(message.find(hostile.says) != std::string::npos);
    }
    std::string sides = "1";
    for (int i = 0; i < 100'000; ++i) sides += ",1";
    CHECK(refusal_of(folder, file_of(R"({"a":{"dtype":"U8","shape":[)" + sides + R"(],"data_offsets":[0,1]}})", 1))
              .find("more than 64 numbers") != std::string::npos);
}

TEST_CASE("an absurd length of a safetensors header takes no memory") {
    const TemporaryFolder folder;
    const std::string header = "{}      ";
    for (const std::uint64_t length : {std::uint64_t{9}, std::uint64_t{99'999'999}})
        CHECK(refusal_of(folder, std::string(reinterpret_cast<const char*>(&length), 8) + header)
                  .find("the file has only 8 after its length") != std::string::npos);
    for (const std::uint64_t length : {std::uint64_t{100'000'001}, std::uint64_t{1} << 63U, ~std::uint64_t{0}})
        CHECK(refusal_of(folder, std::string(reinterpret_cast<const char*>(&length), 8) + header)
                  .find("that are allowed") != std::string::npos);
    CHECK(refusal_of(folder, "").find("has 0 bytes") != std::string::npos);
    CHECK(tests::read_error_of([&] { (void)storage::read_safetensors(folder.path()); }).find("no such file") !=
          std::string::npos);
}

TEST_CASE("a safetensors file that is cut off at any place, or goes on, is refused") {
    const TemporaryFolder folder(tests::Place::memory);
    storage::write_safetensors(every_type(), folder.path() / "a.safetensors");
    const std::string whole = tests::bytes_of(folder.path() / "a.safetensors");
    for (std::size_t length = 0; length < whole.size(); ++length) {
        CAPTURE(length);
        CHECK_FALSE(refusal_of(folder, whole.substr(0, length)).empty());
    }
    CHECK_FALSE(refusal_of(folder, whole + '\0').empty());
}

TEST_CASE("wrong bytes anywhere in a safetensors header are an error or other tensors, never more") {
    const TemporaryFolder folder(tests::Place::memory);
    storage::write_safetensors(every_type(), folder.path() / "a.safetensors");
    const std::string whole = tests::bytes_of(folder.path() / "a.safetensors");
    std::mt19937 random(7);
    std::size_t refused = 0;
    for (int round = 0; round < 2'000; ++round) {
        std::string bytes = whole;
        for (int change = 0; change < 1 + round % 3; ++change)
            bytes[random() % (whole.size() - 200)] = static_cast<char>(random() % 256);
        const auto file = tests::write_file(folder, "b.safetensors", bytes);
        try {
            std::size_t held = 0;
            for (const auto& [name, tensor] : storage::read_safetensors(file).tensors) held += tensor.bytes.size();
            CHECK(held < whole.size());
        } catch (const storage::ReadError&) {
            ++refused;
        }
    }
    CHECK(refused > 1'000);
}

// Knows the layout by itself: struct and numpy, nothing else.
constexpr const char* python_script = R"(
import json, struct, sys
import numpy as np

TYPES = {'F64': '<f8', 'F32': '<f4', 'F16': '<f2', 'I64': '<i8', 'I32': '<i4', 'I16': '<i2', 'I8': 'i1', 'U8': 'u1',
         'BOOL': '?'}

def read(path):
    raw = open(path, 'rb').read()
    (length,) = struct.unpack('<Q', raw[:8])
    header = json.loads(raw[8:8 + length])
    metadata = header.pop('__metadata__', {})
    arrays = {}
    for name, entry in header.items():
        begin, end = entry['data_offsets']
        arrays[name] = np.frombuffer(raw[8 + length + begin:8 + length + end], TYPES[entry['dtype']]).reshape(
            entry['shape'])
    return arrays, metadata

def write(path, arrays, metadata):
    header, data = {}, b''
    for name, array in arrays.items():
        kind = [k for k, v in TYPES.items() if np.dtype(v) == array.dtype][0]
        header[name] = {'shape': list(array.shape), 'data_offsets': [len(data), len(data) + array.nbytes],
                        'dtype': kind}
        data += array.tobytes()
    header['__metadata__'] = metadata
    text = json.dumps(header, indent=1).encode()
    open(path, 'wb').write(struct.pack('<Q', len(text)) + text + data)

arrays, metadata = read(sys.argv[1])
assert metadata == {'for': 'python'}, metadata
assert np.array_equal(arrays['floats'], np.array([[1.5, -2.0], [0.25, 3.0]], '<f4')), arrays
assert arrays['flags'].tolist() == [True, False, True], arrays
write(sys.argv[2], {
    'flags': ~arrays['flags'],
    'floats': (arrays['floats'] * 2).astype('<f4'),
    'half': np.array([1.0, -0.5], '<f2'),
    'wide': np.array([[1, -2, 3]], '<i8'),
    'none': np.zeros((0, 5), '<f8'),
    'one': np.array(7, 'u1')}, {'from': 'numpy'})
)";

TEST_CASE("safetensors files go to numpy and back") {
    if (std::system("python3 -c 'import numpy' >/dev/null 2>&1") != 0) {
        MESSAGE("python3 with numpy is not installed: skipped");
        return;
    }
    const TemporaryFolder folder;
    const auto script = folder.file("both.py", python_script);
    const auto ours = folder.path() / "ours.safetensors", theirs = folder.path() / "theirs.safetensors";
    TensorSet set;
    set.tensors["floats"] = schemas::tensor_from(std::vector<float>{1.5F, -2, 0.25F, 3}, {2, 2});
    set.tensors["flags"] = {NumberType::boolean, {3}, {std::byte{1}, std::byte{0}, std::byte{1}}};
    set.metadata["for"] = "python";
    storage::write_safetensors(set, ours);
    REQUIRE(std::system(
                ("python3 '" + script.string() + "' '" + ours.string() + "' '" + theirs.string() + "'").c_str()) == 0);
    const TensorSet back = storage::read_safetensors(theirs);
    CHECK(back.metadata == std::map<std::string, std::string>{{"from", "numpy"}});
    REQUIRE(back.tensors.size() == 6);
    CHECK(schemas::floats_from(back.tensors.at("floats")) == std::vector<float>{3, -4, 0.5F, 6});
    CHECK(back.tensors.at("floats").shape == std::vector<std::int64_t>{2, 2});
    CHECK(back.tensors.at("flags").bytes == std::vector{std::byte{0}, std::byte{1}, std::byte{0}});
    CHECK(back.tensors.at("half").bytes == std::vector{std::byte{0}, std::byte{0x3C}, std::byte{0}, std::byte{0xB8}});
    CHECK(back.tensors.at("wide").type == NumberType::i64);
    CHECK(back.tensors.at("wide").bytes[8] == std::byte{0xFE});
    CHECK(back.tensors.at("none").shape == std::vector<std::int64_t>{0, 5});
    CHECK(back.tensors.at("one").shape.empty());
    CHECK(back.tensors.at("one").bytes == std::vector{std::byte{7}});
}
