#include "storage/skeleton/bvh.h"

#include <doctest/doctest.h>

#include "storage/skeleton/readers.h"
#include "tests/support/no_recordings.h"
#include "tests/support/recording_files.h"
#include "tests/support/skeleton_measures.h"

namespace {

using storage::SkeletonRecording;
using tests::joint_at;
using tests::read_error_of;
using tests::TemporaryFolder;
using tests::write_file;

// Root, an arm that lies along x and a tip above its end; 2 metres at its longest.
constexpr std::string_view hierarchy = R"(HIERARCHY
ROOT Hips
{
	OFFSET 0 0 0
	CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
	JOINT Arm
	{
		OFFSET 2.0 0 0
		CHANNELS 3 Xrotation Yrotation Zrotation
		End Site
		{
			OFFSET 0 1.0 0
		}
	}
}
MOTION
)";

std::string file_of(const std::vector<std::string>& frames, const std::string& frame_time = "0.0083333") {
    std::string text =
        std::string(hierarchy) + "Frames: " + std::to_string(frames.size()) + "\nFrame Time: " + frame_time + "\n";
    for (const std::string& frame : frames) text += frame + "\n";
    return text;
}

SkeletonRecording read(const std::string& text) {
    const TemporaryFolder folder;
    return storage::read_bvh(write_file(folder, "m.bvh", text));
}

std::string error_of(const std::string& text) {
    return read_error_of([&] { (void)read(text); });
}

std::string replaced(std::string text, std::string_view old, std::string_view fresh) {
    return text.replace(text.find(old), old.size(), fresh);
}

bool lies(const SkeletonRecording& recording, std::string_view joint, const Eigen::Vector3f& where) {
    return joint_at(recording.sequence, 0, joint).isApprox(where, 1e-5F);
}

const std::string still = "0 0 0 0 0 0 0 0 0";

}  // namespace

TEST_CASE("a BVH at rest is its offsets, with End Sites as joints") {
    const SkeletonRecording recording = read(file_of({still, still}));
    CHECK(recording.sequence.frames() == 2);
    CHECK(recording.rate == schemas::FrameRate{120, 1});
    CHECK(recording.sequence.layout->joints == std::vector<std::string>{"Hips", "Arm", "Arm_end"});
    CHECK(lies(recording, "Arm", {2, 0, 0}));
    CHECK(lies(recording, "Arm_end", {2, 1, 0}));
    CHECK(recording.problems.empty());
}

TEST_CASE("the rotations of a joint apply in the order of its channels, the first outermost") {
    // Hips: Z 90, X 90. First about x: Arm stays on x, the tip goes to z. Then about z: x to y.
    const SkeletonRecording hips = read(file_of({"5 6 7 90 90 0 0 0 0"}));
    CHECK(lies(hips, "Hips", {5, 6, 7}));
    CHECK(lies(hips, "Arm", {5, 8, 7}));
    CHECK(lies(hips, "Arm_end", {5, 8, 8}));
    // Arm: X 90, Z 90. First about z: the tip goes to -x, which x leaves.
    const SkeletonRecording arm = read(file_of({"0 0 0 0 0 0 90 0 90"}));
    CHECK(lies(arm, "Arm_end", {1, 0, 0}));
    // Arm: X 90, Y 90. First about y, which leaves the tip; then about x: y to z.
    CHECK(lies(read(file_of({"0 0 0 0 0 0 90 90 0"})), "Arm_end", {2, 0, 1}));
}

TEST_CASE("position channels of any joint replace its offset, axis by axis") {
    std::string text = replaced(file_of({"0 0 0 0 0 0 5 0 0 0"}), "CHANNELS 3 X", "CHANNELS 4 Zposition X");
    CHECK(lies(read(text), "Arm", {2, 0, 5}));
}

TEST_CASE("blanks, CRLF, tabs and lower case make no difference") {
    std::string text = file_of({"  " + still + " \t ", still});
    for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) text.replace(at, 1, "\r\n");
    text = replaced(text, "ROOT Hips\r\n{", "root Hips {");
    CHECK(read(text + "\r\n \r\n").sequence.frames() == 2);
}

TEST_CASE("names may repeat and have blanks") {
    const std::string text =
        replaced(replaced(file_of({still}), "ROOT Hips", "ROOT My hips"), "JOINT Arm", "JOINT My hips");
    CHECK(read(text).sequence.layout->joints == std::vector<std::string>{"My hips", "My hips_2", "My hips_2_end"});
}

TEST_CASE("the unit of a BVH is told by the skeleton's size") {
    const auto arm_for = [](const std::string& x) {
        return joint_at(read(replaced(file_of({still}), "2.0", x)).sequence, 0, "Arm").x();
    };
    CHECK(arm_for("1.7") == doctest::Approx(1.7));
    CHECK(arm_for("30") == doctest::Approx(30 * 0.0254 / 0.45));
    CHECK(arm_for("170") == doctest::Approx(1.7));
    CHECK(arm_for("1700") == doctest::Approx(1.7));
    CHECK(tests::mentions(read(replaced(file_of({still}), "2.0", "9000")).problems, "tell its unit"));
}

