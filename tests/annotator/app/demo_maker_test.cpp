#include "annotator/app/demo_maker.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "annotator/playback/sound_device.h"
#include "tests/support/temporary_folder.h"

using namespace annotator;

namespace {

// A script in place of the program.
struct Program {
    Program(const tests::TemporaryFolder& folder, const std::string& script) {
        const auto file = folder.file("program", "#!/bin/sh\n" + script);
        std::filesystem::permissions(file, std::filesystem::perms::owner_all);
        setenv("KINETOGRAPH_PROGRAM", file.c_str(), 1);
    }
    ~Program() { unsetenv("KINETOGRAPH_PROGRAM"); }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
};

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
