#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/frame.h"
#include "storage/export/verify_export.h"

namespace storage {

// Findings as they are made.
class FindingList {
public:
    void error(const std::string& where, const std::string& what) {
        findings_.push_back({Severity::error, what, where});
    }
    void warn(const std::string& where, const std::string& what) {
        findings_.push_back({Severity::warning, what, where});
    }
    [[nodiscard]] std::vector<Finding> take() { return std::move(findings_); }

private:
    std::vector<Finding> findings_;
};

inline std::string at_line(const std::string& path, std::size_t line) {
    return path + ": line " + std::to_string(line);
}

// A CSV file of an export, with its columns by name.
class Table {
public:
    // Lists wrong rows and leaves them out. Throws ReadError if the file cannot be read or lacks a column.
    Table(const std::filesystem::path& folder, const std::string& path, const std::vector<std::string>& columns,
          FindingList& findings);

    [[nodiscard]] std::size_t rows() const { return rows_.size(); }
    [[nodiscard]] bool has(std::string_view column) const { return columns_.contains(column); }
    [[nodiscard]] const std::string& text(std::size_t row, std::string_view column) const;
    // Where a row stands, for a finding.
    [[nodiscard]] std::string place(std::size_t row) const { return at_line(path_, lines_[row]); }
    // Lists a value that is no number and gives 0.
    [[nodiscard]] std::int64_t integer(std::size_t row, std::string_view column) const;
    [[nodiscard]] double decimal(std::size_t row, std::string_view column) const;

private:
    std::string path_;
    FindingList& findings_;
    std::map<std::string, std::size_t, std::less<>> columns_;
    std::vector<std::vector<std::string>> rows_;
    std::vector<std::size_t> lines_;
};

// A clip as the export's tables describe it.
struct ExportedClip {
    std::string video, name;
    schemas::FrameTable table;
    double end_seconds = 0;

    [[nodiscard]] schemas::FrameIndex frames() const { return table.frames(); }
    // Of a boundary 0 … frames, from the first frame.
    [[nodiscard]] double boundary_seconds(schemas::FrameIndex boundary) const;
};

// Reads clips.csv and frames/*.csv and lists where they disagree. By video id.
std::map<std::string, ExportedClip> read_clips(const std::filesystem::path& folder, FindingList& findings);

}  // namespace storage
