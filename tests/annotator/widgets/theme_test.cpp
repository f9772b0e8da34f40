#include "annotator/widgets/theme.h"

#include <doctest/doctest.h>

#include <set>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/widgets/state_bar.h"

using namespace annotator;

TEST_CASE("contrast is that of WCAG 2") {
    CHECK(contrast(IM_COL32_WHITE, IM_COL32_BLACK) == doctest::Approx(21));
    CHECK(contrast(IM_COL32(0x77, 0x77, 0x77, 255), IM_COL32_WHITE) == doctest::Approx(4.48).epsilon(0.01));
}

TEST_CASE("whatever is written can be read: 4.5 to 1 on everything that it stands on") {
    for (const ThemeKind kind : {ThemeKind::dark, ThemeKind::light})
        for (const Palette palette : {Palette::okabe_ito, Palette::tol}) {
            const Theme theme = make_theme(kind, palette, 1);
            for (const ImU32 back : {theme.window, theme.panel, theme.raised}) {
                CHECK(contrast(theme.text, back) >= 4.5);
                CHECK(contrast(theme.faint_text, back) >= 4.5);
                CHECK(contrast(theme.warning, back) >= 4.5);
                CHECK(contrast(theme.error, back) >= 4.5);
            }
            CHECK(contrast(theme.accent, theme.panel) >= 4.5);
            CHECK(contrast(theme.accent_text, theme.accent) >= 4.5);
            // What stands on a row that is chosen or under the mouse is written in the colour of text.
            for (const float share : {0.12F, 0.14F, 0.16F, 0.2F, 0.22F, 0.28F, 0.3F, 0.35F, 0.45F, 0.5F})
                for (const ImU32 ground : {theme.panel, theme.raised})
                    CHECK(contrast(theme.text, mixed(ground, theme.accent, share)) >= 4.5);
        }
}

TEST_CASE("text on any colour is black or white, whichever reads better, and reads well") {
    for (unsigned i = 0; i < 4096; ++i) {
        const ImU32 colour = IM_COL32((i & 15) * 17, ((i >> 4) & 15) * 17, ((i >> 8) & 15) * 17, 255);
        CHECK(contrast(text_on(colour), colour) >= 4.5);
    }
}

TEST_CASE("states that look alike to some people have different patterns or are of one kind") {
    using schemas::FrameState;
    CHECK(pattern_of(FrameState::proposed) != pattern_of(FrameState::accepted));
    CHECK(pattern_of(FrameState::imported) != pattern_of(FrameState::accepted));
    CHECK(pattern_of(FrameState::disputed) != pattern_of(FrameState::verified));
    CHECK(pattern_of(FrameState::unlabelled) != pattern_of(FrameState::drawn));
    const Theme theme = make_theme(ThemeKind::dark, Palette::okabe_ito, 1);
    for (int i = 0; i <= static_cast<int>(FrameState::disputed); ++i)
        for (int j = 0; j < i; ++j) {
            const auto a = static_cast<FrameState>(i), b = static_cast<FrameState>(j);
            if (pattern_of(a) == pattern_of(b)) CHECK(colour_of(a, theme) == colour_of(b, theme));
        }
}

TEST_CASE("labels that have no colour of their own follow the palette, each with another colour") {
    const Theme ito = make_theme(ThemeKind::dark, Palette::okabe_ito, 1);
    const Theme tol = make_theme(ThemeKind::dark, Palette::tol, 1);
    std::set<ImU32> colours;
    for (std::size_t n = 0; n < 16; ++n) {
        CHECK(colour_from(label_colour(n), ito) != colour_from(label_colour(n), tol));
        colours.insert(colour_from(label_colour(n), tol));
    }
    CHECK(colours.size() == 16);
    CHECK(colour_from("#E69F00", tol) == IM_COL32(0x44, 0x77, 0xaa, 255));
    CHECK(colour_from("#123456", tol) == IM_COL32(0x12, 0x34, 0x56, 255));
}

TEST_CASE("what is no colour is the accent") {
    const Theme theme = make_theme(ThemeKind::dark, Palette::tol, 1);
    CHECK(colour_from("#102030", theme) == IM_COL32(0x10, 0x20, 0x30, 255));
    for (const char* text : {"", "red", "#12", "#1234567", "#gggggg"}) CHECK(colour_from(text, theme) == theme.accent);
}
