#include "inference/torch/scripted_network.h"

#include <doctest/doctest.h>

#include <chrono>
#include <fstream>

#include "inference/torch/checkpoint.h"

using namespace inference;

namespace {

namespace fs = std::filesystem;

class Script {
public:
    explicit Script(const std::string& forward) {
        torch::jit::Module module("m");
        module.define(forward);
        module.save(path.string());
    }
    ~Script() { fs::remove(path); }
    Script(const Script&) = delete;
    Script& operator=(const Script&) = delete;

    fs::path path =
        fs::temp_directory_path() /
        ("kinetograph_script_" + std::to_string(std::chrono::steady_clock::now().time_since_epoch().count()) + ".pt");
};

NetworkAnswer answer_of(const std::string& forward, const std::vector<float>& input,
                        const std::array<std::int64_t, 4>& shape) {
    const Script script(forward);
    return open_scripted_network(script.path, Device::cpu, 1)->answer(input, shape);
}

std::string failure_of(const std::function<void()>& work) {
    try {
        work();
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

DOCTEST_TEST_CASE("a network in TorchScript is asked and its input stays as it was") {
    const std::vector<float> input{1, 2, 3, 4, 5, 6};
    const auto answer = answer_of("def forward(self, x):\n  x.mul_(2)\n  return x.sum(3)\n", input, {1, 3, 1, 2});
    DOCTEST_CHECK(answer.shape == std::vector<std::int64_t>{1, 3, 1});
    DOCTEST_CHECK(answer.values == std::vector<float>{6, 14, 22});
    DOCTEST_CHECK(input == std::vector<float>{1, 2, 3, 4, 5, 6});
}

DOCTEST_TEST_CASE("of several tensors that a program returns the first is its answer, as f32 in rows") {
    const std::vector<float> input{1, 2, 3, 4, 5, 6};
    for (const char* forward :
         {"def forward(self, x):\n  return x, x.sum()\n", "def forward(self, x):\n  return [x, x]\n",
          "def forward(self, x):\n  return ((x.double(), x), x)\n"}) {
        const auto answer = answer_of(forward, input, {1, 3, 2, 1});
        DOCTEST_CHECK(answer.values == input);
    }
    const auto turned = answer_of("def forward(self, x):\n  return x.transpose(1, 2)\n", input, {1, 3, 2, 1});
    DOCTEST_CHECK(turned.shape == std::vector<std::int64_t>{1, 2, 3, 1});
    DOCTEST_CHECK(turned.values == std::vector<float>{1, 3, 5, 2, 4, 6});
}

DOCTEST_TEST_CASE("what goes wrong in a program is told in its own words, with the file") {
    const Script raising("def forward(self, x):\n  assert False, 'no person here'\n  return x\n");
    const auto network = open_scripted_network(raising.path, Device::cpu, 1);
    const std::vector<float> input(3);
    const std::string said = failure_of([&] { (void)network->answer(input, {1, 3, 1, 1}); });
    DOCTEST_CHECK(said.starts_with(raising.path.filename().string() + ": the estimator failed: "));
    DOCTEST_CHECK(said.find("no person here") != std::string::npos);
    DOCTEST_CHECK(failure_of([&] {
                      (void)answer_of("def forward(self, x):\n  return 'left'\n", input, {1, 3, 1, 1});
                  }).find("where a tensor is expected") != std::string::npos);
}

DOCTEST_TEST_CASE("files that are no program of one input are refused by name") {
    const auto refused = [](const fs::path& file) {
        const std::string said = failure_of([&] { (void)open_scripted_network(file, Device::cpu, 1); });
        DOCTEST_CHECK(said.starts_with(file.filename().string() + ": "));
        return said;
    };
    DOCTEST_CHECK(refused("/nowhere/a.pt").find("no such file") != std::string::npos);
    const Script two("def forward(self, x, y):\n  return x\n"), other("def ask(self, x):\n  return x\n");
    DOCTEST_CHECK(refused(two.path).find("'y'") != std::string::npos);
    DOCTEST_CHECK(refused(other.path).find("'forward'") != std::string::npos);
    std::ofstream(two.path) << "not a program";
    DOCTEST_CHECK(refused(two.path).find("no network in TorchScript") != std::string::npos);
    // Our own models have weights and nothing to ask.
    write_checkpoint({"estgcn", "coco17", {"a"}, {}, {}}, other.path);
    DOCTEST_CHECK(refused(other.path).find("'forward'") != std::string::npos);
}
