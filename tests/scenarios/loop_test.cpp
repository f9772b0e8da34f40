#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/scenarios/program.h"
#include "tests/support/temporary_folder.h"

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using tests::answer;
using tests::kinetograph;
using tests::TemporaryFolder;

// Four streams of synthetic dance: categories as hidden truth, primitives as imported labels.
std::string streams_project(const TemporaryFolder& folder) {
    const std::string synth = (folder.path() / "synth").string(), project = (folder.path() / "project").string();
    answer({"synth", synth, "--clips", "6", "--performers", "2", "--categories", "3", "--streams", "4", "--depth",
            "none", "--video", "none"});
    answer({"new", project});
    answer({"import", project, synth + "/streams", "--name-pattern", R"(stream_s(?<performer>\d+)_e(?<take>\d+))"});
    answer({"labels", project, synth + "/truth/categories.csv", "--layer", "truth", "--truth"});
    answer({"labels", project, synth + "/truth/primitives.csv", "--layer", "known"});
    return project;
}

}  // namespace

TEST_CASE("slow: each track has its own pre-labeller, and a model of another track is refused") {
    const TemporaryFolder folder;
    const std::string project = streams_project(folder);
    const json trained = answer({"train", project, "--track", "primitive", "--name", "steps", "--steps", "10",
                                 "--threads", "1", "--no-validation"});
    CHECK(trained.at("promoted") == true);
    CHECK(answer({"prelabel", project}).at("model") == "change-points");
    CHECK(answer({"prelabel", project, "--track", "primitive"}).at("model") == "steps");
    CHECK(answer({"queue", project}).at("strategy") == "facility");
    CHECK(answer({"queue", project, "--track", "primitive"}).at("strategy") == "diverse-hard");
    const auto refused = kinetograph({"prelabel", project, "--model", "steps"});
    CHECK(refused.code == 1);
    CHECK(refused.err.find("learnt track 'primitive'") != std::string::npos);
}

TEST_CASE("slow: streams are labelled by spans, and proposals fill what is left without touching a label") {
    const TemporaryFolder folder;
    const std::string project = streams_project(folder);
    answer({"prelabel", project, "--unit", "frame"});
    json commands = json::array();
    const json queue = answer({"queue", project, "--unit", "frame", "--top", "6"});
    for (const json& item : queue.at("items"))
        commands.push_back({{"do", "draw"},
                            {"clip", item.at("clip")},
                            {"span", item.at("span")},
                            {"label", commands.size() % 2 == 0 ? "chasse" : "pirouette"}});
    CHECK(commands.size() == 6);
    CHECK(answer({"apply", project, "-"}, commands.dump()).at("applied") == 6);
    const json labelled = answer({"log", project});
    const json trained = answer({"train", project, "--steps", "20", "--threads", "1"});
    CHECK(trained.at("metrics").at("labelled") == 6);
    CHECK(!answer({"prelabel", project}).at("proposals").empty());
    CHECK(answer({"log", project}) == labelled);
    const json states = answer({"status", project}).at("states");
    CHECK(states.at("unlabelled") == 0);
    CHECK(states.at("drawn") > 0);
    CHECK(states.at("proposed") > 0);
    const json scores = answer({"evaluate", project, "--layer", "proposals", "--against", "truth"});
    CHECK(scores.at("boundary_f1").at("8") > 0.2);
    CHECK(answer({"verify", project}).at("ok") == true);
}

TEST_CASE("slow: a model of one label pre-labels, and every strategy ranks with it") {
    const TemporaryFolder folder;
    const std::string project = streams_project(folder);
    const std::string clip = answer({"queue", project}).at("items").at(0).at("clip");
    answer({"apply", project, "-"},
           json::array({{{"do", "draw"}, {"clip", clip}, {"label", "chasse"}, {"span", {0, 40}}}}).dump());
    CHECK(answer({"train", project, "--steps", "10", "--threads", "1"}).at("metrics").at("labelled") == 1);
    CHECK(!answer({"prelabel", project}).at("proposals").empty());
    for (const char* strategy : {"random", "entropy", "margin", "ohem", "coreset", "facility", "diverse-hard"})
        CHECK_MESSAGE(answer({"queue", project, "--strategy", strategy, "--top", "3"}).at("items").size() == 3,
                      strategy);
    CHECK(kinetograph({"queue", project, "--strategy", "nonsense"}).code == 1);
}

