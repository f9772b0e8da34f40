#include "annotator/workflows/name_primitives.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/edit_script.h"
#include "annotator/workflows/export_primitives.h"
#include "tests/annotator/small_recordings.h"

namespace annotator {
namespace {

using nlohmann::json;
using schemas::FrameIndex;
using tests::TemporaryFolder;

// The clips of four with the unit "jump" on their frames 0 to 10, and "turn" on 10 to 20.
ProjectSession labelled_project(const TemporaryFolder& folder) {
    ProjectSession session = tests::project_of_four(folder);
    json script = json::array();
    for (const char* label : {"jump", "rotation"})
        script.push_back({{"do", "add_label"}, {"track", "primitive"}, {"label", label}});
    for (const std::string clip : {"a01_s01_e01", "a01_s02_e01", "a02_s01_e01", "a02_s02_e01"}) {
        const auto draw = [&](const char* label, int begin, int end) {
            script.push_back({{"do", "draw"},
                              {"clip", clip},
                              {"track", "primitive"},
                              {"performer", clip.substr(5, 2)},
                              {"label", label},
                              {"span", {begin, end}}});
        };
        draw("jump", 0, 10);
        draw("rotation", 10, 20);
    }
    const ScriptOutcome outcome = run_edit_script(session, script);
    for (const auto& [command, reason] : outcome.failed) MESSAGE(reason);
    REQUIRE(outcome.failed.empty());
    return session;
}

schemas::ModelVersion version_of(const TemporaryFolder& folder) {
    tests::write_file(folder, "project/models/7.pt", "weights");
    schemas::ModelVersion version;
    version.id = schemas::ModelId{7};
    version.name = "reader";
    version.family = "estgcn";
    version.checkpoint = "models/7.pt";
    version.options = R"({"track": "category", "unit": "clip"})";
    return version;
}

// Key frames at which one of three primitives has 0.8.
inference::PrimitiveReading reading(const std::vector<std::pair<FrameIndex, int>>& keys) {
    inference::PrimitiveReading made;
    for (const auto& [frame, primitive] : keys) {
        made.frames.push_back(frame);
        for (int i = 0; i < 3; ++i) made.weights.push_back(i == primitive ? 0.8F : 0.1F);
    }
    return made;
}

PrimitivePool pool_of(ProjectSession& session, const std::vector<std::pair<FrameIndex, int>>& keys) {
    PrimitivePool pool;
    pool.snapshot = *training_snapshot(session, *load_motions(session, {}), {}, {});
    pool.readings.assign(pool.snapshot.samples.size(), reading(keys));
    return pool;
}

int unit_named(const PrimitiveNaming& naming, const std::string& name) {
    return static_cast<int>(std::ranges::find(naming.units, name) - naming.units.begin());
}

}  // namespace

TEST_CASE("register A6: primitives are counted at key frames against the units that are labelled there") {
    const TemporaryFolder folder;
    ProjectSession session = labelled_project(folder);
    // Frame 25 has no unit; the second key frame at 12 repeats the one before it.
    const PrimitivePool pool = pool_of(session, {{1, 0}, {5, 0}, {12, 1}, {12, 1}, {15, 0}, {25, 2}});
    const PrimitiveNaming naming = counted_naming(session, version_of(folder), pool, {});
    CHECK(naming.track == "primitive");
    REQUIRE(naming.size() == 3);
    CHECK(naming.appearances == std::vector<int>{12, 4, 4});
    const int jump = unit_named(naming, "jump"), turn = unit_named(naming, "rotation");
    REQUIRE(turn < static_cast<int>(naming.units.size()));
    const auto count = [&](int primitive, int unit) {
        return naming
            .counts[static_cast<std::size_t>(primitive) * naming.units.size() + static_cast<std::size_t>(unit)];
    };
    CHECK(count(0, jump) == 8);
    CHECK(count(0, turn) == 4);
    CHECK(count(1, turn) == 4);
    CHECK(naming.primitives[0].name == "jump");
    CHECK(naming.primitives[1].name == "rotation");
    CHECK(naming.primitives[2].name == "primitive 2");
    CHECK(naming.samples == 4);
    CHECK(naming.labelled_samples == 4);
    // jump jump rotation jump against jump jump rotation rotation.
    CHECK(naming.sequence_match == doctest::Approx(0.75));
    CHECK(naming.mutual_information > 0.2);
    CHECK(naming.mutual_information < 1);
}

TEST_CASE("units and labels of the project stay as they are when primitives are counted, named and merged") {
    const TemporaryFolder folder;
    ProjectSession session = labelled_project(folder);
    const auto before = session.store().log().last_sequence();
    PrimitiveNaming naming = counted_naming(session, version_of(folder), pool_of(session, {{1, 0}, {12, 1}}), {});
    const auto units = naming.units;
    rename_primitive(naming, 0, "hop", {"Ana", 1});
    merge_primitives(naming, 0, {1}, {"Ana", 1});
    write_naming(naming, naming_file(session.store().folder(), naming.model));
    CHECK(naming.units == units);
    CHECK(session.store().log().last_sequence() == before);
    CHECK(label_named(session.document(), require_track(session.document(), "primitive").id, "hop") == nullptr);
}

TEST_CASE("without labels of motion units, primitives are counted against what the model learnt") {
    const TemporaryFolder folder;
    ProjectSession session = tests::project_of_four(folder);
    const PrimitiveNaming naming = counted_naming(session, version_of(folder), pool_of(session, {{1, 0}, {12, 1}}), {});
    CHECK(naming.track == "category");
    CHECK(naming.labelled_samples == 4);
    NamingOptions nobody;
    nobody.track = "primitive";
    const PrimitiveNaming none =
        counted_naming(session, version_of(folder), pool_of(session, {{1, 0}, {12, 1}}), nobody);
    CHECK(none.labelled_samples == 0);
    CHECK(none.primitives[0].name == "primitive 0");
}

TEST_CASE("examples are the best key frames, each from another clip, with the frames around them") {
    const TemporaryFolder folder;
    ProjectSession session = labelled_project(folder);
    PrimitivePool pool = pool_of(session, {{2, 0}, {6, 0}, {14, 1}, {20, 2}});
    pool.readings[2].weights[3] = 0.9F;  // the second key frame of the third clip shows primitive 0 best
    PrimitiveNaming naming = counted_naming(session, version_of(folder), pool, {});
    const auto examples = examples_of(naming, pool, 2);
    REQUIRE(examples.size() == 6);
    CHECK(examples[0].primitive == 0);
    CHECK(examples[0].rank == 1);
    CHECK(examples[0].sample == 2);
    CHECK(examples[0].key_frame == 6);
    CHECK(examples[0].span == schemas::FrameSpan{0, 10});
    CHECK(examples[1].sample != 2);
    CHECK(examples[2].primitive == 1);
    CHECK(examples[2].span == schemas::FrameSpan{10, 17});
    CHECK(examples[4].span == schemas::FrameSpan{17, 30});
    merge_primitives(naming, 0, {1}, {"Ana", 1});
    const auto merged = examples_of(naming, pool, 1);
    REQUIRE(merged.size() == 2);
    CHECK(merged[0].span == schemas::FrameSpan{0, 17});
    CHECK(merged[0].weight == doctest::Approx(0.9 + 0.1));
}

TEST_CASE("a strip shows the motion of a span from its first to its last frame") {
    const TemporaryFolder folder;
    ProjectSession session = tests::project_of_four(folder);
    const auto motions = load_motions(session, {});
    const auto& skeleton = motions->by_take.begin()->second.front().skeleton;
    const schemas::Picture strip = motion_strip(skeleton, {3, 12}, 4, 64);
    CHECK(strip.width == 256);
    CHECK(strip.height == 64);
    for (int tile = 0; tile < 4; ++tile) {
        bool drawn = false;
        for (int y = 0; y < 64; ++y)
            for (int x = 0; x < 64; ++x) drawn = drawn || strip.pixel(tile * 64 + x, y)[0] != 32;
        CHECK(drawn);
    }
    CHECK(motion_strip(skeleton, {3, 4}, 2, 32).width == 64);
}

}  // namespace annotator
