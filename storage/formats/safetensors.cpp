#include "storage/formats/safetensors.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <fstream>
#include <stdexcept>
#include <utility>
#include <vector>

#include "storage/formats/safetensors_header.h"

namespace storage {

namespace {

static_assert(std::endian::native == std::endian::little, "tensors are stored as they lie in memory");

constexpr std::size_t length_bytes = 8;

class SafetensorsFile {
public:
    explicit SafetensorsFile(const std::filesystem::path& file) : name_(file.filename().string()) {
        std::error_code error;
        if (!std::filesystem::is_regular_file(file, error)) fail("there is no such file");
        const std::uint64_t bytes = std::filesystem::file_size(file, error);
        stream_.open(file, std::ios::binary);
        if (error || !stream_) fail("cannot be read");
        if (bytes < length_bytes)
            fail("has " + std::to_string(bytes) + " bytes, less than the length of a header takes");
        const std::uint64_t length = read_length();
        if (length > longest_safetensors_header)
            fail("its header would have " + std::to_string(length) + " bytes, more than the " +
                 std::to_string(longest_safetensors_header) + " that are allowed; this is no safetensors file");
        if (length > bytes - length_bytes)
            fail("its header would have " + std::to_string(length) + " bytes, and the file has only " +
                 std::to_string(bytes - length_bytes) + " after its length; it is cut off or no safetensors file");
        std::string text(static_cast<std::size_t>(length), '\0');
        read(text.data(), text.size());
        header = parse_safetensors_header(name_, text, bytes - length_bytes - length);
    }

    SafetensorsHeader header;

    // In the order of the header's tensors.
    schemas::Tensor next(const SafetensorsEntry& entry) {
        schemas::Tensor tensor{entry.type, entry.shape, {}};
        tensor.bytes.resize(static_cast<std::size_t>(entry.end - entry.begin));
        read(reinterpret_cast<char*>(tensor.bytes.data()), tensor.bytes.size());
        return tensor;
    }

private:
    std::uint64_t read_length() {
        std::array<unsigned char, length_bytes> bytes{};
        read(reinterpret_cast<char*>(bytes.data()), bytes.size());
        std::uint64_t length = 0;
        for (std::size_t i = 0; i < bytes.size(); ++i) length |= std::uint64_t{bytes[i]} << (8 * i);
        return length;
    }

    void read(char* into, std::size_t bytes) {
        stream_.read(into, static_cast<std::streamsize>(bytes));
        if (static_cast<std::size_t>(stream_.gcount()) != bytes) fail("could not be read to its end");
    }

    [[noreturn]] void fail(const std::string& what) const { throw ReadError(name_ + ": " + what + "."); }

    std::string name_;
    std::ifstream stream_;
};

using Named = std::pair<const std::string, schemas::Tensor>;

std::vector<const Named*> in_order(const schemas::TensorSet& set) {
    std::vector<const Named*> order;
    for (const Named& named : set.tensors) order.push_back(&named);
    std::ranges::stable_sort(order, std::greater{},
                             [](const Named* named) { return schemas::bytes_of(named->second.type); });
    return order;
}

std::string header_of(const schemas::TensorSet& set, const std::vector<const Named*>& order) {
    nlohmann::json header = nlohmann::json::object();
    if (!set.metadata.empty()) header["__metadata__"] = set.metadata;
    std::uint64_t at = 0;
    for (const Named* named : order) {
        const auto& [name, tensor] = *named;
        if (name == "__metadata__" || tensor.shape.size() > most_tensor_sides ||
            tensor_bytes(tensor.type, tensor.shape) != tensor.bytes.size())
            throw std::invalid_argument("tensor '" + name + "' of the shape " + schemas::shape_text(tensor.shape) +
                                        " has " + std::to_string(tensor.bytes.size()) + " bytes and cannot be written");
        header[name] = {{"dtype", std::string(to_text(tensor.type))},
                        {"shape", tensor.shape},
                        {"data_offsets", {at, at + tensor.bytes.size()}}};
        at += tensor.bytes.size();
    }
    std::string text;
    try {
        text = header.dump();
    } catch (const nlohmann::json::exception&) {
        throw std::invalid_argument("a tensor's name or a text about the tensors is no UTF-8");
    }
    text.resize((text.size() + 7) / 8 * 8, ' ');
    if (text.size() > longest_safetensors_header)
        throw std::invalid_argument("these tensors need a longer header than the format allows");
    return text;
}

}  // namespace

schemas::TensorSet read_safetensors(const std::filesystem::path& file) {
    SafetensorsFile source(file);
    schemas::TensorSet set;
    set.metadata = std::move(source.header.metadata);
    for (const SafetensorsEntry& entry : source.header.tensors) set.tensors.emplace(entry.name, source.next(entry));
    return set;
}

std::map<std::string, std::string> read_safetensors_metadata(const std::filesystem::path& file) {
    return SafetensorsFile(file).header.metadata;
}

void write_safetensors(const schemas::TensorSet& set, const std::filesystem::path& file) {
    const std::vector<const Named*> order = in_order(set);
    const std::string header = header_of(set, order);
    std::string length(length_bytes, '\0');
    for (std::size_t i = 0; i < length.size(); ++i) length[i] = static_cast<char>((header.size() >> (8 * i)) & 0xFFU);
    AtomicFile target(file);
    target.write(length);
    target.write(header);
    for (const Named* named : order) {
        const std::vector<std::byte>& bytes = named->second.bytes;
        target.write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
    target.commit();
}

}  // namespace storage
