#include "annotator/workflows/synth/msr_files.h"

#include <array>
#include <charconv>
#include <stdexcept>

namespace annotator::synth {
namespace {

using schemas::FrameIndex;

constexpr int decimals = 6;

std::ofstream opened(const std::filesystem::path& file) {
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    if (!stream) throw std::runtime_error(file.string() + ": cannot be written; check the folder and its permissions");
    return stream;
}

void closed(std::ofstream& stream, const std::filesystem::path& file) {
    stream.close();
    if (!stream) throw std::runtime_error(file.string() + ": could not be written whole; is the disk full?");
}

// As printf's %.6f, whatever the locale.
void append_number(std::string& text, double value) {
    std::array<char, 64> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), value, std::chars_format::fixed, decimals).ptr;
    text.append(digits.begin(), end);
}

std::string number_text(double value) {
    std::string text;
    append_number(text, value);
    return text;
}

std::string quoted(const std::string& cell) {
    if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
    std::string result = "\"";
    for (const char letter : cell) result.append(letter == '"' ? 2 : 1, letter);
    return result + "\"";
}

}  // namespace

void write_msr_skeleton(const std::filesystem::path& file, const schemas::SkeletonSequence& sequence) {
    if (sequence.space != schemas::CoordinateSpace::metres || sequence.joints() != joint_count)
        throw std::invalid_argument(file.string() + ": an MSR-Action3D skeleton has 20 joints in metres");
    std::string text;
    for (FrameIndex frame = 0; frame < sequence.frames(); ++frame) {
        for (std::size_t joint = 0; joint < sequence.joints(); ++joint) {
            for (const float value : sequence.at(frame, joint)) {
                append_number(text, value);
                text += ' ';
            }
            append_number(text, sequence.confidence_at(frame, joint));
            text += '\n';
        }
    }
    write_text(file, text);
}

MsrDepthWriter::MsrDepthWriter(std::filesystem::path file, FrameIndex frames, int columns, int rows)
    : file_(std::move(file)), columns_(columns), rows_(rows), stream_(opened(file_)) {
    add_number(static_cast<std::uint32_t>(frames));
    add_number(static_cast<std::uint32_t>(columns));
    add_number(static_cast<std::uint32_t>(rows));
    flush();
}

void MsrDepthWriter::add(const storage::DepthFrame& picture) {
    if (picture.width != columns_ || picture.height != rows_)
        throw std::invalid_argument(file_.string() + ": a depth picture has another size than the recording");
    for (const std::uint16_t value : picture.values) add_number(value);
    flush();
}

void MsrDepthWriter::close() { closed(stream_, file_); }

void MsrDepthWriter::add_number(std::uint32_t value) {
    for (unsigned shift = 0; shift < 32; shift += 8) bytes_ += static_cast<char>(value >> shift & 0xffU);
}

void MsrDepthWriter::flush() {
    stream_.write(bytes_.data(), static_cast<std::streamsize>(bytes_.size()));
    bytes_.clear();
}

CsvWriter::CsvWriter(std::filesystem::path file, const std::vector<std::string>& header)
    : file_(std::move(file)), stream_(opened(file_)) {
    add(header);
}

void CsvWriter::add(const std::vector<std::string>& cells) {
    for (std::size_t cell = 0; cell < cells.size(); ++cell) stream_ << (cell == 0 ? "" : ",") << quoted(cells[cell]);
    stream_ << '\n';
}

void CsvWriter::close() { closed(stream_, file_); }

TruthWriter::TruthWriter(const std::filesystem::path& folder)
    : folder_(folder),
      categories_(folder / "categories.csv", {"clip", "track", "performer", "begin", "end", "label"}),
      primitives_(folder / "primitives.csv", {"clip", "track", "performer", "begin", "end", "label"}),
      key_poses_(folder / "key_poses.csv", {"clip", "track", "performer", "begin", "end", "label"}) {}

void TruthWriter::add_category(const std::string& clip, const std::string& performer, const LabelledSpan& span) {
    categories_.add(
        {clip, "category", performer, std::to_string(span.frames.begin), std::to_string(span.frames.end), span.label});
}

void TruthWriter::add_primitive(const std::string& clip, const std::string& performer, const LabelledSpan& span) {
    primitives_.add(
        {clip, "primitive", performer, std::to_string(span.frames.begin), std::to_string(span.frames.end), span.label});
}

void TruthWriter::add_key_pose(const std::string& clip, const std::string& performer, const LabelledFrame& pose) {
    key_poses_.add(
        {clip, "key pose", performer, std::to_string(pose.frame), std::to_string(pose.frame + 1), pose.label});
}

void TruthWriter::add_beats(const std::string& clip, const ClickTrack& track, double seconds) {
    if (!beats_)
        beats_.emplace(folder_ / "beats.csv", std::vector<std::string>{"clip", "beat", "seconds", "beats_per_minute"});
    int beat = 0;
    for (const double at : beats_of(track, seconds))
        beats_->add({clip, std::to_string(beat++), number_text(at), number_text(track.beats_per_minute)});
}

void TruthWriter::close() {
    if (beats_) beats_->close();
    categories_.close();
    primitives_.close();
    key_poses_.close();
}

void write_text(const std::filesystem::path& file, std::string_view text) {
    std::ofstream stream = opened(file);
    stream.write(text.data(), static_cast<std::streamsize>(text.size()));
    closed(stream, file);
}

}  // namespace annotator::synth
