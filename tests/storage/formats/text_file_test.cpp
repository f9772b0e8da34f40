#include "storage/formats/text_file.h"

#include <doctest/doctest.h>

#include "storage/formats/csv.h"
#include "storage/formats/json_file.h"
#include "tests/support/temporary_folder.h"

using namespace storage;
using namespace std::string_literals;

TEST_CASE("a byte order mark is dropped, and lines may end in CRLF") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    const std::string text = read_text(folder.file("a.txt", "\xEF\xBB\xBF"s + "one\r\ntwo\n\nthree"));
    CHECK(lines_of(text) == std::vector<std::string_view>{"one", "two", "", "three"});
    CHECK(lines_of("").empty());
}

TEST_CASE("text of another encoding is refused with its line, never guessed") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    const auto refused = [&](const std::string& bytes, const char* what) {
        CHECK_THROWS_WITH_AS(read_text(folder.file("a.txt", bytes)), doctest::Contains(what), ReadError);
    };
    refused("\xFF\xFE"s + "a\0"s, "a.txt: is UTF-16 text; save it as UTF-8");
    refused("a\0b\0"s, "holds zero bytes");
    refused("walk\npiqu\xe9\n", "a.txt: line 2: is not UTF-8 (Latin-1?)");
    CHECK_THROWS_WITH_AS(read_text(folder.path()), doctest::Contains("is a folder"), ReadError);
    CHECK_THROWS_AS(read_text(folder.path() / "missing"), ReadError);
}

TEST_CASE("numbers are read whole or not at all, with a point in any locale") {
    CHECK(integer_from("-12") == -12);
    CHECK_FALSE(integer_from("12x").has_value());
    CHECK_FALSE(integer_from("99999999999999999999").has_value());
    CHECK(decimal_from("1.5e2") == 150.0);
    for (const char* text : {"1,5", "", "nan", "inf", "1 ", "0x10"}) CHECK_FALSE(decimal_from(text).has_value());
}

TEST_CASE("a long list of problems ends with the number of those left out") {
    ProblemList problems("a.csv", 2);
    for (std::size_t i = 1; i < 6; ++i) problems.add(i, "is wrong");
    const std::vector<ReadProblem> listed = problems.take();
    REQUIRE(listed.size() == 3);
    CHECK(listed[1].what == "a.csv: line 2: is wrong");
    CHECK(listed[2].what == "a.csv: 3 further problems are not listed");
}

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

TEST_CASE("JSON nested 10,000 deep, or 10 million, is refused with its line") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    ProblemList problems("a.json");
    for (const std::size_t depth : {std::size_t{65}, std::size_t{10'000}, std::size_t{10'000'000}})
        for (const char open : {'[', '{'})
            CHECK_THROWS_WITH_AS(read_json(folder.file("a.json", "\n" + std::string(depth, open)), problems),
                                 doctest::Contains("line 2: is nested deeper than 64 levels"), ReadError);
    CHECK_NOTHROW(read_json(folder.file("a.json", "[\"" + std::string(10'000, '[') + "\\\"[\"]"), problems));
}

TEST_CASE("JSON that is cut off, or holds a key twice, says where") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    ProblemList problems("a.json");
    CHECK_THROWS_WITH_AS(read_json(folder.file("a.json", "{\n\"a\": 1,\n"), problems),
                         doctest::Contains("a.json: line 3: is not JSON here"), ReadError);
    CHECK_THROWS_AS(read_json(folder.file("a.json", ""), problems), ReadError);
    CHECK_THROWS_AS(read_json(folder.file("a.json", "{\"a\": 1e999}"), problems), ReadError);
    const nlohmann::json value = read_json(folder.file("a.json", R"({"a": {"b": 1}, "b": 2, "a": 3})"), problems);
    CHECK(value["a"] == 3);
    CHECK(problems.take() ==
          std::vector<ReadProblem>{{"a.json: field 'a' stands twice in one object; the last one counts", {}}});
}
