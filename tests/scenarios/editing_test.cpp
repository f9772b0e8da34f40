#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "tests/scenarios/program.h"
#include "tests/support/msr_lines.h"
#include "tests/support/recording_files.h"

namespace {

using nlohmann::json;
using tests::answer;
using tests::kinetograph;
using tests::TemporaryFolder;

// A project with the clips a01_s01_e01 and a02_s02_e01 of 30 frames each.
std::string small_project(const std::filesystem::path& folder) {
    const TemporaryFolder recordings;
    tests::write_file(recordings, "a01_s01_e01_skeleton3D.txt", tests::msr_lines(30));
    tests::write_file(recordings, "a02_s02_e01_skeleton3D.txt", tests::msr_lines(30, 1));
    std::filesystem::copy(recordings.path(), folder / "recordings");
    const std::string project = (folder / "project").string();
    answer({"new", project});
    answer({"import", project, (folder / "recordings").string(), "--name-pattern", "msr"});
    return project;
}

json comment(const std::string& text) { return {{"do", "comment"}, {"clip", "a01_s01_e01"}, {"text", text}}; }

std::size_t comments_logged(const std::string& project) {
    std::size_t count = 0;
    const json log = answer({"log", project});
    for (const json& entry : log.at("entries")) count += entry.at("title") == "Comment" ? 1 : 0;
    return count;
}

void no_disk() { MESSAGE("this user may not mount a file system"); }

}  // namespace

TEST_CASE("edits, undo and redo from the command line show in status and log") {
    const TemporaryFolder folder;
    const std::string project = small_project(folder.path());
    const json script = {
        {{"do", "add_label"}, {"label", "turn"}},
        {{"do", "draw"}, {"clip", "a01_s01_e01"}, {"label", "turn"}, {"span", {0, 12}}},
    };
    CHECK(answer({"apply", project, "-", "--author", "Ana"}, script.dump()).at("applied") == 2);
    CHECK(answer({"status", project}).at("states").at("drawn") == 12);
    CHECK(answer({"undo", project}).at("titles") == json::array({"Draw 'turn'"}));
    CHECK(answer({"status", project}).at("states").at("drawn") == 0);
    CHECK(answer({"redo", project}).at("steps") == 1);
    CHECK(answer({"status", project}).at("states").at("drawn") == 12);
    CHECK(answer({"redo", project}).at("steps") == 0);
    const json log = answer({"log", project}).at("entries");
    CHECK(log.back().at("kind") == "redo");
    CHECK(log.size() == 7);
    CHECK(answer({"verify", project}).at("ok") == true);
}

TEST_CASE("exit codes are 0 for done, 1 for could not, 2 for wrong usage and 3 for done in part") {
    const TemporaryFolder folder;
    const std::string project = small_project(folder.path());
    CHECK(kinetograph({"status", project}).code == 0);
    CHECK(kinetograph({"status", (folder.path() / "nothing").string()}).code == 1);
    CHECK(kinetograph({"status"}).code == 2);
    CHECK(kinetograph({"status", project, "--nonsense"}).code == 2);
    CHECK(kinetograph({"dance", project}).code == 2);
    const json half = {comment("fine"), {{"do", "draw"}, {"clip", "nowhere"}, {"label", "x"}}};
    CHECK(kinetograph({"apply", project, "-"}, half.dump()).code == 3);
    CHECK(kinetograph({"apply", project, "-"}, json::array({half.at(1)}).dump()).code == 1);
    tests::write_file(folder, "more/a03_s01_e01_skeleton3D.txt", tests::msr_lines(10, 2));
    tests::write_file(folder, "more/a04_s01_e01_skeleton3D.txt", "");
    CHECK(kinetograph({"import", project, (folder.path() / "more").string()}).code == 3);
    CHECK(kinetograph({"import", project, (folder.path() / "absent").string()}).code == 1);
}

TEST_CASE("a verb that there is not is answered with those that there are") {
    const tests::Outcome outcome = tests::kinetograph({"fram", "walk.mp4"});
    CHECK(outcome.code == 2);
    CHECK(outcome.err.find("'fram'") != std::string::npos);
    CHECK(outcome.err.find(" status ") != std::string::npos);
}

