#pragma once

#include <functional>
#include <stop_token>
#include <string>

namespace annotator {

// How far a long piece of work has come. `total` is 0 where it is not known.
struct Progress {
    std::string doing;  // "Reading recordings"
    double done = 0;
    double total = 0;
};

// What a long piece of work gets from whoever started it: where to report and when to
// stop. Stopped means that it returns nullopt.
//
// Thread: `report` may be called by any thread of the work.
struct JobContext {
    std::function<void(const Progress&)> report = [](const Progress&) {};
    std::stop_token stop;
};

}  // namespace annotator
