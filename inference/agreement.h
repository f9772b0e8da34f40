#pragma once

#include <optional>
#include <span>
#include <vector>

#include "schemas/frame.h"

// How much two or more ways of naming the same things agree (models.md 2.8, register A6). Names are 0, 1, …; -1 where
// nobody named one.
namespace inference {

// Mutual information over the mean of the two entropies, in [0, 1]; 1 where both say one and the same thing throughout.
// Pairs with a name missing are left out. Throws std::invalid_argument for lengths that differ.
double normalised_mutual_information(std::span<const int> a, std::span<const int> b);

// Of nominal data with values missing (Krippendorff 2011): one row for each annotator. 1 is perfect, 0 what chance
// gives; nullopt where nothing was named by two. Throws std::invalid_argument for rows of different lengths.
std::optional<double> krippendorff_alpha(std::span<const std::vector<int>> annotators);

// The share of the boundaries of either annotator that the other one has too, within so many frames: pairs over all
// that there are. 1 where neither has any.
double boundary_agreement(std::span<const schemas::FrameIndex> a, std::span<const schemas::FrameIndex> b,
                          schemas::FrameIndex window);

// Which unit a primitive stands for, from how often they came together (primitives x units). With no more primitives
// than units each gets one of its own (the assignment of most pairs), else the one it came with most often.
struct PrimitiveNames {
    std::vector<int> unit;       // of each primitive; -1 where it never came up
    std::vector<double> purity;  // the share of a primitive's appearances that were that unit's
};
PrimitiveNames names_of_primitives(std::span<const int> counts, int primitives, int units);

}  // namespace inference
