#include "storage/media/natural_order.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

TEST_CASE("numbers in names count as numbers") {
    std::vector<std::string> names = {"f10", "f2", "f1", "f02", "a9z", "a10", "f", "", "f2b"};
    std::ranges::sort(names, storage::naturally_less);
    CHECK(names == std::vector<std::string>{"", "a9z", "a10", "f", "f1", "f2", "f02", "f2b", "f10"});
}

TEST_CASE("no name comes before itself") {
    for (const char* name : {"", "a", "1", "01a"}) CHECK_FALSE(storage::naturally_less(name, name));
}

TEST_CASE("numbers longer than any integer are compared") {
    CHECK(storage::naturally_less("99999999999999999999998", "99999999999999999999999"));
}
