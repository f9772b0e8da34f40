#include "storage/skeleton/amc.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <numbers>
#include <set>
#include <string>
#include <vector>

#include "storage/media/file_probe.h"
#include "storage/skeleton/recording_problems.h"
#include "storage/skeleton/stand_in_skeleton.h"
#include "storage/text_file.h"

namespace storage {

namespace {

constexpr schemas::FrameRate amc_rate{120, 1};
constexpr int folders_above = 3;
constexpr std::size_t most_named_bones = 20;

// Where a bone ends and how it is turned.
struct Pose {
    Eigen::Vector3d end{0, 0, 0};
    Eigen::Matrix3d rotation = Eigen::Matrix3d::Identity();
    bool seen = true;
};

// The values of one bone in one frame.
struct Values {
    std::vector<double> numbers;
    bool given = false;
};

class AmcParser {
public:
    AmcParser(TextFile& text, const AsfSkeleton& skeleton)
        : text_(text), skeleton_(skeleton), frame_(skeleton.bones.size()), poses_(skeleton.bones.size()) {
        for (std::size_t bone = 0; bone < skeleton.bones.size(); ++bone) {
            bone_named_[skeleton.bones[bone].name] = bone;
            frame_[bone].numbers.resize(skeleton.bones[bone].freedoms.size());
        }
    }

    SkeletonRecording parse() {
        while (text_.next_line()) read_line();
        if (frames_ == 0) text_.fail_whole("it holds no frames.");
        close_frame();
        return finished();
    }

private:
    void read_line() {
        Words words(text_.line());
        const std::string_view first = words.next();
        if (first.starts_with('#')) return;
        if (first.starts_with(':')) {
            if (lower_case(first).starts_with(":rad")) radians_per_unit_ = 1;
            return;
        }
        if (const std::optional<std::int64_t> number = frame_number(first, words))
            open_frame(*number);
        else
            read_bone(first, words);
    }

    static std::optional<std::int64_t> frame_number(std::string_view word, Words rest) {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
        const bool whole = error == std::errc{} && end == word.data() + word.size();
        return whole && rest.next().empty() ? std::optional(number) : std::nullopt;
    }

    void open_frame(std::int64_t number) {
        if (frames_ > 0) close_frame();
        if (frames_ > 0 && number != last_number_ + 1) out_of_order_.add(frames_, text_.line_number());
        last_number_ = number;
        frame_line_ = text_.line_number();
        ++frames_;
        check_extent(text_.name(), static_cast<std::size_t>(frames_), skeleton_.bones.size());
        for (Values& values : frame_) values.given = false;
    }

    void read_bone(std::string_view name, Words& words) {
        if (frames_ == 0) text_.fail("expected a frame number, found '" + std::string(name.substr(0, 40)) + "'.");
        const auto found = bone_named_.find(name);
        if (found == bone_named_.end()) return unknown_bone(name);
        Values& values = frame_[found->second];
        if (values.given) text_.fail("bone " + found->first + " appears twice in its frame.");
        for (std::size_t index = 0; index < values.numbers.size(); ++index) {
            const std::string_view word = words.next();
            if (word.empty()) {
                if (text_.at_end()) return;  // cut off: the bone counts as missing
                wrong_count(found->first, values.numbers.size(), std::to_string(index));
            }
            values.numbers[index] = text_.number(word);
        }
        if (!words.next().empty()) wrong_count(found->first, values.numbers.size(), "more");
        values.given = true;
    }

    [[noreturn]] void wrong_count(const std::string& bone, std::size_t expected, const std::string& found) const {
        text_.fail("bone " + bone + ": expected " + std::to_string(expected) + " numbers, found " + found + ".");
    }

    void unknown_bone(std::string_view name) {
        if (&skeleton_ == &stand_in_skeleton())
            text_.fail("bone '" + std::string(name.substr(0, 40)) +
                       "' needs the motion's own skeleton; put its .asf file beside it.");
        if (unknown_.size() < most_named_bones && unknown_.emplace(name).second)
            problems_.push_back({"line " + std::to_string(text_.line_number()) + ": bone " +
                                     std::string(name.substr(0, 40)) + " is not in " + skeleton_.name +
                                     "; its values are left out",
                                 std::nullopt});
    }

    void close_frame() {
        const std::size_t start = positions_.size();
        positions_.resize(start + 3 * skeleton_.bones.size());
        confidence_.resize(confidence_.size() + skeleton_.bones.size());
        for (std::size_t index = 0; index < skeleton_.bones.size(); ++index) {
            const AsfBone& bone = skeleton_.bones[index];
            poses_[index] =
                pose(bone, frame_[index], bone.parent < 0 ? Pose{} : poses_[static_cast<std::size_t>(bone.parent)]);
            if (!poses_[index].seen) continue;
            const std::size_t joint = skeleton_.joint_of_bone[index];
            Eigen::Vector3f::Map(&positions_[start + 3 * joint]) = poses_[index].end.cast<float>();
            confidence_[start / 3 + joint] = 1;
        }
    }

