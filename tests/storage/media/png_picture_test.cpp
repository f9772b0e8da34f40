#include "storage/media/png_picture.h"

#include <doctest/doctest.h>
#include <png.h>

#include <stdexcept>

#include "tests/support/recording_files.h"

TEST_CASE("a PNG file holds the picture's bytes as they are") {
    schemas::Picture picture = schemas::blank_picture(3, 2);
    for (std::size_t i = 0; i < picture.rgba.size(); ++i) picture.rgba[i] = static_cast<std::uint8_t>(10 * i);
    const tests::TemporaryFolder folder;
    storage::write_png(picture, folder.path() / "Tänzerin – 舞.png");
    const std::string bytes = tests::bytes_of(folder.path() / "Tänzerin – 舞.png");
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    REQUIRE(png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) != 0);
    CHECK(image.width == 3);
    CHECK(image.height == 2);
    image.format = PNG_FORMAT_RGBA;
    std::vector<std::uint8_t> rgba(24);
    REQUIRE(png_image_finish_read(&image, nullptr, rgba.data(), 0, nullptr) != 0);
    CHECK(rgba == picture.rgba);
}

TEST_CASE("no picture is no PNG file") {
    CHECK_THROWS_AS((void)storage::png_from({}), std::invalid_argument);
    CHECK_THROWS_AS((void)storage::png_from({2, 2, {1, 2, 3}}), std::invalid_argument);
}
