#include "storage/formats/text_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <fstream>
#include <system_error>
#include <utility>

#include "storage/formats/utf8.h"

namespace storage {
namespace {

using namespace std::string_view_literals;

ReadError refusal(const std::filesystem::path& file, const std::string& what) {
    return ReadError(file.string() + ": " + what);
}

std::string bytes_of(const std::filesystem::path& file) {
    std::error_code error;
    if (std::filesystem::is_directory(file, error)) throw refusal(file, "is a folder, expected a text file");
    const std::uintmax_t size = std::filesystem::file_size(file, error);
    if (error) throw refusal(file, "could not be read: " + error.message());
    if (size > largest_text_file)
        throw refusal(file, "has " + std::to_string(size) + " bytes; no label file is that large");
    std::string bytes(size, '\0');
    std::ifstream stream(file, std::ios::binary);
    if (!stream.read(bytes.data(), static_cast<std::streamsize>(size)))
        throw refusal(file, "could not be read to its end");
    return bytes;
}

void require_utf8(const std::filesystem::path& file, std::string_view text) {
    for (const std::string_view mark : {"\xFF\xFE"sv, "\xFE\xFF"sv})
        if (text.starts_with(mark)) throw refusal(file, "is UTF-16 text; save it as UTF-8");
    if (text.find('\0') != std::string_view::npos)
        throw refusal(file, "holds zero bytes, so it is binary or UTF-16; expected UTF-8 text");
    if (const std::optional<std::size_t> at = first_invalid_utf8(text)) {
        const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(*at), '\n');
        throw refusal(file, "line " + std::to_string(line) + ": is not UTF-8 (Latin-1?); save the file as UTF-8");
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
    std::string text = bytes_of(file);
    require_utf8(file, text);
    if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
    return text;
}

std::string first_text(const std::filesystem::path& file, std::size_t bytes) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) return {};
    std::string text(bytes, '\0');
    std::ifstream stream(file, std::ios::binary);
    stream.read(text.data(), static_cast<std::streamsize>(bytes));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
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

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    for (;;) {
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        if (line.empty()) return words;
        const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
        words.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
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

std::string in_quotes(std::string_view text) {
    constexpr std::size_t longest = 60;
    if (text.size() <= longest) return "'" + std::string(text) + "'";
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return "'" + std::string(text.substr(0, end)) + "…'";
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
