#include "storage/skeleton/bvh.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "storage/media/file_probe.h"
#include "storage/skeleton/asf.h"
#include "storage/skeleton/bvh_hierarchy.h"
#include "storage/skeleton/frame_rate.h"
#include "storage/skeleton/layout_registry.h"
#include "storage/skeleton/recording_problems.h"

namespace storage {

namespace {

constexpr double radians_per_degree = std::numbers::pi / 180;

struct Unit {
    double metres = 1;
    bool certain = true;
};

Unit unit_of(const std::vector<BvhJoint>& joints) {
    std::vector<Eigen::Vector3d> rest;
    Eigen::Vector3d lowest(0, 0, 0), highest(0, 0, 0);
    for (const BvhJoint& joint : joints) {
        const bool root = joint.parent < 0;
        rest.push_back(root ? Eigen::Vector3d(0, 0, 0)
                            : Eigen::Vector3d(rest[static_cast<std::size_t>(joint.parent)] + joint.offset));
        lowest = lowest.cwiseMin(rest.back());
        highest = highest.cwiseMax(rest.back());
    }
    const double extent = (highest - lowest).maxCoeff();
    if (extent < 0.3 || extent > 3500) return {1, false};
    if (extent < 3) return {1, true};
    if (extent < 45) return {0.0254 / 0.45, true};
    return {extent < 350 ? 0.01 : 0.001, true};
}

// The value of a header line "Frames: 994"; fails when it is another line.
std::string header_value(TextFile& text, std::string_view key) {
    if (!text.next_line()) text.fail("expected '" + std::string(key) + "', found the file's end.");
    const std::string line = lower_case(text.line());
    const std::size_t begin = line.find_first_not_of(" \t");
    if (line.compare(begin, key.size(), key) != 0) text.fail("expected '" + std::string(key) + "'.");
    Words words(text.line().substr(begin + key.size()));
    return std::string(words.next());
}

// Turns lines of channel values into positions.
class MotionParser {
public:
    MotionParser(TextFile& text, const std::vector<BvhJoint>& joints) : text_(text), joints_(joints) {
        std::vector<std::string> names;
        std::vector<int> parents;
        for (const BvhJoint& joint : joints) {
            names.push_back(joint.name);
            parents.push_back(joint.parent);
            values_.resize(values_.size() + joint.channels.size());
        }
        layout_ = layout_from_file("bvh", names, parents);
        for (const std::string& name : names) place_.push_back(static_cast<std::size_t>(*layout_->joint_named(name)));
        ends_.resize(joints.size());
        rotations_.resize(joints.size());
        seen_.resize(joints.size());
    }

    SkeletonRecording parse() {
        const double declared = declared_frames();
        const std::string period = header_value(text_, "frame time:");
        const std::optional<schemas::FrameRate> rate = rate_from_period(period);
        if (!rate) text_.fail("expected a frame time in seconds above 0, found '" + period.substr(0, 40) + "'.");
        while (text_.next_line() && read_values()) add_frame();
        if (frames_ == 0) text_.fail_whole("it holds no frames.");

        SkeletonRecording recording;
        recording.rate = *rate;
        recording.sequence.layout = layout_;
        recording.sequence.positions = std::move(positions_);
        recording.sequence.confidence = std::move(confidence_);
        if (declared != static_cast<double>(frames_)) report_count(recording, declared);
        if (!unit_.certain)
            recording.problems.push_back(
                {"the skeleton is too small or too large to tell its unit; it was read as metres", std::nullopt});
        not_finite_.report(recording);
        report_dead_frames(recording);
        return recording;
    }

private:
    double declared_frames() {
        const double frames = text_.number(header_value(text_, "frames:"));
        if (!(frames >= 0) || frames != std::floor(frames)) text_.fail("expected a number of frames.");
        return frames;
    }

    void report_count(SkeletonRecording& recording, double declared) const {
        recording.problems.push_back({"it declares " + std::to_string(std::llround(std::min(declared, 1e15))) +
                                          " frames and holds " + std::to_string(frames_) +
                                          " whole ones, which were read",
                                      std::nullopt});
    }

    // False when the line is cut off at the file's end.
    bool read_values() {
        Words words(text_.line());
        for (std::size_t index = 0; index < values_.size(); ++index) {
            const std::string_view word = words.next();
            if (word.empty() && text_.at_end()) return false;
            if (word.empty()) wrong_count(std::to_string(index));
            values_[index] = text_.number(word);
        }
        if (!words.next().empty()) wrong_count("more");
        return true;
    }

    [[noreturn]] void wrong_count(const std::string& found) const {
        text_.fail("expected " + std::to_string(values_.size()) + " numbers, found " + found + ".");
    }

    void add_frame() {
        ++frames_;
        check_extent(text_.name(), static_cast<std::size_t>(frames_), joints_.size());
        const std::size_t start = positions_.size();
        positions_.resize(start + 3 * joints_.size());
        confidence_.resize(confidence_.size() + joints_.size());
        const double* values = values_.data();
        for (std::size_t joint = 0; joint < joints_.size(); ++joint) {
            place(joint, values);
            values += joints_[joint].channels.size();
            if (!seen_[joint]) continue;
            Eigen::Vector3f::Map(&positions_[start + 3 * place_[joint]]) = (ends_[joint] * unit_.metres).cast<float>();
            confidence_[start / 3 + place_[joint]] = 1;
        }
    }

    void place(std::size_t index, const double* values) {
        const BvhJoint& joint = joints_[index];
        Eigen::Vector3d shift = joint.offset;
        Eigen::Matrix3d turn = Eigen::Matrix3d::Identity();
        bool finite = true;
        for (const BvhChannel channel : joint.channels) {
            const double value = *values++;
            const int axis = static_cast<int>(channel) % 3;
            finite = finite && std::isfinite(value) && std::abs(value) < 1e7;
            if (channel <= BvhChannel::z_position)
                shift[axis] = value;
            else
                turn = turn * rotation_about(axis, value * radians_per_degree);
        }
        if (!finite) not_finite_.add(frames_ - 1, text_.line_number());
        const auto parent = static_cast<std::size_t>(joint.parent);
        const bool root = joint.parent < 0;
        seen_[index] = finite && (root || seen_[parent]);
        ends_[index] = root ? shift : Eigen::Vector3d(ends_[parent] + rotations_[parent] * shift);
        rotations_[index] = root ? turn : Eigen::Matrix3d(rotations_[parent] * turn);
    }

    TextFile& text_;
    const std::vector<BvhJoint>& joints_;
    LayoutPtr layout_;
    std::vector<std::size_t> place_;  // of each joint in the layout
    Unit unit_ = unit_of(joints_);
    std::vector<double> values_;
    std::vector<Eigen::Vector3d> ends_;
    std::vector<Eigen::Matrix3d> rotations_;
    std::vector<bool> seen_;
    schemas::FrameIndex frames_ = 0;
    std::vector<float> positions_;
    std::vector<float> confidence_;
    FrameComplaints not_finite_{"a value is not finite; its joint and those below it count as unseen"};
};

}  // namespace

SkeletonRecording read_bvh(const std::filesystem::path& file) {
    TextFile text(file);
    const std::vector<BvhJoint> joints = read_bvh_hierarchy(text);
    if (std::ranges::all_of(joints, [](const BvhJoint& joint) { return joint.channels.empty(); }))
        text.fail_whole("none of its joints has channels.");
    return MotionParser(text, joints).parse();
}

bool is_bvh(const std::filesystem::path& file) { return has_extension(file, ".bvh"); }

}  // namespace storage
