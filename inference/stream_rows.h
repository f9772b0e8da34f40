#pragma once

#include <memory>
#include <span>
#include <vector>

#include "inference/stream_model.h"

// How streams of any frame rate and length become windows for a network, and how what it says of windows becomes
// scores of frames (models.md 2.1).
namespace inference {

// A stream at the network's own rate. Row r lies at frame span.begin + r * frames_a_row.
struct StreamRows {
    // Of as many frames as there are rows. What was not seen in a frame comes from the nearest that saw it, the earlier
    // of two as near; a joint that was never seen lies on the centre. Between frames positions are interpolated.
    std::shared_ptr<const schemas::SkeletonSequence> skeleton;
    schemas::FrameSpan span;
    double frames_a_row = 1;
    bool dead = false;  // nothing was seen

    [[nodiscard]] schemas::FrameIndex rows() const { return skeleton->frames(); }
    [[nodiscard]] double row_of(schemas::FrameIndex frame) const {
        return static_cast<double>(frame - span.begin) / frames_a_row;
    }
};

// So many rows a second. Throws std::invalid_argument as require_sound does, and for a rate that is not positive.
StreamRows rows_of(const LabelledStream& stream, double rate);

// The rate of a model of these streams: that of the slowest, at most 30 a second.
double common_rate(std::span<const LabelledStream> streams);

// What is known of a stream's rows.
struct RowTargets {
    std::vector<int> labels;           // of each row, `unlabelled` where nobody says
    std::vector<double> starts, ends;  // rows, between whole ones too: of the first and of the last frame of a label
};

// The first frame of the whole is no start, and its last one no end.
RowTargets targets_of(const LabelledStream& stream, const StreamRows& rows);

// Windows of `length` rows every half of that, the last one at the end; one window where there are no more rows.
std::vector<schemas::FrameSpan> windows_of(schemas::FrameIndex rows, schemas::FrameIndex length);

// Adds up what overlapping windows say of rows, each weighed by a Hann window.
class OverlapAdd {
public:
    OverlapAdd(schemas::FrameIndex rows, std::size_t width);

    // `values`: rows of the window x width.
    void add(schemas::FrameSpan window, std::span<const float> values);
    // The weighted mean, rows x width. Rows that no window covered are 0.
    [[nodiscard]] std::vector<float> mean() const;

private:
    std::size_t width_;
    std::vector<double> sums_, weights_;
};

// Values of rows x width at every frame of the span, by linear interpolation.
std::vector<float> at_frames(std::span<const float> values, std::size_t width, const StreamRows& rows);

}  // namespace inference
