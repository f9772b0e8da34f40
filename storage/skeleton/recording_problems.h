#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "storage/read_error.h"
#include "storage/skeleton/skeleton_recording.h"

namespace storage {

// Gathers one kind of complaint about single frames. Neighbouring frames become one
// problem; after the first 20 the rest is one more.
class FrameComplaints {
public:
    explicit FrameComplaints(std::string what) : what_(std::move(what)) {}
    // Frames in rising order; several lines of a frame count once.
    void add(schemas::FrameIndex frame, std::size_t line);
    // "line 12: what". Says nothing of frames that the recording does not hold in the end.
    void report(SkeletonRecording& recording) const;

private:
    struct Run {
        schemas::FrameSpan frames;
        std::size_t line;
    };
    std::string what_;
    std::vector<Run> runs_;
};

// Lists the runs of frames without a skeleton: "12 frames have no skeleton".
void report_dead_frames(SkeletonRecording& recording);

// Throws ReadError when so many joints would take more memory than a recording may (3 GiB).
void check_extent(const std::string& name, std::size_t frames, std::size_t joints);

}  // namespace storage
