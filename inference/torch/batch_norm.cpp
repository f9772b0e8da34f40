#include "inference/torch/batch_norm.h"

#include <algorithm>
#include <vector>

namespace inference {

namespace {

constexpr double momentum = 0.1;
constexpr double epsilon = 1e-5;

// The sum over the processes. Each of them loses by it, so the gradient is summed, too.
class SumOverAll : public torch::autograd::Function<SumOverAll> {
public:
    static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& values,
                                 TensorGroup* group) {
        context->saved_data["group"] = reinterpret_cast<std::int64_t>(group);
        torch::Tensor sum = values.clone();
        group->sum(sum);
        return sum;
    }
    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   const torch::autograd::variable_list& gradients) {
        auto* const group = reinterpret_cast<TensorGroup*>(context->saved_data["group"].toInt());
        torch::Tensor sum = gradients.front().clone();
        group->sum(sum);
        return {sum, torch::Tensor()};
    }
};

}  // namespace

BatchNormImpl::BatchNormImpl(std::int64_t channels)
    : weight_(register_parameter("weight", torch::ones({channels}))),
      bias_(register_parameter("bias", torch::zeros({channels}))),
      running_mean_(register_buffer("running_mean", torch::zeros({channels}))),
      running_variance_(register_buffer("running_var", torch::ones({channels}))) {}

torch::Tensor BatchNormImpl::forward(const torch::Tensor& values) {
    if (folded_) return values;
    if (group != nullptr && is_training()) return over_all(values);
    return torch::batch_norm(values, weight_, bias_, running_mean_, running_variance_, is_training(), momentum, epsilon,
                             true);
}

torch::Tensor BatchNormImpl::scale() const { return weight_ * (running_variance_ + epsilon).rsqrt(); }

void BatchNormImpl::fold_into(torch::nn::Conv2dImpl& convolution) {
    const torch::NoGradGuard guard;
    const torch::Tensor factor = scale();
    const torch::Tensor shift = bias_ - running_mean_ * factor;
    convolution.weight = convolution.weight * factor.view({-1, 1, 1, 1});
    convolution.bias = convolution.bias.defined() ? convolution.bias * factor + shift : shift;
    folded_ = true;
}

void BatchNormImpl::fold_into(torch::nn::Conv2dImpl& first, torch::nn::Conv2dImpl& second, const torch::Tensor& share) {
    const torch::NoGradGuard guard;
    second.weight = second.weight * (1 - share);
    fold_into(second);
    first.weight = first.weight * (share * scale()).view({-1, 1, 1, 1});
}

torch::Tensor BatchNormImpl::over_all(const torch::Tensor& values) {
    std::vector<std::int64_t> others{0}, row(static_cast<std::size_t>(values.dim()), 1);
    for (std::int64_t axis = 2; axis < values.dim(); ++axis) others.push_back(axis);
    row[1] = -1;
    torch::Tensor counted = torch::full({1}, static_cast<double>(values.numel() / values.size(1)), torch::kDouble);
    group->sum(counted);
    const double count = counted.item<double>();
    const torch::Tensor mean = SumOverAll::apply(values.sum(others), group) / count;
    const torch::Tensor apart = values - mean.view(row);
    const torch::Tensor variance = SumOverAll::apply(apart.square().sum(others), group) / count;
    {
        const torch::NoGradGuard guard;
        running_mean_.mul_(1 - momentum).add_(mean, momentum);
        running_variance_.mul_(1 - momentum).add_(variance, momentum * count / std::max(1.0, count - 1));
    }
    return apart * (variance + epsilon).rsqrt().view(row) * weight_.view(row) + bias_.view(row);
}

}  // namespace inference
