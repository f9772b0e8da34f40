#pragma once

#include <string>
#include <vector>

namespace annotator {

// Columns as wide as they need to be, the first to the left and the others to the right.
class TextTable {
public:
    explicit TextTable(std::vector<std::string> header) : rows_{std::move(header)} {}

    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
    [[nodiscard]] std::string text() const;

private:
    std::vector<std::vector<std::string>> rows_;
};

// A share of 1 as "83.4".
std::string percent_figure(double share);

}  // namespace annotator
