#include <doctest/doctest.h>

#include "tests/scenarios/program.h"
#include "tests/support/recording_files.h"
#include "tests/support/video_fixtures.h"

namespace {

using nlohmann::json;
using tests::answer;
using tests::kinetograph;
using tests::TemporaryFolder;

// A project of one recording, 300 frames of 128 x 96 at 59.94 a second, with a label on [60, 120).
std::string project_of_a_dancer(const TemporaryFolder& folder) {
    const std::string project = (folder.path() / "dance").string();
    std::filesystem::copy(tests::video_fixture("59.94 a second").file, folder.path() / "dancer.mp4");
    answer({"new", project});
    answer({"import", project, (folder.path() / "dancer.mp4").string()});
    const json script = {{{"do", "add_label"}, {"label", "turn"}},
                         {{"do", "draw"}, {"clip", "dancer"}, {"label", "turn"}, {"span", {60, 120}}}};
    answer({"apply", project, "-", "--author", "Ana"}, script.dump());
    return project;
}

bool finds(const json& findings, const std::string& what) {
    for (const json& finding : findings)
        if (finding.at("what").get<std::string>().find(what) != std::string::npos) return true;
    return false;
}

}  // namespace

TEST_CASE("check says what is below the standard") {
    const TemporaryFolder folder;
    const json checked = answer({"check", project_of_a_dancer(folder)});
    CHECK(checked.at("ok") == true);
    CHECK(finds(checked.at("findings"), "is 128x96"));
    CHECK(checked.at("findings").at(0).at("severity") == "warning");
    CHECK(checked.at("findings").at(0).at("where") == "take dancer (../dancer.mp4)");
}

TEST_CASE("a project is normalised, verified, and its labels retimed by its frame map") {
    const TemporaryFolder folder;
    const std::string project = project_of_a_dancer(folder), out = (folder.path() / "dance30").string();
    const json normalised =
        answer({"normalise", project, out, "--size", "720p", "--fps", "30", "--preset", "ultrafast"});
    CHECK(normalised.at("takes") == 1);
    CHECK(normalised.at("labels") == 1);
    const json video = normalised.at("videos").at(0);
    CHECK(video.at("path") == "media/dancer.mp4");
    CHECK(video.at("frames") == 150);
    CHECK(answer({"verify", out}).at("ok") == true);
    CHECK(answer({"status", out}).at("states").at("drawn") == 30);

    const json retimed = answer({"retime", project, "--take", "dancer", "--to", out + "/media/dancer.mp4", "--map",
                                 out + "/frame_maps/dancer.csv"});
    CHECK(retimed.at("method") == "map");
    CHECK(retimed.at("dropped").empty());
    CHECK(retimed.at("boundaries").at(0).at("edge") == "begin");
    CHECK(retimed.at("boundaries").at(0).at("from") == 60);
    CHECK(retimed.at("boundaries").at(0).at("to") == 30);
    CHECK(retimed.at("boundaries").at(1).at("to") == 60);
    CHECK(answer({"verify", project}).at("ok") == true);
}

TEST_CASE("what cannot be meant is wrong usage") {
    const TemporaryFolder folder;
    const std::string project = project_of_a_dancer(folder), out = (folder.path() / "out").string();
    CHECK(kinetograph({"normalise", project, out, "--size", "large"}).code == 2);
    CHECK(kinetograph({"normalise", project, out, "--fps", "0"}).code == 2);
    CHECK(kinetograph({"retime", project, "--take", "dancer", "--to", "x.mp4", "--by", "magic"}).code == 2);
    CHECK(kinetograph({"retime", project, "--take", "nobody", "--to", "x.mp4"}).code == 1);
    CHECK(kinetograph({"check", out}).code == 1);
    CHECK_FALSE(std::filesystem::exists(out));
}
