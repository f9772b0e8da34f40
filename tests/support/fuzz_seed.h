#pragma once

#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>

namespace tests {

// What a fuzzer begins with, put into the folder that holds its corpus. Where it is started on single files, to repeat
// what it found, there is no such folder and nothing happens. To be called from LLVMFuzzerInitialize.
inline void add_seed(std::span<char* const> arguments, const std::string& name, std::string_view bytes) {
    for (const std::filesystem::path argument : arguments.subspan(1)) {
        if (!std::filesystem::is_directory(argument)) continue;
        std::ofstream(argument / ("seed-" + name), std::ios::binary)
            .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        return;
    }
}

}  // namespace tests
