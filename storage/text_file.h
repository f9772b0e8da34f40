#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/read_error.h"

// Text: read whole, cut into lines and words, independent of the locale.
namespace storage {

// Text files of more bytes are refused before anything is allocated.
inline constexpr std::size_t largest_text_file = std::size_t{256} << 20U;

// The bytes of a UTF-8 text file, without a byte order mark. Throws ReadError: cannot be read, is
// a folder, too large, UTF-16 or -32, holds zero bytes (binary), not UTF-8 (Latin-1 …) with the
// line of the first wrong byte. A guessed encoding would change labels silently, so none is guessed.
std::string read_text(const std::filesystem::path& file);

// The first `bytes` of a file without a byte order mark, whatever they are; empty if it cannot be read. Never throws.
std::string first_text(const std::filesystem::path& file, std::size_t bytes);

// The lines of `text`, which must outlive them; the line end may be LF or CRLF. A line end at the very
// end does not begin another line.
std::vector<std::string_view> lines_of(std::string_view text);

// The words of a line, parted by blanks and tabs, one by one.
class Words {
public:
    explicit Words(std::string_view line) : rest_(line) {}
    // Empty when there are no more.
    std::string_view next();

private:
    std::string_view rest_;
};

std::vector<std::string_view> words_of(std::string_view line);

std::string_view trimmed(std::string_view text);

// The whole of `text` as a number; nullopt if anything else stands there or it does not fit.
// Decimal numbers must be finite and have a point, whatever the locale.
std::optional<std::int64_t> integer_from(std::string_view text);
std::optional<double> decimal_from(std::string_view text);

// As decimal_from, but for what instruments write: values may be infinite or no number. Understands a leading
// plus, and what the C run-time of Windows writes for values that are not finite ("-1.#IND").
std::optional<double> number_in(std::string_view word);

// `text` in quotes for a message, cut short where it is long.
std::string in_quotes(std::string_view text);

// The lines of a recording kept as text, for reading from first to last, whatever its encoding. Lines end with LF,
// CRLF or CR; a byte order mark is skipped.
class TextFile {
public:
    // Throws ReadError when the file is missing, empty, no plain file or above 2 GiB.
    explicit TextFile(const std::filesystem::path& file);
    TextFile(std::string name, std::string text);
    TextFile(const TextFile&) = delete;
    TextFile& operator=(const TextFile&) = delete;

    // Goes on to the next line that holds more than blanks; false at the end.
    bool next_line();
    [[nodiscard]] std::string_view line() const { return line_; }
    [[nodiscard]] std::size_t line_number() const { return line_number_; }
    // No line with more than blanks follows.
    [[nodiscard]] bool at_end() const;
    // Without the folder.
    [[nodiscard]] const std::string& name() const { return name_; }

    // "walk.bvh: line 41: expected …"
    [[nodiscard]] std::string here(std::string_view what) const;
    [[noreturn]] void fail(std::string_view what) const;        // at this line
    [[noreturn]] void fail_whole(std::string_view what) const;  // without a line
    // Throws ReadError at this line when the word is no number. NaN and infinities are numbers.
    [[nodiscard]] double number(std::string_view word) const;

private:
    std::string name_;
    std::string text_;
    std::string_view rest_;
    std::string_view line_;
    std::size_t line_number_ = 0;
};

// Collects what is wrong in one file. After `limit` entries the rest is counted only, so that a
// million bad rows make neither a million messages nor a silent file.
class ProblemList {
public:
    explicit ProblemList(std::filesystem::path file, std::size_t limit = 1000)
        : file_(std::move(file)), limit_(limit) {}

    // "walk.csv: line 41: <what>"; lines count from 1, line 0 speaks of the file.
    void add(std::size_t line, const std::string& what, std::optional<schemas::FrameSpan> frames = std::nullopt);
    void add(const std::string& what, std::optional<schemas::FrameSpan> frames = std::nullopt) { add(0, what, frames); }
    // The list, ended by a line that counts what did not fit.
    [[nodiscard]] std::vector<ReadProblem> take();

private:
    std::filesystem::path file_;
    std::size_t limit_, left_out_ = 0;
    std::vector<ReadProblem> problems_;
};

}  // namespace storage
