#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

struct AVCodecParameters;

namespace storage {

// What a packet says about its picture without being decoded.
struct PacketStructure {
    // unclear: damaged, or of a kind that only the decoder can tell, such as fields.
    enum class Pictures { none_shown, one, unclear } pictures = Pictures::unclear;
    bool entry = false;       // decoding can begin here: what is shown from this picture on comes out whole
    bool disposable = false;  // no other picture refers to this one
    int temporal_layer = 0;   // disposable holds only in the stream's highest layer
};

// Reads the structure of packets of one stream; the headers that they depend on come with the stream.
// H.264: ITU-T H.264, 7.3; HEVC: ITU-T H.265, 7.3; VP8: RFC 6386, 9.1; VP9: bitstream specification 6.2
// and annex B; AV1: bitstream specification 5.5 and 5.9; MPEG-4: ISO/IEC 14496-2, 6.2; MPEG-2: 13818-2, 6.2.
//
// Thread: one. Never throws for what a packet holds.
class PacketExaminer {
public:
    explicit PacketExaminer(const AVCodecParameters& stream);

    // Whether `entry` and `disposable` mean anything for this codec.
    [[nodiscard]] bool knows_entries() const;
    // Whether `pictures` does, so that frames can be counted without the decoder.
    [[nodiscard]] bool counts_pictures() const;
    PacketStructure examine(std::span<const std::uint8_t> packet);

private:
    enum class Codec { h264, hevc, vp8, vp9, av1, mpeg4, mpeg2, one_picture_a_packet, other };
    static Codec codec_of(const AVCodecParameters& stream);
    void read_extradata(std::span<const std::uint8_t> extradata);
    template <class Visit>
    bool visit_nal_units(std::span<const std::uint8_t> bytes, Visit visit) const;
    void read_parameter_set(std::span<const std::uint8_t> unit);
    PacketStructure h264(std::span<const std::uint8_t> packet);
    PacketStructure hevc(std::span<const std::uint8_t> packet);
    PacketStructure av1(std::span<const std::uint8_t> packet);

    Codec codec_;
    int length_bytes_ = 0;        // of a NAL unit's length; 0: start codes
    bool needs_decoder_ = false;  // by a parameter set: fields, or pictures that may not be shown
};

}  // namespace storage
