#include "storage/formats/safetensors_header.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <stdexcept>

#include "storage/formats/safetensors.h"
#include "storage/text_file.h"

namespace storage {

namespace {

using nlohmann::json;

// Walks the header without building a tree of it, so that depth and repetition cost nothing.
class HeaderWalk final : public nlohmann::json_sax<json> {
public:
    explicit HeaderWalk(const std::string& file) : file_(file) {}

    SafetensorsHeader header;

    bool null() override { return unexpected("null"); }
    bool boolean(bool) override { return unexpected("true or false"); }
    bool number_integer(number_integer_t) override { return unexpected("a negative number"); }
    bool number_float(number_float_t, const string_t&) override { return unexpected("a number that is not whole"); }
    bool binary(binary_t&) override { return unexpected("bytes"); }

    bool number_unsigned(number_unsigned_t value) override {
        if (place_ != Place::numbers) return unexpected("a number");
        const bool offsets = field_ == "data_offsets";
        if (numbers_.size() >= (offsets ? 2 : most_tensor_sides))
            fail(tensor() + field_ + " has more than " + std::to_string(offsets ? 2 : most_tensor_sides) + " numbers");
        if (value > static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max()))
            fail(tensor() + field_ + " has the number " + std::to_string(value) + ", which is too large");
        numbers_.push_back(value);
        return true;
    }

    bool string(string_t& value) override {
        if (place_ == Place::metadata) {
            if (!header.metadata.emplace(field_, std::move(value)).second)
                fail("__metadata__ has " + in_quotes(field_) + " twice");
            return true;
        }
        if (place_ != Place::tensor || field_ != "dtype") return unexpected("a text");
        const auto type = schemas::enum_from<schemas::NumberType>(value);
        if (!type)
            fail(tensor() + "is of type " + in_quotes(value) + ", which is not read here; known are F64 F32 F16 BF16 " +
                 "I64 I32 I16 I8 U8 BOOL");
        type_ = type;
        return true;
    }

    bool start_object(std::size_t) override {
        if (place_ == Place::before) {
            place_ = Place::top;
        } else if (place_ == Place::top) {
            place_ = field_ == "__metadata__" ? Place::metadata : Place::tensor;
            entry_ = {};
            entry_.name = field_;
            type_.reset();
            shape_.reset();
            offsets_.reset();
        } else {
            return unexpected("an object");
        }
        return true;
    }

    bool key(string_t& name) override {
        field_ = name;
        if (place_ == Place::top && !names_.insert(name).second) fail("names " + in_quotes(name) + " twice");
        if (place_ == Place::tensor) {
            if (name != "dtype" && name != "shape" && name != "data_offsets")
                fail(tensor() + "has a field " + in_quotes(name) + ", which is not known");
            const bool repeated =
                (name == "dtype" && type_) || (name == "shape" && shape_) || (name == "data_offsets" && offsets_);
            if (repeated) fail(tensor() + "has its " + name + " twice");
        }
        return true;
    }

    bool end_object() override {
        if (place_ == Place::tensor) finish_tensor();
        place_ = place_ == Place::top ? Place::after : Place::top;
        return true;
    }

    bool start_array(std::size_t) override {
        if (place_ != Place::tensor || field_ == "dtype") return unexpected("a list");
        place_ = Place::numbers;
        numbers_.clear();
        return true;
    }

    bool end_array() override {
        place_ = Place::tensor;
        (field_ == "shape" ? shape_ : offsets_) = numbers_;
        return true;
    }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
        fail("is not JSON at its byte " + std::to_string(position) + "; is the file damaged?");
    }

    [[noreturn]] void fail(const std::string& what) const { throw ReadError(file_ + ": its header " + what + "."); }

private:
    enum class Place { before, top, metadata, tensor, numbers, after };

    bool unexpected(const std::string& what) const {
        switch (place_) {
            case Place::before:
            case Place::after:
                fail("is no object, but " + what);
            case Place::top:
                fail("has " + what + " where it should describe " + in_quotes(field_));
            case Place::metadata:
                fail("has " + what + " in __metadata__, which holds nothing but texts");
            case Place::tensor:
            case Place::numbers:
                fail(tensor() + "has " + what + " as or in its " + field_);
        }
        return false;
    }

