#include "annotator/workflows/synth/synth_writer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>

#include "storage/media/video_reader.h"
#include "storage/skeleton/msr_skeleton.h"
#include "tests/annotator/workflows/synth/msr20_layout.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/video_fixtures.h"

namespace annotator::synth {
namespace {

namespace fs = std::filesystem;
using tests::TemporaryFolder;

std::string text_of(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

// A little-endian int32.
std::int64_t number_at(const std::string& bytes, std::size_t index) {
    std::int64_t value = 0;
    for (std::size_t byte = 4; byte-- > 0;) value = value * 256 + static_cast<unsigned char>(bytes[4 * index + byte]);
    return value;
}

std::map<std::string, std::string> contents_of(const fs::path& folder) {
    std::map<std::string, std::string> contents;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file()) contents[fs::relative(entry.path(), folder).string()] = text_of(entry.path());
    return contents;
}

SynthOptions small() {
    SynthOptions options;
    options.clips = 6;
    options.performers = 2;
    options.categories = 3;
    options.depth = Recorded::none;
    return options;
}

SynthSummary written(const fs::path& folder, const SynthOptions& options) {
    return write_synthetic_dataset(folder, options, msr20_layout(), {}, {}).value();
}

}  // namespace

TEST_CASE("a synthetic data set has the files that its names promise") {
    const TemporaryFolder folder;
    SynthOptions options = small();
    options.streams = 1;
    options.depth = Recorded::one_clip_of_each_category;
    const SynthSummary summary = written(folder.path(), options);
    CHECK(summary.clips == 6);
    CHECK(summary.streams == 1);
    CHECK(summary.depth_takes == 3);
    for (const char* name : {"clips/a01_s01_e01_skeleton3D.txt", "clips/a03_s02_e01_skeleton3D.txt",
                             "clips/a01_s01_e01_sdepth.bin", "streams/stream_s01_e01_skeleton3D.txt",
                             "truth/categories.csv", "truth/primitives.csv", "truth/key_poses.csv", "README.txt"})
        CHECK_MESSAGE(fs::is_regular_file(folder.path() / name), name);
    const std::string categories = text_of(folder.path() / "truth/categories.csv");
    CHECK(categories.starts_with("clip,track,performer,begin,end,label\na01_s01_e01,category,01,0,"));
}

TEST_CASE("the skeleton reader reads what the synthetic data set consists of") {
    const TemporaryFolder folder;
    SynthOptions options = small();
    options.clips = 1;
    options.depth = Recorded::all;
    const SynthSummary summary = written(folder.path(), options);
    const fs::path skeleton = folder.path() / "clips/a01_s01_e01_skeleton3D.txt";
    REQUIRE(storage::is_msr_skeleton(skeleton));
    const storage::SkeletonRecording recording = storage::read_msr_skeleton(skeleton);
    CHECK(recording.sequence.frames() == summary.frames);
    CHECK(recording.problems.empty());
    CHECK(std::ranges::equal(recording.sequence.layout->joints, joint_names));
    const std::string depth = text_of(folder.path() / "clips/a01_s01_e01_sdepth.bin");
    CHECK(number_at(depth, 0) == summary.frames);
    CHECK(number_at(depth, 1) == 320);
    CHECK(number_at(depth, 2) == 240);
    CHECK(static_cast<std::int64_t>(depth.size()) == 4 * (3 + summary.frames * 320 * 240));
}

TEST_CASE("slow: every frame of a synthetic video carries its number, and the truth counts in those frames") {
    const TemporaryFolder folder;
    SynthOptions options = small();
    options.clips = 1;
    options.video = Recorded::all;
    options.video_width = 320;
    options.video_height = 240;
    options.video_rate = {30, 1};
    const SynthSummary summary = written(folder.path(), options);
    CHECK(summary.video_takes == 1);
    const fs::path file = folder.path() / "clips/a01_s01_e01_video.mp4";
    const auto index = std::make_shared<storage::VideoIndex>(tests::index_of(file));
    REQUIRE(index->size() == 2 * summary.frames);
    storage::VideoReader reader(file, index);
    for (schemas::FrameIndex frame = 0; frame < index->size(); ++frame)
        CHECK(tests::painted_number(reader.frame(frame).value()) == frame);
    const std::string categories = text_of(folder.path() / "truth/categories.csv");
    CHECK(categories.find(",0," + std::to_string(2 * summary.frames) + ",") != std::string::npos);
    CHECK(text_of(folder.path() / "truth/beats.csv").starts_with("clip,beat,seconds,beats_per_minute\na01_s01_e01,0,"));
    const auto contents = storage::media_contents(file);
    CHECK(contents.streams.size() == 2);
}

TEST_CASE("the same seed writes the same bytes, another seed does not") {
    const TemporaryFolder first, second, third;
    SynthOptions options = small();
    options.depth = Recorded::one_clip_of_each_category;
    options.video = Recorded::one_clip_of_each_category;
    options.video_width = 128;
    options.video_height = 96;
    written(first.path(), options);
    written(second.path(), options);
    options.seed = 2;
    written(third.path(), options);
    CHECK(contents_of(first.path()) == contents_of(second.path()));
    CHECK(contents_of(first.path()) != contents_of(third.path()));
}

TEST_CASE("a take does not change when there are more of them") {
    const TemporaryFolder few, many;
    SynthOptions options = small();
    written(few.path(), options);
    options.clips = 12;
    options.streams = 1;
    written(many.path(), options);
    const char* take = "clips/a02_s02_e01_skeleton3D.txt";
    CHECK(text_of(few.path() / take) == text_of(many.path() / take));
}

TEST_CASE("takes with drop-outs hold frames of zeros, and only when asked for") {
    const TemporaryFolder folder;
    SynthOptions options = small();
    CHECK(written(folder.path(), options).takes_with_dropouts == 0);
    options.dropout_share = 1;
    CHECK(written(folder.path(), options).takes_with_dropouts == 6);
    const storage::SkeletonRecording recording =
        storage::read_msr_skeleton(folder.path() / "clips/a01_s01_e01_skeleton3D.txt");
    const auto dead = schemas::dead_runs(recording.sequence);
    REQUIRE(!dead.empty());
    CHECK(dead.front().begin > 0);
    CHECK(dead.back().end < recording.sequence.frames());
}

TEST_CASE("a folder with other things in it is refused and left alone") {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "thesis.txt") << "years of work";
    CHECK_THROWS_AS(written(folder.path(), small()), std::runtime_error);
    CHECK(contents_of(folder.path()).size() == 1);
}

