#include "storage/skeleton/point_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "storage/export/atomic_file.h"
#include "storage/skeleton/layout_registry.h"
#include "storage/skeleton/recording_problems.h"
#include "storage/text_file.h"

namespace storage {

namespace {

constexpr std::string_view first_word = "kinetograph-points";
constexpr std::int64_t newest_version = 1;
constexpr std::size_t values_of_joint = 4;

void add_number(std::string& text, float value) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    text.append(digits.data(), end);
}

std::string in_one_line(std::string note) {
    std::ranges::replace_if(
        note, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return note;
}

class PointParser {
public:
    explicit PointParser(TextFile& text) : text_(text) {}

    SkeletonRecording parse() {
        read_head();
        check_extent(text_.name(), static_cast<std::size_t>(declared_), layout_->size());
        std::vector<float> values;
        while (text_.next_line()) {
            if (!read_frame(values)) {
                cut_line_ = text_.line_number();
                break;
            }
        }
        if (values.empty()) text_.fail_whole("it holds no frames.");
        return finished(values);
    }

private:
    // The rest of the line after its first word, which must be `key`.
    std::string_view value_of(std::string_view key) {
        if (!text_.next_line()) text_.fail_whole("it ends before '" + std::string(key) + "'.");
        while (Words(text_.line()).next() == "note")
            if (!text_.next_line()) text_.fail_whole("it ends before '" + std::string(key) + "'.");
        if (Words(text_.line()).next() != key) text_.fail("expected '" + std::string(key) + "'.");
        const std::string_view line = trimmed(text_.line());
        return trimmed(line.substr(key.size()));
    }

    std::int64_t whole_of(std::string_view text, std::int64_t smallest) {
        const auto value = integer_from(text);
        if (!value || *value < smallest) text_.fail(in_quotes(text) + " is no number that can stand here.");
        return *value;
    }

    void read_head() {
        if (whole_of(value_of(first_word), 1) > newest_version)
            text_.fail("it was written by a newer version of the program.");
        const std::string_view name = value_of("layout");
        try {
            layout_ = layout_named(name);
        } catch (const std::out_of_range& error) {
            text_.fail(error.what());
        }
        const std::string_view rate = value_of("rate");
        const std::size_t slash = rate.find('/');
        if (slash == std::string_view::npos) text_.fail("expected a rate such as 30/1.");
        rate_ = {whole_of(rate.substr(0, slash), 1), whole_of(rate.substr(slash + 1), 1)};
        const auto joints = words_of(value_of("joints"));
        if (!std::ranges::equal(joints, layout_->joints))
            text_.fail("its joints are not those of the layout " + layout_->name + ".");
        declared_ = whole_of(value_of("frames"), 0);
    }

    // False when the line is cut off at the file's end.
    bool read_frame(std::vector<float>& values) {
        Words words(text_.line());
        const std::size_t count = values_of_joint * layout_->size(), begin = values.size();
        bool finite = true;
        for (std::size_t i = 0; i < count; ++i) {
            const std::string_view word = words.next();
            if (word.empty()) {
                values.resize(begin);
                if (text_.at_end()) return false;
                text_.fail("expected " + std::to_string(count) + " numbers, found " + std::to_string(i) + ".");
            }
            values.push_back(static_cast<float>(text_.number(word)));
            finite = finite && std::isfinite(values.back());
        }
        if (!words.next().empty()) text_.fail("expected " + std::to_string(count) + " numbers, found more.");
        if (!finite) not_finite_.add(static_cast<schemas::FrameIndex>(values.size() / count) - 1, text_.line_number());
        return true;
    }

    SkeletonRecording finished(const std::vector<float>& values) {
        SkeletonRecording recording;
        const std::size_t joints = layout_->size();
        const auto frames = static_cast<schemas::FrameIndex>(values.size() / (values_of_joint * joints));
        recording.sequence = schemas::SkeletonSequence::empty(layout_, frames);
        recording.rate = rate_;
        for (std::size_t at = 0; at < recording.sequence.confidence.size(); ++at) {
            const Eigen::Vector4f point = Eigen::Map<const Eigen::Vector4f>(&values[values_of_joint * at]);
            if (!point.allFinite()) continue;
            Eigen::Vector3f::Map(&recording.sequence.positions[3 * at]) = point.head<3>();
            recording.sequence.confidence[at] = std::clamp(point.w(), 0.0F, 1.0F);
        }
        if (cut_line_ != 0)
            recording.problems.push_back(
                {"line " + std::to_string(cut_line_) + ": the file ends in the middle of a frame, which was dropped",
                 std::nullopt});
        if (frames != declared_)
            recording.problems.push_back({"it declares " + std::to_string(declared_) + " frames and holds " +
                                              std::to_string(frames) + ", which were taken",
                                          std::nullopt});
        not_finite_.report(recording);
        report_dead_frames(recording);
        return recording;
    }

    TextFile& text_;
    LayoutPtr layout_;
    schemas::FrameRate rate_;
    std::int64_t declared_ = 0;
    std::size_t cut_line_ = 0;
    FrameComplaints not_finite_{"a value is not finite; its joint counts as unseen"};
};

}  // namespace

void write_point_file(const SkeletonRecording& recording, const std::vector<std::string>& notes,
                      const std::filesystem::path& file) {
    const schemas::SkeletonSequence& sequence = recording.sequence;
    if (sequence.space != schemas::CoordinateSpace::metres)
        throw std::invalid_argument(file.string() + ": points in pixels cannot be written as key-points in metres.");
    if (!schemas::is_valid(recording.rate)) throw std::invalid_argument(file.string() + ": the rate is not known.");
    const schemas::SkeletonLayout& layout = *sequence.layout;
    const auto known = all_layouts();
    if (std::ranges::none_of(
            known, [&](const LayoutPtr& one) { return one->name == layout.name && one->joints == layout.joints; }))
        throw std::invalid_argument(file.string() + ": the layout " + layout.name +
                                    " is described by its own file alone; key-points cannot be written in it.");
    std::string text = std::string(first_word) + " " + std::to_string(newest_version) + "\n";
    for (const std::string& note : notes) text += "note " + in_one_line(note) + "\n";
    text += "layout " + layout.name + "\nrate " + std::to_string(recording.rate.numerator) + "/" +
            std::to_string(recording.rate.denominator) + "\njoints";
    for (const std::string& joint : layout.joints) text += " " + joint;
    text += "\nframes " + std::to_string(sequence.frames()) + "\n";
    for (std::size_t at = 0; at < sequence.confidence.size(); ++at) {
        for (std::size_t axis = 0; axis < 3; ++axis) {
            add_number(text, sequence.positions[3 * at + axis]);
            text += ' ';
        }
        add_number(text, sequence.confidence[at]);
        text += (at + 1) % layout.size() == 0 ? '\n' : ' ';
    }
    write_file_atomically(file, text);
}

SkeletonRecording read_point_file(const std::filesystem::path& file) {
    TextFile text(file);
    return PointParser(text).parse();
}

bool is_point_file(const std::filesystem::path& file) {
    return Words(first_text(file, first_word.size() + 1)).next() == first_word;
}

}  // namespace storage
