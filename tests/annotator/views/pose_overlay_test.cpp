#include "annotator/views/pose_overlay.h"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/views/pose_strip.h"
#include "tests/annotator/small_recordings.h"

namespace annotator {
namespace {

using Eigen::Vector3f;

class NoTextures : public Textures {
public:
    ImTextureID texture(std::uint64_t, std::uint64_t, const schemas::Picture&) override { return nullptr; }
};

// Looks along z: a metre is 400 points wide and 100 high.
class PlainMapping : public PaneMapping {
public:
    PlainMapping() {
        low = {0, 0};
        high = {1600, 600};
        hovered = true;
    }
    [[nodiscard]] std::optional<ImVec2> screen_from(schemas::StreamId, const Vector3f& position) const override {
        return ImVec2{100 + 400 * position.x(), 300 - 100 * position.y()};
    }
    [[nodiscard]] std::optional<Vector3f> position_from(schemas::StreamId, ImVec2 at,
                                                        const Vector3f& joint) const override {
        return Vector3f{(at.x - 100) / 400, (300 - at.y) / 100, joint.z()};
    }
};

// A clip whose joints lie in a row, 40 points from each other, over an open pane.
struct Fixture {
    tests::TemporaryFolder folder;
    Workbench bench{tests::project_of_four(folder), [] {}};
    Theme theme = make_theme(ThemeKind::dark, Palette::okabe_ito, 1);
    NoTextures textures;
    PlainMapping mapping;
    PoseOverlay overlay;
    PoseStrip strip;
    bool taken = false;

    Fixture() {
        ImGui::CreateContext();
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.DisplaySize = {1600, 600};
        unsigned char* pixels = nullptr;
        int width = 0, height = 0;
        io.Fonts->GetTexDataAsAlpha8(&pixels, &width, &height);
        bench.handle(PlaybackIntent(OpenClip{clip_named(bench.document(), "a01_s01_e01")->id, 10}));
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (std::chrono::steady_clock::now() < end && !is_loaded()) {
            bench.tick();
            std::this_thread::yield();
        }
        REQUIRE(is_loaded());
        bench.handle(Action::edit_key_points);
        bench.tick();
        move_to({1500, 550});
    }
    ~Fixture() { ImGui::DestroyContext(); }
    Fixture(const Fixture&) = delete;
    Fixture& operator=(const Fixture&) = delete;

    [[nodiscard]] bool is_loaded() const {
        const auto& media = bench.model().media;
        return media && !media->skeletons.empty() && media->skeletons.front().sequence;
    }
    [[nodiscard]] const ClipMedia::Skeleton& skeleton() const { return bench.model().media->skeletons.front(); }
    [[nodiscard]] Vector3f place(int joint) const {
        return skeleton().sequence->at(bench.model().frame, static_cast<std::size_t>(joint));
    }
    [[nodiscard]] ImVec2 on_screen(int joint) const { return *mapping.screen_from(skeleton().stream, place(joint)); }
    [[nodiscard]] const JointSelection& selection() const { return bench.state().joints; }
    [[nodiscard]] std::size_t corrections() const { return bench.document().corrections(skeleton().stream).size(); }

