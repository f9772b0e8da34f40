#include "storage/formats/mstcn.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <map>

#include "storage/export/atomic_folder.h"
#include "storage/export/dataset_writer.h"
#include "storage/formats/label_formats.h"
#include "storage/formats/mstcn_import.h"
#include "storage/formats/npy.h"
#include "tests/storage/export/sample_dataset.h"
#include "tests/support/temporary_folder.h"

using namespace storage;
namespace fs = std::filesystem;

namespace {

LossReport write_bundle(const Dataset& dataset, const fs::path& folder, MstcnOptions options) {
    AtomicFolder sink(folder, [](const fs::path&) { return std::nullopt; });
    LossReport losses = write_mstcn(dataset, options, sink);
    sink.commit();
    return losses;
}

Dataset one_clip(schemas::FrameIndex frames) {
    Dataset dataset = tests::empty_dataset();
    dataset.clips = {tests::plain_clip(1, "walk", frames)};
    return dataset;
}

bool has_loss(const LossReport& losses, const std::string& what, std::int64_t count) {
    return std::any_of(losses.begin(), losses.end(),
                       [&](const Loss& loss) { return loss.what.starts_with(what) && loss.count == count; });
}

// The label of each frame, "" for none; of one performer, and of the clip as a whole.
using FrameLabels = std::map<std::pair<std::string, std::string>, std::vector<std::string>>;

FrameLabels labels_of(const Dataset& dataset, schemas::TrackId track, bool by_performer) {
    FrameLabels labels;
    for (const DatasetClip& clip : dataset.clips) {
        const bool apart = by_performer && clip.performers.size() > 1;
        std::vector<std::optional<schemas::PerformerId>> performers{std::nullopt};
        if (apart) performers.assign({clip.performers[0].id, clip.performers[1].id});
        for (const auto& performer : performers) {
            auto& frames = labels[{clip.name, performer ? find_performer(clip, *performer)->name : ""}];
            frames.assign(static_cast<std::size_t>(clip.span.length()), "");
            for (const schemas::Segment& segment : clip.segments)
                if (segment.track == track && (!performer || segment.performer == performer))
                    std::fill(frames.begin() + (segment.begin_frame - clip.span.begin),
                              frames.begin() + (segment.end_frame - clip.span.begin),
                              find_label(dataset, segment.label)->name);
        }
    }
    return labels;
}

FrameLabels labels_of(const ImportedLabels& imported, const FrameLabels& like) {
    FrameLabels labels;
    for (const auto& [key, frames] : like) labels[key].assign(frames.size(), "");
    for (const ImportedClip& clip : imported.clips)
        for (const ImportedSpan& span : clip.spans) {
            auto& frames = labels.at({clip.key, span.performer.value_or("")});
            std::fill(frames.begin() + span.span.begin, frames.begin() + span.span.end, span.label);
        }
    return labels;
}

}  // namespace

TEST_CASE("a bundle of a random dataset comes back frame by frame, with its names") {
    for (unsigned seed = 0; seed < 60; ++seed)
        for (const schemas::TrackId track : {tests::primitive_track, tests::category_track}) {
            const tests::TemporaryFolder folder(tests::Place::memory);
            const Dataset dataset = tests::random_dataset(seed);
            write_bundle(dataset, folder.path() / "out", {track, UnlabelledFrames::own_name, {}});
            const ImportedLabels back = read_mstcn(folder.path() / "out", {});
            CHECK(back.problems == std::vector<ReadProblem>{});
            const FrameLabels expected = labels_of(dataset, track, track == tests::primitive_track);
            CHECK(labels_of(back, expected) == expected);
            CHECK(back.clips.size() == dataset.clips.size());
        }
}

TEST_CASE("frames without a label come back unlabelled also where they were written as background") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    Dataset dataset = one_clip(5);
    tests::add_segment(dataset, 0, tests::primitive_track, {4, 5}, "准备");
    const LossReport losses =
        write_bundle(dataset, folder.path() / "out", {tests::primitive_track, UnlabelledFrames::background, {}});
    CHECK(has_loss(losses, "frames without a label are written as background", 4));
    CHECK(tests::text_in(folder.path() / "out/groundTruth/walk.txt") ==
          "background\nbackground\nbackground\nbackground\n准备\n");
    CHECK(tests::text_in(folder.path() / "out/mask/walk.txt") == "0\n0\n0\n0\n1\n");
    const ImportedLabels back = read_mstcn(folder.path() / "out", {});
    REQUIRE(back.clips.at(0).spans.size() == 1);
    CHECK(back.clips[0].spans[0].span == schemas::FrameSpan{4, 5});
}

