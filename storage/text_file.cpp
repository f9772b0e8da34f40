#include "storage/text_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <system_error>
#include <utility>

#include "storage/formats/utf8.h"

namespace storage {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view blanks = " \t\v\f\r\n";
constexpr std::string_view line_ends = "\r\n";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::uintmax_t largest_recording = std::uintmax_t{2} << 30U;

// `name` is what messages call the file.
std::string bytes_of(const std::filesystem::path& file, const std::string& name, std::uintmax_t most_bytes,
                     const std::string& advice) {
    std::error_code error;
    if (std::filesystem::is_directory(file, error)) throw ReadError(name + ": is a folder, expected a text file");
    const std::uintmax_t size = std::filesystem::file_size(file, error);
    if (error) throw ReadError(name + ": could not be read: " + error.message());
    if (size > most_bytes) throw ReadError(name + ": has " + std::to_string(size) + " bytes; " + advice);
    std::string bytes(size, '\0');
    std::ifstream stream(file, std::ios::binary);
    if (!stream.read(bytes.data(), static_cast<std::streamsize>(size)))
        throw ReadError(name + ": could not be read to its end");
    return bytes;
}

std::string recording_bytes(const std::filesystem::path& file) {
    const std::string name = file.filename().string();
    std::string bytes = bytes_of(file, name, largest_recording, "cut the recording into shorter ones");
    if (bytes.empty()) throw ReadError(name + ": the file is empty.");
    return bytes;
}

void require_utf8(const std::filesystem::path& file, std::string_view text) {
    for (const std::string_view mark : {"\xFF\xFE"sv, "\xFE\xFF"sv})
        if (text.starts_with(mark)) throw ReadError(file.string() + ": is UTF-16 text; save it as UTF-8");
    if (text.find('\0') != std::string_view::npos)
        throw ReadError(file.string() + ": holds zero bytes, so it is binary or UTF-16; expected UTF-8 text");
    if (const std::optional<std::size_t> at = first_invalid_utf8(text)) {
        const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(*at), '\n');
        throw ReadError(file.string() + ": line " + std::to_string(line) +
                        ": is not UTF-8 (Latin-1?); save the file as UTF-8");
    }
}

template <class Number>
std::optional<Number> number_from(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

std::string read_text(const std::filesystem::path& file) {
    std::string text = bytes_of(file, file.string(), largest_text_file, "no label file is that large");
    require_utf8(file, text);
    if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
    return text;
}

std::string first_text(const std::filesystem::path& file, std::size_t bytes) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) return {};
    std::string text(bytes, '\0');
    std::ifstream stream(file, std::ios::binary);
    stream.read(text.data(), static_cast<std::streamsize>(bytes));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
    return text;
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string_view Words::next() {
    const std::size_t begin = rest_.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return rest_ = {};
    const std::size_t end = std::min(rest_.find_first_of(blanks, begin), rest_.size());
    const std::string_view word = rest_.substr(begin, end - begin);
    rest_.remove_prefix(end);
    return word;
}

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> found;
    Words words(line);
    for (std::string_view word = words.next(); !word.empty(); word = words.next()) found.push_back(word);
    return found;
}

std::string_view trimmed(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    return text.substr(0, text.find_last_not_of(" \t") + 1);
}

std::optional<std::int64_t> integer_from(std::string_view text) { return number_from<std::int64_t>(text); }

std::optional<double> decimal_from(std::string_view text) {
    const std::optional<double> value = number_from<double>(text);
    return value && std::isfinite(*value) ? value : std::nullopt;
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

std::string in_quotes(std::string_view text) {
    constexpr std::size_t longest = 60;
    if (text.size() <= longest) return "'" + std::string(text) + "'";
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return "'" + std::string(text.substr(0, end)) + "…'";
}

TextFile::TextFile(const std::filesystem::path& file) : TextFile(file.filename().string(), recording_bytes(file)) {}

TextFile::TextFile(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)), rest_(text_) {
    if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
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

void ProblemList::add(std::size_t line, const std::string& what, std::optional<schemas::FrameSpan> frames) {
    if (problems_.size() == limit_) {
        ++left_out_;
        return;
    }
    const std::string place = line == 0 ? ": " : ": line " + std::to_string(line) + ": ";
    problems_.push_back({file_.string() + place + what, frames});
}

std::vector<ReadProblem> ProblemList::take() {
    if (left_out_ > 0)
        problems_.push_back(
            {file_.string() + ": " + std::to_string(left_out_) + " further problems are not listed", {}});
    left_out_ = 0;
    return std::exchange(problems_, {});
}

}  // namespace storage