    // One frame of the window; then the workbench does what was asked for.
    void draw() {
        Outbox outbox;
        const ViewContext context{bench, outbox, theme, textures};
        ImGui::GetIO().DeltaTime = 1.0F / 60;
        ImGui::NewFrame();
        ImGui::SetNextWindowPos({0, 0});
        ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
        ImGui::Begin("stage", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove);
        strip.draw(context);
        std::vector<DrawnJoint> joints;
        for (int joint = 0; joint < 20; ++joint)
            if (const float sure =
                    skeleton().sequence->confidence_at(bench.model().frame, static_cast<std::size_t>(joint));
                sure > 0)
                joints.push_back({skeleton().stream, joint, on_screen(joint), 1, sure});
        taken = overlay.draw(context, joints, mapping);
        ImGui::End();
        ImGui::Render();
        for (const Intent& intent : outbox.take()) bench.handle(intent);
        bench.tick();
    }
    void move_to(ImVec2 at) {
        ImGui::GetIO().MousePos = at;
        draw();
    }
    void press() {
        ImGui::GetIO().MouseDown[0] = true;
        draw();
    }
    void release() {
        ImGui::GetIO().MouseDown[0] = false;
        draw();
    }
    void click(ImVec2 at) {
        move_to(at);
        press();
        release();
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "the mouse is the overlay's over a joint, and the pane's elsewhere") {
    CHECK_FALSE(taken);
    move_to(on_screen(3));
    CHECK(taken);
    bench.handle(Action::edit_key_points);
    draw();
    CHECK_FALSE(taken);
}

TEST_CASE_FIXTURE(Fixture, "a click selects a joint and corrects nothing; with Ctrl several") {
    click(on_screen(3));
    CHECK(selection().joints == std::vector{3});
    ImGui::GetIO().KeyCtrl = true;
    click(on_screen(5));
    CHECK(selection().joints == std::vector{3, 5});
    click(on_screen(3));
    CHECK(selection().joints == std::vector{5});
    CHECK(corrections() == 0);
}

TEST_CASE_FIXTURE(Fixture, "a drag is shown while the mouse is down and one edit when it is released") {
    const ImVec2 from = on_screen(3);
    const Vector3f before = place(3);
    move_to({from.x + 2, from.y + 1});
    press();
    move_to({from.x + 42, from.y - 49});
    REQUIRE(bench.state().pose_preview);
    CHECK(corrections() == 0);
    draw();
    move_to({from.x + 82, from.y - 99});
    release();
    CHECK(corrections() == 1);
    CHECK_FALSE(bench.state().pose_preview);
    CHECK((place(3) - before - Vector3f(0.2F, 1, 0)).norm() < 1e-3F);
    bench.handle(Action::undo);
    bench.tick();
    CHECK((place(3) - before).norm() < 1e-6F);
}

TEST_CASE_FIXTURE(Fixture, "Escape lets a dragged joint be where it was") {
    move_to(on_screen(3));
    press();
    move_to({on_screen(3).x, 60});
    draw();
    bench.handle(Action::clear_selection);
    CHECK_FALSE(bench.state().pose_preview);
    draw();
    move_to({on_screen(3).x, 90});
    release();
    CHECK(corrections() == 0);
    CHECK_FALSE(bench.state().pose_preview);
}

TEST_CASE_FIXTURE(Fixture, "with Shift a drag over the pane selects what lies within") {
    ImGui::GetIO().KeyShift = true;
    move_to({on_screen(4).x - 15, on_screen(4).y - 30});
    CHECK(taken);
    press();
    move_to({on_screen(6).x + 15, on_screen(4).y + 30});
    release();
    CHECK(selection().joints == std::vector{4, 5, 6});
}

TEST_CASE_FIXTURE(Fixture, "selected joints are dragged together") {
    click(on_screen(3));
    ImGui::GetIO().KeyCtrl = true;
    click(on_screen(8));
    ImGui::GetIO().KeyCtrl = false;
    const Vector3f before = place(8);
    move_to(on_screen(3));
    press();
    move_to({on_screen(3).x, on_screen(3).y - 100});
    draw();
    release();
    CHECK(place(8).y() == doctest::Approx(before.y() + 1));
    CHECK(corrections() == 2);
}

TEST_CASE_FIXTURE(Fixture, "an occluded joint can still be grasped") {
    click(on_screen(3));
    bench.handle(Action::mark_occluded);
    bench.tick();
    CHECK(skeleton().sequence->confidence_at(10, 3) == 0);
    bench.handle(Action::clear_selection);
    click(on_screen(3));
    CHECK(selection().joints == std::vector{3});
}

TEST_CASE_FIXTURE(Fixture, "another frame ends a drag without an edit") {
    move_to(on_screen(3));
    press();
    move_to({on_screen(3).x, 60});
    bench.handle(PlaybackIntent(Seek{20}));
    bench.tick();
    const bool went = bench.model().frame == 20;
    draw();
    release();
    if (went) CHECK(corrections() == 0);
    CHECK_FALSE(bench.state().pose_preview);
}

TEST_CASE_FIXTURE(Fixture, "the strip has a button for each tool, also in a narrow window, and offers smoothing") {
    bench.handle(Action::smooth_key_points);
    draw();
    const int wide = ImGui::GetDrawData()->TotalVtxCount;
    CHECK(wide > 500);
    ImGui::GetIO().DisplaySize = {220, 600};
    draw();
    CHECK(bench.state().pose_preview);
}

}  // namespace annotator
