#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>

#include "annotator/document/document.h"
#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/training_snapshot.h"
#include "storage/project/project_store.h"
#include "tests/scenarios/program.h"
#include "tests/scenarios/screen.h"
#include "tests/support/temporary_folder.h"

// A person's first hour, in a real window, with keys alone and with the mouse: then the database is read.

namespace {

namespace fs = std::filesystem;
using tests::pause;
using tests::Screen;
using tests::wait_until;

struct Labelled {
    std::string clip;
    schemas::FrameIndex begin, end;
    std::string label;

    auto operator<=>(const Labelled&) const = default;
};
using Labels = std::vector<Labelled>;

// What the database says, read anew each time.
class Reader {
public:
    explicit Reader(fs::path project) : project_(std::move(project)) {}

    [[nodiscard]] storage::ProjectStore store() const {
        return storage::ProjectStore::open(project_, storage::Access::read_only);
    }
    [[nodiscard]] annotator::Document document() const { return annotator::Document(store().load_rows()); }
    // On a track, by an author: by clip and first frame.
    [[nodiscard]] Labels labels(const std::string& author, const std::string& track) const {
        const annotator::Document rows = document();
        Labels found;
        for (const auto& [id, segment] : rows.rows<schemas::Segment>())
            if (segment.author == author && rows.at<schemas::Track>(segment.track).name == track)
                found.push_back({rows.at<schemas::Clip>(segment.clip).name, segment.begin_frame, segment.end_frame,
                                 rows.at<schemas::Label>(segment.label).name});
        std::ranges::sort(found);
        return found;
    }
    // The likeliest label of each.
    [[nodiscard]] Labels proposed(const std::string& track) const {
        const annotator::Document rows = document();
        Labels found;
        for (const schemas::Proposal& proposal : store().proposals())
            if (rows.at<schemas::Track>(proposal.track).name == track)
                found.push_back({rows.at<schemas::Clip>(proposal.clip).name, proposal.begin_frame, proposal.end_frame,
                                 rows.at<schemas::Label>(proposal.top.front().label).name});
        std::ranges::sort(found);
        return found;
    }
    [[nodiscard]] std::size_t proposals_of(const std::string& model) const {
        const auto proposals = store().proposals();
        return static_cast<std::size_t>(std::ranges::count(proposals, model, [](const schemas::Proposal& proposal) {
            return std::to_string(static_cast<std::int64_t>(proposal.model));
        }));
    }
    [[nodiscard]] std::vector<std::string> clip_names() const {
        const annotator::Document rows = document();
        std::vector<std::string> names;
        for (const schemas::Clip* clip : annotator::clips_by_name(rows)) names.push_back(clip->name);
        return names;
    }
    // In the order of their keys.
    [[nodiscard]] std::vector<std::string> label_names(const std::string& track) const {
        const annotator::Document rows = document();
        std::vector<std::string> names;
        for (const schemas::Label& label : annotator::labels_of(rows, annotator::require_track(rows, track).id))
            names.push_back(label.name);
        return names;
    }
    [[nodiscard]] int frames(const std::string& clip) const {
        return static_cast<int>(annotator::clip_named(document(), clip)->span().length());
    }
    [[nodiscard]] std::vector<std::string> comments() const {
        std::vector<std::string> texts;
        const annotator::Document rows = document();
        for (const auto& [id, comment] : rows.rows<schemas::Comment>()) texts.push_back(comment.text);
        return texts;
    }
    [[nodiscard]] std::size_t edits() const { return store().log().entries().size(); }

private:
    fs::path project_;
};

// Everything that a person's settings and state go to.
void live_in(const fs::path& home) {
    setenv("HOME", home.c_str(), 1);
    setenv("XDG_CONFIG_HOME", (home / "config").c_str(), 1);
    setenv("XDG_STATE_HOME", (home / "state").c_str(), 1);
    setenv("USER", "Ana", 1);
}

std::size_t place_of(const std::vector<std::string>& names, const std::string& name) {
    return static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
}

int whole(double pixels) { return static_cast<int>(std::lround(pixels)); }

// The mouse of a person who sees where things are.
class Hand {
public:
    Hand(const Screen& screen, fs::path landmarks) : screen_(screen), landmarks_(std::move(landmarks)) {}

