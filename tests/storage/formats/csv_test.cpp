#include "storage/formats/csv.h"

#include <doctest/doctest.h>

using namespace storage;

TEST_CASE("CSV fields with separators, quotes, line ends and blanks come back") {
    const std::vector<std::string> fields{"a,b", "say \"hi\"", "two\nlines", " blank ", "", "دوران"};
    const std::string text = csv_row(fields) + "\r\n" + csv_row({"next", "row"});
    CsvReader reader(text);
    std::vector<std::string> back;
    CHECK(reader.next(back) == CsvReader::Row::complete);
    CHECK(back == fields);
    CHECK(reader.next(back) == CsvReader::Row::complete);
    CHECK(back == std::vector<std::string>{"next", "row"});
    CHECK(reader.line() == 4);
    CHECK_FALSE(reader.next(back).has_value());
}

TEST_CASE("a quote that is never closed is told and ends") {
    CsvReader reader("a,\"b\nc");
    std::vector<std::string> fields;
    CHECK(reader.next(fields) == CsvReader::Row::unterminated_quote);
    CHECK(fields == std::vector<std::string>{"a", "b\nc"});
    CHECK_FALSE(reader.next(fields).has_value());
}
