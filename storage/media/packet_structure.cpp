#include "storage/media/packet_structure.h"

extern "C" {
#include <libavcodec/avcodec.h>
}

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "storage/media/bit_reader.h"
#include "storage/media/nal_units.h"

namespace storage {

namespace {

using Pictures = PacketStructure::Pictures;

PacketStructure vp8(Bytes packet) {
    if (packet.size() < 3) return {};
    const std::uint32_t tag = packet[0] | std::uint32_t{packet[1]} << 8U | std::uint32_t{packet[2]} << 16U;
    const bool key = (tag & 1U) == 0;
    const bool whole = (tag >> 5U) <= packet.size() &&
                       (!key || (packet.size() >= 10 && packet[3] == 0x9d && packet[4] == 1 && packet[5] == 0x2a));
    if (!whole) return {};
    return {(tag & 16U) != 0 ? Pictures::one : Pictures::none_shown, key};
}

// The frames of a VP9 superframe, whose index is at its end; the packet itself if it is none.
std::vector<Bytes> vp9_frames(Bytes packet) {
    const std::uint8_t marker = packet.back();
    const std::size_t count = (marker & 7U) + 1U, width = ((marker >> 3U) & 3U) + 1U, index = 2 + count * width;
    if ((marker & 0xe0U) != 0xc0U || packet.size() < index || packet[packet.size() - index] != marker) return {packet};
    std::vector<Bytes> frames;
    std::size_t place = 0;
    const std::size_t sizes = packet.size() - index + 1;
    for (std::size_t frame = 0; frame < count; ++frame) {
        std::size_t size = 0;
        for (std::size_t byte = 0; byte < width; ++byte)
            size |= std::size_t{packet[sizes + frame * width + byte]} << (8 * byte);
        if (size > sizes - 1 - place) return {};
        if (size > 0) frames.push_back(packet.subspan(place, size));
        place += size;
    }
    return frames;
}

PacketStructure vp9(Bytes packet) {
    if (packet.empty()) return {};
    int shown = 0;
    bool key = false;
    const std::vector<Bytes> frames = vp9_frames(packet);
    for (const Bytes frame : frames) {
        BitReader reader(frame);
        if (reader.bits(2) != 2) return {};
        const std::uint32_t low = reader.bits(1), profile = low + 2 * reader.bits(1);
        if (profile == 3) reader.skip(1);
        if (reader.flag()) {
            ++shown;  // show_existing_frame
            continue;
        }
        const bool is_key = !reader.flag();
        if (frame.data() == packet.data()) key = is_key;
        shown += reader.flag() ? 1 : 0;
    }
    if (frames.empty() || shown > 1) return {};
    return {shown == 1 ? Pictures::one : Pictures::none_shown, key};
}

// MPEG-4 and MPEG-2 have a start code before each picture. B pictures of MPEG-4 are not called disposable:
// FFmpeg's decoder gives other pictures when those of Xvid are left out.
PacketStructure mpeg(Bytes packet, bool mpeg4) {
    const std::uint8_t picture_code = mpeg4 ? 0xb6 : 0x00;
    constexpr unsigned intra = 0, from_both_sides = 2;
    PacketStructure structure;
    int pictures = 0;
    for (std::size_t place = start_code(packet, 0); place + 5 < packet.size(); place = start_code(packet, place + 3)) {
        if (packet[place + 3] != picture_code) continue;
        const unsigned type = mpeg4 ? packet[place + 4] >> 6U : ((packet[place + 5] >> 3U) & 7U) - 1U;
        if (pictures++ == 0) structure.entry = type == intra;
        structure.disposable = !mpeg4 && pictures == 1 && type == from_both_sides;
    }
    // So few bytes stand for the second picture of a packed packet before.
    if (mpeg4 && packet.size() <= 8) structure.pictures = Pictures::none_shown;
    return structure;
}

}  // namespace

PacketExaminer::Codec PacketExaminer::codec_of(const AVCodecParameters& stream) {
    switch (stream.codec_id) {
        case AV_CODEC_ID_H264:
            return Codec::h264;
        case AV_CODEC_ID_HEVC:
            return Codec::hevc;
        case AV_CODEC_ID_VP8:
            return Codec::vp8;
        case AV_CODEC_ID_VP9:
            return Codec::vp9;
        case AV_CODEC_ID_AV1:
            return Codec::av1;
        case AV_CODEC_ID_MPEG4:
            return Codec::mpeg4;
        case AV_CODEC_ID_MPEG1VIDEO:
        case AV_CODEC_ID_MPEG2VIDEO:
            return Codec::mpeg2;
        case AV_CODEC_ID_FFV1:
        case AV_CODEC_ID_PRORES:
            return Codec::one_picture_a_packet;
        // Two fields can share a packet, and then give one picture.
        case AV_CODEC_ID_MJPEG:
            return stream.field_order <= AV_FIELD_PROGRESSIVE ? Codec::one_picture_a_packet : Codec::other;
        default:
            return Codec::other;
    }
}

PacketExaminer::PacketExaminer(const AVCodecParameters& stream) : codec_(codec_of(stream)) {
    if (stream.extradata != nullptr && stream.extradata_size > 0)
        read_extradata({stream.extradata, static_cast<std::size_t>(stream.extradata_size)});
}

bool PacketExaminer::knows_entries() const { return codec_ != Codec::other && codec_ != Codec::one_picture_a_packet; }

bool PacketExaminer::counts_pictures() const {
    return !needs_decoder_ && codec_ != Codec::other && codec_ != Codec::mpeg4 && codec_ != Codec::mpeg2;
}

PacketStructure PacketExaminer::examine(Bytes packet) {
    switch (codec_) {
        case Codec::h264:
            return h264(packet);
        case Codec::hevc:
            return hevc(packet);
        case Codec::vp8:
            return vp8(packet);
        case Codec::vp9:
            return vp9(packet);
        case Codec::av1:
            return av1(packet);
        case Codec::mpeg4:
            return mpeg(packet, true);
        case Codec::mpeg2:
            return mpeg(packet, false);
        case Codec::one_picture_a_packet:
            return {packet.empty() ? Pictures::unclear : Pictures::one, true};
        case Codec::other:
            break;
    }
    return {};
}

template <class Visit>
bool PacketExaminer::visit_nal_units(Bytes bytes, Visit visit) const {
    if (length_bytes_ == 0) return visit_start_codes(bytes, visit);
    const auto width = static_cast<std::size_t>(length_bytes_);
    while (!bytes.empty()) {
        if (bytes.size() < width) return false;
        std::size_t size = 0;
        for (std::size_t byte = 0; byte < width; ++byte) size = size << 8U | bytes[byte];
        bytes = bytes.subspan(width);
        if (size == 0 || size > bytes.size()) return false;
        visit(bytes.first(size));
        bytes = bytes.subspan(size);
    }
    return true;
}

// ISO/IEC 14496-15: the configuration records of AVC and HEVC. Parameter sets are found by their lengths.
void PacketExaminer::read_extradata(Bytes extradata) {
    if (codec_ != Codec::h264 && codec_ != Codec::hevc) return;
    const bool configuration = extradata[0] == 1;
    if (!configuration) {
        visit_start_codes(extradata, [&](Bytes unit) { read_parameter_set(unit); });
        return;
    }
    const std::size_t head = codec_ == Codec::h264 ? 5 : 22;
    if (extradata.size() <= head) return;
    length_bytes_ = (extradata[head - 1] & 3) + 1;
    std::size_t place = head;
    const auto number = [&](std::size_t bytes) {
        std::size_t value = 0;
        for (; bytes > 0 && place < extradata.size(); --bytes) value = value << 8U | extradata[place++];
        return value;
    };
    const auto read_units = [&](std::size_t count) {
        while (count-- > 0 && place < extradata.size()) {
            const std::size_t size = std::min(number(2), extradata.size() - place);
            read_parameter_set(extradata.subspan(place, size));
            place += size;
        }
    };
    if (codec_ == Codec::h264) {
        read_units(number(1) & 31U);
        return;
    }
    for (std::size_t arrays = number(1); arrays > 0 && place < extradata.size(); --arrays) {
        number(1);
        read_units(number(2));
    }
}

void PacketExaminer::read_parameter_set(Bytes unit) {
    if (unit.size() < 3) return;
    if (codec_ == Codec::h264 && (unit[0] & 31U) == 7) {
        sequence_ = sequence_fields(unit);
        needs_decoder_ = needs_decoder_ || !sequence_.only_frames;
    }
    if (codec_ == Codec::hevc && ((unit[0] >> 1U) & 63U) == 34)
        needs_decoder_ = needs_decoder_ || may_hide_pictures(unit);
}

PacketStructure PacketExaminer::h264(Bytes packet) {
    int pictures = 0;
    bool clear = true, idr = false, recovers = false, referred = false, field = false;
    const bool whole = visit_nal_units(packet, [&](Bytes unit) {
        const unsigned type = unit[0] & 31U;
        if (type == 7) read_parameter_set(unit);
        if (type == 6) recovers = recovers || recovers_at_once(unit);
        if ((2 <= type && type <= 4) || type >= 19) clear = false;  // partitions, second layers and views
        if (type != 1 && type != 5) return;
        const bool first_slice = unit.size() > 1 && (unit[1] & 128U) != 0;
        pictures += first_slice ? 1 : 0;
        clear = clear && pictures == 1;
        idr = type == 5;
        field = is_field_slice(unit, sequence_);
        referred = referred || (unit[0] & 96U) != 0;
    });
    const bool one = whole && clear && pictures == 1 && !needs_decoder_;
    const bool one_field = whole && clear && pictures == 1 && field;
    return {one         ? Pictures::one
            : one_field ? Pictures::one_field
                        : Pictures::unclear,
            idr || recovers, whole && pictures > 0 && !referred && !field};
}

PacketStructure PacketExaminer::hevc(Bytes packet) {
    int pictures = 0;
    bool clear = true, entry = false, referred = false;
    int layer = 0;
    const bool whole = visit_nal_units(packet, [&](Bytes unit) {
        if (unit.size() < 3) return;
        const unsigned type = (unit[0] >> 1U) & 63U;
        if (((unit[0] & 1U) << 5U | unit[1] >> 3U) != 0) return;  // of another layer: a second view
        if (type == 34) read_parameter_set(unit);
        // After a broken link or the end of a sequence, leading pictures are dropped.
        if ((16 <= type && type <= 18) || type == 36 || type == 37) clear = false;
        if (type > 21) return;
        pictures += (unit[2] & 128U) != 0 ? 1 : 0;
        clear = clear && pictures == 1;
        entry = type >= 16;
        if ((type == 19 || type == 20) && (unit[2] & 64U) != 0) clear = false;  // no_output_of_prior_pics_flag
        referred = referred || type > 14 || type % 2 != 0;
        layer = (unit[1] & 7) - 1;
    });
    const bool one = whole && clear && pictures == 1 && !needs_decoder_;
    return {one ? Pictures::one : Pictures::unclear, entry, whole && pictures > 0 && !referred, layer};
}

PacketStructure PacketExaminer::av1(Bytes packet) {
    int shown = 0;
    bool key = false, frames = false;
    while (!packet.empty()) {
        const unsigned header = packet[0], type = (header >> 3U) & 15U;
        const bool extended = (header & 4U) != 0, sized = (header & 2U) != 0;
        std::size_t place = extended ? 2 : 1, size = 0;
        if ((header & 128U) != 0 || packet.size() < place) return {};
        if (extended && (packet[1] & 0x18U) != 0) return {};  // a spatial layer
        for (unsigned shift = 0; sized && shift < 35; shift += 7) {
            if (place >= packet.size()) return {};
            const std::uint8_t byte = packet[place++];
            size |= std::size_t{byte & 127U} << shift;
            if ((byte & 128U) == 0) break;
        }
        if (!sized) size = packet.size() - place;
        if (size > packet.size() - place) return {};
        BitReader reader(packet.subspan(place, size));
        packet = packet.subspan(place + size);
        if (type == 1) needs_decoder_ = needs_decoder_ || (reader.bits(5) & 1U) != 0;  // reduced_still_picture_header
        if (type != 3 && type != 6) continue;
        if (reader.flag()) {
            ++shown;  // show_existing_frame
            continue;
        }
        const bool is_key = reader.bits(2) == 0, is_shown = reader.flag();
        if (!std::exchange(frames, true)) key = is_key && is_shown;
        shown += is_shown ? 1 : 0;
    }
    if (shown > 1 || needs_decoder_) return {};
    return {shown == 1 ? Pictures::one : Pictures::none_shown, key};
}

}  // namespace storage
