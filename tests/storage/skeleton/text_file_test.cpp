#include "storage/skeleton/text_file.h"

#include <doctest/doctest.h>

#include <clocale>
#include <cmath>
#include <vector>

#include "tests/support/recording_files.h"
#include "tests/support/skeleton_measures.h"

namespace {

std::vector<std::string> lines_of(const std::string& text) {
    storage::TextFile file("a.txt", text);
    std::vector<std::string> lines;
    while (file.next_line()) lines.emplace_back(std::to_string(file.line_number()) + ":" + std::string(file.line()));
    return lines;
}

std::string error_for(std::string word) {
    storage::TextFile file("a.txt", "x");
    file.next_line();
    return tests::read_error_of([&] { (void)file.number(word); });
}

}  // namespace

TEST_CASE("lines end with LF, CRLF or CR, and blank ones only count") {
    CHECK(lines_of("a\nb\r\n\r\n \t\nc\rd") == std::vector<std::string>{"1:a", "2:b", "5:c", "6:d"});
}

TEST_CASE("a byte order mark is no part of the first line") {
    CHECK(lines_of("\xEF\xBB\xBF"
                   "a") == std::vector<std::string>{"1:a"});
}

TEST_CASE("an empty, missing or odd file is an error that names it") {
    const tests::TemporaryFolder folder;
    const auto error = [](const std::filesystem::path& file) {
        return tests::read_error_of([&] { storage::TextFile text(file); });
    };
    CHECK(error(tests::write_file(folder, "empty.txt", "")) == "empty.txt: the file is empty.");
    CHECK(error(folder.path() / "missing.txt") == "missing.txt: there is no such file.");
    CHECK(error(folder.path()).find("there is no such file") != std::string::npos);
}

TEST_CASE("numbers are read alike in every locale") {
    const char* const german = std::setlocale(LC_NUMERIC, "de_DE.UTF-8");
    CHECK(storage::number_in("1.5") == 1.5);
    CHECK_FALSE(storage::number_in("1,5"));
    if (german != nullptr) std::setlocale(LC_NUMERIC, "C");
}

TEST_CASE("numbers may have a plus, an exponent, a bare point or be no number at all") {
    CHECK(storage::number_in("+2.5e+002") == 250.0);
    CHECK(storage::number_in(".5") == 0.5);
    CHECK(storage::number_in("1e-999") == 0.0);
    CHECK(std::isinf(*storage::number_in("1e999")));
    CHECK(std::isnan(*storage::number_in("nan")));
    CHECK(std::isnan(*storage::number_in("-1.#IND")));
    CHECK(std::isnan(*storage::number_in("1.#QNAN")));
    for (const char* word : {"", "+", "-", "1.5x", "x", "1#", "0x10", "--1"}) CHECK_FALSE(storage::number_in(word));
}

TEST_CASE("a decimal comma is explained") {
    CHECK(error_for("0,5") == "a.txt: line 1: '0,5' has a decimal comma; write 0.5 with a point.");
}

TEST_CASE("a word that is no number is shown without its control characters") {
    CHECK(error_for("ab\x01") == "a.txt: line 1: expected a number, found 'ab?'.");
}
