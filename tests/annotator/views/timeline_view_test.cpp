#include "annotator/views/timeline_view.h"

#include <doctest/doctest.h>

#include <cmath>

#include "annotator/views/label_picker.h"
#include "annotator/widgets/headless_screen.h"
#include "tests/annotator/headless_window.h"
#include "tests/annotator/labelling.h"

using namespace annotator;
using namespace schemas;
using tests::Labelling;

namespace {

// The timeline of a small project on a screen that nobody sees, with a mouse. The screen is 1000 points wide; what the
// view asks for is done between two frames.
class Watched {
public:
    explicit Watched(Labelling& ana, float scale = 1) : ana_(ana), screen_(1000 * scale, 500 * scale, scale) {
        point({-1, -1});
        for (int i = 0; i < 3; ++i) frame();
    }

    void frame() {
        screen_.frame([&] {
            const ViewContext context{ana_.bench(), outbox_, screen_.theme(), screen_.textures()};
            view_.draw(context);
            picker_.draw(context);
        });
        for (const Intent& intent : outbox_.take()) ana_.bench().handle(intent);
        ana_.bench().tick();
    }
    void point(ImVec2 at) { ImGui::GetIO().MousePos = at; }
    void press(ImVec2 at, int button = 0) {
        point(at);
        frame();
        ImGui::GetIO().MouseDown[button] = true;
        frame();
    }
    void release(int button = 0) {
        ImGui::GetIO().MouseDown[button] = false;
        frame();
        frame();
    }
    void click(ImVec2 at, int button = 0) {
        press(at, button);
        release(button);
        for (int i = 0; i < 30; ++i) frame();  // no double click
    }
    void drag(ImVec2 from, ImVec2 to) {
        press(from);
        for (int i = 1; i <= 4; ++i) {
            point({from.x + (to.x - from.x) * static_cast<float>(i) / 4, to.y});
            frame();
        }
        release();
    }
    // Where that frame's left edge lies in the row of that kind on the active line, as the view draws it.
    [[nodiscard]] ImVec2 at(double frame_number, RowKind kind = RowKind::labels) const {
        TimelineContent content;
        Outbox unused;
        Screenless context{ana_, unused, screen_};
        content.bring_up_to_date(context.context);
        const float scale = screen_.theme().scale;
        for (const TimelineRow& row : content.rows()) {
            const bool of_line = row.kind == RowKind::comments || row.line.track == ana_.state().line->track;
            if (row.kind != kind || !of_line) continue;
            if (row.kind != RowKind::comments && row.line.performer != ana_.state().line->performer) continue;
            const double points = ana_.state().range.points;
            const double first = first_frame(), shown = frames_per_point();
            const double left = static_cast<double>(ImGui::GetIO().DisplaySize.x) -
                                (static_cast<double>(ImGui::GetStyle().WindowPadding.x) +
                                 static_cast<double>(ImGui::GetStyle().ScrollbarSize)) -
                                points * scale;
            return {static_cast<float>(left + (frame_number - first) / shown * scale),
                    rows_top() + static_cast<float>(row.top + row.height / 2) * scale};
        }
        return {-1, -1};
    }
    [[nodiscard]] std::size_t vertices() const { return screen_.vertices(); }

private:
    struct Screenless {
        Screenless(Labelling& ana, Outbox& outbox, const HeadlessScreen& screen)
            : context{ana.bench(), outbox, screen.theme(), const_cast<HeadlessScreen&>(screen).textures()} {}
        ViewContext context;
    };
    [[nodiscard]] double first_frame() const {
        return ana_.state().range.frames_per_point > 0 ? ana_.state().range.first_frame : 0;
    }
    [[nodiscard]] double frames_per_point() const {
        const TimelineRange& range = ana_.state().range;
        return range.frames_per_point > 0 ? range.frames_per_point : 100 / range.points;
    }
    // Below the bar of buttons and the ruler.
    [[nodiscard]] float rows_top() const {
        const float scale = screen_.theme().scale;
        return ImGui::GetStyle().WindowPadding.y + ImGui::GetFontSize() + 2 * ImGui::GetStyle().FramePadding.y +
               (4 + 24 + 4) * scale;
    }

    Labelling& ana_;
    HeadlessScreen screen_;
    TimelineView view_;
    LabelPicker picker_;
    Outbox outbox_;
};

}  // namespace

