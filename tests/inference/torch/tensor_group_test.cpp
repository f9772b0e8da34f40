#include "inference/torch/tensor_group.h"

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <future>

#include "inference/torch/batch_norm.h"
#include "inference/torch/clip_learner.h"
#include "inference/torch/sta_gcn_network.h"
#include "inference/torch/tcn_trainer.h"
#include "tests/inference/motions.h"

using namespace inference;

namespace {

int free_port() {
    const int socket_number = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    const bool bound = bind(socket_number, any, length) == 0 && getsockname(socket_number, any, &length) == 0;
    close(socket_number);
    return bound ? ntohs(address.sin_port) : 0;
}

// Each member works in a thread of its own, as it would in a process of its own; results by rank.
template <class Result>
std::vector<Result> each_of(int size, const std::function<Result(TensorGroup& group)>& work) {
    const int port = free_port();
    std::vector<std::future<Result>> members;
    for (int rank = 0; rank < size; ++rank)
        members.push_back(std::async(std::launch::async, [&, rank] {
            const auto group = TensorGroup::join({rank, size, "127.0.0.1", port});
            return work(*group);
        }));
    std::vector<Result> results;
    for (auto& member : members) results.push_back(member.get());
    return results;
}

struct Class {
    std::vector<Sample> samples = inference_tests::synthetic_set(3, 6, 5);
    MotionSet motions{samples, Heading::camera, 1};
    TrainingSet set;

    Class() {
        set.classes = 3;
        for (std::size_t i = 0; i < samples.size(); ++i) {
            set.samples.push_back(i);
            set.weights.push_back(1);
            for (int label = 0; label < 3; ++label) set.targets.push_back(samples[i].label == label ? 1.0F : 0.0F);
        }
    }
};

LearningOptions in_steps(int steps, Descent descent) {
    LearningOptions options;
    options.steps = steps;
    options.batch = 7;  // no equal parts
    options.descent = descent;
    return options;
}

torch::Tensor weights_after(const Learner& learner, const Class& of, int steps, Descent descent) {
    const auto training = learner.train(of.motions, of.set, in_steps(steps, descent), 11, {}, nullptr, {});
    Checkpoint checkpoint;
    training->network->write(checkpoint);
    std::vector<torch::Tensor> all;
    for (const auto& [name, tensor] : checkpoint.tensors) all.push_back(tensor.reshape({-1}).to(torch::kFloat));
    return torch::cat(all);
}

double farthest(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

}  // namespace

DOCTEST_TEST_CASE("the processes of a group see the same sums, and all rows in their order") {
    const auto seen = each_of<torch::Tensor>(3, [](TensorGroup& group) {
        const auto [begin, end] = shard(7, group.rank(), group.size());
        return group.joined(torch::arange(begin, end, torch::kFloat).view({-1, 1}).expand({-1, 2}), 7);
    });
    for (const torch::Tensor& rows : seen)
        DOCTEST_CHECK(torch::equal(rows, torch::arange(7, torch::kFloat).view({-1, 1}).expand({-1, 2})));
}

DOCTEST_TEST_CASE("what one process of a group wants to stop, all stop") {
    const auto stopped = each_of<char>(2, [](TensorGroup& group) -> char { return group.any(group.rank() == 1); });
    DOCTEST_CHECK(std::ranges::count(stopped, 1) == 2);
    const auto going = each_of<char>(2, [](TensorGroup& group) -> char { return group.any(false); });
    DOCTEST_CHECK(std::ranges::count(going, 1) == 0);
}

DOCTEST_TEST_CASE("a process that the others leave says so") {
    const auto said = each_of<std::string>(2, [](TensorGroup& group) -> std::string {
        if (group.rank() == 1) return "";
        torch::Tensor value = torch::ones({4});
        try {
            group.sum(value);
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return "nothing";
    });
    DOCTEST_CHECK(said[0].starts_with("one of the other 1 processes has ended"));
}

DOCTEST_TEST_CASE("a normalisation divided among processes is that of the whole batch, forwards and backwards") {
    const torch::Tensor values = torch::randn({5, 4, 3}), wanted = torch::randn({5, 4, 3});
    const auto run = [&](TensorGroup* group) {
        BatchNorm norm(4);
        norm->group = group;
        const auto [begin, end] =
            group == nullptr ? std::pair<std::int64_t, std::int64_t>{0, 5} : shard(5, group->rank(), group->size());
        const torch::Tensor input = values.slice(0, begin, end).clone().requires_grad_();
        ((norm->forward(input) - wanted.slice(0, begin, end)).square()).sum().backward();
        std::vector<torch::Tensor> seen{input.grad()};
        for (const torch::Tensor& buffer : norm->buffers()) seen.push_back(buffer);
        return seen;
    };
    const auto alone = run(nullptr);
    const auto parts = each_of<std::vector<torch::Tensor>>(2, [&](TensorGroup& group) { return run(&group); });
    DOCTEST_CHECK(farthest(torch::cat({parts[0][0], parts[1][0]}), alone[0]) < 1e-5);
    for (std::size_t buffer = 1; buffer < alone.size(); ++buffer)
        DOCTEST_CHECK(farthest(parts[0][buffer], alone[buffer]) < 1e-6);
}

// AdamW divides by what gradients have been: where that is next to nothing, the rounding of a sum in another order
// counts as much as a gradient. So its weights agree to 1e-5 on the whole, and one among 300,000 may be a little
// farther off.
DOCTEST_TEST_CASE("after ten steps two processes have the weights of one, with everything that is drawn") {
    const Class of;
    TcnShape shape;
    shape.joints = 20;
    shape.classes = 3;
    for (const Descent descent : {Descent::sgd, Descent::adamw}) {
        const auto trained = [&](TensorGroup* group) {
            return weights_after(*tcn_learner(shape, {torch::kCPU, group, nullptr}), of, 10, descent);
        };
        const torch::Tensor alone = trained(nullptr);
        const auto together = each_of<torch::Tensor>(2, [&](TensorGroup& group) { return trained(&group); });
        DOCTEST_CHECK(torch::equal(together[0], together[1]));
        DOCTEST_CHECK((together[0] - alone).square().mean().sqrt().item<double>() < 1e-6);
        DOCTEST_CHECK(farthest(together[0], alone) < (descent == Descent::sgd ? 1e-5 : 5e-5));
    }
}

// Normalised again and again, what is rounding in one step is ten thousand times as much some steps later, so one step
// it is.
DOCTEST_TEST_CASE("two processes step as one does in a network of LibTorch's layers, normalised over the whole batch") {
    const Class of;
    const MakeClipNetwork make = [](const ClipShape& wanted) {
        StaGcnShape shape;
        shape.classes = wanted.classes;
        shape.width = 8;
        shape.dropout = 0;
        return std::make_shared<StaGcnNetwork>(*wanted.layout, shape);
    };
    const ClipShape shape{of.samples.front().skeleton->layout, 3, {}};
    const auto trained = [&](TensorGroup* group) {
        return weights_after(*clip_learner(make, shape, {torch::kCPU, group, nullptr}), of, 1, Descent::sgd);
    };
    const torch::Tensor alone = trained(nullptr);
    const auto together = each_of<torch::Tensor>(2, [&](TensorGroup& group) { return trained(&group); });
    DOCTEST_CHECK(torch::equal(together[0], together[1]));
    DOCTEST_CHECK(farthest(together[0], alone) < 2e-6);
}
