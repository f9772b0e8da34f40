#include "annotator/app/fonts.h"

#include <filesystem>
#include <initializer_list>

namespace annotator {

namespace {

ImFont* first_found(std::initializer_list<const char*> files, float pixels) {
    for (const char* file : files)
        if (std::filesystem::exists(file)) return ImGui::GetIO().Fonts->AddFontFromFileTTF(file, pixels);
    ImFontConfig config;
    config.SizePixels = pixels;
    return ImGui::GetIO().Fonts->AddFontDefault(&config);
}

}  // namespace

void load_fonts(Theme& theme) {
    ImGui::GetIO().Fonts->Clear();
    const auto sans = {"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"};
    theme.body = first_found(sans, theme.px(15));
    theme.strong = first_found({"/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"}, theme.px(15));
    theme.small = first_found(sans, theme.px(12.5F));
    theme.mono = first_found({"/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"}, theme.px(13.5F));
}

}  // namespace annotator
