#include "inference/torch/tensor_group.h"

#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include "inference/torch/torch_support.h"

namespace inference {

namespace {

constexpr std::chrono::seconds patience_for_all{60};
// Of one exchange: the slowest process may be that far behind.
constexpr std::chrono::minutes patience_for_one{10};

class GlooGroup final : public TensorGroup {
public:
    explicit GlooGroup(const World& world) : world_(world) {
        c10d::TCPStoreOptions meeting;
        meeting.port = static_cast<std::uint16_t>(world.port);
        meeting.isServer = world.rank == 0;
        meeting.numWorkers = static_cast<std::size_t>(world.size);
        meeting.timeout = patience_for_all;
        const auto store = c10::make_intrusive<c10d::TCPStore>(world.address, meeting);
        const auto options = c10d::ProcessGroupGloo::Options::create(patience_for_one);
        // On one machine its own address needs no name service.
        options->devices.push_back(world.address == "127.0.0.1"
                                       ? c10d::ProcessGroupGloo::createDeviceForHostname(world.address)
                                       : c10d::ProcessGroupGloo::createDefaultDevice());
        group_ = c10::make_intrusive<c10d::ProcessGroupGloo>(store, world.rank, world.size, options);
    }

    [[nodiscard]] int rank() const override { return world_.rank; }
    [[nodiscard]] int size() const override { return world_.size; }

    void sum(torch::Tensor& values) override {
        std::vector<torch::Tensor> own{values.cpu().contiguous()};
        try {
            group_->allreduce(own)->wait();
        } catch (const std::exception& error) {
            throw std::runtime_error("one of the other " + std::to_string(world_.size - 1) +
                                     " processes has ended or cannot be reached: " + first_line(error));
        }
        if (own.front().data_ptr() != values.data_ptr()) values.copy_(own.front());
    }

private:
    World world_;
    c10::intrusive_ptr<c10d::ProcessGroupGloo> group_;
};

}  // namespace

std::pair<std::int64_t, std::int64_t> shard(std::int64_t count, std::int64_t part, std::int64_t parts) {
    return {count * part / parts, count * (part + 1) / parts};
}

std::shared_ptr<TensorGroup> TensorGroup::join(const World& world) {
    try {
        return std::make_shared<GlooGroup>(world);
    } catch (const std::exception& error) {
        throw std::runtime_error("the " + std::to_string(world.size) + " processes did not find each other at " +
                                 world.address + ":" + std::to_string(world.port) + ": " + first_line(error));
    }
}

torch::Tensor TensorGroup::joined(const torch::Tensor& rows, std::int64_t count) {
    std::vector<std::int64_t> sizes = rows.sizes().vec();
    sizes.front() = count;
    torch::Tensor all = torch::zeros(sizes, rows.options());
    const auto [begin, end] = shard(count, rank(), size());
    all.slice(0, begin, end).copy_(rows);
    sum(all);
    return all;
}

bool TensorGroup::any(bool here) {
    torch::Tensor told = torch::full({1}, here ? 1.0F : 0.0F);
    sum(told);
    return told.item<float>() > 0;
}

}  // namespace inference
