#include "storage/skeleton/msr_skeleton.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "storage/media/file_probe.h"
#include "storage/skeleton/layout_registry.h"
#include "storage/skeleton/recording_problems.h"
#include "storage/text_file.h"

namespace storage {

namespace {

using schemas::CoordinateSpace;
using Row = std::array<double, 4>;

constexpr schemas::FrameRate msr_rate{15, 1};
// The third number is metres from the sensor, or units of 4 mm, where a person stands at some 650.
constexpr double farthest_metres = 20;

bool is_absent(const Row& row) { return row[0] == 0 && row[1] == 0 && row[2] == 0; }
bool is_finite(const Row& row) {
    return std::ranges::all_of(row, [](double value) { return std::isfinite(static_cast<float>(value)); });
}

// Nothing when no joint tells.
std::optional<CoordinateSpace> space_of(const std::vector<Row>& rows) {
    std::vector<double> depths;
    for (const Row& row : rows)
        if (!is_absent(row) && is_finite(row)) depths.push_back(std::abs(row[2]));
    if (depths.empty()) return std::nullopt;
    const auto middle = depths.begin() + static_cast<std::ptrdiff_t>(depths.size() / 2);
    std::ranges::nth_element(depths, middle);
    return *middle < farthest_metres ? CoordinateSpace::metres : CoordinateSpace::pixels;
}

// Nothing when the line is cut off at the file's end.
std::optional<Row> row_at(const TextFile& text) {
    Words words(text.line());
    Row row{};
    for (std::size_t column = 0; column < row.size(); ++column) {
        const std::string_view word = words.next();
        if (word.empty()) {
            if (text.at_end()) return std::nullopt;
            text.fail("expected 4 numbers, found " + std::to_string(column) + ".");
        }
        row[column] = text.number(word);
    }
    if (!words.next().empty()) text.fail("expected 4 numbers, found more.");
    return row;
}

void set_joint(SkeletonRecording& recording, std::size_t index, const Row& row) {
    if (is_absent(row) || !is_finite(row)) return;
    schemas::SkeletonSequence& sequence = recording.sequence;
    const std::size_t joints = sequence.joints();
    sequence.set(static_cast<schemas::FrameIndex>(index / joints), index % joints,
                 Eigen::Vector3d(row[0], row[1], row[2]).cast<float>());
    sequence.confidence[index] = std::clamp(static_cast<float>(row[3]), inferred_confidence, 1.0F);
}

void report_partial_frame(SkeletonRecording& recording, std::size_t lines, std::size_t joints) {
    recording.problems.push_back({"the file ends in the middle of a frame: " + std::to_string(lines) + " lines of " +
                                      std::to_string(joints) + " were dropped",
                                  std::nullopt});
}

void check_space(const TextFile& text, const std::vector<Row>& rows, CoordinateSpace wanted) {
    const std::optional<CoordinateSpace> found = space_of(rows);
    if (!found || *found == wanted) return;
    text.fail_whole(wanted == CoordinateSpace::metres
                        ? "its positions are pixels, not metres; read it as msr-skeleton-screen."
                        : "its positions are metres, not pixels; read it as msr-skeleton.");
}

SkeletonRecording read_msr(const std::filesystem::path& file, CoordinateSpace space) {
    TextFile text(file);
    const LayoutPtr layout = layout_named("msr20");
    FrameComplaints not_finite("a value is not a finite number; its joint counts as unseen");
    std::vector<Row> rows;
    std::size_t cut_lines = 0;
    while (text.next_line()) {
        const std::optional<Row> row = row_at(text);
        if (!row) {
            cut_lines = 1;
            break;
        }
        if (!is_finite(*row))
            not_finite.add(static_cast<schemas::FrameIndex>(rows.size() / layout->size()), text.line_number());
        rows.push_back(*row);
    }
    const std::size_t frames = rows.size() / layout->size();
    const std::size_t left_over = rows.size() % layout->size() + cut_lines;
    if (frames == 0)
        text.fail_whole("expected " + std::to_string(layout->size()) + " lines a frame, found " +
                        std::to_string(left_over) + " in all.");
    rows.resize(frames * layout->size());
    check_space(text, rows, space);

    SkeletonRecording recording;
    recording.rate = msr_rate;
    recording.sequence = schemas::SkeletonSequence::empty(layout, static_cast<schemas::FrameIndex>(frames), space);
    for (std::size_t index = 0; index < rows.size(); ++index) set_joint(recording, index, rows[index]);
    not_finite.report(recording);
    if (left_over != 0) report_partial_frame(recording, left_over, layout->size());
    report_dead_frames(recording);
    return recording;
}

// The rows of the first frame, nothing when the file does not begin with a whole one.
std::optional<std::vector<Row>> first_frame(const std::filesystem::path& file) {
    constexpr std::size_t joints = 20;
    const std::string start = first_bytes(file, 4096);
    std::string_view rest = start;
    std::vector<Row> rows;
    while (rows.size() < joints) {
        const std::size_t end = rest.find('\n');
        if (end == std::string_view::npos) return std::nullopt;
        Words words(rest.substr(0, end));
        rest.remove_prefix(end + 1);
        Row row{};
        for (double& value : row) {
            const std::optional<double> number = number_in(words.next());
            if (!number) return std::nullopt;
            value = *number;
        }
        if (!words.next().empty()) return std::nullopt;
        rows.push_back(row);
    }
    return rows;
}

bool is_msr(const std::filesystem::path& file, CoordinateSpace space) {
    if (!has_extension(file, ".txt")) return false;
    static const std::regex take("a[0-9]+_s[0-9]+_e[0-9]+_skeleton(3d)?");
    const std::string stem = lower_case(file.stem().string());
    const CoordinateSpace by_name = stem.ends_with("3d") ? CoordinateSpace::metres : CoordinateSpace::pixels;
    const std::optional<std::vector<Row>> rows = first_frame(file);
    const CoordinateSpace found = rows ? space_of(*rows).value_or(by_name) : by_name;
    const bool claimed = std::regex_match(stem, take) || (rows && stem.find("skeleton") != std::string::npos);
    return claimed && found == space;
}

}  // namespace

SkeletonRecording read_msr_skeleton(const std::filesystem::path& file) {
    return read_msr(file, CoordinateSpace::metres);
}

SkeletonRecording read_msr_skeleton_screen(const std::filesystem::path& file) {
    return read_msr(file, CoordinateSpace::pixels);
}

bool is_msr_skeleton(const std::filesystem::path& file) { return is_msr(file, CoordinateSpace::metres); }

bool is_msr_skeleton_screen(const std::filesystem::path& file) { return is_msr(file, CoordinateSpace::pixels); }

}  // namespace storage
