#include "storage/skeleton/asf.h"

#include <doctest/doctest.h>

#include <numbers>

#include "tests/support/no_recordings.h"
#include "tests/support/recording_files.h"
#include "tests/support/skeleton_measures.h"

namespace {

constexpr std::string_view small_asf = R"(# two bones
:version 1.10
:units
  mass 1.0
  length 0.5
  angle deg
:root
   order TX TY TZ RX RY RZ
   axis XYZ
   position 1 2 3
   orientation 0 0 90
:bonedata
  begin
     name upper
     length 2
     axis 0 0 90 XYZ
     direction 1 0 0
     dof rz rx
     limits (-160.0 20.0)
            (-70.0 70.0)
  end
  begin
     name lower
     direction 0 1 0
     length 4
     axis 0 0 0 XYZ
  end
:hierarchy
  begin
    root upper
    upper lower
  end
)";

storage::AsfSkeleton read(std::string text) {
    storage::TextFile file("small.asf", std::move(text));
    return storage::read_asf(file);
}

std::string error_after(std::string_view old, std::string_view fresh) {
    std::string text(small_asf);
    text.replace(text.find(old), old.size(), fresh);
    return tests::read_error_of([&] { (void)read(text); });
}

}  // namespace

TEST_CASE("a skeleton file gives bones, lengths in metres and degrees of freedom in its order") {
    const storage::AsfSkeleton skeleton = read(std::string(small_asf));
    REQUIRE(skeleton.bones.size() == 3);
    CHECK(skeleton.metres_per_unit == 0.0254 / 0.5);
    CHECK(skeleton.bones[0].offset.isApprox(Eigen::Vector3d(1, 2, 3) * 0.0508));
    CHECK(skeleton.bones[1].offset.isApprox(Eigen::Vector3d(2 * 0.0508, 0, 0)));
    CHECK(skeleton.bones[2].parent == 1);
    CHECK(skeleton.bones[1].freedoms == std::vector{storage::AsfFreedom::rotate_z, storage::AsfFreedom::rotate_x});
    CHECK((skeleton.bones[1].axis * Eigen::Vector3d::UnitX()).isApprox(Eigen::Vector3d::UnitY()));
    CHECK(skeleton.layout->name.starts_with("asf:"));
}

TEST_CASE("angles in radians are the same angles") {
    std::string text(small_asf);
    text.replace(text.find("angle deg"), 9, "angle rad");
    text.replace(text.find("axis 0 0 90"), 11, "axis 0 0 1.5707963267949");
    CHECK(read(text).bones[1].axis.isApprox(read(std::string(small_asf)).bones[1].axis));
}

TEST_CASE("the first axis of an order turns first") {
    const Eigen::Vector3d quarter_turns = Eigen::Vector3d::Constant(std::numbers::pi / 2);
    CHECK((storage::rotation_in_order("xz", quarter_turns) * Eigen::Vector3d::UnitY())
              .isApprox(Eigen::Vector3d::UnitZ()));
    CHECK((storage::rotation_in_order("zx", quarter_turns) * Eigen::Vector3d::UnitY())
              .isApprox(-Eigen::Vector3d::UnitX()));
}

TEST_CASE("errors of a skeleton file name line and bone") {
    CHECK(error_after("length 4", "length x") == "small.asf: line 25: expected a number, found 'x'.");
    CHECK(error_after("     length 4\n", "").find("bone lower has no direction or no length") != std::string::npos);
    CHECK(error_after("dof rz rx", "dof rz rw").find("found 'rw'") != std::string::npos);
    CHECK(error_after("name lower", "name upper").find("a second bone is called upper") != std::string::npos);
    CHECK(error_after("upper lower", "upper loer").find("there is no bone called 'loer'") != std::string::npos);
    CHECK(error_after("upper lower", "upper upper").find("already hangs") != std::string::npos);
    CHECK(error_after("    upper lower\n", "").find("1 of its bones do not hang from the root") != std::string::npos);
    CHECK(error_after("length 0.5", "length 0").find("must be above 0") != std::string::npos);
    CHECK(error_after("length 2", "length nan").find("ordinary size") != std::string::npos);
    CHECK(error_after("90 XYZ", "90 XXZ").find("expected an order of axes") != std::string::npos);
    CHECK(error_after("order TX TY TZ RX RY RZ", "").find("its :root has no order") != std::string::npos);
}

TEST_CASE("bones that hang from each other are refused") {
    CHECK(
        error_after("    root upper\n    upper lower\n", "    upper lower\n    lower upper\n").find("2 of its bones") !=
        std::string::npos);
}

TEST_CASE("every truncation of a skeleton file is an error") {
    const std::size_t end_of_hierarchy = small_asf.find("    upper lower");
    for (std::size_t cut = 0; cut < 64; ++cut) {
        CAPTURE(cut);
        std::string text(small_asf.substr(0, end_of_hierarchy * cut / 64));
        CHECK_FALSE(tests::read_error_of([&] { (void)read(text); }).empty());
    }
}

TEST_CASE("the skeletons of CMU and HDM05 are of one kind and unit") {
    for (const std::string folder : {"cmu_dance", "cmu86_segments", "hdm05"}) {
        const auto found = tests::recordings(KINETOGRAPH_SOURCE_DIR, folder);
        if (found.empty()) return tests::no_recordings();
        for (const auto& file : tests::files_below(found, ".asf")) {
            CAPTURE(file.string());
            const storage::AsfSkeleton skeleton = storage::read_asf(file);
            CHECK(skeleton.layout->name == "cmu31");
            CHECK(skeleton.metres_per_unit == doctest::Approx(0.0254 / 0.45));
        }
    }
}
