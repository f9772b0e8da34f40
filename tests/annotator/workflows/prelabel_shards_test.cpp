#include "annotator/workflows/prelabel_shards.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "annotator/workflows/edit_script.h"
#include "annotator/workflows/retrain.h"
#include "storage/read_error.h"
#include "tests/annotator/small_recordings.h"
#include "tests/support/msr_lines.h"

namespace annotator {
namespace {

using nlohmann::json;
using schemas::Proposal;
using tests::TemporaryFolder;

constexpr std::size_t clips = 7;

// Two kinds of recordings, whose categories are hidden.
ProjectSession project_of_seven(const TemporaryFolder& folder) {
    for (std::size_t i = 0; i < clips; ++i) {
        std::string text = tests::msr_lines(30, 0.5 * static_cast<double>(i));
        if (i % 2 == 1) text += tests::msr_lines(20, 2);
        tests::write_file(folder,
                          "r/a0" + std::to_string(1 + i % 2) + "_s0" + std::to_string(i) + "_e01_skeleton3D.txt", text);
    }
    ProjectSession session = tests::empty_project(folder);
    IngestOptions options = tests::ingest_of(folder.path() / "r", "msr");
    options.category_layer_kind = schemas::LayerKind::truth;
    ingest(session, options, {}).value();
    return session;
}

PrelabelOptions shard(std::size_t number, std::size_t count) {
    PrelabelOptions options;
    options.shard = {number, count};
    return options;
}

// What is stored, without what a run draws at random.
std::vector<Proposal> stored(ProjectSession& session) {
    std::vector<Proposal> proposals = session.store().proposals();
    for (Proposal& proposal : proposals) proposal.id = {};
    sort_proposals(session.document(), proposals);
    return proposals;
}

std::vector<std::filesystem::path> written(ProjectSession& session, const TemporaryFolder& folder, std::size_t count) {
    std::vector<std::filesystem::path> files;
    for (std::size_t number = 1; number <= count; ++number) {
        files.push_back(folder.path() / (std::to_string(number) + "of" + std::to_string(count) + ".json"));
        CHECK(prelabel_to_file(session, shard(number, count), files.back(), {}).has_value());
    }
    return files;
}

std::string refusal(const std::function<void()>& work) {
    try {
        work();
    } catch (const std::exception& error) {
        return error.what();
    }
    return "";
}

void check_equal(const std::vector<Proposal>& merged, const std::vector<Proposal>& whole) {
    REQUIRE(merged.size() == whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
        CHECK(merged[i].clip == whole[i].clip);
        CHECK(merged[i].model == whole[i].model);
        CHECK(merged[i].performer == whole[i].performer);
        CHECK(merged[i].span() == whole[i].span());
        CHECK(merged[i].boundary_score == whole[i].boundary_score);
        REQUIRE(merged[i].top.size() == whole[i].top.size());
        for (std::size_t place = 0; place < whole[i].top.size(); ++place) {
            CHECK(merged[i].top[place].label == whole[i].top[place].label);
            // Sums within a batch are rounded by its size.
            CHECK(merged[i].top[place].score == doctest::Approx(whole[i].top[place].score).epsilon(1e-3));
        }
    }
}

}  // namespace

TEST_CASE("shards share no clip, together they are all, and merged they are one run") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_seven(folder);
    CHECK(prelabel(session, {}, {})->clips.size() == clips);
    const std::vector<Proposal> whole = stored(session);
    REQUIRE(whole.size() >= clips);
    for (const std::size_t count : {1U, 2U, 3U, 7U, 9U}) {
        CAPTURE(count);
        auto files = written(session, folder, count);
        std::multiset<schemas::ClipId> seen;
        for (const auto& file : files) {
            const ShardFile read = read_shard(file);
            seen.insert(read.result.clips.begin(), read.result.clips.end());
        }
        CHECK(seen.size() == clips);
        CHECK(std::set(seen.begin(), seen.end()).size() == clips);
        session.store().replace_proposals(whole.front().track, {seen.begin(), seen.end()}, {});
        REQUIRE(session.store().proposals().empty());
        std::ranges::reverse(files);  // in any order
        CHECK(merge_shards(session, files).clips.size() == clips);
        check_equal(stored(session), whole);
    }
}