TEST_CASE("slow: a training run beside edits neither loses one nor fails") {
    const TemporaryFolder folder;
    const std::string project = streams_project(folder);
    const std::string clip = answer({"queue", project, "--track", "category"}).at("items").at(0).at("clip");
    tests::Running training({"train", project, "--track", "primitive", "--steps", "30", "--threads", "1"});
    std::size_t made = 0;
    for (int i = 0; i < 20; ++i)
        made += kinetograph({"apply", project, "-"},
                            json::array({{{"do", "comment"}, {"clip", clip}, {"text", std::to_string(i)}}}).dump())
                            .code == 0
                    ? 1
                    : 0;
    CHECK(training.finished_well());
    CHECK(made == 20);
    CHECK(answer({"status", project}).at("models").size() == 1);
    CHECK(answer({"verify", project}).at("ok") == true);
}

TEST_CASE("slow: a training that is killed goes on where it was, to the same figures") {
    const TemporaryFolder folder;
    const std::string project = streams_project(folder), twin = (folder.path() / "twin").string();
    const fs::path models = fs::path(project) / "models";
    fs::copy(project, twin, fs::copy_options::recursive);
    const tests::Arguments how{"--track", "primitive", "--steps", "240", "--threads", "1", "--keep-every", "0.2"};
    const auto train = [&](const std::string& where) {
        tests::Arguments arguments{"train", where};
        arguments.insert(arguments.end(), how.begin(), how.end());
        return arguments;
    };
    const json whole = answer(train(twin));
    {
        const tests::Running killed(train(project));
        REQUIRE(tests::wait_until(
            [&] { return fs::exists(models) && std::distance(fs::directory_iterator(models), {}) >= 2; }, 60));
        killed.kill();
    }
    const json rest = answer(train(project));
    CHECK(rest.at("notes").dump().find("it had been interrupted and went on from step") != std::string::npos);
    CHECK(rest.at("metrics") == whole.at("metrics"));
    CHECK(rest.at("epochs") == whole.at("epochs"));
    // Nothing but the model is left.
    CHECK(std::distance(fs::directory_iterator(models), {}) == 1);
}

TEST_CASE("slow: two processes train together to what one trains alone") {
    const TemporaryFolder folder;
    const std::string project = streams_project(folder), twin = (folder.path() / "twin").string();
    fs::copy(project, twin, fs::copy_options::recursive);
    const auto train = [&](const std::string& where) {
        return tests::Arguments{"train", where,       "--track", "primitive",      "--steps",
                                "20",    "--threads", "1",       "--no-validation"};
    };
    const json alone = answer(train(twin));
    tests::Arguments together = train(project);
    together.emplace_back("--distributed");
    CHECK(kinetograph(together).err.find("torchrun") != std::string::npos);
    setenv("WORLD_SIZE", "2", 1);
    setenv("MASTER_ADDR", "127.0.0.1", 1);
    setenv("MASTER_PORT", "29517", 1);
    setenv("RANK", "1", 1);
    tests::Running second(together);
    setenv("RANK", "0", 1);
    const json first = answer(together);
    CHECK(second.finished_well());
    for (const char* name : {"WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT", "RANK"}) unsetenv(name);
    CHECK(answer({"status", project}).at("models").size() == 1);
    const auto losses = [](const json& trained) {
        return trained.at("epochs").back().at("losses").at("total").get<double>();
    };
    CHECK(losses(first) == doctest::Approx(losses(alone)).epsilon(1e-5));
}

TEST_CASE("slow: the table of a simulation has a cell for every column, empty ones too") {
    const TemporaryFolder folder;
    const std::string project = streams_project(folder);
    const std::string table = (folder.path() / "rows.csv").string();
    answer({"simulate", project, "--strategies", "all", "--steps", "10", "--csv", table});
    std::ifstream stream(table);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    REQUIRE(lines.size() > 1);
    for (const std::string& line : lines)
        CHECK(std::ranges::count(line, ',') == std::ranges::count(lines.front(), ','));
}