TEST_CASE("with --json every verb writes exactly one JSON document on standard output") {
    const TemporaryFolder folder;
    const std::string project = small_project(folder.path());
    const std::string out = (folder.path() / "out").string();
    const std::vector<tests::Arguments> runs{
        {"status", project},
        {"log", project},
        {"undo", project},
        {"redo", project},
        {"verify", project},
        {"apply", project, "-"},
        {"prelabel", project},
        {"queue", project},
        {"split", project, "--scheme", "1/1/0"},
        {"export", project, out},
        {"verify", out},
        {"import", project, folder.path().string()},
        {"synth", out + "-synth", "--clips", "2", "--performers", "1", "--categories", "2"},
    };
    for (tests::Arguments arguments : runs) {
        CAPTURE(arguments.front());
        arguments.emplace_back("--json");
        const auto outcome = kinetograph(arguments, "[]");
        CHECK(outcome.code != 2);
        CHECK(outcome.json().is_object());
    }
    const auto failed = kinetograph({"status", out + "-absent", "--json"});
    CHECK(failed.out.empty());
    CHECK(failed.err.find("is no project") != std::string::npos);
}

TEST_CASE("status answers without the time that a learning library takes to load") {
    const TemporaryFolder folder;
    const std::string project = small_project(folder.path());
    kinetograph({"status", project});
    CHECK(kinetograph({"status", project}).seconds < 1);
}

TEST_CASE("scripts that are no scripts are refused before anything is done") {
    const TemporaryFolder folder;
    const std::string project = small_project(folder.path());
    const auto before = answer({"log", project});
    const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    for (const std::string& script : {std::string("{}"), std::string("3"), std::string(""), std::string("[{\"do\":"),
                                      deep, "[{\"do\":" + deep + "}]", std::string("[{\"do\": \"fly\"}]"),
                                      std::string("[{\"do\": \"comment\", \"text\": \"\xff\"}]")}) {
        const auto outcome = kinetograph({"apply", project, "-"}, script);
        CHECK(outcome.code == 1);
        CHECK(!outcome.err.empty());
    }
    CHECK(kinetograph({"apply", project, folder.path().string()}).code == 1);
    CHECK(answer({"log", project}) == before);
}

