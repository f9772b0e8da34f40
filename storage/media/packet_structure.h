#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "storage/media/nal_units.h"

struct AVCodecParameters;

namespace storage {

// What a packet says about its picture without being decoded.
struct PacketStructure {
    // one_field: half a picture. unclear: damaged, or of a kind that only the decoder can tell.
    enum class Pictures { none_shown, one, one_field, unclear } pictures = Pictures::unclear;
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
    PacketStructure examine(Bytes packet);

private:
    enum class Codec { h264, hevc, vp8, vp9, av1, mpeg4, mpeg2, one_picture_a_packet, other };
    static Codec codec_of(const AVCodecParameters& stream);
    void read_extradata(Bytes extradata);
    template <class Visit>
    bool visit_nal_units(Bytes bytes, Visit visit) const;
    void read_parameter_set(Bytes unit);
    PacketStructure h264(Bytes packet);
    PacketStructure hevc(Bytes packet);
    PacketStructure av1(Bytes packet);

    Codec codec_;
    int length_bytes_ = 0;        // of a NAL unit's length; 0: start codes
    SequenceFields sequence_;     // of H.264
    bool needs_decoder_ = false;  // by a parameter set: fields, or pictures that may not be shown
};

}  // namespace storage
