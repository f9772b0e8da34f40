#include "inference/world.h"

#include <doctest/doctest.h>

#include <map>
#include <stdexcept>

using inference::World;

namespace {

World world(const std::map<std::string, std::string>& environment) {
    return inference::world_from([&](const std::string& name) -> std::optional<std::string> {
        const auto found = environment.find(name);
        if (found == environment.end()) return std::nullopt;
        return found->second;
    });
}

}  // namespace

TEST_CASE("the world is what torchrun, mpirun or Slurm say") {
    const World torchrun = world(
        {{"RANK", "3"}, {"WORLD_SIZE", "8"}, {"MASTER_ADDR", "node7"}, {"MASTER_PORT", "1234"}, {"SLURM_PROCID", "1"}});
    CHECK(torchrun.rank == 3);
    CHECK(torchrun.size == 8);
    CHECK(torchrun.address == "node7");
    CHECK(torchrun.port == 1234);
    const World mpirun =
        world({{"OMPI_COMM_WORLD_RANK", "1"}, {"OMPI_COMM_WORLD_SIZE", "2"}, {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"}});
    CHECK(mpirun.rank == 1);
    CHECK(mpirun.size == 2);
    CHECK(mpirun.address == "127.0.0.1");
    const World slurm = world({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "64"}, {"MASTER_ADDR", "10.0.0.1"}});
    CHECK(slurm.size == 64);
    CHECK(slurm.address == "10.0.0.1");
}

TEST_CASE("a world that makes no sense is refused by the name of what is wrong") {
    CHECK_THROWS_WITH_AS(world({}), doctest::Contains("torchrun"), std::invalid_argument);
    CHECK_THROWS_WITH_AS(world({{"RANK", "2"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "a"}}),
                         "RANK is '2' and must be a whole number from 0 to 1", std::invalid_argument);
    CHECK_THROWS_WITH_AS(world({{"RANK", "0"}, {"WORLD_SIZE", "two"}}), doctest::Contains("WORLD_SIZE is 'two'"),
                         std::invalid_argument);
    CHECK_THROWS_WITH_AS(world({{"RANK", "0"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "a"}, {"MASTER_PORT", "99999"}}),
                         doctest::Contains("MASTER_PORT is '99999'"), std::invalid_argument);
    // Two of four processes are on this machine: where the first of all is must be said.
    CHECK_THROWS_WITH_AS(
        world({{"OMPI_COMM_WORLD_RANK", "1"}, {"OMPI_COMM_WORLD_SIZE", "4"}, {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"}}),
        doctest::Contains("MASTER_ADDR"), std::invalid_argument);
}