TEST_CASE("a label called background shares its class with unlabelled frames only if they are to be background") {
    Dataset dataset = one_clip(2);
    dataset.labels[2].name = "background";
    tests::add_segment(dataset, 0, tests::primitive_track, {0, 1}, "background");
    for (const auto& [unlabelled, expected] : {std::pair{UnlabelledFrames::background, "background\nbackground\n"},
                                               {UnlabelledFrames::own_name, "background\nunlabelled\n"}}) {
        const tests::TemporaryFolder folder(tests::Place::memory);
        write_bundle(dataset, folder.path() / "out", {tests::primitive_track, unlabelled, {}});
        CHECK(tests::text_in(folder.path() / "out/groundTruth/walk.txt") == expected);
        CHECK(tests::text_in(folder.path() / "out/mask/walk.txt") == "1\n0\n");
    }
}

TEST_CASE("words of the mapping are unique, in the taxonomy's order, and the one for no label is last") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    write_bundle(one_clip(1), folder.path() / "out", {tests::primitive_track, UnlabelledFrames::own_name, {}});
    CHECK(tests::text_in(folder.path() / "out/mapping.txt") ==
          "0 准备\n1 دوران\n2 a_b_2\n3 a_b\n4 unlabelled_2\n5 unlabelled\n");
}

TEST_CASE("a fully labelled dataset has no class for frames without a label") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    Dataset dataset = one_clip(3);
    tests::add_segment(dataset, 0, tests::category_track, {0, 3}, "grand jeté");
    write_bundle(dataset, folder.path() / "out", {tests::category_track, UnlabelledFrames::own_name, {}});
    CHECK(tests::text_in(folder.path() / "out/mapping.txt") == "0 salsa_basic\n1 grand_jeté\n");
}

TEST_CASE("everything that the bundle cannot hold is counted") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    Dataset dataset = one_clip(10);
    dataset.clips[0].performers = {{schemas::PerformerId{1}, "Ana"}};
    tests::add_segment(dataset, 0, tests::arms_track, {0, 6}, "up", schemas::PerformerId{1});
    tests::add_segment(dataset, 0, tests::arms_track, {4, 8}, "down");
    tests::add_segment(dataset, 0, tests::arms_track, {8, 9}, "down");
    tests::add_segment(dataset, 0, tests::category_track, {0, 10}, "grand jeté");
    schemas::KeyPose pose;
    pose.track = tests::pose_track;
    pose.label = tests::label_named(dataset, "apex");
    dataset.clips[0].key_poses = {pose, pose};
    const LossReport losses =
        write_bundle(dataset, folder.path() / "out", {tests::arms_track, UnlabelledFrames::own_name, {}});
    CHECK(has_loss(losses, "frames with overlapping labels", 2));
    CHECK(has_loss(losses, "boundaries between touching segments of one label", 1));
    CHECK(has_loss(losses, "segments of other tracks", 1));
    CHECK(has_loss(losses, "states, authors and models", 3));
    CHECK(has_loss(losses, "performers of segments", 1));
    CHECK(has_loss(losses, "key poses", 2));
    CHECK(has_loss(losses, "no split was chosen", 1));
    CHECK(tests::text_in(folder.path() / "out/groundTruth/walk.txt") ==
          "up\nup\nup\nup\ndown\ndown\ndown\ndown\ndown\nunlabelled\n");
}

TEST_CASE("a merged label is written as what it was merged into, a deprecated one only where it is used") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    Dataset dataset = one_clip(2);
    dataset.labels[7].merged_into = dataset.labels[8].id;
    dataset.labels[7].deprecated = true;
    tests::add_segment(dataset, 0, tests::arms_track, {0, 2}, "up");
    const LossReport losses =
        write_bundle(dataset, folder.path() / "out", {tests::arms_track, UnlabelledFrames::own_name, {}});
    CHECK(has_loss(losses, "segments carry the name of the label", 1));
    CHECK(tests::text_in(folder.path() / "out/mapping.txt") == "0 down\n");
    CHECK(tests::text_in(folder.path() / "out/groundTruth/walk.txt") == "down\ndown\n");
}

TEST_CASE("a bundle that cannot be made says why") {
    Dataset dataset = one_clip(3);
    DryRunSink sink;
    CHECK_THROWS_AS(write_mstcn(dataset, {schemas::TrackId{99}, UnlabelledFrames::own_name, {}}, sink),
                    std::invalid_argument);
    const auto features = [](const DatasetClip&, std::optional<schemas::PerformerId>) {
        return FeatureMatrix{1, 2, {0, 0}};
    };
    CHECK_THROWS_WITH_AS(write_mstcn(dataset, {tests::primitive_track, UnlabelledFrames::own_name, features}, sink),
                         "clip walk: features cover 2 frames, the clip has 3", std::invalid_argument);
    CHECK_THROWS_AS(npy_from(std::vector<float>(5), 2, 3), std::invalid_argument);
}

