#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

// Recordings kept as text: read whole, cut into lines and words, independent of the locale.
namespace storage {

// The words of a line, which are separated by blanks.
class Words {
public:
    explicit Words(std::string_view line) : rest_(line) {}
    // Empty when there are no more.
    std::string_view next();

private:
    std::string_view rest_;
};

// The lines of a file, for reading from first to last. Lines end with LF, CRLF or CR; a
// byte order mark is skipped.
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

// Nothing when the word is not one number from end to end. Understands a leading plus and
// what the C run-time of Windows writes for values that are not finite ("-1.#IND").
std::optional<double> number_in(std::string_view word);

}  // namespace storage
