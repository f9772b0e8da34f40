#include "storage/formats/taxonomy_file.h"

#include <doctest/doctest.h>

#include <fstream>

#include "storage/read_error.h"
#include "tests/support/temporary_folder.h"

using storage::read_taxonomy;
using storage::ReadError;

namespace {

storage::TaxonomyFile read(const std::string& text) {
    const tests::TemporaryFolder folder;
    const auto file = folder.path() / "taxonomy.json";
    std::ofstream(file, std::ios::binary) << text;
    return read_taxonomy(file);
}

std::string with_labels(const std::string& labels) {
    return R"({"name": "t", "tracks": [{"name": "category", "kind": "category", "labels": )" + labels + "}]}";
}

}  // namespace

TEST_CASE("the default taxonomy has a category, a primitive and a key pose track") {
    const auto taxonomy = storage::default_taxonomy();
    REQUIRE(taxonomy.tracks.size() == 3);
    CHECK(taxonomy.tracks[0].kind == schemas::TrackKind::category);
    CHECK(taxonomy.tracks[1].per_performer);
    CHECK_FALSE(taxonomy.tracks[2].exclusive);
}

TEST_CASE("labels may be plain names or say more, in any script") {
    const auto taxonomy = read(
        with_labels(R"(["回転", {"name": "turn left", "mirror": "turn right", "colour": "#00ff00"}, "turn right"])"));
    REQUIRE(taxonomy.tracks[0].labels.size() == 3);
    CHECK(taxonomy.tracks[0].labels[0].name == "回転");
    CHECK(taxonomy.tracks[0].labels[1].mirror == "turn right");
}

TEST_CASE("what is wrong in a taxonomy is named with its file and track") {
    for (const char* labels :
         {R"([""])", R"(["a", "a"])", R"([{"name": "a", "parent": "b"}])", R"([{"name": "a", "parent": "a"}])",
          R"([{"name": "a", "colour": "nope"}])", R"([7])", R"("a")"}) {
        INFO(labels);
        CHECK_THROWS_WITH_AS(read(with_labels(labels)), doctest::Contains("taxonomy.json: tracks[0]"), ReadError);
    }
    CHECK_THROWS_AS(read(R"({"tracks": []})"), ReadError);
    CHECK_THROWS_AS(read(R"({"tracks": [{"name": "x", "kind": "dance"}]})"), ReadError);
    CHECK_THROWS_AS(read(""), ReadError);
}

TEST_CASE("a taxonomy that is nested without end is refused") {
    CHECK_THROWS_AS(read(with_labels(std::string(200'000, '['))), ReadError);
}
