#pragma once

#include <torch/torch.h>

// The products of which attention of joints to joints consists, one for each frame and head. A call of the BLAS for
// each of them, as torch::matmul makes, takes several times as long as the product.
//
// Values are rows x depth x frames x joints, where rows are samples times heads. On the processor, in float, both run
// on torch::get_num_threads() threads; elsewhere by torch::matmul. Both have gradients.
namespace inference {

// rows x frames x joints v x joints w: the sum over depth of left[v] right[w].
torch::Tensor joint_by_joint(const torch::Tensor& left, const torch::Tensor& right);

// rows x depth x frames x joints v: the sum over joints w of values[w] weights[v, w]; weights are rows x frames x
// joints x joints.
torch::Tensor weighted_sums(const torch::Tensor& values, const torch::Tensor& weights);

}  // namespace inference
