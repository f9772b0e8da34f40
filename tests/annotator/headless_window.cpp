#include "tests/annotator/headless_window.h"

namespace tests {

HeadlessWindow::HeadlessWindow(float width, float height) {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {width, height};
    io.DeltaTime = 1.0F / 60;
    io.MousePos = {-FLT_MAX, -FLT_MAX};
    for (int key = 0; key < ImGuiKey_COUNT; ++key) io.KeyMap[key] = key + 1;
    theme = annotator::make_theme(annotator::ThemeKind::dark, annotator::Palette::okabe_ito, 1);
    annotator::apply(theme);
    io.Fonts->AddFontDefault();
    io.Fonts->Build();
}

HeadlessWindow::~HeadlessWindow() { ImGui::DestroyContext(); }

void HeadlessWindow::frame(const std::function<void()>& draw) {
    ImGui::NewFrame();
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
    ImGui::Begin("test", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoBringToFrontOnFocus);
    draw();
    ImGui::End();
    ImGui::Render();
}

void HeadlessWindow::press(int imgui_key, const std::function<void()>& draw) {
    bool& down = ImGui::GetIO().KeysDown[ImGui::GetIO().KeyMap[imgui_key]];
    down = true;
    frame(draw);
    down = false;
    frame(draw);
}

void HeadlessWindow::type(const std::string& text, const std::function<void()>& draw) {
    ImGui::GetIO().AddInputCharactersUTF8(text.c_str());
    frame(draw);
    frame(draw);
}

void HeadlessWindow::click(float x, float y, const std::function<void()>& draw) {
    ImGuiIO& io = ImGui::GetIO();
    io.MousePos = {x, y};
    frame(draw);
    io.MouseDown[0] = true;
    frame(draw);
    io.MouseDown[0] = false;
    frame(draw);
    frame(draw);
}

void HeadlessWindow::click(const annotator::Landmark& at, const std::function<void()>& draw) {
    click((at.low.x + at.high.x) / 2, (at.low.y + at.high.y) / 2, draw);
}

std::string HeadlessWindow::text(const std::function<void()>& draw) {
    ImGui::SetClipboardText("");
    frame([&] {
        ImGui::LogToClipboard();
        draw();
        ImGui::LogFinish();
    });
    return ImGui::GetClipboardText();
}

bool HeadlessWindow::shows(ImU32 colour) {
    const ImDrawData& drawn = *ImGui::GetDrawData();
    for (int list = 0; list < drawn.CmdListsCount; ++list)
        for (const ImDrawVert& vertex : drawn.CmdLists[list]->VtxBuffer)
            if (vertex.col == colour) return true;
    return false;
}

}  // namespace tests
