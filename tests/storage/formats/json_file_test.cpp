#include "storage/formats/json_file.h"

#include <doctest/doctest.h>

#include "tests/support/temporary_folder.h"

using namespace storage;

TEST_CASE("JSON nested 10,000 deep, or 10 million, is refused with its line") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    ProblemList problems("a.json");
    for (const std::size_t depth : {std::size_t{65}, std::size_t{10'000}, std::size_t{10'000'000}})
        for (const char open : {'[', '{'})
            CHECK_THROWS_WITH_AS(read_json(folder.file("a.json", "\n" + std::string(depth, open)), problems),
                                 doctest::Contains("line 2: is nested deeper than 64 levels"), ReadError);
    CHECK_NOTHROW(read_json(folder.file("a.json", "[\"" + std::string(10'000, '[') + "\\\"[\"]"), problems));
}

TEST_CASE("JSON that is cut off, or holds a key twice, says where") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    ProblemList problems("a.json");
    CHECK_THROWS_WITH_AS(read_json(folder.file("a.json", "{\n\"a\": 1,\n"), problems),
                         doctest::Contains("a.json: line 3: is not JSON here"), ReadError);
    CHECK_THROWS_AS(read_json(folder.file("a.json", ""), problems), ReadError);
    CHECK_THROWS_AS(read_json(folder.file("a.json", "{\"a\": 1e999}"), problems), ReadError);
    const nlohmann::json value = read_json(folder.file("a.json", R"({"a": {"b": 1}, "b": 2, "a": 3})"), problems);
    CHECK(value["a"] == 3);
    CHECK(problems.take() ==
          std::vector<ReadProblem>{{"a.json: field 'a' stands twice in one object; the last one counts", {}}});
}
