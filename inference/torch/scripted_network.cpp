#include "inference/torch/scripted_network.h"

#include <torch/script.h>

#include <sstream>
#include <stdexcept>
#include <string>

#include "inference/parallel.h"
#include "inference/torch/torch_support.h"

namespace inference {

namespace {

// The interpreter puts what went wrong below where it was: "RuntimeError: …" in the last lines.
std::string words_of(const std::exception& error) {
    std::istringstream lines(error.what());
    std::string last;
    for (std::string line; std::getline(lines, line);)
        if (line.find("Error: ") != std::string::npos) last = line;
    return last.empty() ? first_line(error) : last;
}

// The first tensor of what a program returns.
torch::Tensor tensor_in(const c10::IValue& value) {
    if (value.isTensor()) return value.toTensor();
    if (value.isTuple() && !value.toTupleRef().elements().empty()) return tensor_in(value.toTupleRef().elements()[0]);
    if (value.isTensorList() && !value.toTensorVector().empty()) return value.toTensorVector().front();
    throw std::runtime_error("it answered with a " + value.tagKind() + ", where a tensor is expected");
}

class TorchScriptNetwork final : public ScriptedNetwork {
public:
    TorchScriptNetwork(torch::jit::Module module, torch::Device device, int threads, std::string name)
        : module_(std::move(module)), device_(device), threads_(thread_count(threads)), name_(std::move(name)) {
        module_.eval();
    }

    [[nodiscard]] NetworkAnswer answer(std::span<const float> input,
                                       const std::array<std::int64_t, 4>& shape) override {
        const torch::NoGradGuard guard;
        const Threads threads(threads_);
        try {
            // Copied, since a program may change its input or keep it.
            const torch::Tensor pictures =
                torch::from_blob(const_cast<float*>(input.data()), shape, torch::kFloat).clone().to(device_);
            const torch::Tensor tensor =
                tensor_in(module_.forward({pictures})).detach().to(torch::kCPU, torch::kFloat).contiguous();
            const auto numbers = span_of(tensor);
            return {tensor.sizes().vec(), {numbers.begin(), numbers.end()}};
        } catch (const std::exception& error) {
            throw std::runtime_error(name_ + ": the estimator failed: " + words_of(error));
        }
    }

private:
    torch::jit::Module module_;
    torch::Device device_;
    int threads_;
    std::string name_;
};

}  // namespace

std::unique_ptr<ScriptedNetwork> open_scripted_network(const std::filesystem::path& file, Device device, int threads) {
    const std::string name = file.filename().string();
    if (!std::filesystem::is_regular_file(file)) throw std::runtime_error(name + ": there is no such file");
    const torch::Device place = torch_device(device);
    try {
        torch::jit::Module module = torch::jit::load(file.string(), place);
        const auto forward = module.find_method("forward");
        if (!forward) throw std::runtime_error("it has nothing to ask, no method 'forward'");
        const auto& arguments = forward->function().getSchema().arguments();
        for (std::size_t i = 2; i < arguments.size(); ++i)
            if (!arguments[i].default_value())
                throw std::runtime_error("it wants more than pictures: '" + arguments[i].name() + "', too");
        if (arguments.size() < 2) throw std::runtime_error("its method 'forward' takes no pictures");
        return std::make_unique<TorchScriptNetwork>(std::move(module), place, threads, name);
    } catch (const std::exception& error) {
        throw std::runtime_error(name + ": this is no network in TorchScript, or it is damaged: " + first_line(error) +
                                 ". Save it with torch.jit.script(model).save(…) or torch.jit.trace.");
    }
}

}  // namespace inference
