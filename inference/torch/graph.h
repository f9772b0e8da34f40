#pragma once

#include <torch/torch.h>

#include <vector>

#include "schemas/skeleton.h"

// The joints of a layout as a graph whose edges are the bones. The layout must be sound (schemas::problem_with), else
// std::invalid_argument.
namespace inference {

// Bones between `from` and every joint.
std::vector<int> hop_distances(const schemas::SkeletonLayout& layout, int from);

// 3 x joints x joints, float: what a joint (column) takes from its neighbours (rows). First from itself, then from
// those nearer to the layout's centre (centripetal), then from those farther away (centrifugal); columns sum to 1, or
// to 0 where there is no such neighbour. The spatial configuration partitioning of ST-GCN (Yan, Xiong and Lin 2018); in
// a tree neighbours are never equally far from the centre.
torch::Tensor graph_partition(const schemas::SkeletonLayout& layout);

}  // namespace inference
