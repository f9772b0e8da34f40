#include "annotator/session/work_command.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

#include "tests/support/project_builder.h"

using namespace annotator;

namespace {

Document small_document() {
    Document document;
    document.apply(tests::small_project().edit());
    return document;
}

bool has(const WorkCommand& command, const std::string& argument) {
    return std::ranges::find(command.arguments, argument) != command.arguments.end();
}

constexpr const char* project = "/data/dance";

}  // namespace

TEST_CASE("training started here never promotes its model") {
    const auto command = command_for(StartTraining{"tcn_clip", schemas::TrackId{1}, 400, 7}, small_document(), project);
    CHECK(command.arguments.front() == "train");
    CHECK(has(command, "--no-promote"));
    CHECK(has(command, "--track=primitive"));
    CHECK(has(command, "--steps=400"));
    CHECK(has(command, "--seed=7"));
}

TEST_CASE("training on a track that is gone is refused with a sentence") {
    CHECK_THROWS_WITH_AS(command_for(StartTraining{}, small_document(), project),
                         "There is no track to work on. Choose one in the list.", std::invalid_argument);
}

TEST_CASE("an export needs a folder") {
    CHECK_THROWS_AS(command_for(ExportDataset{}, project), std::invalid_argument);
    const auto command = command_for(ExportDataset{"/tmp/out", "mstcn, activitynet", "main", ExportHow::plan}, project);
    CHECK(command.kind == JobKind::plan_export);
    CHECK(command.arguments == std::vector<std::string>{"export", project, "/tmp/out", "--format=mstcn",
                                                        "--format=activitynet", "--split=main", "--dry-run"});
}

TEST_CASE("imports and checks do not wait for training") {
    CHECK(command_for(ImportRecordings{{"/tmp/a.mp4"}}, project).lane == Lane::file);
    CHECK(command_for(CheckProject{}, project).lane == Lane::file);
    CHECK(command_for(Prelabel{schemas::TrackId{1}, {}}, small_document(), project).lane == Lane::compute);
}

TEST_CASE("lists have commas between their words and may have spaces") {
    CHECK(words_of("") == std::vector<std::string>{});
    CHECK(words_of(" performer , take,") == std::vector<std::string>{"performer", "take"});
    CHECK(words_of("key pose") == std::vector<std::string>{"key pose"});
}

TEST_CASE("progress and the points of a curve are read from a line") {
    JobView view;
    CHECK(read_line(R"({"progress":{"doing":"Training","done":20,"total":100},"curve":{"total":1.5}})", view).empty());
    CHECK(view.progress.doing == "Training");
    CHECK(view.progress.done == 20);
    REQUIRE(view.curve.size() == 1);
    CHECK(view.curve[0].phase == "Training");
    CHECK(view.curve[0].step == 20);
    CHECK(view.curve[0].figures.at("total") == 1.5);
}

TEST_CASE("what is no progress is a message, without the program's name") {
    JobView view;
    CHECK(read_line("kinetograph: there is no track 'x'", view) == "there is no track 'x'");
    CHECK(read_line("{broken", view) == "{broken");
    CHECK(read_line("[1, 2]", view) == "[1, 2]");
}

TEST_CASE("a check that finds errors did its work") {
    const auto command = command_for(CheckProject{}, project);
    const std::string answer =
        R"json({"ok":false,"findings":[{"severity":"error","what":"frames do not decode","where":"take a (a.mp4)"}]})json";
    CHECK(did_its_work(command, 1, answer));
    CHECK_FALSE(did_its_work(command, 1, ""));
    WorkOutcomes outcomes;
    CHECK(read_answer(command, answer, outcomes) == "1 finding.");
    REQUIRE(outcomes.check);
    CHECK(outcomes.check->findings.front().severity == storage::Severity::error);
}

TEST_CASE("what came of a training is said in one sentence") {
    WorkOutcomes outcomes;
    const auto command = command_for(StartTraining{.track = schemas::TrackId{1}}, small_document(), project);
    CHECK(
        read_answer(command, R"({"name":"tcn-1","metrics":{"validation":{"accuracy":0.84,"samples":12}}})", outcomes) ==
        "tcn-1 is trained: 84 % right on 12 examples it had not seen. Promote it to let it pre-label.");
    CHECK(read_answer(command, R"({"name":"tcn-1","metrics":{"validation":null}})", outcomes) ==
          "tcn-1 is trained. Promote it to let it pre-label.");
}

TEST_CASE("the first file that could not be read is named, not one that was only left out") {
    WorkOutcomes outcomes;
    const auto command = command_for(ImportRecordings{{"/tmp/r"}}, project);
    CHECK(read_answer(command,
                      R"({"takes_added":2,"problems":[],"left_out":[)"
                      R"({"severity":"passed over","path":"a.txt","reason":"is known already"},)"
                      R"({"severity":"error","path":"b.mp4","reason":"is empty"},)"
                      R"({"severity":"error","path":"c.mp4","reason":"is no video"}]})",
                      outcomes) == "2 takes were added; 2 files could not be read. The first: b.mp4: is empty.");
}

TEST_CASE("what was lost and what was written is read from an export's answer") {
    WorkOutcomes outcomes;
    const auto command = command_for(ExportDataset{"/tmp/out", "", ""}, project);
    read_answer(command,
                R"({"written":true,"files":{"a":{"bytes":10},"b":{"bytes":5}},)"
                R"("losses":[{"format":"mstcn","what":"key poses are left out","where":"","count":3}]})",
                outcomes);
    REQUIRE(outcomes.exported);
    CHECK(outcomes.exported->written);
    CHECK(outcomes.exported->files == 2);
    CHECK(outcomes.exported->bytes == 15);
    CHECK(outcomes.exported->losses.at(0).count == 3);
}
