#pragma once

namespace inference {

// When a training has stopped getting better at what is watched, judged by macro F1 (models.md 2.6).
class EarlyStopping {
public:
    // Stops after `patience` looks in a row that were no better than the best one, at step `earliest` or later.
    EarlyStopping(int patience, int earliest) : patience_(patience), earliest_(earliest) {}

    // best: what is now is worth keeping, no worse than anything before. Of equals the latest is kept, but does not
    // renew the patience.
    struct Verdict {
        bool best = false;
        bool stop = false;
    };
    Verdict look(int step, double macro_f1);

    struct State {
        double best = -1;   // macro F1; -1 before the first look
        int best_step = 0;  // that it was kept at
        int in_vain = 0;    // looks in a row that were no better
    };
    [[nodiscard]] const State& state() const { return state_; }
    void go_on_from(const State& state) { state_ = state; }

private:
    int patience_;
    int earliest_;
    State state_;
};

}  // namespace inference
