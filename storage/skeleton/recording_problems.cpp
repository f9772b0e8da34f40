#include "storage/skeleton/recording_problems.h"

#include <algorithm>

namespace storage {

namespace {

constexpr std::size_t most_runs = 20;
constexpr std::size_t most_joints_in_all = std::size_t{200} << 20;  // at 16 bytes each

}  // namespace

void FrameComplaints::add(schemas::FrameIndex frame, std::size_t line) {
    if (runs_.empty() || runs_.back().frames.end < frame)
        runs_.push_back({{frame, frame + 1}, line});
    else
        runs_.back().frames.end = frame + 1;
}

void FrameComplaints::report(SkeletonRecording& recording) const {
    const schemas::FrameIndex frames = recording.sequence.frames();
    std::size_t unnamed = 0;
    schemas::FrameSpan unnamed_frames;
    for (std::size_t index = 0; index < runs_.size() && runs_[index].frames.begin < frames; ++index) {
        const auto& [run, line] = runs_[index];
        const schemas::FrameSpan kept{run.begin, std::min(run.end, frames)};
        if (index < most_runs)
            recording.problems.push_back({"line " + std::to_string(line) + ": " + what_, kept});
        else
            unnamed_frames = {unnamed++ == 0 ? kept.begin : unnamed_frames.begin, kept.end};
    }
    if (unnamed != 0)
        recording.problems.push_back({std::to_string(unnamed) + " more places: " + what_, unnamed_frames});
}

void report_dead_frames(SkeletonRecording& recording) {
    const schemas::FrameIndex frames = recording.sequence.frames();
    for (const schemas::FrameSpan& run : schemas::dead_runs(recording.sequence)) {
        const schemas::FrameIndex length = run.length();
        const std::string what = length == frames ? "no frame has a skeleton"
                                 : length == 1    ? "1 frame has no skeleton"
                                                  : std::to_string(length) + " frames have no skeleton";
        recording.problems.push_back({what, run});
    }
}

void check_extent(const std::string& name, std::size_t frames, std::size_t joints) {
    if (joints != 0 && frames > most_joints_in_all / joints)
        throw ReadError(name + ": " + std::to_string(frames) + " frames of " + std::to_string(joints) +
                        " joints are more than this program holds; cut the recording into shorter ones.");
}

}  // namespace storage
