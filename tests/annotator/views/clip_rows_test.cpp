#include "annotator/views/clip_rows.h"

#include <doctest/doctest.h>

#include <chrono>

#include "annotator/views/clip_list_view.h"
#include "tests/annotator/headless_window.h"
#include "tests/annotator/labelling.h"

using namespace annotator;
using schemas::FrameState;

namespace {

const std::map<schemas::ClipId, std::vector<schemas::Proposal>> no_proposals;
const std::map<schemas::TakeId, std::vector<std::string>> no_problems;

std::vector<std::string> names(const Document& document, const ClipFilter& filter,
                               const std::map<schemas::TakeId, std::vector<std::string>>& problems = no_problems) {
    std::vector<std::string> found;
    for (const ClipRow& row : clip_rows({document, schemas::TrackId{1}, no_proposals, problems}, filter))
        found.push_back(row.name);
    return found;
}

Document with_clips(int count) {
    tests::ProjectBuilder builder = tests::small_project();
    for (int i = 3; i <= count; ++i) builder.clip(i, "clip " + std::to_string(100000 + i));
    return Document(builder.rows);
}

}  // namespace

TEST_CASE("the bar of a clip says what frame_states says in the middle of each part") {
    tests::Labelling labelling;
    labelling.draw(0, 50, 1).draw(75, 100, 2);
    const Document& document = labelling.model().document();
    const auto& clip = document.at<schemas::Clip>(schemas::ClipId{1});
    const StateBar bar = state_bar(document, clip, schemas::TrackId{1}, {});
    const auto runs = frame_states(document, clip, schemas::TrackId{1}, {});
    for (std::size_t part = 0; part < state_parts; ++part) {
        const auto frame = static_cast<schemas::FrameIndex>((2 * part + 1) * 100 / (2 * state_parts));
        for (const StateRun& run : runs)
            if (run.span.contains(frame)) CHECK(bar[part] == run.state);
    }
}

TEST_CASE("clips are filtered by text, state, category and problems") {
    tests::Labelling labelling;
    labelling.draw(0, 50, 1);
    const Document& document = labelling.model().document();
    const auto all = names(document, {});
    CHECK(std::ranges::is_sorted(all));
    ClipFilter drawn;
    drawn.state = FrameState::drawn;
    CHECK(names(document, drawn).size() == 1);
    ClipFilter hop;
    hop.category = schemas::LabelId{2};
    CHECK(names(document, hop).empty());
    hop.category = schemas::LabelId{1};
    CHECK(names(document, hop).size() == 1);
    ClipFilter problems;
    problems.problems = ClipFilter::Problems::only;
    CHECK(names(document, problems).empty());
    const auto take = document.rows<schemas::Clip>().begin()->second.take;
    CHECK(names(document, problems, {{take, {"cut off"}}}).size() >= 1);
    ClipFilter text;
    text.text = "no clip is called that";
    CHECK(names(document, text).empty());
}

TEST_CASE("ten thousand clips are filtered in no time") {
    const Document document = with_clips(10'000);
    const auto begin = std::chrono::steady_clock::now();
    ClipFilter filter;
    filter.text = "clip 10999";
    CHECK(names(document, filter).size() == 10);
    filter.state = FrameState::unlabelled;
    filter.text.clear();
    CHECK(names(document, filter).size() == 10'000);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    CHECK(took.count() < 2);
}

TEST_CASE("a filter by what is gone filters nothing") {
    tests::Labelling labelling;
    tests::HeadlessWindow window(260, 600);
    ClipListView view;
    const auto draw = [&] {
        for (int i = 0; i < 2; ++i)
            window.frame([&] { view.draw({labelling.bench(), window.outbox, window.theme, window.textures}); });
        for (const Intent& intent : window.outbox.take()) labelling.ask(intent);
    };
    labelling.ask(LabelIntent(AddLabel{schemas::TrackId{2}, "waltz"}));
    ClipFilter waltz;
    waltz.category = labelling.state().last_label;
    REQUIRE(waltz.category);
    labelling.ask(WindowIntent(FilterClips{waltz}));
    draw();
    CHECK(labelling.state().clip_filter == waltz);
    labelling.key(Action::undo);
    draw();
    CHECK(labelling.state().clip_filter.empty());
    ClipFilter nobody;
    nobody.performer = schemas::PerformerId{77};
    labelling.ask(WindowIntent(FilterClips{nobody}));
    draw();
    CHECK(labelling.state().clip_filter.empty());
}

TEST_CASE("a click on a clip opens it, and a filter that leaves nothing says so") {
    tests::Labelling labelling;
    tests::HeadlessWindow window(260, 600);
    ClipListView view;
    const auto draw = [&] { view.draw({labelling.bench(), window.outbox, window.theme, window.textures}); };
    for (int i = 0; i < 3; ++i) window.frame(draw);
    window.click(100, 140, draw);
    bool opened = false;
    for (const Intent& intent : window.outbox.take())
        if (const auto* playback = std::get_if<PlaybackIntent>(&intent))
            opened |= std::holds_alternative<OpenClip>(*playback);
    CHECK(opened);
}
