#include "annotator/widgets/short_text.h"

#include <doctest/doctest.h>

#include "tests/annotator/headless_window.h"

using annotator::shortened;

TEST_CASE("a text that fits stays, and one that does not is cut between characters") {
    tests::HeadlessWindow window;
    window.frame([] {
        const auto width = [](const char* text) { return ImGui::CalcTextSize(text).x; };
        CHECK(shortened("walk", width("walk")) == "walk");
        CHECK(shortened("walking", width("walk…")) == "walk…");
        CHECK(shortened("walking", 0) == "…");
        CHECK(shortened("", 10) == "");
        for (float wide = 0; wide < 80; ++wide) {
            const std::string cut = shortened("ärös 跳舞 ق", wide);
            if (!cut.ends_with("…")) continue;
            const std::string kept = cut.substr(0, cut.size() - std::string("…").size());
            CHECK(std::string("ärös 跳舞 ق").starts_with(kept));
            CHECK((kept.empty() ||
                   (static_cast<unsigned char>(std::string("ärös 跳舞 ق")[kept.size()]) & 0xC0U) != 0x80));
            CHECK((kept.empty() || width(cut.c_str()) <= wide + 1));
        }
    });
}
