#include "storage/skeleton/text_file.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <limits>
#include <system_error>
#include <utility>

#include "storage/read_error.h"

namespace storage {

namespace {

constexpr std::string_view blanks = " \t\v\f\r\n";
constexpr std::string_view line_ends = "\r\n";
constexpr std::uintmax_t largest_file = std::uintmax_t{2} << 30;

std::string contents(const std::filesystem::path& file, const std::string& name) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) throw ReadError(name + ": there is no such file.");
    const std::uintmax_t size = std::filesystem::file_size(file, error);
    if (error) throw ReadError(name + ": its size cannot be read: " + error.message() + ".");
    if (size == 0) throw ReadError(name + ": the file is empty.");
    if (size > largest_file) throw ReadError(name + ": the file is above 2 GiB; cut the recording into shorter ones.");
    std::ifstream stream(file, std::ios::binary);
    std::string text(static_cast<std::size_t>(size), '\0');
    if (!stream.read(text.data(), static_cast<std::streamsize>(size))) throw ReadError(name + ": it cannot be read.");
    return text;
}

}  // namespace

std::string_view Words::next() {
    const std::size_t begin = rest_.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return rest_ = {};
    const std::size_t end = std::min(rest_.find_first_of(blanks, begin), rest_.size());
    const std::string_view word = rest_.substr(begin, end - begin);
    rest_.remove_prefix(end);
    return word;
}

TextFile::TextFile(const std::filesystem::path& file)
    : TextFile(file.filename().string(), contents(file, file.filename().string())) {}

TextFile::TextFile(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)), rest_(text_) {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
}

bool TextFile::next_line() {
    while (!rest_.empty()) {
        const std::size_t end = std::min(rest_.find_first_of(line_ends), rest_.size());
        line_ = rest_.substr(0, end);
        const std::size_t skip = rest_.substr(end, 2) == "\r\n" ? 2 : 1;
        rest_.remove_prefix(std::min(end + skip, rest_.size()));
        ++line_number_;
        if (line_.find_first_not_of(blanks) != std::string_view::npos) return true;
    }
    line_ = {};
    return false;
}

bool TextFile::at_end() const { return rest_.find_first_not_of(blanks) == std::string_view::npos; }

std::string TextFile::here(std::string_view what) const {
    return name_ + ": line " + std::to_string(line_number_) + ": " + std::string(what);
}

void TextFile::fail(std::string_view what) const { throw ReadError(here(what)); }

void TextFile::fail_whole(std::string_view what) const { throw ReadError(name_ + ": " + std::string(what)); }

double TextFile::number(std::string_view word) const {
    if (const std::optional<double> value = number_in(word)) return *value;
    std::string shown(word.substr(0, 40));
    std::ranges::replace_if(
        shown, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, '?');
    const std::size_t comma = shown.find(',');
    if (comma != std::string::npos) {
        std::string pointed = shown;
        pointed[comma] = '.';
        if (number_in(pointed)) fail("'" + shown + "' has a decimal comma; write " + pointed + " with a point.");
    }
    fail("expected a number, found '" + shown + "'.");
}

std::optional<double> number_in(std::string_view word) {
    if (word.starts_with('+')) word.remove_prefix(1);
    double value = 0;
    const char* const end = word.data() + word.size();
    const auto [stopped, error] = std::from_chars(word.data(), end, value);
    if (error == std::errc::invalid_argument) return std::nullopt;
    if (stopped != end) {
        const std::string_view tail(stopped, end);
        const bool windows = tail.starts_with("#IND") || tail.starts_with("#QNAN") || tail.starts_with("#INF");
        return windows ? std::optional(std::numeric_limits<double>::quiet_NaN()) : std::nullopt;
    }
    // Too small for a double is nothing; too large is infinite.
    if (error == std::errc::result_out_of_range)
        return word.find("e-") != word.npos || word.find("E-") != word.npos ? 0.0
                                                                            : std::numeric_limits<double>::infinity();
    return value;
}

}  // namespace storage
