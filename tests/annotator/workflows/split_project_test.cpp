#include "annotator/workflows/split_project.h"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <stdexcept>

#include "annotator/document/queries.h"
#include "tests/annotator/small_recordings.h"

namespace annotator {
namespace {

using tests::project_of_four;
using tests::TemporaryFolder;

SplitProjectOptions scheme(const std::string& text) {
    SplitProjectOptions options;
    options.split.scheme = text;
    return options;
}

// The subset of each clip in fold 0, by name.
std::map<std::string, schemas::Subset> subsets_of(const ProjectSession& session, const schemas::Split& split) {
    std::map<std::string, schemas::Subset> subsets;
    for (const schemas::SplitMember& member : split.members)
        if (member.fold == 0) subsets[session.document().at<schemas::Clip>(member.clip).name] = member.subset;
    return subsets;
}

}  // namespace

TEST_CASE("invariant 5: a performer is never in two subsets, and every clip is in one") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const SplitProjectResult result = split_project(session, scheme("50/0/50"));
    const auto subsets = subsets_of(session, result.split);
    CHECK(subsets.size() == 4);
    CHECK(subsets.at("a01_s01_e01") == subsets.at("a02_s01_e01"));
    CHECK(subsets.at("a01_s02_e01") == subsets.at("a02_s02_e01"));
    CHECK(subsets.at("a01_s01_e01") != subsets.at("a01_s02_e01"));
    CHECK(result.leaks.empty());
    CHECK(result.split.grouped == "performer,take");
}

TEST_CASE("folds test on each performer once") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const SplitProjectResult result = split_project(session, scheme("kfold:2"));
    std::map<std::string, int> tested;
    for (const schemas::SplitMember& member : result.split.members)
        if (member.subset == schemas::Subset::test) ++tested[session.document().at<schemas::Clip>(member.clip).name];
    CHECK(tested.size() == 4);
    for (const auto& [clip, times] : tested) CHECK(times == 1);
}

TEST_CASE("who is tested on can be named") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    SplitProjectOptions options = scheme("cross-subject");
    options.split.test_performers = {"02"};
    const auto subsets = subsets_of(session, split_project(session, options).split);
    CHECK(subsets.at("a01_s02_e01") == schemas::Subset::test);
    CHECK(subsets.at("a01_s01_e01") != schemas::Subset::test);
}

TEST_CASE("the same seed gives the same split, also in another project of the same clips") {
    const TemporaryFolder one, two;
    ProjectSession session = project_of_four(one, schemas::LayerKind::import, 1);
    ProjectSession other = project_of_four(two, schemas::LayerKind::import, 2);
    SplitProjectOptions options = scheme("50/0/50");
    options.split.seed = 7;
    const auto first = subsets_of(session, split_project(session, options).split);
    CHECK(subsets_of(session, split_project(session, options).split) == first);
    CHECK(subsets_of(other, split_project(other, options).split) == first);
}

TEST_CASE("a split is stored under its name and replaced by the next of that name") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    split_project(session, scheme("50/0/50"));
    split_project(session, scheme("kfold:2"));
    SplitProjectOptions other = scheme("50/0/50");
    other.name = "other";
    split_project(session, other);
    std::set<std::string> stored;
    for (const schemas::Split& split : session.store().splits()) stored.insert(split.name + " " + split.scheme);
    CHECK(stored == std::set<std::string>{"main kfold:2", "other 50/0/50"});
}

TEST_CASE("grouped by nothing that performers share, a split says that they leak") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    SplitProjectOptions options = scheme("kfold:4");
    options.split.group_keys = {"take"};
    CHECK(!split_project(session, options).leaks.empty());
}

TEST_CASE("unknown group keys, tracks and schemes, and a split without a name, are refused") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    SplitProjectOptions options = scheme("50/0/50");
    options.split.group_keys = {"performers"};
    CHECK_THROWS_AS(split_project(session, options), std::invalid_argument);
    options = scheme("50/0/50");
    options.split.stratify_keys = {"nothing"};
    CHECK_THROWS_AS(split_project(session, options), std::invalid_argument);
    options = scheme("50/0/50");
    options.name = "";
    CHECK_THROWS_AS(split_project(session, options), std::invalid_argument);
    CHECK_THROWS_AS(split_project(session, scheme("half")), std::invalid_argument);
    CHECK_THROWS_AS(split_project(session, scheme("kfold:9")), std::invalid_argument);
    CHECK(session.store().splits().empty());
}

TEST_CASE("strata are the frames of each label on each track") {
    const TemporaryFolder folder;
    const ProjectSession session = project_of_four(folder);
    const auto items = split_items(session.document());
    REQUIRE(items.size() == 4);
    CHECK(items.front().name == "a01_s01_e01");
    CHECK(items.front().weight == 30);
    REQUIRE(items.front().strata.size() == 1);
    CHECK(items.front().strata.front().key == "category");
    CHECK(items.front().strata.front().value == "01");
    CHECK(items.front().strata.front().weight == 30);
}

}  // namespace annotator
