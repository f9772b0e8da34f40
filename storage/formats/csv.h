#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace storage {

// One row of a table of comma-separated values (RFC 4180), ended by LF. Fields are quoted where
// they hold the separator, quotes, line ends, or blanks at an end.
std::string csv_row(const std::vector<std::string>& fields);

// Reads rows one by one: quoted fields may hold separators, doubled quotes and line ends.
//
// Thread: one. `text` must outlive the reader.
class CsvReader {
public:
    explicit CsvReader(std::string_view text, char separator = ',') : text_(text), separator_(separator) {}

    enum class Row { complete, unterminated_quote };

    // Fills `fields` with the next row that is not blank; nullopt at the end. An unterminated quote takes
    // the rest of the text.
    std::optional<Row> next(std::vector<std::string>& fields);
    // Where the last row began, counted from 1.
    [[nodiscard]] std::size_t line() const { return row_line_; }

private:
    std::string field(Row& row);
    bool at_line_end() const { return text_.empty() || text_.front() == '\n' || text_.starts_with("\r\n"); }
    void skip_line_end();

    std::string_view text_;
    char separator_;
    std::size_t line_ = 1, row_line_ = 1;
};

}  // namespace storage