    Pose pose(const AsfBone& bone, const Values& values, const Pose& parent) {
        const bool missing = !values.given && !bone.freedoms.empty();
        const bool finite =
            std::ranges::all_of(values.numbers, [](double v) { return std::isfinite(v) && std::abs(v) < 1e6; });
        if (missing) missing_.add(frames_ - 1, frame_line_);
        if (!missing && !finite) not_finite_.add(frames_ - 1, frame_line_);
        if (missing || !finite || !parent.seen) return {{0, 0, 0}, Eigen::Matrix3d::Identity(), false};

        Eigen::Vector3d shift(0, 0, 0), offset = bone.offset;
        Eigen::Matrix3d turn = Eigen::Matrix3d::Identity();
        for (std::size_t index = 0; index < bone.freedoms.size(); ++index) {
            const int freedom = static_cast<int>(bone.freedoms[index]);
            const double value = values.numbers[index];
            if (bone.freedoms[index] == AsfFreedom::lengthen)
                offset += bone.direction * value * skeleton_.metres_per_unit;
            else if (freedom < 3)
                shift[freedom] += value * skeleton_.metres_per_unit;
            else
                turn = rotation_about(freedom - 3, value * radians_per_unit_) * turn;
        }
        Pose result;
        result.rotation = parent.rotation * bone.axis * turn * bone.axis.transpose();
        // The root's translation is along the world's axes, and its position does not turn with it.
        result.end = bone.parent < 0
                         ? Eigen::Vector3d(offset + shift)
                         : Eigen::Vector3d(parent.end + parent.rotation * bone.axis * shift + result.rotation * offset);
        return result;
    }

    SkeletonRecording finished() {
        SkeletonRecording recording;
        recording.rate = amc_rate;
        recording.sequence.layout = skeleton_.layout;
        recording.sequence.positions = std::move(positions_);
        recording.sequence.confidence = std::move(confidence_);
        recording.problems = std::move(problems_);
        out_of_order_.report(recording);
        missing_.report(recording);
        not_finite_.report(recording);
        report_dead_frames(recording);
        return recording;
    }

    TextFile& text_;
    const AsfSkeleton& skeleton_;
    std::map<std::string, std::size_t, std::less<>> bone_named_;
    std::vector<Values> frame_;
    std::vector<Pose> poses_;
    double radians_per_unit_ = std::numbers::pi / 180;
    schemas::FrameIndex frames_ = 0;
    std::int64_t last_number_ = 0;
    std::size_t frame_line_ = 0;
    std::vector<float> positions_;
    std::vector<float> confidence_;
    std::set<std::string, std::less<>> unknown_;
    std::vector<ReadProblem> problems_;
    FrameComplaints out_of_order_{
        "the frame number does not follow the one before; frames are counted in the order of the file"};
    FrameComplaints missing_{"the frame that begins here lacks bones; their joints count as unseen"};
    FrameComplaints not_finite_{
        "the frame that begins here has values that are not finite; their joints count as unseen"};
};

std::vector<std::filesystem::path> asf_files_in(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (auto entry = std::filesystem::directory_iterator(folder, error);
         !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
        if (has_extension(entry->path(), ".asf")) files.push_back(entry->path());
    std::ranges::sort(files);
    return files;
}

// 05 begins 05_02 but not 050_02.
bool begins(const std::filesystem::path& asf, const std::string& motion) {
    const std::string stem = lower_case(asf.stem().string());
    return motion.starts_with(stem) && (motion.size() == stem.size() || motion[stem.size()] == '_');
}

}  // namespace

std::optional<std::filesystem::path> asf_of(const std::filesystem::path& amc) {
    const std::string motion = lower_case(amc.stem().string());
    std::error_code error;
    std::filesystem::path folder = std::filesystem::absolute(amc, error).parent_path();
    const std::vector<std::filesystem::path> beside = asf_files_in(folder);
    for (int above = 0; above <= folders_above; ++above, folder = folder.parent_path()) {
        std::optional<std::filesystem::path> best;
        for (const std::filesystem::path& asf : above == 0 ? beside : asf_files_in(folder))
            if (begins(asf, motion) && (!best || asf.stem().string().size() > best->stem().string().size())) best = asf;
        if (best) return best;
    }
    return beside.size() == 1 ? std::optional(beside.front()) : std::nullopt;
}

SkeletonRecording read_amc(const std::filesystem::path& file, const AsfSkeleton& skeleton) {
    TextFile text(file);
    return AmcParser(text, skeleton).parse();
}

SkeletonRecording read_amc(const std::filesystem::path& file) {
    if (const std::optional<std::filesystem::path> asf = asf_of(file)) return read_amc(file, read_asf(*asf));
    SkeletonRecording recording = read_amc(file, stand_in_skeleton());
    recording.problems.insert(
        recording.problems.begin(),
        {"its skeleton file (.asf) is missing: bones of ordinary length stand in, so positions are approximate; put "
         "the skeleton beside it and import it again",
         std::nullopt});
    return recording;
}

bool is_amc(const std::filesystem::path& file) { return has_extension(file, ".amc"); }

}  // namespace storage
