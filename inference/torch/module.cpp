#include "inference/module.h"

#include <stdexcept>

#include "inference/torch/checkpoint.h"
#include "inference/torch/clip_families.h"
#include "inference/torch/exported_weights.h"
#include "inference/torch/scripted_network.h"
#include "inference/torch/tcn_clip.h"
#include "inference/torch/tensor_group.h"
#include "inference/torch/torch_support.h"

namespace inference {

namespace {

class TorchEngine final : public Engine {
public:
    TorchEngine() {
        families_.push_back(tcn_clip_family());
        for (auto& family : clip_families()) families_.push_back(std::move(family));
    }

    [[nodiscard]] std::vector<std::string_view> families() const override {
        std::vector<std::string_view> names;
        for (const auto& family : families_) names.push_back(family->name());
        return names;
    }

    [[nodiscard]] ModelFamily& family(std::string_view name) override {
        std::string known;
        for (const auto& family : families_) {
            if (family->name() == name) return *family;
            known += (known.empty() ? "" : ", ") + std::string(family->name());
        }
        throw std::out_of_range("there is no model family '" + std::string(name) + "'. Known are: " + known);
    }

    [[nodiscard]] std::unique_ptr<Model> load(const std::filesystem::path& file) override {
        const std::string name = read_checkpoint(file).family;
        try {
            return family(name).load(file);
        } catch (const std::out_of_range& error) {
            throw std::runtime_error(file.string() + ": " + error.what());
        }
    }

    [[nodiscard]] ModelWeights weights(const std::filesystem::path& file) override { return exported_weights(file); }

    [[nodiscard]] std::unique_ptr<ScriptedNetwork> open_script(const std::filesystem::path& file, Device device,
                                                               int threads) override {
        return open_scripted_network(file, device, threads);
    }

    [[nodiscard]] std::shared_ptr<ProcessGroup> join(const World& world) override { return TensorGroup::join(world); }
    [[nodiscard]] std::string description() const override { return torch_description(); }
    [[nodiscard]] std::vector<std::string> warnings() const override { return torch_warnings(); }

private:
    std::vector<std::unique_ptr<ModelFamily>> families_;
};

}  // namespace

}  // namespace inference

extern "C" __attribute__((visibility("default"))) inference::Engine* kinetograph_inference_open(int version) {
    if (version != inference::module_version) return nullptr;
    static inference::TorchEngine engine;
    return &engine;
}
