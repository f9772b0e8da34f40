#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "schemas/frame.h"
#include "schemas/skeleton.h"

// Trimmed takes joined into long streams, so that boundaries have a truth to be tested
// against (models.md 3.4).
namespace annotator {

struct TakeToJoin {
    const schemas::SkeletonSequence* skeleton = nullptr;  // in metres
    std::string label;
};

struct JoinOptions {
    std::size_t takes_per_stream = 8;  // of the last stream: what is left
    schemas::FrameIndex cross_fade_frames = 4;
    std::uint64_t seed = 1;  // of the order
};

// The part of a stream that one take became; it begins and ends in the middle of the
// cross-fades.
struct JoinedSpan {
    schemas::FrameSpan frames;
    std::size_t source = 0;  // index of the take
    std::string label;
};

// The spans tile the stream.
struct JoinedStream {
    schemas::SkeletonSequence skeleton;
    std::vector<JoinedSpan> spans;
};

struct JoinProblem {
    std::size_t source = 0;
    std::string what;
};

struct JoinedTakes {
    std::vector<JoinedStream> streams;
    std::vector<JoinProblem> problems;  // takes left out, frames dropped
};

// Joins takes of one performer. Their order is drawn from the seed, with different labels
// next to each other as long as the labels allow it. Each take is turned about the
// vertical and moved along the ground so that shoulders and pelvis continue where the
// previous take ended, then the two are blended linearly over k frames: no joint moves
// faster within the blend than in its takes by more than their distance / (k + 1) a frame.
//
// Frames without a skeleton are dropped first. A take that is then shorter than two
// cross-fades is left out. Both are reported.
//
// Throws std::invalid_argument for pixels, different layouts or options without sense.
//
// Thread: any.
JoinedTakes join_takes(std::span<const TakeToJoin> takes, const JoinOptions& options);

// Where a performer's streams go in a data set of joined takes.
struct PerformerStreams {
    std::string performer;  // part of the file names
    std::vector<JoinedStream> streams;
};

// Writes streams/stream_sPERFORMER_eNN_skeleton3D.txt in the format of MSR-Action3D and
// truth/categories.csv (clip,track,performer,begin,end,label). The skeletons have the
// layout msr20. Throws as write_synthetic_dataset does, and treats the folder alike.
void write_joined_streams(const std::filesystem::path& folder, std::span<const PerformerStreams> performers);

}  // namespace annotator
