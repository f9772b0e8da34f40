#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "tests/scenarios/program.h"
#include "tests/support/temporary_folder.h"

// What can be asked of a training, as users ask it.

namespace {

using nlohmann::json;
using tests::answer;
using tests::kinetograph;
using tests::TemporaryFolder;

// Thirty clips of three categories and three performers, all labelled.
std::string labelled_project(const TemporaryFolder& folder) {
    const std::string synth = (folder.path() / "synth").string(), project = (folder.path() / "project").string();
    answer({"synth", synth, "--clips", "30", "--performers", "3", "--categories", "3", "--depth", "none", "--video",
            "none"});
    answer({"new", project});
    answer({"import", project, synth + "/clips", "--name-pattern", "synth"});
    return project;
}

tests::Arguments train(const std::string& project, const tests::Arguments& further) {
    tests::Arguments arguments{"train", project, "--threads", "1"};
    if (std::ranges::count(further, "--steps") == 0) arguments.insert(arguments.end(), {"--steps", "120"});
    arguments.insert(arguments.end(), further.begin(), further.end());
    return arguments;
}

bool says(const json& notes, const std::string& text) { return notes.dump().find(text) != std::string::npos; }

}  // namespace

TEST_CASE("slow: folds test every performer once, and their models answer together") {
    const TemporaryFolder folder;
    const std::string project = labelled_project(folder);
    const json reported = answer(train(project, {"--folds", "3"}));
    CHECK(answer({"status", project}).at("models").empty());
    const json kept = answer(train(project, {"--folds", "3", "--keep-folds", "--name", "dance"}));
    CHECK(kept.at("summary") == reported.at("summary"));
    REQUIRE(kept.at("folds").size() == 3);
    std::set<std::string> tested;
    int tests_in_all = 0;
    double accuracy = 0;
    for (const json& fold : kept.at("folds")) {
        CHECK(fold.at("tested").size() == 1);
        tested.insert(fold.at("tested").at(0).get<std::string>());
        tests_in_all += fold.at("test").get<int>();
        CHECK(fold.at("training").get<int>() + fold.at("validation").get<int>() + fold.at("test").get<int>() == 30);
        CHECK(fold.at("metrics").at("samples") == fold.at("test"));
        accuracy += fold.at("metrics").at("accuracy").get<double>() / 3;
    }
    CHECK(tested.size() == 3);
    CHECK(tests_in_all == 30);
    CHECK(kept.at("summary").at("accuracy").at("mean").get<double>() == doctest::Approx(accuracy));
    CHECK(accuracy > 0.5);
    const json models = answer({"status", project}).at("models");
    CHECK(models.size() == 3);

    const json proposed = answer({"prelabel", project, "--everywhere", "--model", "dance fold 1/3,dance fold 2/3"});
    CHECK(proposed.at("model") == "dance fold 1/3 + dance fold 2/3");
    CHECK(proposed.at("proposals").size() == 30);
    const json again = answer({"prelabel", project, "--everywhere", "--model", "dance fold 1/3 + dance fold 2/3"});
    CHECK(again.at("proposals") == proposed.at("proposals"));
    const std::string layer = answer({"status", project}).at("layers").at(0).at("name");
    CHECK(answer({"evaluate", project, "--layer", "proposals", "--against", layer}).at("accuracy") > 0.6);
    CHECK(answer({"verify", project}).at("ok") == true);

    CHECK(kinetograph(train(project, {"--folds", "9"})).code == 1);
    CHECK(kinetograph(train(project, {"--keep-folds"})).code != 0);
    CHECK(kinetograph(train(project, {"--folds", "3", "--warm", "dance fold 1/3"})).err.find("begin from nothing") !=
          std::string::npos);
}

TEST_CASE("slow: a model that is stopped early does not learn from what stops it, and says where it stopped") {
    const TemporaryFolder folder;
    const std::string project = labelled_project(folder);
    const json whole = answer(train(project, {"--early-stopping", "on", "--patience", "1", "--supervised"}));
    CHECK(says(whole.at("notes"), "it stopped early, at step"));
    CHECK(says(whole.at("notes"), "what is kept is as it was after step"));
    CHECK(whole.at("metrics").at("validation").at("chose_the_model") == true);
    CHECK(whole.at("metrics").at("training").at("labelled").get<int>() +
              whole.at("metrics").at("validation").at("samples").get<int>() ==
          30);
    CHECK(whole.at("epochs").back().at("losses").contains("validation_macro_f1"));
    // Thirty labels are few.
    const json usual = answer(train(project, {"--no-promote"}));
    CHECK_FALSE(says(usual.at("notes"), "stopped early"));
    CHECK(usual.at("metrics").at("training").at("labelled") == 30);
}

TEST_CASE(
    "slow: a training begins with an earlier model, what is asked of it is kept, and what makes no sense refused") {
    const TemporaryFolder folder;
    const std::string project = labelled_project(folder);
    answer(train(project, {"--name", "first", "--no-validation"}));
    const json warm = answer(train(project, {"--warm", "first", "--no-validation", "--steps", "20", "--optimiser",
                                             "sgd", "--balanced", "--set", "rate=0.01,l1=0.0001"}));
    CHECK(says(warm.at("notes"), "it began with 24 tensors of an earlier model"));
    const json cold = answer(train(project, {"--no-validation", "--steps", "20"}));
    const auto loss = [](const json& trained) {
        return trained.at("epochs").back().at("losses").at("cross_entropy").get<double>();
    };
    CHECK(loss(warm) < loss(cold));
    const json taught = answer(train(project, {"--semi-supervised", "teacher", "--no-validation"}));
    CHECK(taught.at("metrics").at("training").contains("teacher"));
    const auto refused = [&](const tests::Arguments& further, const std::string& message) {
        const auto outcome = kinetograph(train(project, further));
        CHECK(outcome.code != 0);
        CHECK_MESSAGE(outcome.err.find(message) != std::string::npos, outcome.err);
    };
    refused({"--warm", "nobody"}, "there is no model 'nobody' to begin with");
    refused({"--warm", "first", "--model", "lift_sta", "--no-validation"},
            "it is of the family tcn_clip, not lift_sta");
    refused({"--warm", "first", "--early-stopping", "on"}, "cannot be stopped early");
    refused({"--optimiser", "newton"}, "newton");
    refused({"--set", "speed=1"}, "tcn_clip has no option 'speed'");
}
