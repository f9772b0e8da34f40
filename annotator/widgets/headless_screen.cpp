#include "annotator/widgets/headless_screen.h"

namespace annotator {

HeadlessScreen::HeadlessScreen(float width, float height, float scale)
    : context_(ImGui::CreateContext()), theme_(make_theme(ThemeKind::dark, Palette::okabe_ito, scale)) {
    ImGui::SetCurrentContext(context_);
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {width, height};
    io.DeltaTime = 1.0F / 60;
    io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
    for (int key = 0; key < ImGuiKey_COUNT; ++key) io.KeyMap[key] = key;
    unsigned char* pixels = nullptr;
    int wide = 0, tall = 0;
    io.Fonts->GetTexDataAsRGBA32(&pixels, &wide, &tall);
    apply(theme_);
}

HeadlessScreen::~HeadlessScreen() { ImGui::DestroyContext(context_); }

void HeadlessScreen::frame(const std::function<void()>& draw) {
    ImGuiIO& io = ImGui::GetIO();
    ImGui::NewFrame();
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(io.DisplaySize);
    ImGui::Begin("screen", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoBringToFrontOnFocus |
                     ImGuiWindowFlags_NoScrollWithMouse);
    draw();
    ImGui::End();
    ImGui::Render();
    vertices_ = static_cast<std::size_t>(ImGui::GetDrawData()->TotalVtxCount);
    io.MouseWheel = io.MouseWheelH = 0;
}

}  // namespace annotator
