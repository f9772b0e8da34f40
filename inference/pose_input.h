#pragma once

#include <Eigen/Core>
#include <optional>
#include <span>

#include "schemas/estimator_card.h"
#include "schemas/picture.h"
#include "schemas/skeleton.h"

namespace inference {

// A part of a picture, in pixels from its upper left corner: pixel x covers [x, x + 1).
struct PictureRegion {
    double left = 0, top = 0, width = 0, height = 0;

    bool operator==(const PictureRegion&) const = default;
};

PictureRegion whole_of(const schemas::Picture& picture);

// Which rectangle of a network's input a region of a picture fills, both from edge to edge.
struct InputPlace {
    PictureRegion region;
    PictureRegion on_input;  // of whole pixels

    // Both count from the middle of the first pixel.
    [[nodiscard]] Eigen::Vector2d picture_from_input(const Eigen::Vector2d& place) const;
};

// As the card resizes. `pixel_aspect` is that of a pixel of the picture, width over height; it counts for letterboxes,
// which show things in their proportions.
InputPlace input_place(const schemas::EstimatorCard& card, const PictureRegion& region, double pixel_aspect = 1);

// Writes channels x height x width numbers. Where the picture shrinks every pixel counts, by a triangle as wide as what
// becomes one pixel; where it grows it is bilinear. Throws std::invalid_argument for a region that does not lie within
// the picture, and for another number of numbers.
void write_input(const schemas::Picture& picture, const schemas::EstimatorCard& card, const InputPlace& place,
                 std::span<float> input);

// Where a person is, with the card's margin around and in the proportions of the input, cut at the edges of the
// picture. nullopt where fewer than two joints have the card's least score, or all lie outside.
std::optional<PictureRegion> surroundings(const schemas::SkeletonSequence& sequence, schemas::FrameIndex frame,
                                          const schemas::EstimatorCard& card, const PictureRegion& picture);

}  // namespace inference
