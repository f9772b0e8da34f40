#include "storage/formats/frame_labels.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "tests/storage/formats/import_builders.h"
#include "tests/support/temporary_folder.h"

using namespace storage;
using schemas::FrameSpan;

namespace {

ImportedLabels read(const std::string& text, LabelImportOptions options = {}) {
    const tests::TemporaryFolder folder(tests::Place::memory);
    return read_frame_labels(folder.file("13_29.txt", text), options);
}

}  // namespace

TEST_CASE("runs of one id become spans of twelve frames each, named where names are given") {
    LabelImportOptions options;
    options.class_names = {{1, "JumpJack"}, {2, "Jog"}};
    const ImportedLabels labels = read("1 1 1\r\n2\t7\n", options);
    CHECK(labels.problems.empty());
    CHECK(labels.clips.at(0).key == "13_29");
    CHECK(labels.clips[0].spans == std::vector<ImportedSpan>{{{0, 36}, "JumpJack", {}, {}, {}},
                                                             {{36, 48}, "Jog", {}, {}, {}},
                                                             {{48, 60}, "7", {}, {}, {}}});
    CHECK(labels.label_order == std::vector<std::string>{"JumpJack", "Jog"});
}

TEST_CASE("a tail that does not divide evenly is listed: the rest stays unlabelled, what is too long is cut") {
    const ImportedLabels longer = read("1 2", tests::knowing({{"13_29", tests::constant_rate(29, 120)}}));
    CHECK(tests::mentions(longer.problems,
                          "2 ids for 12 frames each, the clip has 29 frames: the last 5 stay unlabelled"));
    CHECK(longer.clips[0].spans.back().span == FrameSpan{12, 24});
    const ImportedLabels shorter = read("1 2 3", tests::knowing({{"13_29", tests::constant_rate(20, 120)}}));
    CHECK(tests::mentions(shorter.problems, "the ids reach 16 frames beyond its end and are cut there"));
    CHECK(shorter.clips[0].spans.size() == 2);
    CHECK(shorter.clips[0].spans.back().span == FrameSpan{12, 20});
}

TEST_CASE("a word that is no id is listed with its line and leaves its frames unlabelled") {
    const ImportedLabels labels = read("1 1\n1,5 1\n");
    CHECK(tests::mentions(labels.problems, "13_29.txt: line 2: entry 3: expected a class id, found '1,5'"));
    CHECK(labels.clips[0].spans.size() == 2);
    CHECK(labels.clips[0].spans[1].span == FrameSpan{36, 48});
    CHECK_THROWS_AS(read(""), ReadError);
    CHECK_THROWS_AS(read("walk"), ReadError);
    LabelImportOptions options;
    options.frames_per_row = 0;
    CHECK_THROWS_AS(read("1", options), std::invalid_argument);
}

TEST_CASE("the published frame labels come in with their tail listed") {
    const std::filesystem::path file = tests::recordings() / "mocap6/truelabels/13_30.txt";
    if (!std::filesystem::exists(file)) {
        MESSAGE("no recordings here: skipped");
        return;
    }
    CHECK(looks_like_frame_labels(file));
    const ImportedLabels labels = read_frame_labels(file, tests::knowing({{"13_30", tests::constant_rate(2465, 120)}}));
    CHECK(labels.problems.size() == 1);
    CHECK(labels.clips.at(0).spans.front().span == FrameSpan{0, 18 * 12});
    CHECK(labels.clips[0].spans.front().label == "1");
}
