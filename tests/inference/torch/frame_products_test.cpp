#include "inference/torch/frame_products.h"

#include <doctest/doctest.h>

#include <vector>

using namespace inference;
using torch::Tensor;

namespace {

Tensor drawn(std::vector<std::int64_t> sizes) { return torch::randn(sizes).requires_grad_(); }

Tensor same(const Tensor& values) { return values.detach().clone().requires_grad_(); }

bool agree(const Tensor& a, const Tensor& b) { return a.sizes() == b.sizes() && torch::allclose(a, b, 1e-4, 1e-5); }

// rows x depth x frames x joints
const std::vector<std::vector<std::int64_t>> sizes{{1, 1, 1, 1}, {3, 2, 5, 7}, {8, 16, 9, 20}, {2, 4, 3, 33}};

}  // namespace

DOCTEST_TEST_CASE("products of joints are those of matrices, and so are their gradients") {
    torch::manual_seed(1);
    const int before = torch::get_num_threads();
    for (const int threads : {1, 2})
        for (const auto& size : sizes) {
            torch::set_num_threads(threads);
            const Tensor left = drawn(size), right = drawn(size);
            const Tensor other_left = same(left), other_right = same(right);
            const Tensor products = joint_by_joint(left, right);
            const Tensor expected = torch::matmul(other_left.permute({0, 2, 3, 1}), other_right.permute({0, 2, 1, 3}));
            DOCTEST_CHECK(agree(products, expected));
            const Tensor slope = torch::randn_like(expected);
            (products * slope).sum().backward();
            (expected * slope).sum().backward();
            DOCTEST_CHECK(agree(left.grad(), other_left.grad()));
            DOCTEST_CHECK(agree(right.grad(), other_right.grad()));
        }
    torch::set_num_threads(before);
}

DOCTEST_TEST_CASE("weighted sums over joints are products of matrices, and so are their gradients") {
    torch::manual_seed(2);
    for (const auto& size : sizes) {
        const Tensor values = drawn(size), weights = drawn({size[0], size[2], size[3], size[3]});
        const Tensor other_values = same(values), other_weights = same(weights);
        const Tensor sums = weighted_sums(values, weights);
        const Tensor expected =
            torch::matmul(other_values.permute({0, 2, 1, 3}), other_weights.transpose(2, 3)).permute({0, 2, 1, 3});
        DOCTEST_CHECK(agree(sums, expected));
        const Tensor slope = torch::randn_like(sums);
        (sums * slope).sum().backward();
        (expected * slope).sum().backward();
        DOCTEST_CHECK(agree(values.grad(), other_values.grad()));
        DOCTEST_CHECK(agree(weights.grad(), other_weights.grad()));
    }
}

DOCTEST_TEST_CASE("what is no float is multiplied all the same") {
    const Tensor left = torch::randn({2, 3, 4, 5}, torch::kDouble), right = torch::randn({2, 3, 4, 5}, torch::kDouble);
    const Tensor products = joint_by_joint(left, right);
    DOCTEST_CHECK((products.scalar_type() == torch::kDouble));
    DOCTEST_CHECK(agree(products.to(torch::kFloat), joint_by_joint(left.to(torch::kFloat), right.to(torch::kFloat))));
    DOCTEST_CHECK(agree(weighted_sums(left, products).to(torch::kFloat),
                        weighted_sums(left.to(torch::kFloat), products.to(torch::kFloat))));
}

DOCTEST_TEST_CASE("a part of a larger tensor is multiplied like a copy of it") {
    const Tensor whole = torch::randn({4, 6, 5, 8});
    const Tensor left = whole.narrow(1, 0, 3), right = whole.narrow(1, 3, 3);
    DOCTEST_CHECK(torch::equal(joint_by_joint(left, right), joint_by_joint(left.clone(), right.clone())));
}