    void click(const std::string& what, Screen::Button button = Screen::Button::left) const {
        const auto [left, top, right, bottom] = where(what);
        screen_.click({whole((left + right) / 2), whole((top + bottom) / 2)}, button);
    }
    // In the rows of the timeline, which show `frames` frames.
    void click_frame(const std::string& row, double frame, int frames, Screen::Button button) const {
        screen_.click(spot(row, frame, frames), button);
    }
    void drag_frames(const std::string& row, double from, double to, int frames) const {
        screen_.drag(spot(row, from, frames), spot(row, to, frames));
    }
    [[nodiscard]] bool sees(const std::string& what) const { return read().contains(what); }

private:
    [[nodiscard]] nlohmann::json read() const {
        std::ifstream stream(landmarks_);
        return stream ? nlohmann::json::parse(stream) : nlohmann::json::object();
    }
    [[nodiscard]] std::array<double, 4> where(const std::string& what) const {
        // What the last click brought up is seen first.
        pause(0.4);
        if (!wait_until([&] { return sees(what); }, 20)) throw std::runtime_error("nowhere is " + what);
        return read().at(what).get<std::array<double, 4>>();
    }
    [[nodiscard]] Screen::Spot spot(const std::string& row, double frame, int frames) const {
        const auto [left, top, right, bottom] = where(row);
        return {whole(left + (right - left) * frame / frames), whole((top + bottom) / 2)};
    }

    const Screen& screen_;
    fs::path landmarks_;
};

// Where a sanitizer makes each step many times longer, training has few of them.
void shorten_training(const Hand& hand, const Screen& screen) {
    if (tests::patience == 1) return;
    hand.click("steps");
    screen.press("ctrl+a");
    screen.type("60");
    screen.press("Return");
}

// After everything, however it was done.
void check_what_is_left(const Reader& reader, const fs::path& project, const fs::path& dataset,
                        const Labels& primitives) {
    CHECK(tests::answer({"verify", project.string()}).at("ok") == true);
    CHECK(tests::answer({"verify", dataset.string()}).at("ok") == true);
    CHECK(reader.labels("Ana", "primitive") == primitives);
    CHECK(reader.labels("Ana", "category").size() == 7);
    CHECK(reader.comments().size() == 1);
    CHECK(reader.document().rows<schemas::Rejection>().size() == 1);
}

}  // namespace