TEST_CASE("a shard that writes a file leaves the database as it is, also where there is no model yet") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_seven(folder);
    SessionOptions reading;
    reading.access = storage::Access::read_only;
    const auto before = session.store().log().last_sequence();
    {
        ProjectSession reader(session.store().folder(), std::move(reading));
        (void)written(reader, folder, 2);
    }
    CHECK(session.store().proposals().empty());
    CHECK(session.store().models().empty());
    CHECK(session.store().log().last_sequence() == before);
    merge_shards(session, {folder.path() / "1of2.json", folder.path() / "2of2.json"});
    REQUIRE(session.store().models().size() == 1);
    CHECK(session.store().models().front().family == "change-points");
    CHECK(stored(session).size() >= clips);
    CHECK(stored(session).front().model == session.store().models().front().id);
}

TEST_CASE("without a file a shard replaces the proposals of its own clips alone") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_seven(folder);
    const auto first = prelabel(session, shard(1, 2), {});
    CHECK(first->clips.size() == 4);
    const std::size_t of_first = session.store().proposals().size();
    const auto second = prelabel(session, shard(2, 2), {});
    CHECK(second->clips.size() == 3);
    CHECK(session.store().proposals().size() == of_first + second->proposals.size());
    CHECK_THROWS_WITH_AS((void)prelabel(session, shard(3, 2), {}),
                         "there is no shard 3 of 2; shards are counted from 1", std::invalid_argument);
    CHECK_THROWS_AS((void)prelabel(session, shard(0, 2), {}), std::invalid_argument);
}

TEST_CASE("shards that are missing, doubled, of another run or another project are refused by name") {
    const TemporaryFolder folder, elsewhere;
    ProjectSession session = project_of_seven(folder);
    const auto files = written(session, folder, 3);
    const auto halves = written(session, folder, 2);
    const auto message = [&](const std::vector<std::filesystem::path>& given) {
        const std::string text = refusal([&] { (void)merge_shards(session, given); });
        CHECK(text.ends_with("Nothing was stored."));
        return text;
    };
    const auto holds = [](const std::string& text, const std::string& part) {
        CAPTURE(text);
        CHECK(text.find(part) != std::string::npos);
    };
    holds(message({files[0]}), "1of3.json: is shard 1 of 3; the shards 2, 3 were not given");
    holds(message({files[0], files[1], files[1], files[2]}), "2of3.json: is shard 2 of 3, as is");
    holds(message({files[0], files[1], halves[1]}), "2of2.json: is shard 2 of 2, and");

    ProjectSession other = tests::project_of_four(elsewhere, schemas::LayerKind::import, 2);
    const auto foreign = written(other, elsewhere, 3);
    holds(message({files[0], files[1], foreign[2]}), "3of3.json: is of another project");

    // A label drawn between two shards makes them speak of different rests.
    run_edit_script(session, json::parse(R"([{"do": "draw", "clip": "a01_s00_e01", "label": "01"}])"));
    auto late = shard(3, 3);
    CHECK(prelabel_to_file(session, late, files[2], {}).has_value());
    holds(message({files[0], files[1], files[2]}), "3of3.json: was made from other labels");
    CHECK(session.store().proposals().empty());
}

