#include <doctest/doctest.h>

#include <filesystem>

#include "tests/scenarios/program.h"
#include "tests/support/temporary_folder.h"

namespace {

using nlohmann::json;
using tests::answer;
using tests::kinetograph;
using tests::TemporaryFolder;

// Streams of synthetic dance, their motion units known and their categories hidden.
std::string project_of_streams(const TemporaryFolder& folder) {
    const std::string synth = (folder.path() / "synth").string(), project = (folder.path() / "project").string();
    answer({"synth", synth, "--clips", "6", "--performers", "2", "--categories", "3", "--streams", "4", "--depth",
            "none", "--video", "none"});
    answer({"new", project});
    answer({"import", project, synth + "/streams", "--name-pattern", R"(stream_s(?<performer>\d+)_e(?<take>\d+))"});
    answer({"labels", project, synth + "/truth/categories.csv", "--layer", "known"});
    return project;
}

}  // namespace

TEST_CASE("slow: a model of frames cuts streams, and a classifier of clips labels what it cut") {
    const TemporaryFolder folder;
    const std::string project = project_of_streams(folder);
    const json frames = answer({"train", project, "--model", "ms_tcn", "--steps", "60", "--batch", "8", "--threads",
                                "1", "--set", "width=32,layers=6,dropout=0.2,rate=0.003"});
    CHECK(frames.at("family") == "ms_tcn");
    CHECK(frames.at("promoted") == true);
    CHECK(frames.at("metrics").at("streams") == 4);
    CHECK(frames.at("metrics").at("validation").at("boundary_f1").at("5").is_number());
    CHECK(frames.at("metrics").at("validation").at("frame_accuracy") > 0);

    // Alone it labels too; change points are what there is without it.
    const json alone = answer({"prelabel", project, "--everywhere"});
    CHECK(alone.at("model") == frames.at("name"));
    CHECK(alone.at("boundaries") == frames.at("name"));
    CHECK(!alone.at("proposals").at(0).at("top").empty());
    const json by_frames = answer({"evaluate", project, "--layer", "proposals", "--against", "known"});

    answer({"train", project, "--name", "clips", "--steps", "40", "--threads", "1", "--no-validation"});
    const json both = answer({"prelabel", project, "--everywhere"});
    CHECK(both.at("model") == "clips");
    CHECK(both.at("boundaries") == frames.at("name"));
    const json together = answer({"evaluate", project, "--layer", "proposals", "--against", "known"});
    const json cold = answer({"prelabel", project, "--everywhere", "--boundaries", "change-points"});
    CHECK(cold.at("boundaries") == "change-points");
    const json by_change_points = answer({"evaluate", project, "--layer", "proposals", "--against", "known"});
    for (const json& scores : {by_frames, together, by_change_points}) CHECK(scores.at("boundary_f1").at("5") > 0);
    CHECK(answer({"verify", project}).at("ok") == true);

    // One that was not validated does not take over, and a person may decide otherwise.
    const json worse = answer({"train", project, "--model", "ms_tcn", "--name", "worse", "--steps", "1", "--batch", "1",
                               "--threads", "1", "--no-validation"});
    CHECK(worse.at("promoted") == false);
    CHECK(answer({"prelabel", project, "--everywhere"}).at("boundaries") == frames.at("name"));
    answer({"promote", project, "worse"});
    CHECK(answer({"prelabel", project, "--everywhere"}).at("boundaries") == "worse");
    CHECK(answer({"prelabel", project, "--everywhere"}).at("model") == "clips");

    const auto refused = [&](const tests::Arguments& arguments, const char* text) {
        const auto result = kinetograph(arguments);
        CHECK(result.code == 1);
        CHECK_MESSAGE(result.err.find(text) != std::string::npos, result.err);
    };
    refused({"prelabel", project, "--boundaries", "clips"}, "which finds no boundaries");
    refused({"prelabel", project, "--model", "worse", "--boundaries", "worse"}, "leave out either");
    refused({"train", project, "--model", "ms_tcn", "--epochs", "3"}, "say how long with --steps");
    refused({"simulate", project, "--boundaries", "oracle"}, "there is no 'oracle'");
}

TEST_CASE("slow: simulate tells what boundaries of a model of frames save, by both policies") {
    const TemporaryFolder folder;
    const std::string project = project_of_streams(folder);
    const json result =
        answer({"simulate", project, "--strategies", "all", "--boundaries", "ms_tcn", "--boundary-steps", "40",
                "--steps", "40", "--round-steps", "20", "--test-performers", "02"});
    CHECK(result.at("unit") == "frame");
    const json& row = result.at("rows").at(0);
    CHECK(row.at("unseen_operations") > 0);
    CHECK(row.at("unseen_operations_policy_a") > 0);
    CHECK(row.at("unseen_operations_scratch") > 0);
    CHECK(row.at("unseen_boundary_f1").is_number());
    CHECK(row.at("unseen_frames_alone").is_number());
    CHECK(row.at("operations_policy_a").is_number());
    const json cold = answer({"simulate", project, "--strategies", "random", "--steps", "40", "--round-steps", "20",
                              "--test-performers", "02"});
    CHECK(cold.at("rows").at(0).at("frames_alone").is_null());
    CHECK(cold.at("rows").at(0).at("boundary_f1").is_number());
}