TEST_CASE("slow: a first hour in a real window, with keys alone, leaves exactly its labels") {
    if (!Screen::available()) {
        MESSAGE("there is no Xvfb or no xdotool here");
        return;
    }
    const tests::TemporaryFolder home;
    live_in(home.path());
    const Screen screen(1440, 900);
    const fs::path landmarks = home.path() / "landmarks.json", project = home.path() / "Kinetograph demo";
    tests::Running editor({"edit", "--landmarks", landmarks.string()});
    const Hand eye(screen, landmarks);  // the hand stays on the keys
    const Reader reader(project);

    // The welcome screen offers the demo project: partly labelled, with proposals for the rest.
    REQUIRE(wait_until([&] { return eye.sees("demo-project"); }, 20));
    screen.press("ctrl+shift+n");
    REQUIRE(wait_until([&] { return eye.sees("line primitive"); }, 180));
    const std::size_t edits_before = reader.edits();
    const std::size_t models_before = reader.store().models().size();
    const std::vector<std::string> clips = reader.clip_names();

    // Plays and stops; then three primitives, drawn with marks and the keys of labels.
    screen.press("space");
    pause(0.5 / tests::patience);  // the clip must not end by itself
    screen.press("space Tab Home i shift+Right o 1 i shift+Right o 2 i shift+Right o 3");
    REQUIRE(wait_until([&] { return reader.labels("Ana", "primitive").size() == 3; }, 20));
    const auto key_of = [&](const std::string& track, std::size_t key) { return reader.label_names(track)[key - 1]; };
    CHECK(reader.labels("Ana", "primitive") == Labels{{clips[0], 0, 10, key_of("primitive", 1)},
                                                      {clips[0], 10, 20, key_of("primitive", 2)},
                                                      {clips[0], 20, 30, key_of("primitive", 3)}});

    // The boundary between the first two rolls to frame 12, and something is said about it.
    screen.press("Escape g");
    screen.type("12");
    screen.press("Return bracketleft ctrl+m");
    screen.type("late on the beat");
    screen.press("Return");
    REQUIRE(wait_until([&] { return reader.comments().size() == 1; }, 20));
    CHECK(reader.comments().front() == "late on the beat");
    const Labels primitives{{clips[0], 0, 12, key_of("primitive", 1)},
                            {clips[0], 12, 20, key_of("primitive", 2)},
                            {clips[0], 20, 30, key_of("primitive", 3)}};
    CHECK(reader.labels("Ana", "primitive") == primitives);

    // What is proposed for the categories of three clips is accepted, corrected, rejected.
    const auto proposed = reader.proposed("category");
    REQUIRE(proposed.size() > 10);
    screen.press("shift+Tab");
    for (std::size_t i = 0; clips[i] != proposed[0].clip; ++i) screen.press("Next");
    screen.press("a");
    REQUIRE(wait_until([&] { return reader.labels("Ana", "category").size() == 1; }, 20));
    for (std::size_t i = place_of(clips, proposed[0].clip); clips[i] != proposed[1].clip; ++i) screen.press("Next");
    screen.press("c 5");
    REQUIRE(wait_until([&] { return reader.labels("Ana", "category").size() == 2; }, 20));
    for (std::size_t i = place_of(clips, proposed[1].clip); clips[i] != proposed[2].clip; ++i) screen.press("Next");
    screen.press("x");
    REQUIRE(wait_until([&] { return reader.document().rows<schemas::Rejection>().size() == 1; }, 20));
    const Labels categories{{proposed[0].clip, proposed[0].begin, proposed[0].end, proposed[0].label},
                            {proposed[1].clip, proposed[1].begin, proposed[1].end, key_of("category", 5)}};
    CHECK(reader.labels("Ana", "category") == categories);

    // All of it is taken back and done again.
    const annotator::Document done = reader.document();
    const std::size_t steps = reader.edits() - edits_before;
    for (std::size_t i = 0; i < steps; ++i) screen.press("ctrl+z");
    REQUIRE(wait_until([&] { return reader.labels("Ana", "primitive").empty(); }, 20));
    CHECK(reader.labels("Ana", "category").empty());
    CHECK(reader.comments().empty());
    for (std::size_t i = 0; i < steps; ++i) screen.press("ctrl+shift+z");
    REQUIRE(wait_until([&] { return reader.document() == done; }, 20));

    // Five cards of the queue.
    screen.press("F2 a a a a a");
    REQUIRE(wait_until([&] { return reader.labels("Ana", "category").size() == 7; }, 20));

    // Training is cancelled, started again, and its model pre-labels from now on.
    screen.press("F3 ctrl+t");
    pause(3);
    screen.press("ctrl+shift+c");
    pause(2);
    CHECK(reader.store().models().size() == models_before);
    shorten_training(eye, screen);
    screen.press("ctrl+t");
    REQUIRE(wait_until([&] { return reader.store().models().size() == models_before + 1; }, 400));
    const auto model = [&] { return std::to_string(static_cast<std::int64_t>(reader.store().models().back().id)); };
    CHECK(reader.store().setting("prelabeller/category") != model());
    // The window hears of the end of its work a little after the database.
    for (int tries = 0; tries < 20 && reader.store().setting("prelabeller/category") != model(); ++tries) {
        pause(0.5);
        screen.press("ctrl+shift+p");
        pause(0.5);
    }
    REQUIRE(reader.store().setting("prelabeller/category") == model());
    screen.press("ctrl+p");
    REQUIRE(wait_until([&] { return reader.proposals_of(model()) > 10; }, 120));

    // The dataset beside the project, and the end.
    const fs::path dataset = home.path() / "Kinetograph demo-dataset";
    screen.press("ctrl+e");
    pause(0.5);
    screen.press("ctrl+e");
    REQUIRE(wait_until([&] { return fs::exists(dataset / "labels.json"); }, 120));
    pause(1);
    screen.press("ctrl+q");
    CHECK_MESSAGE(editor.finished_well(), editor.complaints());
    check_what_is_left(reader, project, dataset, primitives);
}

