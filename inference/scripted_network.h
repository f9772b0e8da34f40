#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace inference {

// Numbers in rows: the last place of the shape changes fastest.
struct NetworkAnswer {
    std::vector<std::int64_t> shape;
    std::vector<float> values;
};

// A network that came as a program, TorchScript: asking it runs what its author wrote, with the rights of whoever asks.
// It is opened where a person named the file, and nowhere else (Engine::open_script).
//
// Thread: one at a time.
class ScriptedNetwork {
public:
    virtual ~ScriptedNetwork() = default;
    // `input` has pictures x channels x height x width numbers. The answer is the tensor that the program returns, the
    // first where it returns several. Throws std::runtime_error with the program's own words when it fails.
    [[nodiscard]] virtual NetworkAnswer answer(std::span<const float> input,
                                               const std::array<std::int64_t, 4>& shape) = 0;
};

}  // namespace inference
