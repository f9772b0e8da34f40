#include "storage/skeleton/amc.h"

#include <doctest/doctest.h>

#include <map>

#include "storage/skeleton/readers.h"
#include "storage/skeleton/stand_in_skeleton.h"
#include "tests/support/no_recordings.h"
#include "tests/support/recording_files.h"
#include "tests/support/skeleton_measures.h"

namespace {

using storage::read_amc;
using storage::SkeletonRecording;
using tests::joint_at;
using tests::read_error_of;
using tests::TemporaryFolder;
using tests::write_file;

// 0.0254 makes the file's unit a metre. `upper` lies along x with its own axes turned by 90
// degrees about z, so that its own x is the world's y; `lower` lies along y.
constexpr std::string_view metre_asf = R"(:units
  length 0.0254
  angle deg
:root
  order TX TY TZ RX RY RZ
  axis XYZ
  position 0 0 0
  orientation 0 0 0
:bonedata
  begin
    name upper
    direction 1 0 0
    length 2
    axis 0 0 90 XYZ
    dof rx rz
  end
  begin
    name lower
    direction 0 1 0
    length 1
    axis 0 0 0 XYZ
    dof rx
  end
  begin
    name tip
    direction 0 1 0
    length 0.5
    axis 0 0 0 XYZ
  end
:hierarchy
  root upper
  upper lower
  lower tip
)";
constexpr std::string_view still = "root 0 0 0 0 0 0\nupper 0 0\nlower 0\n";
constexpr std::string_view head = ":FULLY-SPECIFIED\n:DEGREES\n";

SkeletonRecording read(const std::string& motion) {
    const TemporaryFolder folder;
    write_file(folder, "m.asf", metre_asf);
    return read_amc(write_file(folder, "m_01.amc", motion));
}

SkeletonRecording read_frame(const std::string& bones) { return read(std::string(head) + "1\n" + bones); }

std::string error_of(const std::string& motion) {
    return read_error_of([&] { (void)read(motion); });
}

bool lies(const SkeletonRecording& recording, std::string_view joint, const Eigen::Vector3f& where) {
    return joint_at(recording.sequence, 0, joint).isApprox(where, 1e-5F);
}

std::vector<std::filesystem::path> real_motion() {
    std::vector<std::filesystem::path> files;
    for (const std::string folder : {"cmu_dance", "cmu86_segments", "hdm05", "mocap6"})
        if (const auto found = tests::recordings(KINETOGRAPH_SOURCE_DIR, folder); !found.empty())
            for (const auto& file : tests::files_below(found, ".amc")) files.push_back(file);
    return files;
}

double height(const schemas::SkeletonSequence& sequence) {
    return tests::median_way_to_root(sequence, "head") + tests::median_way_to_root(sequence, "ltibia");
}

}  // namespace

TEST_CASE("motion of zeros is the skeleton at rest") {
    const SkeletonRecording recording = read_frame(std::string(still));
    CHECK(recording.rate == schemas::FrameRate{120, 1});
    CHECK(recording.problems.empty());
    CHECK(lies(recording, "root", {0, 0, 0}));
    CHECK(lies(recording, "upper", {2, 0, 0}));
    CHECK(lies(recording, "lower", {2, 1, 0}));
    CHECK(lies(recording, "tip", {2, 1.5F, 0}));
}

TEST_CASE("the root's translation and rotation move everything") {
    // 90 degrees about x, then about y: x goes to -z, y goes over z to x.
    const SkeletonRecording recording = read_frame("root 10 20 30 90 90 0\nupper 0 0\nlower 0\n");
    CHECK(lies(recording, "root", {10, 20, 30}));
    CHECK(lies(recording, "upper", {10, 20, 28}));
    CHECK(lies(recording, "lower", {11, 20, 28}));
}

TEST_CASE("a bone turns about its own axes") {
    // Its own x is the world's y, so rx = 90 takes x to -z and leaves y.
    const SkeletonRecording about_x = read_frame("root 0 0 0 0 0 0\nupper 90 0\nlower 0\n");
    CHECK(lies(about_x, "upper", {0, 0, -2}));
    CHECK(lies(about_x, "lower", {0, 1, -2}));
    // Its own z is the world's z, so rz = 90 takes x to y and y to -x.
    const SkeletonRecording about_z = read_frame("root 0 0 0 0 0 0\nupper 0 90\nlower 0\n");
    CHECK(lies(about_z, "upper", {0, 2, 0}));
    CHECK(lies(about_z, "lower", {-1, 2, 0}));
}