TEST_CASE("slow: a first hour in a real window, with the mouse, leaves exactly its labels") {
    if (!Screen::available()) {
        MESSAGE("there is no Xvfb or no xdotool here");
        return;
    }
    const tests::TemporaryFolder home;
    live_in(home.path());
    const Screen screen(1440, 900);
    const fs::path landmarks = home.path() / "landmarks.json", project = home.path() / "Kinetograph demo";
    tests::Running editor({"edit", "--landmarks", landmarks.string()});
    const Hand hand(screen, landmarks);
    const Reader reader(project);
    constexpr auto right = Screen::Button::right;
    const auto key_of = [&](const std::string& track, std::size_t key) { return reader.label_names(track)[key - 1]; };

    hand.click("demo-project");
    REQUIRE(wait_until([&] { return hand.sees("line primitive"); }, 180));
    const std::size_t edits_before = reader.edits();
    const std::size_t models_before = reader.store().models().size();
    const std::vector<std::string> clips = reader.clip_names();
    hand.click("play-pause");
    pause(0.5 / tests::patience);
    hand.click("play-pause");

    // Three primitives, each drawn over its frames and named where the mouse is.
    const int frames = reader.frames(clips[0]);
    hand.click("toggle-snapping");
    for (std::size_t i = 0; i < 3; ++i) {
        const auto first = static_cast<double>(10 * i);
        hand.drag_frames("line primitive", first + 0.42, first + 9.6, frames);
        hand.click("label " + key_of("primitive", i + 1));
        REQUIRE(wait_until([&] { return reader.labels("Ana", "primitive").size() == i + 1; }, 20));
    }
    // The boundary between the first two rolls; something is said about the third.
    hand.drag_frames("line primitive", 10, 12.1, frames);
    hand.click_frame("line primitive", 25, frames, right);
    hand.click("add-comment");
    screen.type("late on the beat");
    screen.press("Return");
    REQUIRE(wait_until([&] { return reader.comments().size() == 1; }, 20));
    const Labels primitives{{clips[0], 0, 12, key_of("primitive", 1)},
                            {clips[0], 12, 20, key_of("primitive", 2)},
                            {clips[0], 20, 30, key_of("primitive", 3)}};
    CHECK(reader.labels("Ana", "primitive") == primitives);

    const auto proposed = reader.proposed("category");
    const auto open_menu = [&](std::size_t which) {
        hand.click("clip " + proposed[which].clip);
        pause(1);
        hand.click_frame("proposals category", 0.5, 1, right);
    };
    open_menu(0);
    hand.click("accept");
    REQUIRE(wait_until([&] { return reader.labels("Ana", "category").size() == 1; }, 20));
    open_menu(1);
    const std::string corrected = proposed[1].label == key_of("category", 5) ? key_of("category", 4)  //
                                                                             : key_of("category", 5);
    hand.click("label " + corrected);
    REQUIRE(wait_until([&] { return reader.labels("Ana", "category").size() == 2; }, 20));
    open_menu(2);
    hand.click("reject");
    REQUIRE(wait_until([&] { return reader.document().rows<schemas::Rejection>().size() == 1; }, 20));
    CHECK(reader.labels("Ana", "category") ==
          Labels{{proposed[0].clip, proposed[0].begin, proposed[0].end, proposed[0].label},
                 {proposed[1].clip, proposed[1].begin, proposed[1].end, corrected}});

    const annotator::Document done = reader.document();
    const std::size_t steps = reader.edits() - edits_before;
    for (std::size_t i = 0; i < steps; ++i) hand.click("undo");
    REQUIRE(wait_until([&] { return reader.labels("Ana", "primitive").empty(); }, 20));
    CHECK(reader.labels("Ana", "category").empty());
    for (std::size_t i = 0; i < steps; ++i) hand.click("redo");
    REQUIRE(wait_until([&] { return reader.document() == done; }, 20));

    hand.click("Review");
    for (std::size_t card = 1; card <= 5; ++card) {
        hand.click("accept");
        REQUIRE(wait_until([&] { return reader.labels("Ana", "category").size() == 2 + card; }, 20));
    }

    hand.click("Train");
    hand.click("start-training");
    pause(3);
    hand.click("cancel-job");
    shorten_training(hand, screen);
    hand.click("start-training");
    CHECK(reader.store().models().size() == models_before);
    REQUIRE(wait_until([&] { return reader.store().models().size() == models_before + 1; }, 400));
    const schemas::ModelVersion model = reader.store().models().back();
    const std::string id = std::to_string(static_cast<std::int64_t>(model.id));
    hand.click("promote " + model.name);
    REQUIRE(wait_until([&] { return reader.store().setting("prelabeller/category") == id; }, 20));
    hand.click("prelabel");
    REQUIRE(wait_until([&] { return reader.proposals_of(id) > 10; }, 120));

    const fs::path dataset = home.path() / "Kinetograph demo-dataset";
    hand.click("Export");
    hand.click("export-dataset");
    REQUIRE(wait_until([&] { return fs::exists(dataset / "labels.json"); }, 120));
    pause(1);
    hand.click("command-palette");
    screen.type("quit");
    hand.click("command Quit");
    CHECK_MESSAGE(editor.finished_well(), editor.complaints());
    check_what_is_left(reader, project, dataset, primitives);
}
