#include "inference/torch/warm_start.h"

#include <algorithm>

namespace inference {

namespace {

bool is_of_classes(const std::string& name) { return name.starts_with("classes."); }

// Whether all sizes but the first are the same.
bool rows_fit(const torch::Tensor& from, const torch::Tensor& to) {
    return from.dim() == to.dim() && from.dim() > 0 && from.sizes().slice(1) == to.sizes().slice(1);
}

bool fill_rows(const WarmStart& warm, const torch::Tensor& from, torch::Tensor& to) {
    bool any = false;
    for (std::size_t c = 0; c < warm.rows.size(); ++c) {
        if (warm.rows[c] < 0 || warm.rows[c] >= from.size(0)) continue;
        to[static_cast<std::int64_t>(c)].copy_(from[warm.rows[c]]);
        any = true;
    }
    return any;
}

}  // namespace

WarmStart warm_start(Checkpoint checkpoint, const std::vector<std::string>& labels) {
    WarmStart warm{std::move(checkpoint), {}};
    for (const std::string& label : labels) {
        const auto found = std::ranges::find(warm.checkpoint.labels, label);
        warm.rows.push_back(
            found == warm.checkpoint.labels.end() ? -1 : static_cast<int>(found - warm.checkpoint.labels.begin()));
    }
    return warm;
}

void fill(const WarmStart& warm, const std::string& prefix, const std::string& name, torch::Tensor to, WarmFit& fit) {
    const torch::NoGradGuard guard;
    fit.shapes[name] = to.sizes().vec();
    const auto found = warm.checkpoint.tensors.find(prefix + name);
    bool filled = false;
    if (found != warm.checkpoint.tensors.end()) {
        const torch::Tensor& from = found->second;
        if (is_of_classes(name))
            filled = rows_fit(from, to) && to.size(0) == static_cast<std::int64_t>(warm.rows.size()) &&
                     fill_rows(warm, from, to);
        else if ((filled = from.sizes() == to.sizes()))
            to.copy_(from);
    }
    if (filled)
        ++fit.taken;
    else
        fit.left_out.push_back(name);
}

}  // namespace inference
