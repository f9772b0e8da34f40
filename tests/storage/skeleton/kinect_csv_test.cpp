#include "storage/skeleton/kinect_csv.h"

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

// Joint j at (j, 1, 2) with tracking state j % 3.
std::string row(long ticks) {
    std::string text = std::to_string(ticks);
    for (int joint = 0; joint < 25; ++joint)
        text += "," + std::to_string(joint) + ".0,1,2," + std::to_string(joint % 3);
    return text + ",\n";
}

std::string rows(int count) {
    std::string text;
    for (int frame = 0; frame < count; ++frame) text += row(89810293609 + frame * 333000L);
    return text;
}

SkeletonRecording read(const std::string& text) {
    const TemporaryFolder folder;
    return storage::read_kinect_csv(write_file(folder, "wave.csv", text));
}

std::string error_of(const std::string& text) {
    return read_error_of([&] { (void)read(text); });
}

}  // namespace

TEST_CASE("a Kinect row is a time stamp and 25 joints with their tracking state") {
    const SkeletonRecording recording = read(rows(3));
    CHECK(recording.sequence.frames() == 3);
    CHECK(recording.sequence.layout->name == "kinect25");
    CHECK(recording.sequence.at(1, 7) == Eigen::Vector3f(7, 1, 2));
    CHECK(recording.sequence.confidence_at(0, 0) == 0);
    CHECK(recording.sequence.confidence_at(0, 1) == 0.5F);
    CHECK(recording.sequence.confidence_at(0, 2) == 1);
    CHECK(recording.problems.empty());
}

TEST_CASE("Kinect frames are shown at their time stamps") {
    const SkeletonRecording recording = read(rows(3));
    CHECK(recording.rate == schemas::FrameRate{30, 1});
    REQUIRE(recording.seconds.size() == 3);
    CHECK(recording.seconds[0] == 0);
    CHECK(recording.seconds[2] == doctest::Approx(0.0666));
}

TEST_CASE("a stamp that does not rise is reported and time never runs back") {
    const SkeletonRecording recording = read(row(1000000) + row(2000000) + row(1500000) + row(3000000));
    CHECK(recording.seconds == std::vector<double>{0, 0.1, 0.1, 0.2});
    CHECK(tests::mentions(recording.problems, "line 3: the time stamp is not after"));
}

TEST_CASE("a line of names and a missing last comma or line end make no difference") {
    std::string header = "timestamp";
    for (int column = 1; column <= 100; ++column) header += ",c" + std::to_string(column);
    std::string text = header + "\n" + rows(2);
    text.resize(text.size() - 2);
    CHECK(read(text).sequence.frames() == 2);
    CHECK(read(text).problems.empty());
}

TEST_CASE("a number of joints that changes half-way is an error at its line") {
    CHECK(error_of(rows(2) + "89820293609,1,1,2,2,\n" + rows(1)) == "wave.csv: line 3: expected 101 columns, found 5.");
}

TEST_CASE("semicolons and decimal commas are explained") {
    std::string text = rows(2);
    for (char& c : text) c = c == ',' ? ';' : c == '.' ? ',' : c;
    CHECK(error_of(text).find("write commas between columns and points in numbers") != std::string::npos);
}

TEST_CASE("a value that is not finite makes its joint unseen") {
    std::string text = rows(1);
    text.replace(text.find("5.0,1,2,2"), 3, "nan");
    const SkeletonRecording recording = read(text);
    CHECK(recording.sequence.confidence_at(0, 5) == 0);
    CHECK(tests::mentions(recording.problems, "line 1: a value is not finite"));
}

TEST_CASE("tables of other tools are no Kinect streams") {
    const TemporaryFolder folder;
    CHECK_FALSE(storage::is_kinect_csv(write_file(folder, "a.csv", "file_list,start,end\na.webm,1.0,2.0\n")));
    CHECK_FALSE(storage::is_kinect_csv(write_file(folder, "b.csv", "")));
    std::string features;
    for (int column = 0; column < 101; ++column) features += "0.25,";
    CHECK_FALSE(storage::is_kinect_csv(write_file(folder, "c.csv", features + "\n")));
    CHECK(storage::is_kinect_csv(write_file(folder, "d.csv", rows(1))));
    const auto others = tests::recordings(KINETOGRAPH_SOURCE_DIR, "annotation_samples");
    if (others.empty()) return tests::no_recordings();
    for (const char* extension : {".csv", ".txt", ".json"})
        for (const auto& file : tests::files_below(others, extension))
            CHECK(storage::skeleton_format_of(file) == nullptr);
}

TEST_CASE("every truncation of a Kinect stream is an error, a problem or whole frames") {
    const std::string text = rows(4);
    const auto whole = read(text).sequence.positions;
    for (std::size_t cut = 0; cut < 64; ++cut) {
        CAPTURE(cut);
        const auto part = tests::unless_refused([&] { return read(text.substr(0, text.size() * cut / 64)); });
        if (!part) continue;
        const auto& positions = part->sequence.positions;
        CHECK((!part->problems.empty() || std::equal(positions.begin(), positions.end(), whole.begin())));
    }
}

TEST_CASE("real Kinect streams run at 30 frames a second with people of sound height and sides") {
    const auto folder = tests::recordings(KINETOGRAPH_SOURCE_DIR, "kinect_csv");
    if (folder.empty()) return tests::no_recordings();
    const auto files = tests::files_below(folder, ".csv");
    CHECK(files.size() == 7);
    for (const auto& file : files) {
        CAPTURE(file.string());
        const SkeletonRecording recording = storage::skeleton_format_of(file)->read(file);
        const schemas::SkeletonSequence& sequence = recording.sequence;
        CHECK(recording.problems.empty());
        CHECK(recording.rate == schemas::FrameRate{30, 1});
        CHECK(recording.seconds.back() == doctest::Approx(static_cast<double>(sequence.frames()) / 30).epsilon(0.05));
        const double height =
            tests::median_way_to_root(sequence, "head") + tests::median_way_to_root(sequence, "left_ankle");
        CHECK(height > 1.4);
        CHECK(height < 2.1);
        CHECK(tests::faces_where_toes_point(sequence, "left_ankle", "left_foot"));
    }
}
