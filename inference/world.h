#pragma once

#include <functional>
#include <optional>
#include <string>

namespace inference {

// Processes that train one network together, each on its part of every batch. All have the same samples and options.
struct World {
    int rank = 0;  // this one's, the first is 0
    int size = 1;
    std::string address = "127.0.0.1";  // where the first waits for the others
    int port = 29500;
};

// Processes that found each other (Engine::join); they are told apart by their rank.
class ProcessGroup {
public:
    virtual ~ProcessGroup() = default;
    [[nodiscard]] virtual int rank() const = 0;
    [[nodiscard]] virtual int size() const = 0;
};

// What a launcher says in the environment: torchrun (RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT), mpirun
// (OMPI_COMM_WORLD_RANK, …), Slurm (SLURM_PROCID, SLURM_NTASKS, …); the address and the port are always those of
// torchrun where they are there. Throws std::invalid_argument when nobody says it, when it is no sensible rank, or when
// there are several machines and no address.
World world_from(const std::function<std::optional<std::string>(const std::string& name)>& environment);
// Of this process.
World world_of_environment();

}  // namespace inference
