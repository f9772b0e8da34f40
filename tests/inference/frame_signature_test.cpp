#include "inference/frame_signature.h"

#include <doctest/doctest.h>

#include "tests/inference/moving_pictures.h"

using namespace inference;
using inference_tests::moving_picture;
using inference_tests::Rendering;

namespace {

std::uint64_t signature(double seconds, const Rendering& rendering, unsigned seed = 0) {
    return frame_signature(luma_from(moving_picture(seconds, rendering, seed)));
}

Rendering worse() {
    Rendering rendering;
    rendering.width = 96;
    rendering.height = 54;
    rendering.gain = 0.8;
    rendering.lift = 20;
    rendering.noise = 6;
    return rendering;
}

}  // namespace

TEST_CASE("a signature survives scaling, noise and another brightness") {
    for (const double seconds : {0.0, 1.7, 4.4, 9.3}) {
        CAPTURE(seconds);
        CHECK(signature_distance(signature(seconds, {}), signature(seconds, worse(), 5)) <= 6);
    }
}

TEST_CASE("signatures of other scenes differ by about half of their bits") {
    Rendering other;
    int sum = 0;
    for (other.scene = 1; other.scene <= 6; ++other.scene)
        sum += signature_distance(signature(0, {}), signature(0, other));
    CHECK(sum / 6 >= 16);
}

TEST_CASE("a picture without any detail has a signature too") {
    CHECK(signature_distance(frame_signature(luma_from(inference_tests::grey_picture(8, 8, 90))),
                             frame_signature(luma_from(inference_tests::grey_picture(8, 8, 90)))) == 0);
}
