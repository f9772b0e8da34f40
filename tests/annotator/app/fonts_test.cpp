#include "annotator/app/fonts.h"

#include <doctest/doctest.h>

using namespace annotator;

TEST_CASE("only characters beyond the usual ones are further ones") {
    std::set<char32_t> characters;
    add_further_characters("Größe – é … →", characters);
    CHECK(characters.empty());
    add_further_characters("跳 прыжок قفزة नृत्य", characters);
    CHECK(characters.contains(U'跳'));
    CHECK(characters.contains(U'ж'));
    CHECK(characters.contains(U'ق'));
    CHECK(characters.contains(U'न'));
    CHECK_FALSE(characters.contains(U' '));
}

TEST_CASE("broken UTF-8 is no obstacle") {
    std::set<char32_t> characters;
    add_further_characters("\xE8\xB7", characters);
    add_further_characters("\xFF\x80\xC0", characters);
}

TEST_CASE("the fonts have the usual characters and those that names use") {
    ImGui::CreateContext();
    Theme theme = make_theme(ThemeKind::dark, Palette::okabe_ito, 1);
    load_fonts(theme, {U'ж'});
    CHECK(theme.body->FindGlyphNoFallback('a') != nullptr);
    CHECK(theme.body->FindGlyphNoFallback(0x2026) != nullptr);
    CHECK(theme.body->FindGlyphNoFallback(0x0436) != nullptr);
    CHECK(theme.mono->FindGlyphNoFallback(0x0436) != nullptr);
    CHECK(theme.small->FontSize < theme.body->FontSize);
    ImGui::DestroyContext();
}
