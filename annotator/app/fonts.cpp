#include "annotator/app/fonts.h"

#include <fontconfig/fontconfig.h>
#include <imgui_freetype.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace annotator {

namespace {

// Latin with what most of Europe writes, punctuation, arrows and the signs that views use.
constexpr ImWchar usual_ranges[] = {0x0020, 0x007E, 0x00A0, 0x017F, 0x2010, 0x2026, 0x2030, 0x203A, 0x2190, 0x2193,
                                    0x2212, 0x2212, 0x2260, 0x2265, 0x25CF, 0x25CF, 0xFFFD, 0xFFFD, 0};

bool is_usual_character(char32_t code) {
    for (const ImWchar* range = usual_ranges; *range != 0; range += 2)
        if (code >= range[0] && code <= range[1]) return true;
    return false;
}

struct FontFile {
    std::string path;
    int number = 0;  // in a collection
    std::vector<ImWchar> ranges;
};

template <class Thing, void (*destroy)(Thing*)>
struct Destroy {
    void operator()(Thing* thing) const { destroy(thing); }
};
using Pattern_ = std::unique_ptr<FcPattern, Destroy<FcPattern, FcPatternDestroy>>;
using CharSet = std::unique_ptr<FcCharSet, Destroy<FcCharSet, FcCharSetDestroy>>;

// The font of that family, or like it, that has most of these characters; without characters the family counts alone.
Pattern_ best_match(const char* family, const std::set<char32_t>& characters) {
    const CharSet wanted(FcCharSetCreate());
    for (const char32_t code : characters) FcCharSetAddChar(wanted.get(), code);
    const Pattern_ pattern(FcPatternCreate());
    if (!characters.empty()) FcPatternAddCharSet(pattern.get(), FC_CHARSET, wanted.get());
    FcPatternAddString(pattern.get(), FC_FAMILY, reinterpret_cast<const FcChar8*>(family));
    FcPatternAddBool(pattern.get(), FC_SCALABLE, FcTrue);
    FcConfigSubstitute(nullptr, pattern.get(), FcMatchPattern);
    FcDefaultSubstitute(pattern.get());
    FcResult result = FcResultNoMatch;
    return Pattern_(FcFontMatch(nullptr, pattern.get(), &result));
}

// Takes what the font has out of `missing`; nullopt when that is nothing.
std::optional<FontFile> take_covered(FcPattern* font, std::set<char32_t>& missing) {
    FcChar8* path = nullptr;
    FcCharSet* has = nullptr;
    FontFile file;
    if (font == nullptr || FcPatternGetString(font, FC_FILE, 0, &path) != FcResultMatch ||
        FcPatternGetCharSet(font, FC_CHARSET, 0, &has) != FcResultMatch)
        return std::nullopt;
    FcPatternGetInteger(font, FC_INDEX, 0, &file.number);
    file.number &= 0xFFFF;  // above are the instances of a variable font
    file.path = reinterpret_cast<const char*>(path);
    std::erase_if(missing, [&](char32_t code) {
        if (!FcCharSetHasChar(has, code)) return false;
        file.ranges.insert(file.ranges.end(), 2, static_cast<ImWchar>(code));
        return true;
    });
    if (file.ranges.empty()) return std::nullopt;
    file.ranges.push_back(0);
    return file;
}

std::vector<FontFile> fonts_for(std::set<char32_t> missing) {
    std::vector<FontFile> fonts;
    if (missing.empty()) return fonts;
    // Greek and Cyrillic look best beside Latin of the same hand.
    if (auto own = take_covered(best_match("Inter", {}).get(), missing)) fonts.push_back(std::move(*own));
    while (!missing.empty()) {
        auto font = take_covered(best_match("sans-serif", missing).get(), missing);
        // A font is chosen by its language before its characters: ask for one character, too.
        if (!font) font = take_covered(best_match("sans-serif", {*missing.begin()}).get(), missing);
        if (font)
            fonts.push_back(std::move(*font));
        else
            missing.erase(missing.begin());
    }
    return fonts;
}

ImFont* add_font(std::initializer_list<const char*> files, float pixels, const std::vector<FontFile>& further) {
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    ImFontConfig config;
    config.SizePixels = std::round(pixels);
    const auto* found = std::ranges::find_if(files, [](const char* file) { return std::filesystem::exists(file); });
    ImFont* font = found == files.end() ? atlas.AddFontDefault(&config)
                                        : atlas.AddFontFromFileTTF(*found, config.SizePixels, &config, usual_ranges);
    config.MergeMode = true;
    for (const FontFile& file : further) {
        config.FontNo = file.number;
        atlas.AddFontFromFileTTF(file.path.c_str(), config.SizePixels, &config, file.ranges.data());
    }
    return font;
}

}  // namespace

void add_further_characters(std::string_view utf8, std::set<char32_t>& characters) {
    for (std::size_t i = 0; i < utf8.size();) {
        const auto first = static_cast<unsigned char>(utf8[i]);
        const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        char32_t code = length == 1 ? first : first & (0xFFU >> (length + 1));
        for (std::size_t k = 1; k < length && i + k < utf8.size(); ++k)
            code = (code << 6) | (static_cast<unsigned char>(utf8[i + k]) & 63U);
        if (code >= 0xA0 && code <= 0xFFFF && !is_usual_character(code)) characters.insert(code);
        i += length;
    }
}

void load_fonts(Theme& theme, const std::set<char32_t>& further) {
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    atlas.Clear();
    // stb_truetype cannot read the outlines of OpenType's CFF, which Inter comes with.
    atlas.FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
    atlas.FontBuilderFlags = ImGuiFreeTypeBuilderFlags_LightHinting;
    const std::vector<FontFile> fonts = fonts_for(further);
    const auto sans = {"/usr/share/fonts/opentype/inter/Inter-Regular.otf",
                       "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"};
    theme.body = add_font(sans, theme.px(15), fonts);
    theme.strong = add_font(
        {"/usr/share/fonts/opentype/inter/Inter-SemiBold.otf", "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"},
        theme.px(15), fonts);
    theme.small = add_font(sans, theme.px(12.5F), fonts);
    theme.mono = add_font({"/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"}, theme.px(13.5F), fonts);
    theme.title = add_font(
        {"/usr/share/fonts/opentype/inter/Inter-SemiBold.otf", "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"},
        theme.px(34), {});
    atlas.Build();
}

}  // namespace annotator
