#include "inference/torch/graph.h"

#include <queue>
#include <stdexcept>
#include <string>

namespace inference {

namespace {

using Neighbours = std::vector<std::vector<int>>;

Neighbours neighbours_in(const schemas::SkeletonLayout& layout) {
    const std::string problem = schemas::problem_with(layout);
    if (!problem.empty()) throw std::invalid_argument("the layout " + layout.name + " is no graph: " + problem);
    Neighbours neighbours(layout.size());
    for (std::size_t joint = 0; joint < layout.size(); ++joint) {
        const int parent = layout.parents[joint];
        if (parent < 0) continue;
        neighbours[joint].push_back(parent);
        neighbours[static_cast<std::size_t>(parent)].push_back(static_cast<int>(joint));
    }
    return neighbours;
}

}  // namespace

std::vector<int> hop_distances(const schemas::SkeletonLayout& layout, int from) {
    const Neighbours neighbours = neighbours_in(layout);
    if (from < 0 || from >= static_cast<int>(layout.size()))
        throw std::invalid_argument("the layout " + layout.name + " has no joint " + std::to_string(from));
    std::vector<int> hops(layout.size(), -1);
    hops[static_cast<std::size_t>(from)] = 0;
    std::queue<int> reached({from});
    for (; !reached.empty(); reached.pop()) {
        const auto joint = static_cast<std::size_t>(reached.front());
        for (const int next : neighbours[joint]) {
            int& hop = hops[static_cast<std::size_t>(next)];
            if (hop >= 0) continue;
            hop = hops[joint] + 1;
            reached.push(next);
        }
    }
    return hops;
}

torch::Tensor graph_partition(const schemas::SkeletonLayout& layout) {
    const std::vector<int> hops = hop_distances(layout, layout.centre);
    const auto joints = static_cast<std::int64_t>(layout.size());
    const torch::Tensor parts = torch::zeros({3, joints, joints});
    parts[0] = torch::eye(joints);
    for (std::int64_t joint = 0; joint < joints; ++joint) {
        const std::int64_t parent = layout.parents[static_cast<std::size_t>(joint)];
        if (parent < 0) continue;
        const bool towards = hops[static_cast<std::size_t>(parent)] < hops[static_cast<std::size_t>(joint)];
        const std::int64_t near = towards ? parent : joint;
        const std::int64_t far = towards ? joint : parent;
        parts[1][near][far] = 1;
        parts[2][far][near] = 1;
    }
    return parts / parts.sum(1, true).clamp_min(1);
}

}  // namespace inference