TEST_CASE("slow: a learning curve passes its points, with the labels of each by hash, and a picture") {
    const TemporaryFolder folder;
    const std::string project = streams_project(folder);
    const std::string ids = (folder.path() / "ids.csv").string(), picture = (folder.path() / "curve.svg").string();
    const auto simulated = [&] {
        return answer({"simulate", project, "--strategies", "random,facility", "--points", "20,50,100", "--steps", "10",
                       "--round-steps", "5", "--test-performers", "02", "--ids", ids, "--svg", picture});
    };
    const json first = simulated();
    REQUIRE(first.at("rows").size() == 6);
    double before = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        const json& row = first.at("rows").at(i);
        CHECK(row.at("labelled") > before);
        CHECK(row.at("ids_sha256").get<std::string>().size() == 64);
        CHECK(row.at("operations_policy_a") > 0);
        before = row.at("labelled");
    }
    CHECK(before == 1);
    CHECK(first.at("rows").at(2).at("corpus_accuracy") == 1);
    CHECK(!first.at("rows").at(2).at("pool_accuracy").is_null());
    // All labels are the same labels, whoever chose first.
    CHECK(first.at("rows").at(2).at("ids_sha256") == first.at("rows").at(5).at("ids_sha256"));
    CHECK(first.at("rows").at(0).at("ids_sha256") != first.at("rows").at(3).at("ids_sha256"));
    CHECK(first.at("curves").size() == 6);
    for (const json& curve : first.at("curves")) CHECK(curve.at("full").at("seeds") == 1);
    CHECK(tests::text_in(picture).find("</svg>") != std::string::npos);
    const std::string list = tests::text_in(ids);
    CHECK(list.starts_with("strategy,seed,test_performers,labelled,clip,begin_frame,end_frame,ids_sha256\n"));
    CHECK(list.find(first.at("rows").at(0).at("ids_sha256").get<std::string>()) != std::string::npos);
    const json second = simulated();
    CHECK(second.at("rows") == first.at("rows"));
    CHECK(second.at("ids_file_sha256") == first.at("ids_file_sha256"));
    CHECK(kinetograph({"simulate", project, "--points", "0,20"}).code == 1);
}

TEST_CASE("slow: primitives are named when a model is trained, and people list, rename, merge, undo and export them") {
    const TemporaryFolder folder;
    const std::string project = streams_project(folder);
    CHECK(kinetograph({"primitives", "list", project}).err.find("train one with 'kinetograph train --model estgcn'") !=
          std::string::npos);
    const json trained = answer({"train", project, "--track", "primitive", "--model", "estgcn", "--steps", "6",
                                 "--threads", "1", "--no-validation", "--name", "reader"});
    const fs::path asset = fs::path(project) / "models" / (trained.at("model").get<std::string>() + ".primitives.json");
    CHECK(fs::exists(asset));
    const json log = answer({"log", project});
    const json listed = answer({"primitives", "list", project});
    CHECK(listed.at("model") == "reader");
    CHECK(listed.at("track") == "primitive");
    REQUIRE(listed.at("primitives").size() == 32);
    CHECK(listed.at("labelled_samples") > 0);
    double usage = 0;
    std::vector<int> used;
    for (const json& each : listed.at("primitives")) {
        usage += each.at("usage").get<double>();
        if (each.at("appearances") > 0) used.push_back(each.at("primitive"));
        CHECK(each.at("purity") <= 1);
    }
    CHECK(usage == doctest::Approx(1));
    REQUIRE(used.size() >= 2);
    const std::string one = std::to_string(used[0]), other = std::to_string(used[1]);
    answer({"primitives", "rename", project, one, "slow turn", "--author", "Ana"});
    const json merged = answer({"primitives", "merge", project, one, other});
    CHECK(merged.at("primitives").size() == 31);
    CHECK(answer({"primitives", "undo", project}).at("primitives").size() == 32);
    const json again = answer({"primitives", "list", project, "--again"});
    CHECK(again.dump().find("slow turn") != std::string::npos);
    CHECK(kinetograph({"primitives", "rename", project, "99", "x"}).err.find("there is no primitive 99") !=
          std::string::npos);
    const fs::path out = folder.path() / "dictionary";
    const json written = answer({"primitives", "export", project, out.string(), "--examples", "1"});
    CHECK(written.at("examples") == used.size());
    CHECK(fs::exists(out / "pictures" / (one + "-1.png")));
    const json dictionary = json::parse(tests::text_in(out / "dictionary.json"));
    CHECK(dictionary.at("rows").size() == 32);
    CHECK(dictionary.at("examples").size() == used.size());
    CHECK(tests::text_in(out / "examples.csv").find("pictures/" + one + "-1.png") != std::string::npos);
    CHECK(kinetograph({"primitives", "export", project, project}).code == 1);
    // Nothing of it is an edit.
    CHECK(answer({"log", project}) == log);
    CHECK(answer({"verify", project}).at("ok") == true);
}
