#include "annotator/app/demo_maker.h"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "annotator/playback/sound_device.h"
#include "tests/annotator/working.h"
#include "tests/support/temporary_folder.h"

using namespace annotator;
using tests::Program;

namespace {

bool over(DemoMaker& demo) {
    const double start = machine_seconds();
    for (; !demo.is_over() && machine_seconds() < start + 20; std::this_thread::sleep_for(std::chrono::milliseconds(1)))
        demo.tick();
    return demo.is_over();
}

}  // namespace

TEST_CASE("the last thing that was said is why no demo could be made, however soon the end follows") {
    const tests::TemporaryFolder folder;
    const Program program(folder, "echo 'no room' >&2; exit 1");
    for (int i = 0; i < 20; ++i) {
        DemoMaker demo(folder.path() / "demo", [] {});
        REQUIRE(over(demo));
        REQUIRE(demo.failure().value_or("").find("(no room)") != std::string::npos);
    }
}

TEST_CASE("slow: cancelling the demo does not wait for its end") {
    const tests::TemporaryFolder folder;
    const Program program(folder, "trap '' INT; echo ready >&2; while :; do sleep 0.05; done");
    DemoMaker demo(folder.path() / "demo", [] {});
    while (!demo.tick()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const double start = machine_seconds();
    demo.cancel();
    CHECK(machine_seconds() - start < 0.5);
    CHECK(demo.is_cancelled());
    CHECK_FALSE(demo.is_over());
    CHECK(over(demo));
}
