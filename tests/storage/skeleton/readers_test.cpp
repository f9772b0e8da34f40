#include "storage/skeleton/readers.h"

#include <doctest/doctest.h>

#include "tests/support/recording_files.h"
#include "tests/support/skeleton_measures.h"

TEST_CASE("skeleton formats are known by name") {
    for (const char* name : {"kinetograph-points", "msr-skeleton", "msr-skeleton-screen", "amc", "bvh", "kinect-csv",
                             "sleap-keypoints", "matlab-keypoints", "estimated-keypoints"})
        CHECK(storage::skeleton_format_named(name)->name == name);
    CHECK(storage::skeleton_format_named("c3d") == nullptr);
}

TEST_CASE("what is no recording is recognised by nobody and read by nobody") {
    const tests::TemporaryFolder folder;
    CHECK(storage::skeleton_format_of(folder.path()) == nullptr);
    CHECK(storage::skeleton_format_of(folder.path() / "missing.txt") == nullptr);
    for (const storage::SkeletonFormat& format : storage::skeleton_formats()) {
        CAPTURE(format.name);
        for (const auto& file : {folder.path(), folder.path() / "missing", tests::write_file(folder, "empty", ""),
                                 tests::write_file(folder, "binary", std::string("\0\xFF\x80\n\0", 5)),
                                 tests::write_file(folder, "Tänzerin – 舞", "not a recording\n")})
            CHECK_FALSE(tests::read_error_of([&] { (void)format.read(file); }).empty());
    }
}

TEST_CASE("a BVH with a name in any script is read") {
    const tests::TemporaryFolder folder;
    const auto file =
        tests::write_file(folder, "舞/Tänzerin.bvh",
                          "HIERARCHY\nROOT 腰\n{\nOFFSET 0 0 0\nCHANNELS 1 Yposition\nEnd Site\n{\nOFFSET 0 "
                          "1 0\n}\n}\nMOTION\nFrames: 1\nFrame Time: 0.1\n1\n");
    CHECK(storage::skeleton_format_of(file)->read(file).sequence.layout->joints[0] == "腰");
}