TEST_CASE("a damaged database is refused, and an empty one is not taken for a fresh project") {
    const TemporaryFolder folder;
    const std::string project = small_project(folder.path());
    const auto file = std::filesystem::path(project) / "project.sqlite";
    const std::string whole = tests::bytes_of(file);
    for (const std::string& bytes : {std::string(), whole.substr(0, 5000), std::string(100'000, 'x')}) {
        tests::write_file(folder, "project/project.sqlite", bytes);
        for (const char* verb : {"status", "verify", "log", "undo", "queue", "prelabel"}) {
            const auto outcome = kinetograph({verb, project});
            CHECK_MESSAGE(outcome.code == 1, verb);
            CHECK(outcome.err.find("project.sqlite") != std::string::npos);
        }
    }
    tests::write_file(folder, "project/project.sqlite", whole);
    CHECK(answer({"verify", project}).at("ok") == true);
}

TEST_CASE("paths may have blanks and any script in them") {
    const TemporaryFolder folder;
    const std::string project = (folder.path() / "мой проект" / "舞蹈 1").string();
    tests::write_file(folder, "録画 1/回転 é_skeleton3D.txt", tests::msr_lines(20));
    answer({"new", project});
    const auto imported = answer({"import", project, (folder.path() / "録画 1").string()});
    CHECK(imported.at("takes_added") == 1);
    const std::string out = (folder.path() / "aus gabe ü").string();
    CHECK(kinetograph({"export", project, out}).code == 0);
    CHECK(answer({"verify", out}).at("ok") == true);
}

TEST_CASE("invariant 3: whenever the process is killed, every edit that it reported is there") {
    const TemporaryFolder folder;
    const std::string project = small_project(folder.path());
    const auto script = tests::write_file(folder, "edit.json", json::array({comment("one")}).dump()).string();
    std::size_t reported = 0;
    for (int run = 0; run < 40; ++run) {
        tests::Running program({"apply", project, script});
        std::this_thread::sleep_for(std::chrono::milliseconds(run));
        program.kill();
        reported += program.finished_well() ? 1 : 0;
    }
    CHECK(comments_logged(project) >= reported);
    CHECK(answer({"verify", project}).at("ok") == true);
    CHECK(answer({"apply", project, script}).at("applied") == 1);
}

TEST_CASE("invariant 3: a kill in the middle of a long script leaves whole edits and a project that verifies") {
    const TemporaryFolder folder;
    const std::string project = small_project(folder.path());
    json commands = json::array();
    for (int i = 0; i < 20'000; ++i) commands.push_back(comment(std::to_string(i)));
    const auto script = tests::write_file(folder, "long.json", commands.dump()).string();
    tests::Running program({"apply", project, script});
    std::this_thread::sleep_for(std::chrono::milliseconds(400));
    program.kill();
    CHECK(!program.finished_well());
    const std::size_t logged = comments_logged(project);
    CHECK(logged < 20'000);
    CHECK(answer({"verify", project}).at("ok") == true);
    CHECK(answer({"undo", project, "--steps", std::to_string(logged + 1)}).at("steps") == logged + 1);
    CHECK(answer({"verify", project}).at("ok") == true);
}

TEST_CASE("two programs on one project: each edit is made whole or refused, and none is lost") {
    const TemporaryFolder folder;
    const std::string project = small_project(folder.path());
    json commands = json::array();
    for (int i = 0; i < 300; ++i) commands.push_back(comment(std::to_string(i)));
    const auto script = tests::write_file(folder, "script.json", commands.dump()).string();
    tests::Running other({"apply", project, script, "--author", "Ben"});
    std::size_t made = 0;
    for (int i = 0; i < 10; ++i)
        made +=
            kinetograph({"apply", project, "-", "--author", "Ana"}, json::array({comment("mine")}).dump()).code == 0;
    other.finished_well();
    std::size_t by_ana = 0;
    const json log = answer({"log", project});
    for (const json& entry : log.at("entries"))
        by_ana += entry.at("author") == "Ana" && entry.at("title") == "Comment" ? 1 : 0;
    CHECK(by_ana == made);
    CHECK(answer({"verify", project}).at("ok") == true);
}

TEST_CASE("a read-only project can be read, and an edit is refused with a reason") {
    const tests::MemoryDisk disk("16m");
    if (!disk.mounted()) return no_disk();
    const std::string project = small_project(disk.path());
    if (!disk.make_read_only()) return no_disk();
    CHECK(answer({"status", project}).at("takes") == 2);
    CHECK(answer({"verify", project}).at("ok") == true);
    for (const tests::Arguments& arguments :
         {tests::Arguments{"apply", project, "-"}, tests::Arguments{"undo", project},
          tests::Arguments{"import", project, project}}) {
        const auto outcome = kinetograph(arguments, json::array({comment("one")}).dump());
        CHECK(outcome.code == 1);
        CHECK(outcome.err.find("project.sqlite") != std::string::npos);
    }
    CHECK(kinetograph({"new", (disk.path() / "second").string()}).code == 1);
}

TEST_CASE("a full disk loses nothing that was reported, and the project verifies") {
    const tests::MemoryDisk disk("1m");
    if (!disk.mounted()) return no_disk();
    const std::string project = small_project(disk.path());
    json commands = json::array();
    for (int i = 0; i < 200; ++i) commands.push_back(comment(std::string(20'000, 'x')));
    const auto outcome = kinetograph({"apply", project, "-", "--json"}, commands.dump());
    CHECK(outcome.code == 3);
    const json report = outcome.json();
    CHECK(report.at("applied") > 0);
    CHECK(report.at("applied") < 200);
    CHECK(report.at("failed").back().at("reason").get<std::string>().find("full") != std::string::npos);
    CHECK(comments_logged(project) == report.at("applied"));
    CHECK(answer({"verify", project}).at("ok") == true);
    const auto out = (disk.path() / "out").string();
    CHECK(kinetograph({"export", project, out}).code == 1);
    CHECK(!std::filesystem::exists(out));
}
