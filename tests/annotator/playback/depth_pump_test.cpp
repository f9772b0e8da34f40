#include "annotator/playback/depth_pump.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>

#include "annotator/workflows/synth/frame_number.h"

namespace annotator {
namespace {

using schemas::FrameIndex;
using namespace std::chrono_literals;

// Its number is painted into each frame; frame 7 cannot be read.
class PaintedDepth : public storage::DepthReader {
public:
    [[nodiscard]] FrameIndex frames() const override { return 20; }
    [[nodiscard]] int width() const override { return 160; }
    [[nodiscard]] int height() const override { return 120; }
    [[nodiscard]] storage::DepthFrame frame(FrameIndex index) override {
        ++reads;
        if (index == 7) throw storage::ReadError("depth.bin: frame 7: expected 19200 values, found 3.");
        storage::DepthFrame frame{160, 120, std::vector<std::uint16_t>(160 * 120, 500)};
        synth::paint_frame_number(frame, static_cast<int>(index));
        return frame;
    }
    [[nodiscard]] const std::vector<storage::ReadProblem>& problems() const override { return problems_; }
    std::atomic<int> reads = 0;

private:
    std::vector<storage::ReadProblem> problems_;
};

template <class Condition>
bool eventually(const Condition& condition) {
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(1ms);
    }
    return true;
}

}  // namespace

TEST_CASE("a depth frame that is wanted comes, and is that frame") {
    std::atomic<int> woken = 0;
    DepthPump pump(std::make_shared<PaintedDepth>(), [&] { ++woken; });
    CHECK(pump.ready(3) == nullptr);
    for (const FrameIndex frame : {3, 4, 0, 19}) {
        pump.want({frame});
        REQUIRE(eventually([&] { return pump.ready(frame) != nullptr; }));
        CHECK(synth::read_frame_number(*pump.ready(frame)) == frame);
    }
    CHECK(woken >= 4);
    CHECK(pump.ready(3) == nullptr);  // not wanted any more
}

TEST_CASE("a depth frame that cannot be read says why, once, and the next one comes") {
    const auto reader = std::make_shared<PaintedDepth>();
    DepthPump pump(reader, [] {});
    pump.want({7, 8});
    REQUIRE(eventually([&] { return pump.ready(8) != nullptr; }));
    CHECK(pump.problem(7) == "depth.bin: frame 7: expected 19200 values, found 3.");
    CHECK(pump.problem(8).empty());
    CHECK(reader->reads == 2);
}

}  // namespace annotator
