#include "annotator/app/script_recorder.h"

#include <doctest/doctest.h>

#include <fstream>

#include "annotator/app/script.h"
#include "tests/annotator/labelling.h"
#include "tests/support/temporary_folder.h"

using namespace annotator;
using nlohmann::json;

namespace {

// A person at a window that is not there.
struct Recording {
    tests::TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "s.json";
    ScriptRecorder recorder{file, Settings{}, 800, 600};
    tests::Labelling labelling;
    ImGuiIO& io = (ImGui::CreateContext(), ImGui::GetIO());
    double now = 0;

    ~Recording() { ImGui::DestroyContext(); }

    void frame(const std::vector<KeyStroke>& keys = {}, double later = 0.02) {
        now += later;
        recorder.record_mouse(io, &labelling.bench(), now);
        recorder.record_keys(keys, &labelling.bench(), now);
    }
    void pointer(float x, float y, bool down) {
        io.MousePos = {x, y};
        io.MouseDown[0] = down;
        frame();
    }
    // Without the settings, the size, and waits for media.
    json steps() {
        std::ifstream stream(file);
        json all = json::parse(stream);
        script_from(all, "s.json");
        all.erase(all.begin(), all.begin() + 2);
        json kept = json::array();
        for (json& step : all)
            if (!step.contains("wait_for")) kept.push_back(step);
        return kept;
    }
};

KeyStroke press(const char* chord, const char* text = "") { return {KeyPress{*chord_from(chord)}, 1, text}; }

}  // namespace

TEST_CASE("what is recorded is a script that can be read") {
    Recording recording;
    recording.frame({press("I"), press("Ctrl+Z")});
    CHECK(recording.steps() == json{{{"key", "I"}}, {{"key", "Ctrl+Z"}}});
}

TEST_CASE("waiting is recorded") {
    Recording recording;
    recording.frame({press("I")});
    recording.frame({press("O")}, 1.5);
    CHECK(recording.steps() == json{{{"key", "I"}}, {{"wait", 1.5}}, {{"key", "O"}}});
}

TEST_CASE("a click, a double click and a drag are told apart") {
    Recording recording;
    for (int i = 0; i < 2; ++i) {
        recording.pointer(10, 20, true);
        recording.pointer(10, 20, false);
    }
    recording.io.KeyCtrl = true;
    recording.pointer(10, 20, true);
    recording.pointer(30, 20, true);
    recording.pointer(60, 20, false);
    CHECK(recording.steps() ==
          json{{{"click", {10, 20}}, {"times", 2}}, {{"drag", {10, 20, 30, 20, 60, 20}}, {"held", "ctrl"}}});
}

TEST_CASE("a double click is one step, whatever comes to pass between its clicks") {
    Recording recording;
    recording.pointer(10, 20, true);
    recording.pointer(10, 20, false);
    recording.labelling.ask(Action::play_pause);
    recording.pointer(10, 20, true);
    recording.pointer(10, 20, false);
    recording.labelling.ask(Action::play_pause);
    recording.frame({press("I")});
    const json steps = recording.steps();
    REQUIRE(steps.size() == 3);
    CHECK(steps[0] == json{{"click", {10, 20}}, {"times", 2}});
    CHECK(steps[1].contains("go"));
    CHECK(steps[2] == json{{"key", "I"}});
}

TEST_CASE("text that a field takes is recorded as text, its keys that write nothing as keys") {
    Recording recording;
    recording.frame({press("R", "R"), press("E", "é"), {{}, -1, "舞"}, press("Enter"), press("A", "a")});
    CHECK(recording.steps() == json{{{"type", "Ré舞"}}, {{"key", "Enter"}}, {{"type", "a"}}});
}
