#include "storage/media/nal_units.h"

#include <algorithm>
#include <array>
#include <vector>

#include "storage/media/bit_reader.h"

namespace storage {

namespace {

// 0 0 3 stands for 0 0 within a NAL unit.
std::vector<std::uint8_t> without_emulation(Bytes unit) {
    std::vector<std::uint8_t> plain;
    for (std::size_t place = 0; place < unit.size(); ++place)
        if (place < 2 || unit[place] != 3 || unit[place - 1] != 0 || unit[place - 2] != 0) plain.push_back(unit[place]);
    return plain;
}

void skip_scaling_lists(BitReader& reader, int lists) {
    for (int list = 0; list < lists; ++list) {
        if (!reader.flag()) continue;
        std::int64_t last = 8, next = 8;
        for (int place = 0; place < (list < 6 ? 16 : 64) && !reader.overrun(); ++place) {
            if (next != 0) {
                const std::int64_t code = reader.unsigned_golomb();
                const std::int64_t delta = code % 2 != 0 ? (code + 1) / 2 : -code / 2;
                next = (last + delta + 256) % 256;
            }
            if (next != 0) last = next;
        }
    }
}

}  // namespace

std::size_t start_code(Bytes bytes, std::size_t from) {
    static constexpr std::array<std::uint8_t, 3> code{0, 0, 1};
    const auto found =
        std::search(bytes.begin() + static_cast<std::ptrdiff_t>(from), bytes.end(), code.begin(), code.end());
    return static_cast<std::size_t>(found - bytes.begin());
}

SequenceFields sequence_fields(Bytes unit) {
    const std::vector<std::uint8_t> plain = without_emulation(unit.subspan(1));
    BitReader reader(plain);
    SequenceFields fields;
    const std::uint32_t profile = reader.bits(8);
    reader.skip(16);
    reader.unsigned_golomb();
    static constexpr std::array high{100U, 110U, 122U, 244U, 44U, 83U, 86U, 118U, 128U, 138U, 139U, 134U, 135U};
    if (std::ranges::find(high, profile) != high.end()) {
        const std::uint32_t chroma = reader.unsigned_golomb();
        if (chroma == 3) fields.colour_plane_bits = reader.flag() ? 2 : 0;
        reader.unsigned_golomb();
        reader.unsigned_golomb();
        reader.skip(1);
        if (reader.flag()) skip_scaling_lists(reader, chroma == 3 ? 12 : 8);
    }
    fields.frame_number_bits = static_cast<int>(std::min(reader.unsigned_golomb(), 12U)) + 4;
    const std::uint32_t order = reader.unsigned_golomb();
    if (order == 0) reader.unsigned_golomb();
    if (order == 1) {
        reader.skip(1);
        reader.unsigned_golomb();
        reader.unsigned_golomb();
        const std::uint32_t cycle = std::min(reader.unsigned_golomb(), 255U);
        for (std::uint32_t frame = 0; frame < cycle; ++frame) reader.unsigned_golomb();
    }
    reader.unsigned_golomb();
    reader.skip(1);
    reader.unsigned_golomb();
    reader.unsigned_golomb();
    fields.only_frames = reader.flag() && !reader.overrun();
    return fields;
}

bool is_field_slice(Bytes unit, const SequenceFields& sequence) {
    if (sequence.only_frames) return false;
    const std::vector<std::uint8_t> plain =
        without_emulation(unit.subspan(1, std::min<std::size_t>(unit.size() - 1, 32)));
    BitReader reader(plain);
    for (int number = 0; number < 3; ++number) reader.unsigned_golomb();
    reader.skip(sequence.colour_plane_bits + sequence.frame_number_bits);
    return reader.flag() && !reader.overrun();
}

bool may_hide_pictures(Bytes unit) {
    const std::vector<std::uint8_t> plain =
        without_emulation(unit.subspan(2, std::min<std::size_t>(unit.size() - 2, 32)));
    BitReader reader(plain);
    reader.unsigned_golomb();
    reader.unsigned_golomb();
    reader.skip(1);
    return reader.flag() || reader.overrun();
}

bool recovers_at_once(Bytes unit) {
    const std::vector<std::uint8_t> plain = without_emulation(unit.subspan(1));
    std::size_t place = 0;
    const auto number = [&] {
        std::size_t sum = 0;
        while (place < plain.size() && plain[place] == 255) sum += plain[place++];
        return place < plain.size() ? sum + plain[place++] : sum;
    };
    while (place + 2 < plain.size()) {
        const std::size_t type = number(), size = number();
        if (type == 6 && size > 0 && place < plain.size()) {
            BitReader reader(Bytes(plain).subspan(place));
            return reader.unsigned_golomb() == 0 && !reader.overrun();
        }
        if (size > plain.size()) return false;
        place += size;
    }
    return false;
}

}  // namespace storage
