#include "inference/early_stopping.h"

#include <algorithm>

namespace inference {

EarlyStopping::Verdict EarlyStopping::look(int step, double macro_f1) {
    state_.in_vain = macro_f1 > state_.best ? 0 : state_.in_vain + 1;
    Verdict verdict;
    verdict.best = macro_f1 >= state_.best;
    if (verdict.best) state_.best_step = step;
    state_.best = std::max(state_.best, macro_f1);
    verdict.stop = state_.in_vain >= patience_ && step >= earliest_;
    return verdict;
}

}  // namespace inference
