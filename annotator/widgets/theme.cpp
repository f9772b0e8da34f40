#include "annotator/widgets/theme.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "annotator/document/taxonomy_commands.h"

namespace annotator {

namespace {

constexpr ImU32 rgb(unsigned hex) { return IM_COL32((hex >> 16) & 255, (hex >> 8) & 255, hex & 255, 255); }

double channel(ImU32 colour, int shift) { return static_cast<double>((colour >> shift) & 255) / 255; }

double linear(double value) { return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4); }

double luminance(ImU32 colour) {
    return 0.2126 * linear(channel(colour, IM_COL32_R_SHIFT)) + 0.7152 * linear(channel(colour, IM_COL32_G_SHIFT)) +
           0.0722 * linear(channel(colour, IM_COL32_B_SHIFT));
}

std::optional<unsigned> number_from(std::string_view hex) {
    unsigned value = 0;
    if (hex.size() != 7 || hex[0] != '#') return std::nullopt;
    const auto [end, error] = std::from_chars(hex.data() + 1, hex.data() + 7, value, 16);
    return error == std::errc() && end == hex.data() + 7 ? std::optional(value) : std::nullopt;
}

// Tol's bright scheme, with an orange and grey, then his light one: one for each of label_colour().
constexpr std::array<unsigned, 16> tol_colours{0x4477aa, 0xee6677, 0x228833, 0xccbb44, 0x66ccee, 0xaa3377,
                                               0xee8866, 0xbbbbbb, 0x77aadd, 0xffaabb, 0x44bb99, 0xeedd88,
                                               0x99ddff, 0xbbcc33, 0xaaaa00, 0xdddddd};

unsigned in_tols_palette(unsigned colour) {
    static const auto usual = [] {
        std::array<unsigned, tol_colours.size()> colours{};
        for (std::size_t n = 0; n < colours.size(); ++n) colours[n] = number_from(label_colour(n)).value_or(0);
        return colours;
    }();
    const auto found = std::ranges::find(usual, colour);
    return found == usual.end() ? colour : tol_colours[static_cast<std::size_t>(found - usual.begin())];
}

}  // namespace

Theme make_theme(ThemeKind kind, Palette palette, float scale) {
    Theme theme{};
    theme.kind = kind;
    theme.palette = palette;
    theme.scale = scale;
    const bool dark = kind == ThemeKind::dark;
    theme.window = rgb(dark ? 0x15171b : 0xe9ebee);
    theme.panel = rgb(dark ? 0x1d2026 : 0xf7f8fa);
    theme.raised = rgb(dark ? 0x2a2e37 : 0xffffff);
    theme.border = rgb(dark ? 0x363b46 : 0xc9cdd4);
    theme.text = rgb(dark ? 0xe8eaee : 0x1b1e24);
    theme.faint_text = rgb(dark ? 0x9aa3b2 : 0x545c6a);
    theme.accent = rgb(dark ? 0x4f9cf5 : 0x1766c2);
    theme.accent_text = rgb(dark ? 0x0c1016 : 0xffffff);
    theme.playhead = rgb(dark ? 0xffd166 : 0xb26b00);
    theme.selection = rgb(dark ? 0xffffff : 0x101318);
    theme.mark = rgb(dark ? 0x7ee0c8 : 0x00755c);
    theme.grid = rgb(dark ? 0x2b3039 : 0xd6dae0);
    theme.waveform = rgb(dark ? 0x5b8db8 : 0x4d7ba3);
    theme.beat = rgb(dark ? 0x8891a1 : 0x7b8494);
    theme.energy = rgb(dark ? 0x6fb98f : 0x2d7d57);
    theme.probability = rgb(dark ? 0xe6a15c : 0xa85a0b);
    theme.good = rgb(dark ? 0x4fc3a1 : 0x00755c);
    theme.warning = rgb(dark ? 0xf0b44c : 0x8f5600);
    theme.error = rgb(dark ? 0xff7b72 : 0xb3261e);
    const bool ito = palette == Palette::okabe_ito;
    theme.left = rgb(ito ? 0x56b4e9 : 0x66ccee);
    theme.right = rgb(ito ? 0xe69f00 : 0xee6677);
    theme.middle = rgb(dark ? 0xe8eaee : 0x3a404b);
    return theme;
}

