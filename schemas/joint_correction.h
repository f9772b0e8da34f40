#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "schemas/annotation.h"
#include "schemas/frame.h"
#include "schemas/id.h"
#include "schemas/row.h"

namespace schemas {

// occluded: something hides the joint, and its position is a guess.
enum class PointState { seen, occluded };

// Where a joint is in a frame, in the space of its stream (metres or pixels), and how sure that is, from 0 to 1.
struct JointPoint {
    float x = 0, y = 0, z = 0;
    float confidence = 0;

    // By their bits, so that what is no number equals itself and an edit that holds one can be taken back.
    bool operator==(const JointPoint& other) const {
        using Bits = std::array<std::uint32_t, 4>;
        return std::bit_cast<Bits>(*this) == std::bit_cast<Bits>(other);
    }
};

template <>
inline constexpr bool is_packed<std::vector<JointPoint>> = true;

// What a person says about one joint over a run of frames, in place of what was recorded. Frames count in the stream
// itself, not in its take's reference: a correction speaks of what was recorded there, however it is aligned. Runs of
// one joint never overlap.
struct JointCorrection {
    JointCorrectionId id{};
    StreamId stream{};
    std::int64_t joint = 0;  // of the stream's layout
    FrameIndex begin_frame = 0;
    FrameIndex end_frame = 0;
    PointState state = PointState::seen;
    std::vector<JointPoint> points;  // one a frame
    std::string author;
    EditId edit{};  // that wrote it last
    Timestamp time = 0;

    bool operator==(const JointCorrection&) const = default;
    [[nodiscard]] FrameSpan span() const { return {begin_frame, end_frame}; }
};

template <>
struct EnumNames<PointState> {
    static constexpr std::array<std::string_view, 2> names{"seen", "occluded"};
};

template <>
struct Table<JointCorrection> {
    static constexpr std::string_view name = "joint_correction";
    static constexpr auto fields = std::tuple{field("id", &JointCorrection::id),
                                              field("stream", &JointCorrection::stream),
                                              field("joint", &JointCorrection::joint),
                                              field("begin_frame", &JointCorrection::begin_frame),
                                              field("end_frame", &JointCorrection::end_frame),
                                              field("state", &JointCorrection::state),
                                              field("points", &JointCorrection::points),
                                              field("author", &JointCorrection::author),
                                              field("edit", &JointCorrection::edit),
                                              field("time", &JointCorrection::time)};
};

}  // namespace schemas