TEST_CASE("every wrong thing in a bundle is listed with its file and line") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    folder.file("b/mapping.txt", "0 walk\n2 jump\nturn\n");
    folder.file("b/groundTruth/crlf.txt", "walk\r\nwalk\r\n");
    folder.file("b/groundTruth/cut.txt", "walk\nju");
    folder.file("b/groundTruth/empty.txt", "");
    folder.file("b/groundTruth/gap.txt", "walk\n\nwalk\n");
    folder.file("b/groundTruth/latin.txt", "piqu\xe9\n");
    folder.file("b/groundTruth/long.txt", "walk\nwalk\nwalk\n");
    LabelImportOptions options;
    options.clip_named = [](std::string_view key) -> std::optional<KnownClip> {
        if (key != "long") return std::nullopt;
        return KnownClip{{0, 1}, 2};
    };
    const ImportedLabels labels = read_mstcn(folder.path() / "b", options);
    CHECK(labels.clips.size() == 5);
    std::string all;
    for (const ReadProblem& problem : labels.problems) all += problem.what + "\n";
    for (const char* expected :
         {"mapping.txt: line 2: expected id 1, found '2'", "mapping.txt: line 3: expected 'id word'",
          "crlf.txt: has line ends of Windows", "cut.txt: does not end with a line end",
          "cut.txt: line 2: label 'ju' is not in mapping.txt", "empty.txt: is empty",
          "gap.txt: line 2: is empty, expected a label", "latin.txt: line 1: is not UTF-8",
          "long.txt: has 3 lines, the clip has 2 frames", "long.txt: line 1: frames [0, 3) reach beyond the clip"})
        CHECK_MESSAGE(all.find(expected) != std::string::npos, std::string(expected), "\n", all);
    CHECK(labels.clips[2].spans.empty());
    CHECK(labels.clips[3].spans.size() == 2);
}

TEST_CASE("a single file of a bundle can be read, an empty folder not") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    folder.file("b/mapping.txt", "0 walk\n");
    const fs::path file = folder.file("b/groundTruth/a.txt", "walk\nwalk\n");
    CHECK(label_format_of(file)->name == "mstcn");
    CHECK(read_mstcn(file, {}).clips.at(0).spans.at(0).span == schemas::FrameSpan{0, 2});
    fs::remove(file);
    CHECK_THROWS_AS(read_mstcn(folder.path() / "b", {}), ReadError);
    CHECK_THROWS_AS(read_mstcn(folder.path() / "none", {}), ReadError);
}

// The loading rules of the public readers (batch_gen.py and eval.py of MS-TCN), restated.
constexpr const char* reader_script = R"(
import os, struct, sys
root = sys.argv[1]
actions = {}
for line in open(root + '/mapping.txt', encoding='utf-8').read().split('\n')[:-1]:
    actions[line.split()[1]] = int(line.split()[0])
assert sorted(actions.values()) == list(range(len(actions))), actions
seen = 0
for bundle in sorted(os.listdir(root + '/splits')):
    for vid in open(root + '/splits/' + bundle, encoding='utf-8').read().split('\n')[:-1]:
        content = open(root + '/groundTruth/' + vid, encoding='utf-8').read().split('\n')[:-1]
        classes = [actions[c] for c in content]
        stem = vid.split('.')[0]
        with open(root + '/features/' + stem + '.npy', 'rb') as f:
            assert f.read(8) == b'\x93NUMPY\x01\x00'
            header = eval(f.read(struct.unpack('<H', f.read(2))[0]))
            assert (10 + f.tell() - 10) % 64 == 0
            data = f.read()
        assert header['descr'] == '<f4' and not header['fortran_order']
        D, T = header['shape']
        assert T == len(classes) and len(data) == 4 * D * T, (vid, T, len(classes))
        values = struct.unpack('<%df' % (D * T), data)
        assert all(values[d * T + t] == 1000 * d + t for d in range(D) for t in range(T))
        try:
            import numpy
            array = numpy.load(root + '/features/' + stem + '.npy')
            assert array.shape == (D, T) and array[D - 1, T - 1] == 1000 * (D - 1) + T - 1
        except ImportError:
            pass
        seen += 1
assert seen > 0
)";

TEST_CASE("the public readers' rules load a bundle with its features") {
    if (std::system("command -v python3 >/dev/null 2>&1") != 0) {
        MESSAGE("python3 is not installed: skipped");
        return;
    }
    const tests::TemporaryFolder folder(tests::Place::memory);
    const fs::path script = folder.file("read.py", reader_script);
    const FeatureSource features = [](const DatasetClip& clip, std::optional<schemas::PerformerId>) {
        FeatureMatrix matrix{3, clip.span.length(), {}};
        for (int d = 0; d < 3; ++d)
            for (schemas::FrameIndex t = 0; t < matrix.frames; ++t)
                matrix.values.push_back(static_cast<float>(1000 * d + t));
        return matrix;
    };
    int checked = 0;
    for (unsigned seed = 0; seed < 12; ++seed) {
        const Dataset dataset = tests::random_dataset(seed);
        if (!dataset.split) continue;
        const fs::path out = folder.path() / std::to_string(seed);
        write_bundle(dataset, out, {tests::primitive_track, UnlabelledFrames::own_name, features});
        const std::string command = "python3 '" + script.string() + "' '" + out.string() + "'";
        CHECK(std::system(command.c_str()) == 0);
        ++checked;
    }
    CHECK(checked > 3);
}