TEST_CASE("files that are damaged or no shard are refused by name") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_seven(folder);
    const auto file = written(session, folder, 1).front();
    const std::string whole = tests::bytes_of(file);
    const auto message = [&](const std::string& bytes) {
        const auto changed = tests::write_file(folder, "changed.json", bytes);
        CHECK_THROWS_AS((void)read_shard(changed), storage::ReadError);
        return refusal([&] { (void)merge_shards(session, {changed}); });
    };
    const auto with = [&](const char* pointer, const json& value) {
        json root = json::parse(whole);
        root[json::json_pointer(pointer)] = value;
        return message(root.dump());
    };
    CHECK(message("").find("changed.json") != std::string::npos);
    CHECK(message("[1, 2]").find("is no shard of 'prelabel --out'") != std::string::npos);
    CHECK(with("/version", 2).find("is of version 2") != std::string::npos);
    CHECK(with("/shard", 2).find("says that it is shard 2 of 1") != std::string::npos);
    CHECK(with("/proposals/0/span", json::array({9, 9})).find("has a span [9,9]") != std::string::npos);
    CHECK(with("/proposals/0/boundary_score", -1).find("has a score of -1") != std::string::npos);
    CHECK(with("/proposals/0/clip", "12").find("which is none of its own") != std::string::npos);
    CHECK(with("/clips/1", json::parse(whole).at("clips").at(0)).find("twice") != std::string::npos);
    CHECK(with("/proposals/0", 5).find("is damaged") != std::string::npos);
    for (std::size_t length = 1; length + 2 < whole.size(); length += 97) {
        CAPTURE(length);
        CHECK(message(whole.substr(0, length)).find("changed.json: is damaged") != std::string::npos);
    }
    CHECK(session.store().proposals().empty());
}

TEST_CASE("what speaks of frames, labels or a model that the project does not have is refused") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_seven(folder);
    const json whole = json::parse(tests::bytes_of(written(session, folder, 1).front()));
    const auto message = [&](const char* pointer, const json& value) {
        json root = whole;
        root[json::json_pointer(pointer)] = value;
        const auto changed = tests::write_file(folder, "changed.json", root.dump());
        return refusal([&] { (void)merge_shards(session, {changed}); });
    };
    CHECK(message("/proposals/0/span", json::array({0, 4000})).find("proposes for the frames") != std::string::npos);
    CHECK(message("/proposals/0/top", json::parse(R"([["7", 0.5]])")).find("proposes the label 7") !=
          std::string::npos);
    CHECK(message("/proposals/0/performer", "7").find("names the performer 7") != std::string::npos);
    CHECK(message("/model/id", "7").find("which this project does not have") != std::string::npos);
    CHECK(message("/track", "7").find("is about the track 7") != std::string::npos);
    CHECK(session.store().proposals().empty());
    CHECK(session.store().models().empty());
}

TEST_CASE("slow: shards of a model's predictions are one run, and labels rejected since are left out") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_seven(folder);
    run_edit_script(session, json::parse(R"([{"do": "draw", "clip": "a01_s00_e01", "label": "01"},
                                             {"do": "draw", "clip": "a02_s01_e01", "label": "02"}])"));
    RetrainOptions training;
    training.training.steps = 20;
    training.training.threads = 1;
    training.training.device = inference::Device::cpu;
    training.validation = RetrainOptions::Validation::skip;
    try {
        (void)inference::engine();
    } catch (const std::runtime_error& error) {
        MESSAGE(std::string(error.what()));
        return;
    }
    REQUIRE(retrain(session, training, {}).has_value());
    REQUIRE(prelabel(session, {}, {}).has_value());
    const std::vector<Proposal> whole = stored(session);
    CHECK(whole.size() == clips - 2);
    CHECK(whole.front().top.size() >= 2);
    const auto files = written(session, folder, 3);
    session.store().replace_proposals(whole.front().track, read_shard(files[0]).result.clips, {});
    merge_shards(session, files);
    check_equal(stored(session), whole);

    const std::string clip = session.document().at<schemas::Clip>(whole.front().clip).name;
    const json reject = json::array({{{"do", "reject"}, {"clip", clip}, {"frame", 0}}});
    REQUIRE(run_edit_script(session, reject).failed.empty());
    merge_shards(session, files);
    CHECK(stored(session).front().top.size() + 1 == whole.front().top.size());
    CHECK(stored(session).front().top.front().label != whole.front().top.front().label);
}

}  // namespace annotator
