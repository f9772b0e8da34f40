#include "annotator/workflows/primitive_naming.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <functional>
#include <stdexcept>

#include "storage/read_error.h"
#include "tests/support/recording_files.h"

namespace annotator {
namespace {

using nlohmann::json;
using tests::TemporaryFolder;

// Four primitives and two units: 0 and 1 are turns, 2 is a jump, 3 was never seen with a unit.
PrimitiveNaming small_naming() {
    PrimitiveNaming naming;
    naming.model = schemas::ModelId{7};
    naming.weights = "w", naming.pool = "p", naming.track = "primitive";
    naming.units = {"turn", "jump"};
    naming.counts = {6, 2, 9, 1, 0, 5, 0, 0};
    naming.appearances = {10, 10, 15, 5};
    naming.unit = {0, 0, 1, -1};
    naming.samples = 4, naming.labelled_samples = 3;
    naming.sequence_match = 0.75, naming.mutual_information = 0.5;
    naming.primitives.resize(4);
    name_after_units(naming);
    return naming;
}

std::string refusal(const std::function<void()>& work) {
    try {
        work();
    } catch (const std::exception& error) {
        return error.what();
    }
    return "";
}

const Naming ana{"Ana", 5};

}  // namespace

TEST_CASE("primitives are named after the unit that they met most, each name once") {
    const PrimitiveNaming naming = small_naming();
    CHECK(naming.primitives[0].name == "turn 2");
    CHECK(naming.primitives[1].name == "turn");  // it met turns more often
    CHECK(naming.primitives[2].name == "jump");
    CHECK(naming.primitives[3].name == "primitive 3");
    const auto groups = groups_of(naming);
    REQUIRE(groups.size() == 4);
    CHECK(groups[0].purity == doctest::Approx(0.75));
    CHECK(groups[0].labelled == 8);
    CHECK(groups[0].usage == doctest::Approx(0.25));
    CHECK(groups[3].unit == -1);
    CHECK(groups[3].purity == 0);
}

TEST_CASE("a unit that was given to a primitive without their ever meeting names nothing") {
    PrimitiveNaming naming = small_naming();
    naming.unit[3] = 0;
    name_after_units(naming);
    CHECK(naming.primitives[3].name == "primitive 3");
}

TEST_CASE("merged primitives count as one, whose unit is what they met most together") {
    PrimitiveNaming naming = small_naming();
    merge_primitives(naming, 2, {0}, ana);
    const auto groups = groups_of(naming);
    REQUIRE(groups.size() == 3);
    CHECK(groups[1].primitive == 2);
    CHECK(groups[1].merged == std::vector<int>{0});
    CHECK(groups[1].appearances == 25);
    CHECK(groups[1].unit == 1);  // 6 turns, 7 jumps
    CHECK(groups[1].purity == doctest::Approx(7.0 / 13));
    // What was merged goes along with the one that it was merged into.
    merge_primitives(naming, 1, {2}, ana);
    CHECK(naming.primitives[0].merged_into == 1);
    CHECK(groups_of(naming)[0].merged == std::vector<int>{0, 2});
}

TEST_CASE("a step that cannot be done says why and changes nothing") {
    PrimitiveNaming naming = small_naming();
    merge_primitives(naming, 1, {0}, ana);
    const auto before = naming.primitives;
    const auto steps = naming.history.size();
    const auto message = [&](const std::function<void()>& work) { return refusal(work); };
    CHECK(message([&] { rename_primitive(naming, 4, "x", ana); }) == "there is no primitive 4; this model has 0 to 3");
    CHECK(message([&] { rename_primitive(naming, -1, "x", ana); }).starts_with("there is no primitive -1"));
    CHECK(message([&] { rename_primitive(naming, 0, "x", ana); }).starts_with("primitive 0 is merged into 1"));
    CHECK(message([&] { rename_primitive(naming, 3, "jump", ana); }).find("primitive 2 is called 'jump' already") !=
          std::string::npos);
    CHECK(message([&] { rename_primitive(naming, 3, " ", ana); }).find("not empty") != std::string::npos);
    CHECK(message([&] { rename_primitive(naming, 3, "a\nb", ana); }).find("one line") != std::string::npos);
    CHECK(message([&] { merge_primitives(naming, 1, {1}, ana); }).find("into itself") != std::string::npos);
    CHECK(message([&] { merge_primitives(naming, 1, {2, 0}, ana); }).find("is merged into 1") != std::string::npos);
    CHECK(message([&] { merge_primitives(naming, 1, {}, ana); }).find("name what to merge") != std::string::npos);
    CHECK(naming.primitives == before);
    CHECK(naming.history.size() == steps);
}

TEST_CASE("every step can be undone, the last one first, and undoing is a step that is kept") {
    PrimitiveNaming naming = small_naming();
    const auto first = naming.primitives;
    rename_primitive(naming, 3, "落下", ana);
    const auto second = naming.primitives;
    merge_primitives(naming, 1, {0}, ana);
    CHECK(undo_naming(naming, ana) == "merge 0 into 1");
    CHECK(naming.primitives == second);
    rename_primitive(naming, 2, "leap", ana);
    CHECK(undo_naming(naming, ana).value().starts_with("rename 2"));
    CHECK(undo_naming(naming, ana).value().starts_with("rename 3"));
    CHECK(naming.primitives == first);
    CHECK_FALSE(undo_naming(naming, ana).has_value());
    CHECK(naming.history.size() == 6);
}

TEST_CASE("a naming comes back from its file as it went in, names in any script") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "7.primitives.json";
    PrimitiveNaming naming = small_naming();
    rename_primitive(naming, 3, "落下", ana);
    merge_primitives(naming, 1, {0}, ana);
    write_naming(naming, file);
    const PrimitiveNaming read = read_naming(file);
    CHECK(read.primitives == naming.primitives);
    CHECK(read.counts == naming.counts);
    CHECK(read.appearances == naming.appearances);
    CHECK(read.unit == naming.unit);
    CHECK(read.units == naming.units);
    CHECK(read.sequence_match == naming.sequence_match);
    CHECK(read.history.size() == 2);
    CHECK(read.history[1].before == naming.history[1].before);
    CHECK(read.history[0].author == "Ana");
}