TEST_CASE("the rotations of a bone apply in the order of its skeleton file") {
    // First about the world's y: x to -z. Then about z, which leaves -z and takes y to -x.
    const SkeletonRecording recording = read_frame("root 0 0 0 0 0 0\nupper 90 90\nlower 0\n");
    CHECK(lies(recording, "upper", {0, 0, -2}));
    CHECK(lies(recording, "lower", {-1, 0, -2}));
}

TEST_CASE("rotations add up along the bones") {
    const SkeletonRecording recording = read_frame("root 0 0 0 0 0 0\nupper 0 90\nlower 90\n");
    // lower turns y to z below upper, which leaves z as it is.
    CHECK(lies(recording, "lower", {0, 2, 1}));
    CHECK(lies(recording, "tip", {0, 2, 1.5F}));
}

TEST_CASE("angles of motion may be radians") {
    const SkeletonRecording recording = read(":RADIANS\n1\nroot 0 0 0 0 0 0\nupper 0 1.57079632679\nlower 0\n");
    CHECK(lies(recording, "upper", {0, 2, 0}));
}

TEST_CASE("gaps and repeats in frame numbers are reported and every frame is kept") {
    const std::string bones(still);
    const SkeletonRecording recording =
        read(std::string(head) + "1\n" + bones + "2\n" + bones + "4\n" + bones + "4\n" + bones + "5\n" + bones);
    CHECK(recording.sequence.frames() == 5);
    REQUIRE(recording.problems.size() == 1);
    CHECK(recording.problems[0].what.starts_with("line 11: the frame number does not follow"));
    CHECK(recording.problems[0].frames == schemas::FrameSpan{2, 4});
}

TEST_CASE("motion may begin at any number") { CHECK(read("57\n" + std::string(still)).problems.empty()); }

TEST_CASE("a bone that a frame lacks is unseen there with all that hangs from it") {
    const SkeletonRecording recording = read_frame("root 0 0 0 0 0 0\nlower 0\n");
    CHECK(recording.sequence.confidence == std::vector<float>{1, 0, 0, 0});
    CHECK(tests::mentions(recording.problems, "line 3: the frame that begins here lacks bones"));
}

TEST_CASE("a value that is not finite makes its bone unseen") {
    const SkeletonRecording recording = read_frame("root 0 0 0 0 0 0\nupper 0 0\nlower nan\n");
    CHECK(recording.sequence.confidence == std::vector<float>{1, 1, 0, 0});
    CHECK(tests::mentions(recording.problems, "not finite"));
}

TEST_CASE("a bone that the skeleton lacks is left out and named once") {
    const std::string bones = std::string(still) + "tail 1 2 3\n";
    const SkeletonRecording recording = read(std::string(head) + "1\n" + bones + "2\n" + bones);
    REQUIRE(recording.problems.size() == 1);
    CHECK(recording.problems[0].what == "line 7: bone tail is not in m.asf; its values are left out");
}

TEST_CASE("errors of motion name line and bone") {
    CHECK(error_of("1\nroot 0 0 0 0 0 0\nupper 0\nlower 0\n") ==
          "m_01.amc: line 3: bone upper: expected 2 numbers, found 1.");
    CHECK(error_of("1\nupper 0 0 0\nlower 0\n") == "m_01.amc: line 2: bone upper: expected 2 numbers, found more.");
    CHECK(error_of("root 0 0 0 0 0 0\n") == "m_01.amc: line 1: expected a frame number, found 'root'.");
    CHECK(error_of("1\nlower 0\nlower 0\n").find("bone lower appears twice") != std::string::npos);
    CHECK(error_of(std::string(head)) == "m_01.amc: it holds no frames.");
}

TEST_CASE("the skeleton of a motion is found by its name, beside it or above") {
    const TemporaryFolder folder;
    const auto motion = write_file(folder, "train/1/HDM_bd_walk_001.amc", "");
    CHECK_FALSE(storage::asf_of(motion));
    write_file(folder, "HDM_bk.asf", "");
    CHECK_FALSE(storage::asf_of(motion));
    const auto actor = write_file(folder, "HDM_bd.asf", "");
    CHECK(storage::asf_of(motion) == actor);
    const auto beside = write_file(folder, "train/1/Other.ASF", "");
    CHECK(storage::asf_of(motion) == actor);
    CHECK(storage::asf_of(write_file(folder, "train/1/05_02.amc", "")) == beside);
}

