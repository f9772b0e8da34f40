#pragma once

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// What the benchmarks of models print: one JSON document {"rows": [{"name", "value", "unit", "baseline", "ratio",
// "against"}]}, and how they ask their baselines.
namespace benchmarks {

struct Row {
    std::string name;
    double value = 0;
    std::string unit;
    std::optional<double> baseline;
    std::string against;  // what the baseline is
};

inline double seconds_of(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

inline std::string output_of(const std::string& command) {
    std::string text;
    std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::array<char, 256> part{};
    while (pipe && std::fgets(part.data(), part.size(), pipe.get()) != nullptr) text += part.data();
    return text;
}

inline std::optional<double> number_after(const std::string& text, const std::string& key) {
    const std::size_t at = text.find('"' + key + "\": ");
    if (at == std::string::npos) return std::nullopt;
    return std::strtod(text.c_str() + at + key.size() + 4, nullptr);
}

inline void print(const std::vector<Row>& rows) {
    std::printf("{\"rows\": [");
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Row& row = rows[i];
        std::printf("%s\n  {\"name\": \"%s\", \"value\": %.6g, \"unit\": \"%s\", \"against\": \"%s\", ",
                    i == 0 ? "" : ",", row.name.c_str(), row.value, row.unit.c_str(), row.against.c_str());
        if (row.baseline)
            std::printf("\"baseline\": %.6g, \"ratio\": %.3f}", *row.baseline, row.value / *row.baseline);
        else
            std::printf("\"baseline\": null, \"ratio\": null}");
    }
    std::printf("\n]}\n");
}

}  // namespace benchmarks
