#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "annotator/document/document.h"
#include "schemas/frame.h"

// Where things lie on the timeline. Pure: no screen, no clock. Frames count in the take's reference stream, pixels from
// the left edge of the screen.
namespace annotator {

// Which frame lies where. Frame f covers the pixels from pixel_from_frame(f) up to pixel_from_frame(f + 1).
struct TimeScale {
    double first_frame = 0;       // at `left`
    double frames_per_pixel = 1;  // above 0
    double left = 0;
    double right = 0;
};

double pixel_from_frame(const TimeScale& scale, double frame);
// The frame that covers the pixel: gives back f for pixel_from_frame(f).
schemas::FrameIndex frame_from_pixel(const TimeScale& scale, double pixel);
// The boundary between two frames that is nearest to the pixel.
schemas::FrameIndex boundary_from_pixel(const TimeScale& scale, double pixel);

// Something with a beginning and an end on a row, as small as can be.
struct TimelineItem {
    schemas::FrameIndex begin = 0, end = 0;
    std::int64_t id = 0;  // of a segment or a proposal
    schemas::LabelId label{};
    std::uint8_t state = 0;  // schemas::FrameState
    std::uint8_t lane = 0;   // 0 unless items overlap
    float score = 1;
};

enum class Overlaps { beneath_each_other, on_top };

// The items of a row, prepared for being looked at in part.
class TimelineItems {
public:
    // By their beginnings. Those that overlap lie in lanes beneath each other, or the later ones on top.
    explicit TimelineItems(std::vector<TimelineItem> items = {}, Overlaps overlaps = Overlaps::beneath_each_other);

    [[nodiscard]] const std::vector<TimelineItem>& all() const { return items_; }
    [[nodiscard]] int lanes() const { return lanes_; }
    // The places of those that may touch [begin, end): all between the two, by halving.
    struct Range {
        std::size_t first = 0, last = 0;  // half-open
    };
    [[nodiscard]] Range within(double begin, double end) const;
    // nullptr where there is none. Of several, the one in that lane, else the last to begin.
    [[nodiscard]] const TimelineItem* at(schemas::FrameIndex frame, int lane) const;
    // How many frames the items before that place cover; with none twice where they do not overlap.
    [[nodiscard]] schemas::FrameIndex covered_before(std::size_t place) const { return covered_[place]; }

private:
    std::vector<TimelineItem> items_;
    std::vector<schemas::FrameIndex> latest_end_;  // of the items up to each
    std::vector<schemas::FrameIndex> covered_;     // one more than items
    int lanes_ = 1;
};

// What is drawn for one item, or for several that are too small to be seen alone.
struct TimelinePiece {
    double left = 0, right = 0;  // pixels, within the scale
    std::size_t first = 0;       // place of the item, or of the first of several
    std::size_t count = 1;
    float density = 1;  // of several: which share of their pixels they cover
};

// Items narrower than `least` pixels are folded into bars of that width; cost grows with the pixels and with the items
// that are wide enough, not with how many there are. Appends to `pieces`.
void fold(const TimelineItems& items, const TimeScale& scale, double least, std::vector<TimelinePiece>& pieces);

// A value for each frame, of which that frame's first moment has its own: between two it is in proportion, and the last
// frame goes on as the one before. `values` is not empty.
double value_at(std::span<const double> values, double frame);

// --- rows

enum class RowKind { sound, motion, probability, proposals, labels, others, key_poses, comments };

struct TimelineRow {
    RowKind kind = RowKind::labels;
    Line line;           // of proposals, labels, others and key poses
    std::string name;    // "primitive", "Sound"
    std::string detail;  // the performer, or whose layer it is
    double top = 0;      // points below the ruler
    double height = 0;   // points
};

double height_of(RowKind kind);
// Sets the tops, one below the other; gives the height of all.
double stack_rows(std::vector<TimelineRow>& rows);
// nullptr where there is none.
const TimelineRow* row_at(std::span<const TimelineRow> rows, double points_below_ruler);

// --- the ruler

struct RulerMark {
    schemas::FrameIndex frame = 0;
    double pixel = 0;
    bool major = false;  // has its number written
};

// Marks at round frame numbers, with at least `apart` pixels between the written ones.
std::vector<RulerMark> ruler_marks(const TimeScale& scale, schemas::FrameSpan clip, double apart);
}  // namespace annotator