TEST_CASE("a timeline without a clip, without a track and of clips of any length is drawn") {
    tests::ProjectBuilder empty;
    Labelling nothing(empty);
    Watched(nothing).frame();
    tests::ProjectBuilder no_track;
    no_track.clip(1, "walk");
    Labelling bare(no_track);
    Watched(bare).frame();
    for (const FrameIndex frames : {1, 2, 432'000}) {
        tests::ProjectBuilder project = Labelling::dance_project();
        for (Clip& clip : std::get<std::vector<Clip>>(project.rows)) clip.end_frame = frames;
        Labelling ana(project);
        Watched watched(ana);
        for (int i = 0; i < 12; ++i) {
            ana.key(i % 3 == 2 ? Action::zoom_out : Action::zoom_in);
            watched.frame();
        }
        CHECK(watched.vertices() > 0);
    }
}

TEST_CASE("a click selects a segment, and one beside everything goes there") {
    Labelling ana;
    ana.draw(10, 40, 1).draw(60, 90, 2);
    Watched watched(ana);
    watched.click(watched.at(25));
    CHECK(ana.state().selection.segments == std::vector{ana.segment_at(25)});
    watched.click(watched.at(50.5));
    CHECK(ana.state().selection.empty());
    CHECK(ana.model().frame == 50);
}

TEST_CASE("Ctrl and a click add to the selection") {
    Labelling ana;
    ana.draw(10, 40, 1).draw(60, 90, 2);
    Watched watched(ana);
    watched.click(watched.at(25));
    ImGui::GetIO().KeyCtrl = true;
    watched.click(watched.at(75));
    CHECK(ana.state().selection.segments.size() == 2);
}

TEST_CASE("dragging a boundary rolls it, with Ctrl it trims, and at 200 % it is the same") {
    for (const float scale : {1.0F, 2.0F}) {
        Labelling ana;
        ana.draw(10, 40, 1).draw(40, 90, 2).key(Action::toggle_snapping);
        Watched watched(ana, scale);
        const ImVec2 edge = watched.at(40);
        watched.drag({edge.x - 2 * scale, edge.y}, watched.at(50));
        CHECK(ana.segments() == "[10,50) step, [50,90) hop");
        ImGui::GetIO().KeyCtrl = true;
        const ImVec2 moved = watched.at(50);
        watched.drag({moved.x - 2 * scale, moved.y}, watched.at(45));
        CHECK(ana.segments() == "[10,45) step, [50,90) hop");
    }
}

TEST_CASE("a boundary that is dragged snaps, and does not with Alt") {
    Labelling ana;
    ana.draw(10, 40, 1).at(60);
    Watched watched(ana);
    ImVec2 edge = watched.at(40);
    watched.drag({edge.x - 2, edge.y}, {watched.at(60).x - 5, edge.y});
    CHECK(ana.segments() == "[10,60) step");
    ImGui::GetIO().KeyAlt = true;
    edge = watched.at(60);
    watched.drag({edge.x - 2, edge.y}, {watched.at(62).x, edge.y});
    CHECK(ana.segments() == "[10,62) step");
}

TEST_CASE("a span drawn on an empty place of a track asks for its label") {
    Labelling ana;
    ana.key(Action::toggle_snapping);
    Watched watched(ana);
    watched.drag(watched.at(20), watched.at(45));
    CHECK(ana.state().mark_in == 20);
    CHECK(ana.state().mark_out == 45);
    CHECK(ana.state().asking == Asking::label);
    for (int i = 0; i < 3; ++i) watched.frame();
    ImGui::GetIO().AddInputCharacter('2');
    for (int i = 0; i < 3; ++i) watched.frame();
    CHECK(ana.segments() == "[20,45) hop");
    CHECK(ana.state().asking == Asking::nothing);
}

TEST_CASE("a selected segment is moved by its middle") {
    Labelling ana;
    ana.draw(10, 30, 1).key(Action::toggle_snapping);
    Watched watched(ana);
    watched.click(watched.at(20));
    watched.drag(watched.at(20.5), watched.at(50.5));
    CHECK(ana.segments() == "[40,60) step");
}

TEST_CASE("the right button beside everything goes there, so that its menu speaks of that frame") {
    Labelling ana;
    ana.draw(10, 40, 1).ask(LabelIntent(SelectSegment{ana.segment_at(20)}));
    Watched watched(ana);
    watched.click(watched.at(70.5), 1);
    CHECK(ana.model().frame == 70);
    CHECK(ana.state().selection.empty());
}

TEST_CASE("the right button on a segment selects it and stays where it is") {
    Labelling ana;
    ana.draw(10, 40, 1).at(5);
    Watched watched(ana);
    watched.click(watched.at(25), 1);
    CHECK(ana.model().frame == 5);
    CHECK(ana.state().selection.segments == std::vector{ana.segment_at(25)});
}

TEST_CASE("a drag over a row of key poses marks nothing: it is a click") {
    Labelling ana;
    ana.ask(LabelIntent(SetActiveLine{TrackId{3}, PerformerId{1}}));
    Watched watched(ana);
    const ImVec2 from = watched.at(20, RowKind::key_poses), to = watched.at(45.5, RowKind::key_poses);
    ana.ask(LabelIntent(SetActiveLine{TrackId{1}, PerformerId{1}}));
    watched.drag(from, to);
    CHECK_FALSE(ana.state().mark_in);
    CHECK(ana.state().asking == Asking::nothing);
    CHECK(ana.model().frame == 45);
    CHECK(ana.state().line->track == TrackId{3});
}

TEST_CASE("a comment is hit from beside it, and of several the nearest") {
    Labelling ana;
    ana.ask(LabelIntent(AddComment{{50, 51}, "here"})).ask(LabelIntent(AddComment{{55, 56}, "there"}));
    Watched watched(ana);
    const auto text = [&] {
        const auto chosen = ana.state().selection.comment;
        return chosen ? ana.bench().document().at<Comment>(*chosen).text : "";
    };
    const ImVec2 left = watched.at(50, RowKind::comments), right = watched.at(56, RowKind::comments);
    watched.click({left.x - 4, left.y});
    CHECK(text() == "here");
    watched.click({right.x + 4, right.y});
    CHECK(text() == "there");
    watched.click({left.x - 40, left.y});
    CHECK(text().empty());
}

TEST_CASE("the edge of a proposal does not snap back to where it was") {
    Labelling ana;
    ana.propose({{1, 20, 60, 2}});
    Watched watched(ana);
    const ImVec2 edge = watched.at(60, RowKind::proposals);
    watched.drag({edge.x - 2, edge.y}, {watched.at(61, RowKind::proposals).x, edge.y});
    CHECK(ana.segments() == "[20,61) hop");
}

TEST_CASE("a sound that cannot be had has its row, and says why") {
    Labelling ana;
    auto media = std::make_shared<ClipMedia>();
    media->clip = *ana.model().state.clip;
    media->sound.emplace();
    media->sound->problem = "sound.wav is not there";
    const_cast<EditorModel&>(ana.model()).media = media;
    HeadlessScreen screen(1000, 500, 1);
    Outbox outbox;
    const ViewContext context{ana.bench(), outbox, screen.theme(), screen.textures()};
    TimelineContent content;
    screen.frame([&] { content.bring_up_to_date(context); });
    CHECK(content.rows().front().kind == RowKind::sound);
    TimelineView view;
    for (int i = 0; i < 2; ++i) screen.frame([&] { view.draw(context); });
    CHECK(tests::HeadlessWindow::shows(screen.theme().error));
}

TEST_CASE("dragging the edge of a proposal makes a corrected label of it") {
    Labelling ana;
    ana.propose({{1, 20, 60, 2}}).key(Action::toggle_snapping);
    Watched watched(ana);
    const ImVec2 edge = watched.at(60, RowKind::proposals);
    watched.drag({edge.x - 2, edge.y}, {watched.at(70, RowKind::proposals).x, edge.y});
    CHECK(ana.segments() == "[20,70) hop");
}

TEST_CASE("the wheel zooms about the mouse, with Shift it pans") {
    Labelling ana;
    Watched watched(ana);
    const ImVec2 mouse = watched.at(50);
    watched.point(mouse);
    watched.frame();
    for (int i = 0; i < 5; ++i) {
        ImGui::GetIO().MouseWheel = 1;
        watched.frame();
    }
    CHECK(ana.state().range.frames_per_point > 0);
    CHECK(watched.at(50).x == doctest::Approx(mouse.x).epsilon(0.002));
    const double before = ana.state().range.first_frame;
    ImGui::GetIO().KeyShift = true;
    ImGui::GetIO().MouseWheel = -1;
    watched.frame();
    watched.frame();
    CHECK(ana.state().range.first_frame > before);
}

TEST_CASE("dragging on the ruler scrubs") {
    Labelling ana;
    Watched watched(ana);
    ImVec2 from = watched.at(10.5);
    from.y = 45;
    ImVec2 to = watched.at(80.5);
    to.y = 45;
    watched.drag(from, to);
    CHECK(ana.model().frame == 80);
}

TEST_CASE("a key pose is dragged to another frame") {
    Labelling ana;
    ana.ask(LabelIntent(SetActiveLine{TrackId{3}, PerformerId{1}})).at(30).label_key(6).at(90);
    ana.key(Action::toggle_snapping).key(Action::clear_selection);
    Watched watched(ana);
    watched.drag(watched.at(30.5, RowKind::key_poses), watched.at(55.5, RowKind::key_poses));
    CHECK(ana.bench().document().rows<KeyPose>().begin()->second.frame == 55);
}

TEST_CASE("the menu of the right button and the palette are drawn for everything there is") {
    Labelling ana;
    ana.draw(10, 40, 1).propose({{1, 50, 60, 2}}).ask(LabelIntent(AddComment{{5, 30}, "schön ✓"}));
    Watched watched(ana);
    for (const ImVec2 at :
         {watched.at(20), watched.at(45), watched.at(55, RowKind::proposals), watched.at(10, RowKind::comments)}) {
        watched.point(at);
        for (int i = 0; i < 3; ++i) watched.frame();
        watched.click(at, 1);
        CHECK(watched.vertices() > 0);
        ImGui::GetIO().MouseDown[0] = true;
        watched.point({1, 1});
        watched.frame();
        watched.release();
    }
}
