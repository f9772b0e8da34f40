#include <doctest/doctest.h>

#include <map>
#include <set>

#include "tests/scenarios/program.h"
#include "tests/support/no_recordings.h"
#include "tests/support/recording_files.h"

namespace {

using nlohmann::json;
using tests::answer;
using tests::kinetograph;
using tests::TemporaryFolder;

std::filesystem::path recordings(const std::string& folder) {
    return tests::recordings(KINETOGRAPH_SOURCE_DIR, folder);
}

std::string new_project(const TemporaryFolder& folder, const std::string& name = "project") {
    const std::string project = (folder.path() / name).string();
    answer({"new", project});
    return project;
}

// The names of the recordings of which `what` was reported, without folder and extension.
std::set<std::string> reported(const json& problems, const std::string& what) {
    std::set<std::string> names;
    for (const json& problem : problems)
        if (problem.at("what").get<std::string>().find(what) != std::string::npos)
            names.insert(std::filesystem::path(problem.at("path").get<std::string>()).stem().string());
    return names;
}

std::size_t errors_of(const json& imported) {
    std::size_t count = 0;
    for (const json& entry : imported.at("left_out")) count += entry.at("severity") == "error" ? 1 : 0;
    return count;
}

std::map<std::string, std::string> contents_of(const std::filesystem::path& folder) {
    std::map<std::string, std::string> contents;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.is_regular_file())
            contents[entry.path().lexically_relative(folder).string()] = tests::bytes_of(entry.path());
    return contents;
}

}  // namespace

TEST_CASE("slow: MSR-Action3D comes in as 289 takes, 283 with depth, and says by name what is wrong with it") {
    const auto recorded = recordings("msr_action3d");
    if (recorded.empty()) return tests::no_recordings();
    const TemporaryFolder folder;
    const json imported = answer({"import", new_project(folder), recorded.string(), "--name-pattern", "msr"});
    CHECK(imported.at("takes_added") == 289);
    CHECK(imported.at("takes_with_depth_aligned") == 283);
    CHECK(imported.at("streams_added").at("depth") == 283);
    CHECK(imported.at("streams_added").at("skeleton") == 578);
    const json& problems = imported.at("problems");
    CHECK(reported(problems, "has no depth") == std::set<std::string>{"a02_s03_e02", "a04_s03_e01", "a04_s09_e01",
                                                                      "a14_s03_e01", "a20_s07_e01", "a20_s07_e03"});
    CHECK(reported(problems, "have no skeleton") ==
          std::set<std::string>{"a14_s03_e01_skeleton", "a14_s03_e01_skeleton3D", "a20_s07_e01_skeleton",
                                "a20_s07_e01_skeleton3D", "a20_s07_e03_skeleton", "a20_s07_e03_skeleton3D"});
    CHECK(errors_of(imported) == 0);
}

TEST_CASE("slow: CMU partners are one take, and BVH, HDM05, mocap6 and Kinect come in without errors") {
    struct Set {
        std::string folder;
        tests::Arguments options;
        std::size_t takes, skeletons;
    };
    const std::vector<Set> sets{{"cmu_dance", {"--name-pattern", "cmu", "--same-take", "60=61"}, 8, 10},
                                {"cmu_dance_bvh", {}, 2, 2},
                                {"hdm05", {"--name-pattern", "hdm05"}, 11, 11},
                                {"mocap6", {}, 2, 2},
                                {"kinect_csv", {}, 7, 7}};
    for (const Set& set : sets) {
        const auto recorded = recordings(set.folder);
        if (recorded.empty()) return tests::no_recordings();
        CAPTURE(set.folder);
        const TemporaryFolder folder;
        const std::string project = new_project(folder);
        tests::Arguments arguments{"import", project, recorded.string()};
        arguments.insert(arguments.end(), set.options.begin(), set.options.end());
        const json imported = answer(arguments);
        CHECK(imported.at("takes_added") == set.takes);
        CHECK(imported.at("streams_added").at("skeleton") == set.skeletons);
        CHECK(errors_of(imported) == 0);
        CHECK(answer({"verify", project}).at("ok") == true);
        CHECK(answer(arguments).at("takes_added") == 0);
    }
}

