#include "annotator/views/take_view.h"

#include <doctest/doctest.h>

#include <map>

#include "annotator/app/fonts.h"
#include "annotator/views/frame_thumbnail.h"
#include "annotator/views/texture_key.h"
#include "annotator/workflows/synth/frame_number.h"
#include "tests/annotator/headless_window.h"
#include "tests/annotator/labelling.h"
#include "tests/annotator/viewing.h"

namespace annotator {
namespace {

using schemas::FrameIndex;
using tests::TemporaryFolder;
using tests::Viewing;

// Keeps what number is painted into each picture that would be on the graphics card.
class PaintedTextures : public Textures {
public:
    ImTextureID texture(std::uint64_t key, std::uint64_t version, const schemas::Picture& picture) override {
        const auto found = versions_.find(key);
        if (found == versions_.end() || found->second != version) {
            versions_[key] = version;
            numbers[key] = synth::read_frame_number(picture).value_or(-1);
        }
        return reinterpret_cast<ImTextureID>(key);
    }
    std::map<std::uint64_t, int> numbers;

private:
    std::map<std::uint64_t, std::uint64_t> versions_;
};

// A window without a screen.
class Stage {
public:
    explicit Stage(ImVec2 size = {1000, 700}, float scale = 1)
        : theme_(make_theme(ThemeKind::dark, Palette::okabe_ito, scale)) {
        ImGui::CreateContext();
        ImGuiIO& io = ImGui::GetIO();
        io.DisplaySize = size;
        io.IniFilename = nullptr;
        load_fonts(theme_, {});
        apply(theme_);
        unsigned char* pixels = nullptr;
        int width = 0, height = 0;
        io.Fonts->GetTexDataAsAlpha8(&pixels, &width, &height);
    }
    ~Stage() { ImGui::DestroyContext(); }

    template <class Draw>
    void draw(Viewing& viewing, const Draw& draw) {
        ImGui::GetIO().DeltaTime = 1.0F / 60;
        ImGui::NewFrame();
        ImGui::SetNextWindowPos({0, 0});
        ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
        ImGui::Begin("stage", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove);
        Outbox outbox;
        draw(ViewContext{viewing.bench(), outbox, theme_, textures});
        ImGui::End();
        ImGui::Render();
        for (const Intent& intent : outbox.take()) viewing.ask(intent);
    }
    void draw(Viewing& viewing, TakeView& view) {
        draw(viewing, [&](const ViewContext& context) { view.draw(context); });
    }
    // Presses and releases the left button there, so often.
    void click(Viewing& viewing, TakeView& view, ImVec2 at, int times = 1) {
        ImGuiIO& io = ImGui::GetIO();
        io.MousePos = at;
        draw(viewing, view);
        for (int i = 0; i < 2 * times; ++i) {
            io.MouseDown[0] = i % 2 == 0;
            draw(viewing, view);
        }
    }
    [[nodiscard]] int vertices() const { return ImGui::GetDrawData()->TotalVtxCount; }

    PaintedTextures textures;

private:
    Theme theme_;
};

}  // namespace

TEST_CASE("the number on the screen is the one painted into the picture that was uploaded, at every picture") {
    const TemporaryFolder folder;
    Viewing viewing(tests::painted_project(folder, 120));
    Stage stage;
    TakeView view;
    viewing.open("dance", 7);
    int seen = 0;
    const auto look = [&] {
        stage.draw(viewing, view);
        for (const auto& [key, number] : stage.textures.numbers) {
            CHECK(number == viewing.model().frame);
            ++seen;
        }
    };
    const auto settled = [&] { return viewing.settled(); };
    REQUIRE(viewing.until(settled, look));
    for (const FrameIndex frame : {90, 3, 119, 60, 61, 59}) {
        viewing.ask(Seek{frame});
        REQUIRE(viewing.until(settled, look));
        look();
        CHECK(viewing.model().frame == frame);
    }
    viewing.ask(Seek{80}).ask(Action::play_pause);
    REQUIRE(viewing.until([&] { return !viewing.model().playing && settled(); }, look));
    CHECK(viewing.model().frame == 119);
    CHECK(seen > 20);
}

TEST_CASE("what cannot be shown is said in the pane, and drawing goes on") {
    const TemporaryFolder folder;
    ProjectSession session = tests::painted_project(folder, 30);
    std::filesystem::remove(folder.path() / "recordings" / "dance.mp4");
    Viewing viewing(std::move(session));
    Stage stage({640, 480}, 2);
    TakeView view;
    stage.draw(viewing, view);  // without a clip
    viewing.open("dance");
    stage.draw(viewing, view);
    REQUIRE(viewing.settle());
    stage.draw(viewing, view);
    CHECK(stage.textures.numbers.empty());
    CHECK(stage.vertices() > 0);
}

TEST_CASE("a skeleton that is not there says so in its pane, and is not waited for") {
    tests::Labelling ana;
    REQUIRE(ana.model().media);
    REQUIRE_FALSE(ana.model().media->skeletons.front().problem.empty());
    tests::HeadlessWindow window;
    SkeletonPane pane;
    PoseOverlay overlay;
    window.frame([&] {
        pane.draw({ana.bench(), window.outbox, window.theme, window.textures}, {{0, 0}, {400, 300}}, overlay);
    });
    CHECK(window.shows(window.theme.error));
}

TEST_CASE("a double click makes a pane large, and another one brings the others back") {
    const TemporaryFolder folder;
    Viewing viewing(tests::project_of_four(folder));
    Stage stage;
    TakeView view;
    REQUIRE(viewing.open("a01_s01_e01").settle());
    stage.draw(viewing, view);
    const int before = stage.vertices();
    CHECK(before > 500);  // a dancer on the ground
    stage.click(viewing, view, {300, 20}, 2);
    stage.draw(viewing, view);
    CHECK(stage.vertices() > 500);
}

TEST_CASE("the play button plays, and the frame buttons step") {
    const TemporaryFolder folder;
    Viewing viewing(tests::project_of_four(folder));
    Stage stage;
    TakeView view;
    REQUIRE(viewing.open("a01_s01_e01").settle());
    stage.draw(viewing, view);
    const float y = 700 - 8 - 20;  // of the toolbar's middle
    stage.click(viewing, view, {8 + 3 * 30 + 14, y});
    CHECK(viewing.model().frame == 1);
    stage.click(viewing, view, {8 + 2 * 30 + 14, y});
    CHECK(viewing.model().playing);
}

TEST_CASE("a small picture of a frame is that frame") {
    const TemporaryFolder folder;
    Viewing viewing(tests::painted_project(folder, 60));
    Stage stage;
    viewing.open("dance");
    const auto clip = viewing.model().clip()->id;
    const auto take = static_cast<std::int64_t>(viewing.model().clip()->take);
    REQUIRE(viewing.until(
        [&] { return stage.textures.numbers.size() == 5; },
        [&] {
            stage.draw(viewing, [&](const ViewContext& context) {
                for (int i = 0; i < 5; ++i)
                    draw_frame_thumbnail(context, clip, 30 + i, {100.0F * static_cast<float>(i), 10}, {90, 60});
            });
        }));
    for (FrameIndex frame = 30; frame < 35; ++frame)
        CHECK(stage.textures.numbers[texture_key(TextureOf::thumbnail, take, frame)] == frame);
}

}  // namespace annotator
