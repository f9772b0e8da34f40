#include "schemas/edit.h"

#include <doctest/doctest.h>

using namespace schemas;

TEST_CASE("the inverse of the inverse is the edit") {
    const Edit edit{"Rename",
                    {RowChange<Performer>{Performer{PerformerId{1}, "A"}, Performer{PerformerId{1}, "B"}},
                     RowChange<Performer>{std::nullopt, Performer{PerformerId{2}, "C"}}}};
    CHECK(inverse(inverse(edit)) == edit);
    CHECK(std::get<RowChange<Performer>>(inverse(edit).changes.front()).before->name == "C");
}

TEST_CASE("the same seed draws the same ids, and none is zero or negative") {
    IdSource one(5), two(5), other(6);
    for (int i = 0; i < 100; ++i) {
        const auto id = one.fresh<ClipId>();
        CHECK(id == two.fresh<ClipId>());
        CHECK(id != other.fresh<ClipId>());
        CHECK(static_cast<std::int64_t>(id) > 0);
    }
}
