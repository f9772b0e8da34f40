#include "inference/module.h"

#include <stdexcept>

#include "inference/torch/checkpoint.h"
#include "inference/torch/clip_families.h"
#include "inference/torch/exported_weights.h"
#include "inference/torch/lstm_cnn_pose.h"
#include "inference/torch/scripted_network.h"
#include "inference/torch/stream_families.h"
#include "inference/torch/tcn_clip.h"
#include "inference/torch/tensor_group.h"
#include "inference/torch/torch_support.h"

namespace inference {

namespace {

std::vector<std::string_view> names_of(const auto& families) {
    std::vector<std::string_view> names;
    for (const auto& family : families) names.push_back(family->name());
    return names;
}

auto& named(const auto& families, std::string_view name, const std::string& none) {
    std::string known;
    for (const auto& family : families) {
        if (family->name() == name) return *family;
        known += (known.empty() ? "" : ", ") + std::string(family->name());
    }
    throw std::out_of_range(none + std::string(name) + "'. Known are: " + known);
}

auto loaded(const auto& families, const std::filesystem::path& file, const std::string& none) {
    const std::string name = read_checkpoint(file).family;
    try {
        return named(families, name, none).load(file);
    } catch (const std::out_of_range& error) {
        throw std::runtime_error(file.string() + ": " + error.what());
    }
}

class TorchEngine final : public Engine {
public:
    TorchEngine() {
        families_.push_back(tcn_clip_family());
        for (auto& family : clip_families()) families_.push_back(std::move(family));
        stream_families_ = inference::stream_families();
    }

    [[nodiscard]] std::vector<std::string_view> families() const override { return names_of(families_); }
    [[nodiscard]] ModelFamily& family(std::string_view name) override {
        return named(families_, name, "there is no model family '");
    }
    [[nodiscard]] std::unique_ptr<Model> load(const std::filesystem::path& file) override {
        return loaded(families_, file, "there is no model family '");
    }

    [[nodiscard]] ModelWeights weights(const std::filesystem::path& file) override { return exported_weights(file); }

    [[nodiscard]] std::unique_ptr<ScriptedNetwork> open_script(const std::filesystem::path& file, Device device,
                                                               int threads) override {
        return open_scripted_network(file, device, threads);
    }

    [[nodiscard]] std::vector<std::string_view> stream_families() const override { return names_of(stream_families_); }
    [[nodiscard]] StreamFamily& stream_family(std::string_view name) override {
        return named(stream_families_, name, "there is no family of models that read streams '");
    }
    [[nodiscard]] std::unique_ptr<StreamModel> load_stream(const std::filesystem::path& file) override {
        return loaded(stream_families_, file, "there is no family of models that read streams '");
    }

    [[nodiscard]] PoseFamily& pose_family() override { return *pose_family_; }
    [[nodiscard]] std::shared_ptr<ProcessGroup> join(const World& world) override { return TensorGroup::join(world); }
    [[nodiscard]] std::string description() const override { return torch_description(); }
    [[nodiscard]] std::vector<std::string> warnings() const override { return torch_warnings(); }

private:
    std::vector<std::unique_ptr<ModelFamily>> families_;
    std::unique_ptr<PoseFamily> pose_family_ = lstm_cnn_pose_family();
    std::vector<std::unique_ptr<StreamFamily>> stream_families_;
};

}  // namespace

}  // namespace inference

extern "C" __attribute__((visibility("default"))) inference::Engine* kinetograph_inference_open(int version) {
    if (version != inference::module_version) return nullptr;
    static inference::TorchEngine engine;
    return &engine;
}