    [[nodiscard]] std::string tensor() const { return "is wrong about tensor " + in_quotes(entry_.name) + ": it "; }

    void finish_tensor() {
        if (!type_ || !shape_ || !offsets_)
            fail(tensor() + "lacks its " + (!type_ ? "dtype" : !shape_ ? "shape" : "data_offsets"));
        if (offsets_->size() != 2) fail(tensor() + "needs two data_offsets");
        entry_.type = *type_;
        for (const std::uint64_t side : *shape_) entry_.shape.push_back(static_cast<std::int64_t>(side));
        entry_.begin = offsets_->front();
        entry_.end = offsets_->back();
        header.tensors.push_back(std::move(entry_));
    }

    const std::string& file_;
    Place place_ = Place::before;
    std::string field_;  // the key that was read last
    std::set<std::string> names_;
    SafetensorsEntry entry_;
    std::optional<schemas::NumberType> type_;
    std::optional<std::vector<std::uint64_t>> shape_, offsets_;
    std::vector<std::uint64_t> numbers_;
};

void require_sizes(const HeaderWalk& walk, const SafetensorsEntry& entry, std::uint64_t data_bytes) {
    const std::string range = "[" + std::to_string(entry.begin) + ", " + std::to_string(entry.end) + ")";
    const std::string tensor = "is wrong about tensor " + in_quotes(entry.name) + ": ";
    if (entry.end < entry.begin || entry.end > data_bytes)
        walk.fail(tensor + "its bytes " + range + " do not lie within the " + std::to_string(data_bytes) +
                  " that follow; is the file cut off?");
    std::uint64_t expected = 0;
    try {
        expected = tensor_bytes(entry.type, entry.shape);
    } catch (const std::overflow_error&) {
        walk.fail(tensor + "its shape has more numbers than can be counted");
    }
    if (expected != entry.end - entry.begin)
        walk.fail(tensor + std::string(to_text(entry.type)) + " of the shape " + schemas::shape_text(entry.shape) +
                  " takes " + std::to_string(expected) + " bytes, and it has " +
                  std::to_string(entry.end - entry.begin));
}

// Sorted by where they begin, each begins where the one before ends, and the last ends with the data.
void require_no_holes(const HeaderWalk& walk, std::uint64_t data_bytes) {
    std::uint64_t covered = 0;
    for (const SafetensorsEntry& entry : walk.header.tensors) {
        if (entry.begin != covered)
            walk.fail("is wrong about tensor " + in_quotes(entry.name) + ": it begins at byte " +
                      std::to_string(entry.begin) + " where the tensors before it end at byte " +
                      std::to_string(covered) + ", so they " + (entry.begin < covered ? "overlap" : "leave a hole"));
        covered = entry.end;
    }
    if (covered != data_bytes)
        walk.fail("describes " + std::to_string(covered) + " bytes, and " + std::to_string(data_bytes) + " follow");
}

}  // namespace

std::uint64_t tensor_bytes(schemas::NumberType type, const std::vector<std::int64_t>& shape) {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (std::ranges::find(shape, 0) != shape.end()) return 0;
    std::uint64_t bytes = schemas::bytes_of(type);
    for (const std::int64_t side : shape) {
        if (side < 0 || static_cast<std::uint64_t>(side) > most / bytes)
            throw std::overflow_error("a tensor of the shape " + schemas::shape_text(shape) + " is too large");
        bytes *= static_cast<std::uint64_t>(side);
    }
    return bytes;
}

SafetensorsHeader parse_safetensors_header(const std::string& name, std::string_view header, std::uint64_t data_bytes) {
    HeaderWalk walk(name);
    if (!header.starts_with('{')) walk.fail("does not begin with '{'; this is no safetensors file");
    json::sax_parse(header.begin(), header.end(), &walk);
    for (const SafetensorsEntry& entry : walk.header.tensors) require_sizes(walk, entry, data_bytes);
    std::ranges::sort(walk.header.tensors, {},
                      [](const SafetensorsEntry& entry) { return std::pair(entry.begin, entry.end); });
    require_no_holes(walk, data_bytes);
    return std::move(walk.header);
}

}  // namespace storage