TEST_CASE("fewer or more frames than declared are reported and all are read") {
    const SkeletonRecording fewer = read(replaced(file_of({still, still}), "Frames: 2", "Frames: 1000000000000"));
    CHECK(fewer.sequence.frames() == 2);
    CHECK(tests::mentions(fewer.problems, "declares 1000000000000 frames and holds 2"));
    const SkeletonRecording more = read(replaced(file_of({still, still}), "Frames: 2", "Frames: 1"));
    CHECK(more.sequence.frames() == 2);
    CHECK(tests::mentions(more.problems, "declares 1 frames and holds 2"));
}

TEST_CASE("a value that is not finite makes its joint and those below it unseen") {
    const SkeletonRecording recording = read(file_of({still, "0 0 0 0 0 0 nan 0 0"}));
    CHECK(recording.sequence.confidence == std::vector<float>{1, 1, 1, 1, 0, 0});
    CHECK(tests::mentions(recording.problems, "line 20: a value is not finite"));
}

TEST_CASE("errors of a BVH name the line, what was expected and what was found") {
    CHECK(error_of(file_of({"0 0 0 0 0 0 0 0", still})) == "m.bvh: line 19: expected 9 numbers, found 8.");
    CHECK(error_of(file_of({still, still + " 0"})) == "m.bvh: line 20: expected 9 numbers, found more.");
    CHECK(error_of(file_of({replaced(still, "0 0 0", "0 0,5 0")})).find("line 19: '0,5' has a decimal comma") !=
          std::string::npos);
    CHECK(error_of(replaced(file_of({still}), "Xrotation", "Wrotation"))
              .find("line 5: expected a channel such as Zrotation") != std::string::npos);
    CHECK(error_of(replaced(file_of({still}), "HIERARCHY", "hello")).find("line 1: expected HIERARCHY") !=
          std::string::npos);
    CHECK(error_of(file_of({still}, "0")).find("expected a frame time in seconds above 0, found '0'") !=
          std::string::npos);
    CHECK(error_of(file_of({})) == "m.bvh: it holds no frames.");
    CHECK(error_of(replaced(file_of({still}), "Frames:", "Framez:")).find("expected 'frames:'") != std::string::npos);
}

TEST_CASE("a hostile hierarchy is refused before it takes memory") {
    CHECK(error_of(replaced(file_of({still}), "CHANNELS 3", "CHANNELS 2000000000"))
              .find("expected a number of channels") != std::string::npos);
    CHECK(error_of(replaced(file_of({still}), "CHANNELS 3", "CHANNELS -3")).find("expected a number of channels") !=
          std::string::npos);
    CHECK(error_of(replaced(file_of({still}), "Frames: 1", "Frames: -1")).find("expected a number of frames") !=
          std::string::npos);
    std::string deep = "HIERARCHY\nROOT r\n{\n";
    for (int joint = 0; joint < 100000; ++joint) deep += "JOINT j\n{\n";
    CHECK(error_of(deep).find("more than 1000 joints") != std::string::npos);
    CHECK(error_of("HIERARCHY\n}\n").find("expected ROOT or MOTION, found '}'") != std::string::npos);
    CHECK(error_of(replaced(file_of({still}), "ROOT Hips", "ROOT Other\n{\n}\nROOT Hips")).find("a second ROOT") !=
          std::string::npos);
}

TEST_CASE("every truncation of a BVH is an error or a problem, until its last number") {
    const std::string text = file_of({still, still, still, still});
    for (std::size_t cut = 0; cut < 64; ++cut) {
        CAPTURE(cut);
        const auto part = tests::unless_refused([&] { return read(text.substr(0, (text.size() - 2) * cut / 64)); });
        if (part) CHECK_FALSE(part->problems.empty());
    }
}

TEST_CASE("real BVH takes keep bone lengths, heights and sides") {
    const auto folder = tests::recordings(KINETOGRAPH_SOURCE_DIR, "cmu_dance_bvh");
    if (folder.empty()) return tests::no_recordings();
    for (const auto& file : tests::files_below(folder, ".bvh")) {
        CAPTURE(file.string());
        const SkeletonRecording recording = storage::skeleton_format_of(file)->read(file);
        const schemas::SkeletonSequence& sequence = recording.sequence;
        CHECK(recording.problems.empty());
        CHECK(recording.rate == schemas::FrameRate{120, 1});
        CHECK(tests::bone_length_spread(sequence) < 1e-3);
        const double height =
            tests::median_way_to_root(sequence, "Head_end") + tests::median_way_to_root(sequence, "LeftAnkle");
        CHECK(height > 1.4);
        CHECK(height < 2.1);
        CHECK(tests::faces_where_toes_point(sequence, "LeftAnkle", "LeftToe"));
        CHECK(sequence.layout->joints[static_cast<std::size_t>(sequence.layout->left_shoulder)] == "LeftShoulder");
        CHECK(sequence.layout->joints[static_cast<std::size_t>(sequence.layout->centre)] == "Hips");
        CHECK(sequence.layout->joints[static_cast<std::size_t>(sequence.layout->neck)] == "Neck");
        CHECK(sequence.layout->pairs.size() == 15);
    }
}
