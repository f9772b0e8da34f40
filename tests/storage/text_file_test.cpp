#include "storage/text_file.h"

#include <doctest/doctest.h>

#include <clocale>
#include <cmath>
#include <vector>

#include "tests/support/recording_files.h"
#include "tests/support/skeleton_measures.h"

using namespace storage;
using namespace std::string_literals;

namespace {

std::vector<std::string> numbered_lines(const std::string& text) {
    TextFile file("a.txt", text);
    std::vector<std::string> lines;
    while (file.next_line()) lines.emplace_back(std::to_string(file.line_number()) + ":" + std::string(file.line()));
    return lines;
}

std::string error_for(std::string word) {
    TextFile file("a.txt", "x");
    file.next_line();
    return tests::read_error_of([&] { (void)file.number(word); });
}

}  // namespace

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

TEST_CASE("lines end with LF, CRLF or CR, and blank ones only count") {
    CHECK(numbered_lines("a\nb\r\n\r\n \t\nc\rd") == std::vector<std::string>{"1:a", "2:b", "5:c", "6:d"});
}

TEST_CASE("a byte order mark is no part of the first line") {
    CHECK(numbered_lines("\xEF\xBB\xBF"
                         "a") == std::vector<std::string>{"1:a"});
}

TEST_CASE("an empty, missing or odd file is an error that names it") {
    const tests::TemporaryFolder folder;
    const auto error = [](const std::filesystem::path& file) {
        return tests::read_error_of([&] { TextFile text(file); });
    };
    CHECK(error(tests::write_file(folder, "empty.txt", "")) == "empty.txt: the file is empty.");
    CHECK(error(folder.path() / "missing.txt") == "missing.txt: could not be read: No such file or directory");
    CHECK(error(folder.path()).find("is a folder") != std::string::npos);
}

TEST_CASE("numbers are read alike in every locale") {
    const char* const german = std::setlocale(LC_NUMERIC, "de_DE.UTF-8");
    CHECK(number_in("1.5") == 1.5);
    CHECK_FALSE(number_in("1,5"));
    if (german != nullptr) std::setlocale(LC_NUMERIC, "C");
}

TEST_CASE("numbers may have a plus, an exponent, a bare point or be no number at all") {
    CHECK(number_in("+2.5e+002") == 250.0);
    CHECK(number_in(".5") == 0.5);
    CHECK(number_in("1e-999") == 0.0);
    CHECK(std::isinf(*number_in("1e999")));
    CHECK(std::isnan(*number_in("nan")));
    CHECK(std::isnan(*number_in("-1.#IND")));
    CHECK(std::isnan(*number_in("1.#QNAN")));
    for (const char* word : {"", "+", "-", "1.5x", "x", "1#", "0x10", "--1"}) CHECK_FALSE(number_in(word));
}

TEST_CASE("a decimal comma is explained") {
    CHECK(error_for("0,5") == "a.txt: line 1: '0,5' has a decimal comma; write 0.5 with a point.");
}

TEST_CASE("a word that is no number is shown without its control characters") {
    CHECK(error_for("ab\x01") == "a.txt: line 1: expected a number, found 'ab?'.");
}
