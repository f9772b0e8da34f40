#include "storage/features/packed_file.h"

#include <doctest/doctest.h>

#include <cstdint>

namespace storage {

TEST_CASE("a truth value that is neither true nor false is damage") {
    Packer out;
    for (const int value : {0, 1, 216}) out.value(static_cast<std::uint8_t>(value));
    Unpacker in(out.bytes());
    CHECK_FALSE(in.value<bool>());
    CHECK(in.value<bool>());
    CHECK_THROWS_AS((void)in.value<bool>(), DamagedPack);
}

}  // namespace storage
