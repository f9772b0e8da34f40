#include "storage/formats/csv.h"

#include <algorithm>

namespace storage {
namespace {

bool needs_quotes(std::string_view field) {
    return field.find_first_of(",\"\r\n") != std::string_view::npos || field.starts_with(' ') || field.ends_with(' ');
}

}  // namespace

std::string csv_row(const std::vector<std::string>& fields) {
    std::string row;
    for (const std::string& field : fields) {
        if (&field != &fields.front()) row += ',';
        if (!needs_quotes(field)) {
            row += field;
            continue;
        }
        row += '"';
        for (const char c : field) row.append(c == '"' ? 2 : 1, c);
        row += '"';
    }
    return row + '\n';
}

std::optional<CsvReader::Row> CsvReader::next(std::vector<std::string>& fields) {
    while (!text_.empty() && at_line_end()) skip_line_end();
    if (text_.empty()) return std::nullopt;
    row_line_ = line_;
    fields.clear();
    Row row = Row::complete;
    fields.push_back(field(row));
    while (!at_line_end()) {
        text_.remove_prefix(1);  // the separator, at which field() stopped
        fields.push_back(field(row));
    }
    skip_line_end();
    return row;
}

std::string CsvReader::field(Row& row) {
    std::string value;
    if (text_.starts_with('"')) {
        text_.remove_prefix(1);
        for (;;) {
            const std::size_t quote = text_.find('"');
            const std::string_view part = text_.substr(0, quote);
            value += part;
            line_ += static_cast<std::size_t>(std::count(part.begin(), part.end(), '\n'));
            if (quote == std::string_view::npos) {
                row = Row::unterminated_quote;
                text_ = {};
                return value;
            }
            text_.remove_prefix(quote + 1);
            if (!text_.starts_with('"')) break;
            value += '"';
            text_.remove_prefix(1);
        }
    }
    while (!at_line_end() && text_.front() != separator_) {
        value += text_.front();
        text_.remove_prefix(1);
    }
    return value;
}

void CsvReader::skip_line_end() {
    if (text_.starts_with('\r')) text_.remove_prefix(1);
    if (text_.starts_with('\n')) {
        text_.remove_prefix(1);
        ++line_;
    }
}

}  // namespace storage