TEST_CASE("slow: the segments of 86_01 come in with their dirt reported, and change points find their boundaries") {
    const auto recorded = recordings("cmu86_segments");
    if (recorded.empty()) return tests::no_recordings();
    const TemporaryFolder folder;
    const std::string project = new_project(folder);
    answer({"import", project, recorded.string()});
    const json labels = answer({"labels", project, (recorded / "segments.txt").string(), "--truth"});
    CHECK(labels.at("segments") == 7);
    std::size_t out_of_order = 0;
    for (const json& problem : labels.at("problems"))
        out_of_order += problem.at("what").get<std::string>().find("not in order") != std::string::npos ? 1 : 0;
    CHECK(out_of_order == 2);
    CHECK(labels.at("left_out").size() == 2);

    answer({"prelabel", project, "--track", "primitive"});
    const json scores =
        answer({"evaluate", project, "--layer", "proposals", "--against", "segments", "--track", "primitive"});
    const json& within = scores.at("boundary_f1_tolerance");
    CHECK(within.at("n") == 6);
    CHECK(within.at("f1") > 0.6);
}

TEST_CASE("slow: the same seed gives the same metrics, queue, split and labels in two projects") {
    const auto recorded = recordings("msr_action3d/skeleton_world");
    if (recorded.empty()) return tests::no_recordings();
    const TemporaryFolder folder;
    std::vector<json> trained, queued, split;
    std::vector<std::map<std::string, std::string>> exported;
    for (const std::string name : {"one/project", "two/project"}) {
        const std::string project = new_project(folder, name);
        const auto out = folder.path() / name / ".." / "out";
        answer({"import", project, recorded.string(), "--name-pattern", "msr", "--hide-categories"});
        json commands = json::array();  // the first take of every category of four performers
        for (const auto& file : tests::files_below(recorded, ".txt")) {
            const std::string clip = file.filename().string().substr(0, 11);
            if (clip.ends_with("e01") && clip.substr(5, 2) != "05")
                commands.push_back({{"do", "draw"}, {"clip", clip}, {"label", clip.substr(1, 2)}});
        }
        answer({"apply", project, "-"}, commands.dump());
        trained.push_back(answer({"train", project, "--seed", "1", "--steps", "60", "--threads", "1"}));
        answer({"prelabel", project});
        queued.push_back(answer({"queue", project, "--strategy", "ohem", "--top", "20"}));
        split.push_back(answer({"split", project, "--seed", "3"}));
        answer({"export", project, out.string(), "--split", "main"});
        exported.push_back(contents_of(out));
    }
    // Clips are named by their ids in what the run was judged on.
    for (json& run : trained)
        for (json& example : run.at("metrics").at("validation").at("examples")) example.erase("clip");
    CHECK(trained[0].at("metrics") == trained[1].at("metrics"));
    CHECK(trained[0].at("epochs") == trained[1].at("epochs"));
    CHECK(trained[0].at("snapshot") == trained[1].at("snapshot"));
    CHECK(queued[0].at("items").size() == 20);
    CHECK(queued[0] == queued[1]);
    CHECK(split[0] == split[1]);
    // Ids and times are a project's own; what carries neither is the same in both.
    for (const auto& [path, bytes] : exported[0])
        if (path == "mapping.txt" || path.starts_with("groundTruth") || path.starts_with("splits/"))
            CHECK_MESSAGE(exported[1][path] == bytes, path);
}

TEST_CASE("slow: one project exports the same bytes again, and so does a copy of it") {
    const auto recorded = recordings("msr_action3d/skeleton_world");
    if (recorded.empty()) return tests::no_recordings();
    const TemporaryFolder folder;
    const std::string project = new_project(folder, "one/project");
    answer({"import", project, recorded.string(), "--name-pattern", "msr"});
    answer({"split", project, "--seed", "3"});
    const auto out = [&](const std::string& name) { return (folder.path() / name).string(); };
    answer({"export", project, out("first"), "--split", "main", "--features"});
    answer({"export", project, out("again"), "--split", "main", "--features"});
    // Paths of recordings are kept relative to the project, whose name is the dataset's.
    std::filesystem::copy(folder.path() / "one", folder.path() / "two", std::filesystem::copy_options::recursive);
    answer({"export", (folder.path() / "two" / "project").string(), out("copied"), "--split", "main", "--features"});
    const auto first = contents_of(out("first"));
    CHECK(first.size() > 1000);
    CHECK(contents_of(out("again")) == first);
    CHECK(contents_of(out("copied")) == first);
}
