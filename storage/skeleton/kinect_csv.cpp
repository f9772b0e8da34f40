#include "storage/skeleton/kinect_csv.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "storage/media/file_probe.h"
#include "storage/skeleton/frame_rate.h"
#include "storage/skeleton/layout_registry.h"
#include "storage/skeleton/recording_problems.h"
#include "storage/text_file.h"

namespace storage {

namespace {

constexpr std::size_t joints = 25;
constexpr std::size_t columns = 1 + 4 * joints;
constexpr double ticks_per_second = 1e7;

using Row = std::array<double, columns>;

// The fields between commas, without the empty one after a comma at the end.
std::vector<std::string_view> fields(std::string_view line) {
    std::vector<std::string_view> found;
    while (!line.empty()) {
        const std::size_t end = std::min(line.find(','), line.size());
        found.push_back(Words(line.substr(0, end)).next());
        line.remove_prefix(std::min(end + 1, line.size()));
    }
    if (!found.empty() && found.back().empty()) found.pop_back();
    return found;
}

bool is_header(const std::vector<std::string_view>& names) {
    return names.size() == columns && !number_in(names.front());
}

bool is_sound(const Row& row) {
    for (std::size_t column = 1; column < columns; ++column) {
        const bool state = column % 4 == 0;
        if (state ? row[column] != 0 && row[column] != 1 && row[column] != 2 : !(std::abs(row[column]) < 100))
            return false;
    }
    return row[0] >= 0 && row[0] == std::floor(row[0]);
}

// Nothing when the line is cut off at the file's end.
std::optional<Row> row_at(const TextFile& text) {
    const std::vector<std::string_view> found = fields(text.line());
    if (found.size() < columns && text.at_end()) return std::nullopt;
    if (found.size() != columns) {
        const bool semicolons = text.line().find(';') != std::string_view::npos;
        text.fail("expected " + std::to_string(columns) + " columns, found " + std::to_string(found.size()) +
                  (semicolons ? "; write commas between columns and points in numbers." : "."));
    }
    Row row{};
    for (std::size_t column = 0; column < columns; ++column) row[column] = text.number(found[column]);
    return row;
}

void set_joints(schemas::SkeletonSequence& sequence, schemas::FrameIndex frame, const Row& row) {
    for (std::size_t joint = 0; joint < joints; ++joint) {
        const double* const values = &row[1 + 4 * joint];
        const Eigen::Vector3f position = Eigen::Map<const Eigen::Vector3d>(values).cast<float>();
        if (!position.allFinite() || !std::isfinite(values[3])) continue;
        sequence.set(frame, joint, position);
        sequence.confidence[static_cast<std::size_t>(frame) * joints + joint] =
            static_cast<float>(std::clamp(values[3] / 2, 0.0, 1.0));
    }
}

double median_interval(const std::vector<double>& seconds) {
    std::vector<double> intervals;
    for (std::size_t frame = 1; frame < seconds.size(); ++frame)
        intervals.push_back(seconds[frame] - seconds[frame - 1]);
    const auto middle = intervals.begin() + static_cast<std::ptrdiff_t>(intervals.size() / 2);
    if (!intervals.empty()) std::ranges::nth_element(intervals, middle);
    return intervals.empty() || *middle < 1e-4 ? 1.0 / 30 : *middle;
}

class KinectParser {
public:
    explicit KinectParser(TextFile& text) : text_(text) {}

    SkeletonRecording parse() {
        while (text_.next_line()) {
            if (text_.line_number() == 1 && is_header(fields(text_.line()))) continue;
            const std::optional<Row> row = row_at(text_);
            if (!row) {
                cut_line_ = text_.line_number();
                break;
            }
            check(*row);
            rows_.push_back(*row);
        }
        if (rows_.empty()) text_.fail_whole("it holds no frames.");
        return finished();
    }

private:
    void check(const Row& row) {
        const auto frame = static_cast<schemas::FrameIndex>(rows_.size());
        const bool finite =
            std::ranges::all_of(row, [](double value) { return std::isfinite(static_cast<float>(value)); });
        if (!std::isfinite(row[0]) || std::abs(row[0]) > 1e18) text_.fail("its time stamp is no count of ticks.");
        if (!finite) not_finite_.add(frame, text_.line_number());
        if (!rows_.empty() && row[0] <= rows_.back()[0]) not_rising_.add(frame, text_.line_number());
    }

    SkeletonRecording finished() {
        SkeletonRecording recording;
        const auto frames = static_cast<schemas::FrameIndex>(rows_.size());
        recording.sequence = schemas::SkeletonSequence::empty(layout_named("kinect25"), frames);
        for (schemas::FrameIndex frame = 0; frame < frames; ++frame) {
            const Row& row = rows_[static_cast<std::size_t>(frame)];
            set_joints(recording.sequence, frame, row);
            const double seconds = (row[0] - rows_.front()[0]) / ticks_per_second;
            recording.seconds.push_back(std::max(seconds, recording.seconds.empty() ? 0 : recording.seconds.back()));
        }
        recording.rate = rate_from_measured(1 / median_interval(recording.seconds));
        recording.first_stamp = static_cast<std::int64_t>(rows_.front()[0] / ticks_per_second * 1e6);
        if (cut_line_ != 0)
            recording.problems.push_back(
                {"line " + std::to_string(cut_line_) + ": the file ends in the middle of a frame, which was dropped",
                 std::nullopt});
        not_rising_.report(recording);
        not_finite_.report(recording);
        report_dead_frames(recording);
        return recording;
    }

    TextFile& text_;
    std::vector<Row> rows_;
    std::size_t cut_line_ = 0;
    FrameComplaints not_rising_{"the time stamp is not after the one before; the frame is shown at that one's time"};
    FrameComplaints not_finite_{"a value is not finite; its joint counts as unseen"};
};

}  // namespace

SkeletonRecording read_kinect_csv(const std::filesystem::path& file) {
    TextFile text(file);
    return KinectParser(text).parse();
}

bool is_kinect_csv(const std::filesystem::path& file) {
    if (!has_extension(file, ".csv")) return false;
    const std::string start = first_bytes(file, 8192);
    std::string_view line = std::string_view(start).substr(0, start.find('\n'));
    if (is_header(fields(line))) {
        const std::size_t second = std::min(line.size() + 1, start.size());
        line = std::string_view(start).substr(second, start.find('\n', second) - second);
    }
    const std::vector<std::string_view> found = fields(line);
    if (found.size() != columns) return false;
    Row row{};
    for (std::size_t column = 0; column < columns; ++column) row[column] = number_in(found[column]).value_or(-1000);
    return is_sound(row);
}

}  // namespace storage
