#include "inference/torch/graph.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <vector>

#include "tests/inference/motions.h"

using namespace inference;

namespace {

// 0 - 1 - 2, 1 - 3, 0 - 4 - 5; the root is 0, the centre 1.
schemas::SkeletonLayout off_centre_layout() {
    schemas::SkeletonLayout layout;
    layout.name = "off centre";
    layout.joints = {"root", "centre", "a", "b", "c", "d"};
    layout.parents = {-1, 0, 1, 1, 0, 4};
    layout.centre = 1;
    return layout;
}

float share(const torch::Tensor& parts, std::int64_t part, std::int64_t from, std::int64_t to) {
    return parts[part][from][to].item<float>();
}

}  // namespace

DOCTEST_TEST_CASE("hops are counted along bones both up and down") {
    DOCTEST_CHECK(hop_distances(off_centre_layout(), 1) == std::vector<int>{1, 0, 1, 1, 2, 3});
    DOCTEST_CHECK(hop_distances(off_centre_layout(), 5) == std::vector<int>{2, 3, 4, 4, 1, 0});
}

DOCTEST_TEST_CASE("nearer and farther neighbours are told by the centre where it is not the root") {
    const torch::Tensor parts = graph_partition(off_centre_layout());
    DOCTEST_CHECK(share(parts, 1, 1, 0) == 1);  // the root takes from the centre, its child
    DOCTEST_CHECK(share(parts, 2, 0, 1) > 0);   // the centre from the root, its parent
    DOCTEST_CHECK(share(parts, 1, 0, 1) == 0);  // and not as from one nearer
    DOCTEST_CHECK(share(parts, 1, 0, 4) == 1);  // a child of the root from the root
    DOCTEST_CHECK(share(parts, 2, 0, 1) == share(parts, 2, 2, 1));
}

DOCTEST_TEST_CASE("a joint's shares of each part sum to one or, without such neighbours, to zero") {
    for (const auto& layout : {off_centre_layout(), *inference_tests::msr_layout()}) {
        const torch::Tensor sums = graph_partition(layout).sum(1);
        DOCTEST_CHECK((sums - sums.round()).abs().max().item<float>() < 1e-6F);
        DOCTEST_CHECK(sums.max().item<float>() < 1.5F);
        DOCTEST_CHECK(sums[0].min().item<float>() > 0.5F);
        DOCTEST_CHECK(sums[1][layout.centre].item<float>() == 0);
        DOCTEST_CHECK(sums[1].sum().item<float>() == doctest::Approx(static_cast<double>(layout.size() - 1)));
    }
}

DOCTEST_TEST_CASE("the three parts are disjoint and together the bones, both ways, and the joints themselves") {
    for (const auto& layout : {off_centre_layout(), *inference_tests::msr_layout()}) {
        const auto joints = static_cast<std::int64_t>(layout.size());
        torch::Tensor bones = torch::eye(joints);
        for (std::int64_t joint = 0; joint < joints; ++joint) {
            const std::int64_t parent = layout.parents[static_cast<std::size_t>(joint)];
            if (parent < 0) continue;
            bones[joint][parent] = 1;
            bones[parent][joint] = 1;
        }
        // Where parts overlapped a number would be two.
        DOCTEST_CHECK(torch::equal(graph_partition(layout).gt(0).sum(0), bones.to(torch::kLong)));
    }
}

DOCTEST_TEST_CASE("a layout in two pieces is no graph") {
    schemas::SkeletonLayout layout = off_centre_layout();
    layout.parents[4] = -1;
    DOCTEST_CHECK_THROWS_AS(graph_partition(layout), std::invalid_argument);
}