TEST_CASE("motion of CMU's bones without its skeleton gets a stand-in and says so") {
    const TemporaryFolder folder;
    const SkeletonRecording recording =
        read_amc(write_file(folder, "13_29.amc", "1\nroot 0 17 0 0 0 0\nlfemur 0 0 0\n"));
    CHECK(recording.sequence.layout->name == "cmu31");
    REQUIRE_FALSE(recording.problems.empty());
    CHECK(recording.problems[0].what.starts_with("its skeleton file (.asf) is missing"));
}

TEST_CASE("motion of other bones without its skeleton is an error that says what to do") {
    const TemporaryFolder folder;
    const auto file = write_file(folder, "x.amc", "1\n" + std::string(still));
    CHECK(read_error_of([&] { (void)read_amc(file); }) ==
          "x.amc: line 3: bone 'upper' needs the motion's own skeleton; put its .asf file beside it.");
}

TEST_CASE("the stand-in skeleton is CMU's, symmetric and as tall as a person") {
    const storage::AsfSkeleton& skeleton = storage::stand_in_skeleton();
    CHECK(skeleton.layout->name == "cmu31");
    for (const storage::AsfBone& bone : skeleton.bones) CHECK((bone.axis * bone.axis.transpose()).isIdentity(1e-9));
    CHECK(skeleton.bones.size() == 31);
}

TEST_CASE("every truncation of motion is an error, a problem or whole frames") {
    const TemporaryFolder folder;
    write_file(folder, "m.asf", metre_asf);
    std::string text(head);
    for (int frame = 1; frame <= 4; ++frame) text += std::to_string(frame) + "\n" + std::string(still);
    const auto whole = read(text).sequence.positions;
    for (std::size_t cut = 0; cut < 64; ++cut) {
        CAPTURE(cut);
        const auto file = write_file(folder, "m_01.amc", std::string_view(text).substr(0, text.size() * cut / 64));
        const auto part = tests::unless_refused([&] { return read_amc(file); });
        if (!part) continue;
        const auto& positions = part->sequence.positions;
        CHECK((!part->problems.empty() || std::equal(positions.begin(), positions.end(), whole.begin())));
    }
}

TEST_CASE("real motion keeps bone lengths, heights and sides, and stands on its feet") {
    const auto files = real_motion();
    if (files.empty()) return tests::no_recordings();
    for (const auto& file : files) {
        CAPTURE(file.string());
        const SkeletonRecording recording = storage::skeleton_format_of(file)->read(file);
        const schemas::SkeletonSequence& sequence = recording.sequence;
        CHECK(sequence.layout->name == "cmu31");
        CHECK(tests::bone_length_spread(sequence) < 1e-3);
        CHECK(height(sequence) > 1.4);
        CHECK(height(sequence) < 2.1);
        CHECK(tests::faces_where_toes_point(sequence, "lfoot", "ltoes"));
        CHECK(recording.problems.size() == (file.string().find("mocap6") == std::string::npos ? 0 : 1));
        std::vector<double> above;
        for (schemas::FrameIndex frame = 0; frame < sequence.frames(); ++frame)
            above.push_back(joint_at(sequence, frame, "root").y() - joint_at(sequence, frame, "ltoes").y());
        const bool lies_down = file.string().find("lieDown") != std::string::npos;
        CHECK((lies_down || tests::median(above) > 0.5));
    }
}

TEST_CASE("the partners of a salsa have equal frames and stand 0.7 to 1.1 metres apart") {
    const auto folder = tests::recordings(KINETOGRAPH_SOURCE_DIR, "cmu_dance");
    if (folder.empty()) return tests::no_recordings();
    const schemas::SkeletonSequence he = read_amc(folder / "60_01.amc").sequence;
    const schemas::SkeletonSequence she = read_amc(folder / "61_01.amc").sequence;
    REQUIRE(he.frames() == she.frames());
    std::vector<double> distances;
    for (schemas::FrameIndex frame = 0; frame < he.frames(); ++frame)
        distances.push_back((joint_at(he, frame, "root") - joint_at(she, frame, "root")).norm());
    CHECK(tests::median(distances) > 0.7);
    CHECK(tests::median(distances) < 1.1);
}
