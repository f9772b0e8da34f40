#include "inference/early_stopping.h"

#include <doctest/doctest.h>

using inference::EarlyStopping;

TEST_CASE("training stops after so many looks in a row that were no better") {
    EarlyStopping stopping(3, 0);
    CHECK_FALSE(stopping.look(10, 0.5).stop);
    CHECK_FALSE(stopping.look(20, 0.4).stop);
    CHECK_FALSE(stopping.look(30, 0.4).stop);
    CHECK_FALSE(stopping.look(40, 0.6).stop);  // better, so the count begins anew
    CHECK_FALSE(stopping.look(50, 0.5).stop);
    CHECK_FALSE(stopping.look(60, 0.5).stop);
    CHECK(stopping.look(70, 0.5).stop);
    CHECK(stopping.state().best_step == 40);
    CHECK(stopping.state().best == 0.6);
}

TEST_CASE("training does not stop before the step that it may stop at, however long it was no better") {
    EarlyStopping stopping(1, 100);
    CHECK_FALSE(stopping.look(10, 0.5).stop);
    for (int step = 20; step < 100; step += 10) CHECK_FALSE(stopping.look(step, 0.1).stop);
    CHECK(stopping.look(100, 0.1).stop);
    CHECK(stopping.state().best_step == 10);
}

TEST_CASE("of equally good networks the latest is kept, which does not renew the patience") {
    EarlyStopping stopping(2, 0);
    CHECK(stopping.look(1, 1).best);
    const auto equal = stopping.look(2, 1);
    CHECK(equal.best);
    CHECK_FALSE(equal.stop);
    CHECK(stopping.look(3, 1).stop);
    CHECK(stopping.state().best_step == 3);
    CHECK_FALSE(stopping.look(4, 0.9).best);
}

TEST_CASE("one that is given another's state goes on as that one would") {
    EarlyStopping first(2, 0), second(2, 0);
    first.look(1, 0.5);
    first.look(2, 0.4);
    second.go_on_from(first.state());
    CHECK(second.look(3, 0.4).stop);
    CHECK(second.state().best_step == 1);
}
