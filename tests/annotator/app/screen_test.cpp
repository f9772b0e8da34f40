#include "annotator/app/screen.h"

#include <doctest/doctest.h>

#include "tests/annotator/headless_window.h"
#include "tests/annotator/labelling.h"

using namespace annotator;

TEST_CASE("a layout that fits stays as it is") {
    const ScreenLayout layout;
    CHECK(fitted(layout, 1440, 860) == layout);
}

TEST_CASE("in a small window every part keeps some room") {
    const ScreenLayout small = fitted({700, 700, 900, 900}, 640, 410);
    CHECK(small.left + small.right <= 640 - 200);
    CHECK(small.bottom <= 0.51 * 410);
    CHECK(small.palette <= 410 - small.bottom);
    for (const float part : {small.left, small.right, small.bottom, small.palette}) CHECK(part >= 60);
}

TEST_CASE("every workspace is drawn in windows of any size, and the layout stays what was chosen") {
    tests::Labelling labelling;
    labelling.draw(0, 50, 1).draw(50, 80, 2);
    for (const float width : {480.0F, 640.0F, 1920.0F}) {
        tests::HeadlessWindow window(width, 0.75F * width);
        Screen screen;
        for (const Workspace workspace :
             {Workspace::annotate, Workspace::review, Workspace::train, Workspace::curate, Workspace::export_dataset}) {
            labelling.ask(WindowIntent(ShowWorkspace{workspace}));
            for (int i = 0; i < 3; ++i)
                window.frame([&] { screen.draw({labelling.bench(), window.outbox, window.theme, window.textures}); });
            (void)window.outbox.take();
        }
        CHECK(screen.layout() == ScreenLayout{});
    }
}
