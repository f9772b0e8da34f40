#include "annotator/session/workbench.h"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "tests/annotator/labelling.h"
#include "tests/support/temporary_folder.h"

using namespace annotator;

namespace {

// In the database's file alone, without its log.
std::size_t segments_without_the_log(const tests::Labelling& ana, const std::filesystem::path& copy) {
    std::filesystem::create_directories(copy);
    std::filesystem::copy_file(ana.model().folder / "project.sqlite", copy / "project.sqlite",
                               std::filesystem::copy_options::overwrite_existing);
    const auto store = storage::ProjectStore::open(copy, storage::Access::read_only);
    return Document(store.load_rows()).rows<schemas::Segment>().size();
}

}  // namespace

TEST_CASE("the log is folded into the database's file while the hands rest, not by an edit") {
    const tests::TemporaryFolder folder;
    tests::Labelling ana;
    const auto rest = [&] {
        for (int i = 0; i < 2; ++i) {
            ana.bench().tick();
            std::this_thread::sleep_for(std::chrono::milliseconds(1100));
        }
        ana.bench().tick();
    };
    rest();
    const std::size_t before = segments_without_the_log(ana, folder.path() / "before");
    ana.draw(0, 50, 1);
    CHECK(segments_without_the_log(ana, folder.path() / "edited") == before);
    ana.bench().tick();
    CHECK(ana.bench().due_in_seconds().value_or(9) <= 1);
    rest();
    CHECK(segments_without_the_log(ana, folder.path() / "rested") == before + 1);
}
