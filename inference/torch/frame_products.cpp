#include "inference/torch/frame_products.h"

#include <algorithm>
#include <vector>

#include "inference/parallel.h"

namespace inference {

namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

// Of one row.
struct Size {
    std::int64_t depth = 0, frames = 0, joints = 0;

    [[nodiscard]] std::int64_t layer() const { return frames * joints; }  // values of one depth
    [[nodiscard]] std::int64_t values() const { return depth * layer(); }
    [[nodiscard]] std::int64_t pairs() const { return layer() * joints; }
};

Size size_of(const Tensor& values) { return {values.size(1), values.size(2), values.size(3)}; }

// `products` is 0 at first.
KINETOGRAPH_VECTORISED void add_products(const float* left, const float* right, const Size& size, float* products) {
    const std::int64_t joints = size.joints;
    for (std::int64_t depth = 0; depth < size.depth; ++depth)
        for (std::int64_t frame = 0; frame < size.frames; ++frame) {
            const float* const from = left + depth * size.layer() + frame * joints;
            const float* const to = right + depth * size.layer() + frame * joints;
            float* const product = products + frame * joints * joints;
            for (std::int64_t v = 0; v < joints; ++v) {
                const float factor = from[v];
                for (std::int64_t w = 0; w < joints; ++w) product[v * joints + w] += factor * to[w];
            }
        }
}

// `turned` holds a frame's weights as joints w x joints v; `sums` is 0 at first.
KINETOGRAPH_VECTORISED void add_sums_of_frame(const float* values, const float* turned, const Size& size, float* sums) {
    const std::int64_t joints = size.joints;
    for (std::int64_t depth = 0; depth < size.depth; ++depth) {
        const float* const from = values + depth * size.layer();
        float* const sum = sums + depth * size.layer();
        for (std::int64_t w = 0; w < joints; ++w) {
            const float factor = from[w];
            for (std::int64_t v = 0; v < joints; ++v) sum[v] += factor * turned[w * joints + v];
        }
    }
}

void turn(const float* square, std::int64_t side, float* turned) {
    for (std::int64_t v = 0; v < side; ++v)
        for (std::int64_t w = 0; w < side; ++w) turned[w * side + v] = square[v * side + w];
}

// Calls `work` for every row, in as many pieces as there are threads.
void for_each_row(std::int64_t rows, const std::function<void(std::int64_t row)>& work) {
    const std::int64_t pieces = std::min<std::int64_t>(rows, torch::get_num_threads());
    for_each_index(static_cast<std::size_t>(pieces), static_cast<int>(pieces), {}, [&](std::size_t piece) {
        const auto place = static_cast<std::int64_t>(piece);
        for (std::int64_t row = rows * place / pieces; row < rows * (place + 1) / pieces; ++row) work(row);
    });
}

bool is_ours(const Tensor& values) { return values.device().is_cpu() && values.scalar_type() == torch::kFloat; }

Tensor products_of(const Tensor& left, const Tensor& right) {
    if (!is_ours(left)) return torch::matmul(left.permute({0, 2, 3, 1}), right.permute({0, 2, 1, 3}));
    const Tensor from = left.contiguous(), to = right.contiguous();
    const Size size = size_of(from);
    Tensor products = torch::zeros({from.size(0), size.frames, size.joints, size.joints}, from.options());
    for_each_row(from.size(0), [&](std::int64_t row) {
        add_products(from.data_ptr<float>() + row * size.values(), to.data_ptr<float>() + row * size.values(), size,
                     products.data_ptr<float>() + row * size.pairs());
    });
    return products;
}

// Whether sums run over the second joint of the weights or, with them turned, over the first.
enum class Over { second, first };

Tensor sums_of(const Tensor& values, const Tensor& weights, Over over) {
    if (!is_ours(values))
        return torch::matmul(values.permute({0, 2, 1, 3}), over == Over::first ? weights : weights.transpose(2, 3))
            .permute({0, 2, 1, 3});
    const Tensor from = values.contiguous(), by = weights.contiguous();
    const Size size = size_of(from);
    Tensor sums = torch::zeros_like(from);
    for_each_row(from.size(0), [&](std::int64_t row) {
        std::vector<float> turned(static_cast<std::size_t>(size.joints * size.joints));
        for (std::int64_t frame = 0; frame < size.frames; ++frame) {
            const float* square = by.data_ptr<float>() + row * size.pairs() + frame * size.joints * size.joints;
            if (over == Over::second) {
                turn(square, size.joints, turned.data());
                square = turned.data();
            }
            const std::int64_t place = row * size.values() + frame * size.joints;
            add_sums_of_frame(from.data_ptr<float>() + place, square, size, sums.data_ptr<float>() + place);
        }
    });
    return sums;
}

class JointByJoint : public Function<JointByJoint> {
public:
    static Tensor forward(AutogradContext* context, const Tensor& left, const Tensor& right) {
        context->save_for_backward({left, right});
        return products_of(left, right);
    }
    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const variable_list saved = context->get_saved_variables();
        return {sums_of(saved[1], gradients.front(), Over::second), sums_of(saved[0], gradients.front(), Over::first)};
    }
};

class WeightedSums : public Function<WeightedSums> {
public:
    static Tensor forward(AutogradContext* context, const Tensor& values, const Tensor& weights) {
        context->save_for_backward({values, weights});
        return sums_of(values, weights, Over::second);
    }
    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const variable_list saved = context->get_saved_variables();
        return {sums_of(gradients.front(), saved[1], Over::first), products_of(gradients.front(), saved[0])};
    }
};

}  // namespace

Tensor joint_by_joint(const Tensor& left, const Tensor& right) { return JointByJoint::apply(left, right); }

Tensor weighted_sums(const Tensor& values, const Tensor& weights) { return WeightedSums::apply(values, weights); }

}  // namespace inference
