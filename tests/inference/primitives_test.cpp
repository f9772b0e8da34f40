#include "inference/primitives.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "tests/inference/engines.h"
#include "tests/inference/motions.h"

using namespace inference;
using namespace inference_tests;

namespace {

std::unique_ptr<Model> learnt(const char* family) {
    return std::move(engine().family(family).train(synthetic_set(3, 3, 1), names(3), quick(8), {}, {})->model);
}

}  // namespace

TEST_CASE("only a model with a dictionary reads primitives") {
    if (!has_engine()) return;
    CHECK(primitive_reader(*learnt("tcn_clip")) == nullptr);
    const auto model = learnt("estgcn");
    PrimitiveReader* reader = primitive_reader(*model);
    REQUIRE(reader != nullptr);
    const PrimitiveTable table = reader->primitive_table();
    CHECK(table.primitives == 32);
    REQUIRE(table.rows.size() == static_cast<std::size_t>(table.primitives) * static_cast<std::size_t>(table.features));
    const auto first = std::span(table.rows).first(static_cast<std::size_t>(table.features));
    CHECK(std::accumulate(first.begin(), first.end(), 0.0) == doctest::Approx(0).epsilon(1e-3));
    CHECK(reader->read_primitives({}, {})->empty());
    std::stop_source stop;
    stop.request_stop();
    CHECK_FALSE(reader->read_primitives(synthetic_set(3, 1, 2), stop.get_token()).has_value());
}

TEST_CASE("key frames lie in their sample, ascend, and share out their weight; company makes no difference") {
    if (!has_engine()) return;
    const auto model = learnt("estgcn");
    PrimitiveReader& reader = *primitive_reader(*model);
    std::vector<Sample> samples = synthetic_set(3, 4, 2);
    samples[1].span.begin = 11;                // a part of its sequence
    samples[2].span = {4, 9};                  // fewer frames than key times
    samples[3] = synthetic_motion(1, 5, 900);  // more than the longest motion that is kept
    const auto all = *reader.read_primitives(samples, {});
    REQUIRE(all.size() == samples.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        CAPTURE(i);
        const PrimitiveReading& reading = all[i];
        REQUIRE(!reading.frames.empty());
        CHECK(reading.weights.size() == reading.frames.size() * 32);
        CHECK(std::ranges::is_sorted(reading.frames));
        CHECK(samples[i].span.contains(reading.frames.front()));
        CHECK(samples[i].span.contains(reading.frames.back()));
        for (std::size_t key = 0; key < reading.frames.size(); ++key) {
            const auto row = reading.row(key);
            CHECK(std::accumulate(row.begin(), row.end(), 0.0) == doctest::Approx(1).epsilon(1e-4));
        }
    }
    // All 12 moments that this size of network sees of a motion are key times, so they reach from end to end.
    CHECK(all[3].frames.size() == 12);
    CHECK(all[3].frames.front() == 0);
    CHECK(all[3].frames.back() > 800);
    const auto one = *reader.read_primitives(std::span(samples).subspan(3, 1), {});
    CHECK(one[0].frames == all[3].frames);
    for (std::size_t i = 0; i < one[0].weights.size(); ++i)
        CHECK(one[0].weights[i] == doctest::Approx(all[3].weights[i]).epsilon(1e-2));
}

TEST_CASE("a model that was kept reads primitives as before, and a motion that shows nobody has none") {
    if (!has_engine()) return;
    const auto model = learnt("estgcn");
    const auto samples = synthetic_set(3, 2, 2);
    const ScratchFile file;
    model->save(file.path);
    const auto loaded = engine().load(file.path);
    const auto before = *primitive_reader(*model)->read_primitives(samples, {});
    const auto after = *primitive_reader(*loaded)->read_primitives(samples, {});
    for (std::size_t i = 0; i < samples.size(); ++i) {
        CHECK(before[i].frames == after[i].frames);
        CHECK(before[i].weights == after[i].weights);
    }
    auto nobody = std::make_shared<schemas::SkeletonSequence>(*samples[0].skeleton);
    std::ranges::fill(nobody->confidence, 0.0F);
    std::ranges::fill(nobody->positions, 0.0F);
    const std::vector<Sample> dead{{nobody, samples[0].span}};
    CHECK(primitive_reader(*loaded)->read_primitives(dead, {})->front().frames.empty());
}

TEST_CASE("a skeleton of another layout is refused by name when primitives are read") {
    if (!has_engine()) return;
    const auto model = learnt("estgcn");
    auto samples = synthetic_set(3, 1, 2);
    auto layout = std::make_shared<schemas::SkeletonLayout>(*msr_layout());
    layout->name = "another";
    auto other = std::make_shared<schemas::SkeletonSequence>(*samples[0].skeleton);
    other->layout = layout;
    samples[0].skeleton = other;
    CHECK_THROWS_AS((void)primitive_reader(*model)->read_primitives(std::span(samples).first(1), {}),
                    std::invalid_argument);
}
