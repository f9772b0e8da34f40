#pragma once

#include <bit>
#include <cstdint>

#include "inference/luma_picture.h"

namespace inference {

// 64 bits that stay nearly the same when a picture is encoded again, scaled, brightened or darkened:
// which of the 8 x 8 lowest frequencies of its cosine transform (32 x 32, without the mean) lie above
// their median. (Zauner 2010, Implementation and Benchmarking of Perceptual Image Hash Functions, 3.2.1)
//
// It tells recordings and shots apart. It does not tell a frame from its neighbours: those differ by as
// few bits as a frame and its copy; match_frames() does, from thumbnails.
//
// Thread: any.
std::uint64_t frame_signature(const LumaPicture& picture);

// Bits that differ, 0 … 64; unrelated pictures differ by about 32.
inline int signature_distance(std::uint64_t a, std::uint64_t b) { return std::popcount(a ^ b); }

}  // namespace inference