TEST_CASE("of two programs that change the names at once the second is told, and loses nothing of the first") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "7.primitives.json";
    write_naming(small_naming(), file);
    PrimitiveNaming one = read_naming(file), other = read_naming(file);
    rename_primitive(one, 3, "fall", ana);
    rename_primitive(other, 3, "land", ana);
    write_naming(one, file);
    CHECK(refusal([&] { write_naming(other, file); }).find("another program changed it meanwhile") !=
          std::string::npos);
    CHECK(refusal([&] { write_naming(small_naming(), file); }).find("another program") != std::string::npos);
    CHECK(read_naming(file).primitives[3].name == "fall");
}

TEST_CASE("damaged and foreign names of primitives are refused with the file's name") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "7.primitives.json";
    write_naming(small_naming(), file);
    const std::string whole = tests::bytes_of(file);
    const auto message = [&](const std::string& bytes) {
        const auto changed = tests::write_file(folder, "changed.json", bytes);
        CHECK_THROWS_AS((void)read_naming(changed), storage::ReadError);
        const std::string text = refusal([&] { (void)read_naming(changed); });
        CHECK(text.find("changed.json") != std::string::npos);
        return text;
    };
    const auto with = [&](const char* pointer, const json& value) {
        json root = json::parse(whole);
        root[json::json_pointer(pointer)] = value;
        return message(root.dump());
    };
    for (std::size_t length = 0; length + 2 < whole.size(); length += 61) (void)message(whole.substr(0, length));
    CHECK(message("{}").find("holds no names of primitives") != std::string::npos);
    CHECK(with("/version", 9).find("is of version 9") != std::string::npos);
    CHECK(with("/counts", json::array({1})).find("expected 4 x 2") != std::string::npos);
    CHECK(with("/unit/0", 2).find("has no unit 2") != std::string::npos);
    CHECK(with("/counts/0", -1).find("a count of -1") != std::string::npos);
    CHECK(with("/primitives/0/merged_into", 9).find("is merged into 9") != std::string::npos);
    CHECK(with("/primitives/0/merged_into", 0).find("is merged into 0") != std::string::npos);
    CHECK(with("/primitives", json::array()).find("has 0 primitives") != std::string::npos);
}

}  // namespace annotator
