#include "storage/media/depth_range.h"

#include <doctest/doctest.h>

#include "storage/media/msr_depth_bin.h"
#include "storage/media/msr_depth_unit.h"
#include "tests/support/depth_files.h"
#include "tests/support/no_recordings.h"
#include "tests/support/recording_files.h"

using storage::DepthFrame;
using storage::DepthRange;

namespace {

std::filesystem::path bin_of(const tests::TemporaryFolder& folder, const std::vector<std::int32_t>& values) {
    std::vector<std::int32_t> all{static_cast<std::int32_t>(values.size() / 4), 2, 2};
    all.insert(all.end(), values.begin(), values.end());
    return tests::write_file(folder, "a_depth.bin", tests::little_endian(all));
}

}  // namespace

TEST_CASE("the range of a picture leaves holes out and knows the percentiles") {
    DepthFrame frame{20, 10, {}};
    for (int i = 0; i < 200; ++i) frame.values.push_back(static_cast<std::uint16_t>(i < 100 ? 0 : 1000 + i));
    CHECK(storage::depth_range(frame) == DepthRange{1100, 1199, 1100, 1198, 100, 100});
}

TEST_CASE("a picture of holes has no range") {
    CHECK(storage::depth_range(DepthFrame{2, 2, {0, 0, 0, 0}}) == DepthRange{0, 0, 0, 0, 0, 4});
}

TEST_CASE("the range of a recording is over all its frames") {
    const tests::TemporaryFolder folder;
    const auto recording = storage::open_msr_depth_bin(bin_of(folder, {0, 0, 500, 501, 0, 700, 502, 0}));
    CHECK(storage::depth_range(*recording) == DepthRange{500, 700, 500, 700, 4, 4});
    std::stop_source stop;
    stop.request_stop();
    CHECK_FALSE(storage::depth_range(*recording, stop.get_token()));
}

TEST_CASE("the unit of MSR's raw values is known, that of millimetres in the same layout is not") {
    const tests::TemporaryFolder folder;
    const auto raw = storage::open_msr_depth_bin(bin_of(folder, {0, 0, 0, 0, 0, 500, 520, 0}))->unit();
    CHECK(raw.metres == 0.005);
    CHECK(raw.source.find("MSR-Action3D") != std::string::npos);
    CHECK_FALSE(storage::open_msr_depth_bin(bin_of(folder, {0, 2500, 2600, 0}))->unit().metres);
    CHECK_FALSE(storage::open_msr_depth_bin(bin_of(folder, {0, 0, 0, 0}))->unit().metres);
    CHECK(storage::is_msr_take("a01_s02_e03_sdepth.mat"));
    CHECK_FALSE(storage::is_msr_take("depth.mat"));
}

TEST_CASE("the one real MSR take in its original layout has raw values of 5 mm") {
    const auto folder = tests::recordings(KINETOGRAPH_SOURCE_DIR, "msr_action3d/depth_bin");
    if (folder.empty()) return tests::no_recordings();
    const auto recording = storage::open_msr_depth_bin(folder / "a04_s01_e03_sdepth.bin");
    CHECK(recording->unit().metres == storage::msr_metres_per_value);
    const auto range = storage::depth_range(*recording);
    REQUIRE(range);
    CHECK(range->smallest == 458);
    CHECK(range->largest == 565);
    CHECK(range->measured + range->holes == 23 * 320 * 240);
}
