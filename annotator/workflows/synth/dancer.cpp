#include "annotator/workflows/synth/dancer.h"

#include "annotator/workflows/synth/random.h"

namespace annotator::synth {
namespace {

constexpr std::uint64_t dancer_stream = 1;

}  // namespace

Dancer dancer_of(std::uint64_t seed, std::size_t index) {
    Random random(seed, {dancer_stream, index});
    Proportions proportions;
    proportions.height_metres = random.uniform(1.50, 1.95);
    proportions.leg_ratio = random.uniform(0.95, 1.05);
    proportions.arm_ratio = random.uniform(0.94, 1.06);
    proportions.girth = random.uniform(0.85, 1.2);
    Dancer dancer;
    dancer.body = body_of(proportions);
    dancer.tempo = random.uniform(0.85, 1.2);
    dancer.amplitude = random.uniform(0.75, 1.12);
    dancer.left_share = random.chance(0.5) ? random.uniform(0.15, 0.35) : random.uniform(0.65, 0.85);
    dancer.elbow_degrees = random.uniform(8, 32);
    dancer.turnout_degrees = random.uniform(8, 40);
    dancer.lean_degrees = random.uniform(-3, 6);
    dancer.noise_metres = random.uniform(0.005, 0.010);
    return dancer;
}

}  // namespace annotator::synth