TEST_CASE("an earlier output is replaced, and what else lies there stays") {
    const TemporaryFolder folder;
    SynthOptions options = small();
    options.clips = 12;
    written(folder.path(), options);
    std::ofstream(folder.path() / "clips" / "notes.txt") << "mine";
    options.clips = 6;
    written(folder.path(), options);
    CHECK(!fs::exists(folder.path() / "clips/a01_s01_e02_skeleton3D.txt"));
    CHECK(text_of(folder.path() / "clips/notes.txt") == "mine");
}

TEST_CASE("synth stops when asked to, and the folder can be used again") {
    const TemporaryFolder folder;
    std::stop_source stop;
    int takes = 0;
    const auto stop_after_two = [&](const SynthProgress& progress) {
        takes = progress.takes_done;
        CHECK(progress.takes == 6);
        if (progress.takes_done == 2) stop.request_stop();
    };
    CHECK(!write_synthetic_dataset(folder.path(), small(), msr20_layout(), stop_after_two, stop.get_token()));
    CHECK(takes == 2);
    CHECK(written(folder.path(), small()).clips == 6);
}

TEST_CASE("options without sense are refused before anything is written") {
    const TemporaryFolder folder;
    const auto refused = [&](auto change) {
        SynthOptions options = small();
        change(options);
        CHECK_THROWS_AS(written(folder.path(), options), std::invalid_argument);
    };
    refused([](SynthOptions& options) { options.clips = 0; });
    refused([](SynthOptions& options) { options.clips = -1; });
    refused([](SynthOptions& options) { options.performers = 0; });
    refused([](SynthOptions& options) { options.performers = 100; });
    refused([](SynthOptions& options) { options.categories = 99; });
    refused([](SynthOptions& options) { options.clips = 1000000; });
    refused([](SynthOptions& options) { options.dropout_share = 1.5; });
    refused([](SynthOptions& options) { options.video_width = 639; });
    refused([](SynthOptions& options) { options.video_rate = {0, 1}; });
    CHECK(fs::is_empty(folder.path()));
}

}  // namespace annotator::synth
