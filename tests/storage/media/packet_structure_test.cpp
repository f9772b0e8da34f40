#include "storage/media/packet_structure.h"

#include <doctest/doctest.h>

#include <functional>
#include <memory>

#include "storage/media/bit_reader.h"
#include "storage/media/ffmpeg_ptr.h"

namespace storage {
namespace {

using Coded = std::vector<std::uint8_t>;
using Pictures = PacketStructure::Pictures;

PacketExaminer examiner(AVCodecID codec, const Coded& extradata = {}) {
    const std::unique_ptr<AVCodecParameters, void (*)(AVCodecParameters*)> parameters(
        avcodec_parameters_alloc(), [](AVCodecParameters* freed) { avcodec_parameters_free(&freed); });
    parameters->codec_id = codec;
    parameters->extradata = static_cast<std::uint8_t*>(av_mallocz(extradata.size() + AV_INPUT_BUFFER_PADDING_SIZE));
    std::ranges::copy(extradata, parameters->extradata);
    parameters->extradata_size = static_cast<int>(extradata.size());
    return PacketExaminer(*parameters);
}

// An AVC configuration without parameter sets; NAL units have lengths of 4 bytes.
const Coded avc{1, 66, 0, 30, 0xff, 0xe0, 0};
const Coded idr_slice{0x65, 0x88, 0x84}, slice{0x41, 0x9a, 0x02}, unreferred{0x01, 0x9e, 0x02};
const Coded second_slice{0x41, 0x42, 0x02};
const Coded recovery_now{0x06, 0x06, 0x01, 0xc4, 0x80}, recovery_later{0x06, 0x06, 0x02, 0x24, 0xc4, 0x80};

Coded with_lengths(const std::vector<Coded>& units) {
    Coded packet;
    for (const Coded& unit : units) {
        packet.insert(packet.end(), {0, 0, 0, static_cast<std::uint8_t>(unit.size())});
        packet.insert(packet.end(), unit.begin(), unit.end());
    }
    return packet;
}

PacketStructure avc_packet(const std::vector<Coded>& units) {
    return examiner(AV_CODEC_ID_H264, avc).examine(with_lengths(units));
}

}  // namespace

TEST_CASE("Exp-Golomb numbers are read as H.264 9.1 says, and an end is an end") {
    const Coded bytes{0b10100110, 0b01000010, 0b10000000};
    BitReader reader(bytes);
    for (const std::uint32_t expected : {0U, 1U, 2U, 3U, 4U}) CHECK(reader.unsigned_golomb() == expected);
    CHECK_FALSE(reader.overrun());
    const Coded zeros(40, 0);
    BitReader endless(zeros);
    CHECK(endless.unsigned_golomb() == 0);
    CHECK(endless.overrun());
}

TEST_CASE("H.264: one first slice is one picture, two are not clear") {
    CHECK(avc_packet({slice}).pictures == Pictures::one);
    CHECK(avc_packet({slice, second_slice}).pictures == Pictures::one);
    CHECK(avc_packet({slice, slice}).pictures == Pictures::unclear);
    CHECK(avc_packet({second_slice}).pictures == Pictures::unclear);
    CHECK(avc_packet({}).pictures == Pictures::unclear);
}

TEST_CASE("H.264: decoding begins at an IDR picture or where recovery is immediate") {
    CHECK(avc_packet({idr_slice}).entry);
    CHECK(avc_packet({recovery_now, slice}).entry);
    CHECK_FALSE(avc_packet({recovery_later, slice}).entry);
    CHECK_FALSE(avc_packet({slice}).entry);
}

TEST_CASE("H.264: a picture without nal_ref_idc is disposable") {
    CHECK(avc_packet({unreferred}).disposable);
    CHECK_FALSE(avc_packet({slice}).disposable);
}

TEST_CASE("H.264: units that do not fill the packet are not clear") {
    Coded packet = with_lengths({slice});
    packet[3] += 1;
    CHECK(examiner(AV_CODEC_ID_H264, avc).examine(packet).pictures == Pictures::unclear);
    packet[3] = 1;
    CHECK(examiner(AV_CODEC_ID_H264, avc).examine(packet).pictures == Pictures::unclear);
}

TEST_CASE("H.264: start codes do as well as lengths") {
    const Coded packet{0, 0, 0, 1, 0x65, 0x88, 0x84, 0, 0, 1, 0x65, 0x42, 0x84};
    const PacketStructure structure = examiner(AV_CODEC_ID_H264).examine(packet);
    CHECK(structure.pictures == Pictures::one);
    CHECK(structure.entry);
}

TEST_CASE("H.264: fields are told from frames where the sequence allows both") {
    // Baseline profile, 16 frame numbers, order type 2, 1x1 macroblocks, frame_mbs_only_flag 0.
    const Coded sequence{0x67, 66, 0, 30, 0b11011101, 0b10100000};
    // First macroblock 0, slice type 0, parameter set 0, frame number 0, field_pic_flag.
    const Coded field{0x41, 0b11100001, 0x80}, frame{0x41, 0b11100000, 0x80};
    PacketExaminer both = examiner(AV_CODEC_ID_H264, avc);
    CHECK(both.counts_pictures());
    CHECK(both.examine(with_lengths({sequence, field})).pictures == Pictures::one_field);
    CHECK(both.examine(with_lengths({frame})).pictures == Pictures::unclear);
    CHECK(both.examine(with_lengths({field, field})).pictures == Pictures::unclear);
    CHECK_FALSE(both.counts_pictures());
}

TEST_CASE("HEVC: types tell entries and pictures that nothing refers to") {
    const Coded hvc = [] {
        Coded record(23, 0);
        record[0] = 1;
        record[21] = 3;
        return record;
    }();
    const auto of_type = [&](int type) {
        return examiner(AV_CODEC_ID_HEVC, hvc)
            .examine(with_lengths({{static_cast<std::uint8_t>(type << 1), 1, 0x80, 1}}));
    };
    CHECK(of_type(19).entry);
    CHECK(of_type(21).entry);
    CHECK(of_type(1).pictures == Pictures::one);
    CHECK_FALSE(of_type(1).entry);
    CHECK_FALSE(of_type(1).disposable);
    CHECK(of_type(0).disposable);
    CHECK(of_type(16).pictures == Pictures::unclear);
}

TEST_CASE("VP8: a frame that is not shown gives no picture") {
    const PacketExaminer unused = examiner(AV_CODEC_ID_VP8);
    CHECK(unused.counts_pictures());
    CHECK(examiner(AV_CODEC_ID_VP8).examine(Coded{0x10, 0, 0, 0x9d, 0x01, 0x2a, 16, 0, 16, 0}).entry);
    CHECK(examiner(AV_CODEC_ID_VP8).examine(Coded{0x11, 0, 0, 0}).pictures == Pictures::one);
    CHECK(examiner(AV_CODEC_ID_VP8).examine(Coded{0x01, 0, 0, 0}).pictures == Pictures::none_shown);
    CHECK(examiner(AV_CODEC_ID_VP8).examine(Coded{0x10, 0, 0, 1, 2, 3, 16, 0, 16, 0}).pictures == Pictures::unclear);
}

TEST_CASE("VP9: a superframe with a hidden and a shown frame gives one picture") {
    // Frame marker, profile 0, coded anew, not key; shown in the second.
    const std::uint8_t hidden = 0b10000100, shown = 0b10000110, existing = 0b10001000;
    const auto superframe = [](std::uint8_t first, std::uint8_t second) {
        return Coded{first, 0, second, 0, 0, 0xc1, 2, 3, 0xc1};
    };
    CHECK(examiner(AV_CODEC_ID_VP9).examine(superframe(hidden, shown)).pictures == Pictures::one);
    CHECK(examiner(AV_CODEC_ID_VP9).examine(superframe(hidden, hidden)).pictures == Pictures::none_shown);
    CHECK(examiner(AV_CODEC_ID_VP9).examine(superframe(shown, shown)).pictures == Pictures::unclear);
    CHECK(examiner(AV_CODEC_ID_VP9).examine(Coded{existing}).pictures == Pictures::one);
    CHECK(examiner(AV_CODEC_ID_VP9).examine(Coded{0b10000010, 0x49, 0x83}).entry);
    CHECK(examiner(AV_CODEC_ID_VP9).examine(Coded{0x12}).pictures == Pictures::unclear);
}

TEST_CASE("AV1: a temporal unit shows as many pictures as its headers say") {
    const Coded delimiter{0x12, 0x00};
    const auto unit = [&](const Coded& obu) {
        Coded packet = delimiter;
        packet.insert(packet.end(), obu.begin(), obu.end());
        return examiner(AV_CODEC_ID_AV1).examine(packet);
    };
    CHECK(unit({0x32, 2, 0b00010000, 0}).entry);  // a shown key frame
    CHECK(unit({0x32, 2, 0b00110000, 0}).pictures == Pictures::one);
    CHECK_FALSE(unit({0x32, 2, 0b00110000, 0}).entry);
    CHECK(unit({0x32, 2, 0b00100000, 0}).pictures == Pictures::none_shown);
    CHECK(unit({0x1a, 1, 0b10000000}).pictures == Pictures::one);  // show_existing_frame
    CHECK(unit({0x32, 9, 0b00110000, 0}).pictures == Pictures::unclear);
}

TEST_CASE("MPEG-4 and MPEG-2: the picture's type tells entries") {
    CHECK(examiner(AV_CODEC_ID_MPEG4).examine(Coded{0, 0, 1, 0xb6, 0x10, 0, 0, 0, 0}).entry);
    CHECK_FALSE(examiner(AV_CODEC_ID_MPEG4).examine(Coded{0, 0, 1, 0xb6, 0x50, 0, 0, 0, 0}).entry);
    CHECK(examiner(AV_CODEC_ID_MPEG4).examine(Coded{0, 0, 1, 0xb6, 0x50, 0, 0x7f}).pictures == Pictures::none_shown);
    CHECK(examiner(AV_CODEC_ID_MPEG2VIDEO).examine(Coded{0, 0, 1, 0, 0, 0x08, 0, 0, 0}).entry);
    CHECK(examiner(AV_CODEC_ID_MPEG2VIDEO).examine(Coded{0, 0, 1, 0, 0, 0x18, 0, 0, 0}).disposable);
    CHECK_FALSE(examiner(AV_CODEC_ID_MPEG2VIDEO).counts_pictures());
}

TEST_CASE("any bytes are a packet that can be examined") {
    std::uint32_t state = 1;
    for (const AVCodecID codec : {AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_VP8, AV_CODEC_ID_VP9, AV_CODEC_ID_AV1,
                                  AV_CODEC_ID_MPEG4, AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_FFV1, AV_CODEC_ID_THEORA})
        for (std::size_t size = 0; size < 200; ++size) {
            Coded bytes(size);
            for (std::uint8_t& byte : bytes)
                byte = static_cast<std::uint8_t>((state = state * 1664525U + 1013904223U) >> 26U);
            (void)examiner(codec, bytes).examine(bytes);
        }
}

}  // namespace storage