void apply(const Theme& theme) {
    ImGuiStyle style;
    theme.kind == ThemeKind::dark ? ImGui::StyleColorsDark(&style) : ImGui::StyleColorsLight(&style);
    style.WindowRounding = 0;
    style.ChildRounding = 4;
    style.FrameRounding = 4;
    style.PopupRounding = 6;
    style.GrabRounding = 4;
    style.ScrollbarRounding = 6;
    style.ScrollbarSize = 11;
    style.WindowPadding = {10, 10};
    style.FramePadding = {9, 5};
    style.ItemSpacing = {8, 6};
    style.ItemInnerSpacing = {6, 4};
    style.WindowBorderSize = 0;
    style.ChildBorderSize = 0;
    style.PopupBorderSize = 1;
    style.ScaleAllSizes(theme.scale);
    const auto set = [&](ImGuiCol which, ImU32 colour) {
        style.Colors[which] = ImGui::ColorConvertU32ToFloat4(colour);
    };
    set(ImGuiCol_Text, theme.text);
    set(ImGuiCol_TextDisabled, theme.faint_text);
    set(ImGuiCol_WindowBg, theme.window);
    set(ImGuiCol_ChildBg, theme.panel);
    set(ImGuiCol_PopupBg, theme.raised);
    set(ImGuiCol_Border, theme.border);
    set(ImGuiCol_FrameBg, theme.raised);
    set(ImGuiCol_FrameBgHovered, mixed(theme.raised, theme.accent, 0.18F));
    set(ImGuiCol_FrameBgActive, mixed(theme.raised, theme.accent, 0.3F));
    set(ImGuiCol_Button, theme.raised);
    set(ImGuiCol_ButtonHovered, mixed(theme.raised, theme.accent, 0.25F));
    set(ImGuiCol_ButtonActive, mixed(theme.raised, theme.accent, 0.45F));
    set(ImGuiCol_Header, mixed(theme.panel, theme.accent, 0.25F));
    set(ImGuiCol_HeaderHovered, mixed(theme.panel, theme.accent, 0.18F));
    set(ImGuiCol_HeaderActive, mixed(theme.panel, theme.accent, 0.35F));
    set(ImGuiCol_CheckMark, theme.accent);
    set(ImGuiCol_SliderGrab, theme.accent);
    set(ImGuiCol_SliderGrabActive, theme.accent);
    set(ImGuiCol_Separator, theme.border);
    set(ImGuiCol_TextSelectedBg, with_alpha(theme.accent, 0.4F));
    set(ImGuiCol_NavHighlight, theme.accent);
    set(ImGuiCol_ScrollbarBg, with_alpha(theme.panel, 0));
    set(ImGuiCol_ScrollbarGrab, theme.border);
    set(ImGuiCol_TableHeaderBg, theme.raised);
    set(ImGuiCol_TableBorderLight, theme.grid);
    set(ImGuiCol_TableBorderStrong, theme.border);
    set(ImGuiCol_PlotHistogram, theme.accent);
    set(ImGuiCol_Tab, theme.panel);
    set(ImGuiCol_TabHovered, mixed(theme.panel, theme.accent, 0.4F));
    set(ImGuiCol_TabActive, mixed(theme.panel, theme.accent, 0.3F));
    set(ImGuiCol_TabUnfocused, theme.panel);
    set(ImGuiCol_TabUnfocusedActive, mixed(theme.panel, theme.accent, 0.3F));
    ImGui::GetStyle() = style;
}

ImU32 colour_from(std::string_view hex, const Theme& theme) {
    const auto value = number_from(hex);
    if (!value) return theme.accent;
    return rgb(theme.palette == Palette::tol ? in_tols_palette(*value) : *value);
}

ImU32 with_alpha(ImU32 colour, float alpha) {
    const auto value = static_cast<ImU32>(std::clamp(alpha, 0.0F, 1.0F) * 255 + 0.5F);
    return (colour & ~IM_COL32_A_MASK) | (value << IM_COL32_A_SHIFT);
}

ImU32 mixed(ImU32 a, ImU32 b, float share_of_b) {
    ImU32 result = 0;
    for (const int shift : {0, 8, 16, 24}) {
        const auto from = static_cast<float>((a >> shift) & 255), to = static_cast<float>((b >> shift) & 255);
        result |= static_cast<ImU32>(from + (to - from) * share_of_b + 0.5F) << shift;
    }
    return result;
}

double contrast(ImU32 a, ImU32 b) {
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

ImU32 text_on(ImU32 background) {
    const ImU32 black = rgb(0x000000), white = rgb(0xffffff);
    return contrast(black, background) >= contrast(white, background) ? black : white;
}

Pattern pattern_of(schemas::FrameState state) {
    switch (state) {
        case schemas::FrameState::proposed:
            return Pattern::hatched;
        case schemas::FrameState::imported:
            return Pattern::dotted;
        case schemas::FrameState::unlabelled:
            return Pattern::outlined;
        case schemas::FrameState::disputed:
            return Pattern::crossed;
        case schemas::FrameState::verified:
            return Pattern::double_line;
        default:
            return Pattern::solid;
    }
}

}  // namespace annotator
