#include "inference/world.h"

#include <array>
#include <charconv>
#include <cstdlib>
#include <stdexcept>

namespace inference {

namespace {

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// How a launcher names things. `here` is how many of the processes are on this machine.
struct Launcher {
    const char* rank;
    const char* size;
    const char* here;
};

constexpr std::array<Launcher, 3> launchers{
    {{"RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE"},
     {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_SIZE"},
     {"SLURM_PROCID", "SLURM_NTASKS", "SLURM_NTASKS_PER_NODE"}}};

int whole_number(const std::string& name, const std::string& text, int smallest, int largest) {
    int number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || end != text.data() + text.size() || number < smallest || number > largest)
        throw std::invalid_argument(name + " is '" + text + "' and must be a whole number from " +
                                    std::to_string(smallest) + " to " + std::to_string(largest));
    return number;
}

}  // namespace

World world_from(const Environment& environment) {
    constexpr int most = 1 << 16;
    for (const Launcher& launcher : launchers) {
        const auto rank = environment(launcher.rank), size = environment(launcher.size);
        if (!rank || !size) continue;
        World world;
        world.size = whole_number(launcher.size, *size, 1, most);
        world.rank = whole_number(launcher.rank, *rank, 0, world.size - 1);
        if (const auto port = environment("MASTER_PORT")) world.port = whole_number("MASTER_PORT", *port, 1, 65535);
        const auto here = environment(launcher.here);
        if (const auto address = environment("MASTER_ADDR"))
            world.address = *address;
        else if (world.size > 1 && (!here || whole_number(launcher.here, *here, 1, most) < world.size))
            throw std::invalid_argument(
                "the processes may be on several machines: say in MASTER_ADDR where the first "
                "of them is");
        return world;
    }
    throw std::invalid_argument(
        "no launcher says which of how many processes this is: start them with torchrun, mpirun "
        "or srun, or set RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT");
}

World world_of_environment() {
    return world_from([](const std::string& name) -> std::optional<std::string> {
        const char* const value = std::getenv(name.c_str());
        if (value == nullptr || *value == '\0') return std::nullopt;
        return value;
    });
}

}  // namespace inference
