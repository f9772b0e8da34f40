#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

// What the units of H.264 (ITU-T H.264) and HEVC (ITU-T H.265) say, as far as counting pictures needs it.
// Units are given without start code or length, and with their header of one or two bytes.
namespace storage {

using Bytes = std::span<const std::uint8_t>;

// The next 0 0 1 from `from` on, or the end.
std::size_t start_code(Bytes bytes, std::size_t from);

// Calls `visit` for each unit after a start code. False when there is none.
template <class Visit>
bool visit_start_codes(Bytes bytes, Visit visit) {
    std::size_t begin = start_code(bytes, 0);
    if (begin == bytes.size()) return false;
    while (begin < bytes.size()) {
        const std::size_t end = start_code(bytes, begin + 3);
        std::size_t last = end;
        while (last > begin + 3 && bytes[last - 1] == 0) --last;
        if (last > begin + 3) visit(bytes.subspan(begin + 3, last - begin - 3));
        begin = end;
    }
    return true;
}

// Of a sequence parameter set of H.264, 7.3.2.1.1: what it takes to tell fields from frames.
struct SequenceFields {
    bool only_frames = true;  // frame_mbs_only_flag
    int frame_number_bits = 4;
    int colour_plane_bits = 0;
};
SequenceFields sequence_fields(Bytes unit);

// field_pic_flag of a slice of H.264, 7.3.3.
bool is_field_slice(Bytes unit, const SequenceFields& sequence);

// output_flag_present_flag of HEVC, 7.3.2.3.1: pictures may be marked as not to be shown.
bool may_hide_pictures(Bytes unit);

// Whether a recovery point (H.264 D.1.8) is among the messages of a unit and recovery is immediate.
bool recovers_at_once(Bytes unit);

}  // namespace storage
