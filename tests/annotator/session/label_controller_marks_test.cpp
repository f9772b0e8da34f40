#include <doctest/doctest.h>

#include "annotator/session/label_controller.h"
#include "tests/annotator/labelling.h"

using namespace annotator;
using namespace schemas;
using tests::Labelling;

// What stands at frames beside the segments: key poses and comments.

TEST_CASE("key poses are added at the playhead, moved and deleted") {
    Labelling ana;
    ana.at(30).key(Action::add_key_pose);
    CHECK(ana.state().line->track == TrackId{3});
    CHECK(ana.state().asking == Asking::label);
    ana.label_key(6);
    ana.at(50).key(Action::clear_selection).key(Action::add_key_pose);
    const auto& poses = ana.bench().document().rows<KeyPose>();
    REQUIRE(poses.size() == 2);
    const KeyPoseId last = *ana.state().selection.key_pose;
    CHECK(poses.at(last).frame == 50);
    ana.ask(LabelIntent(MoveKeyPose{last, 55}));
    CHECK(poses.at(last).frame == 55);
    ana.key(Action::remove);
    CHECK(poses.size() == 1);
    CHECK_FALSE(ana.state().selection.key_pose.has_value());
}

TEST_CASE("a comment speaks of what is marked, else of what is selected, else of the frame that is shown") {
    Labelling ana;
    const auto newest = [&] {
        const auto& all = ana.bench().document().rows<Comment>();
        return std::ranges::max_element(all, {}, [](const auto& entry) { return entry.second.time; })->second;
    };
    ana.at(7).ask(LabelIntent(AddComment{{}, "here"}));
    CHECK(newest().begin_frame == 7);
    CHECK(newest().end_frame == 8);
    ana.draw(10, 20, 1).key(Action::select_all).ask(LabelIntent(AddComment{{}, "this one"}));
    CHECK(newest().end_frame == 20);
    ana.ask(LabelIntent(SetMarks{40, 60})).ask(LabelIntent(AddComment{{}, "marked"}));
    CHECK(newest().begin_frame == 40);
    ana.ask(LabelIntent(SelectComment{newest().id})).key(Action::remove);
    CHECK(ana.bench().document().rows<Comment>().size() == 2);
}

TEST_CASE("a key resolves the comment that is selected, else the first open one at the playhead") {
    Labelling ana;
    ana.ask(LabelIntent(AddComment{{10, 30}, "long"})).ask(LabelIntent(AddComment{{20, 25}, "short"}));
    const auto is_resolved = [&](std::string_view text) {
        for (const auto& [id, comment] : ana.bench().document().rows<Comment>())
            if (comment.text == text) return comment.resolved;
        return false;
    };
    ana.at(50).key(Action::resolve_comment);
    CHECK(ana.said() == "There is no open comment here to resolve.");
    ana.at(22).key(Action::resolve_comment);
    CHECK(is_resolved("long"));
    CHECK_FALSE(is_resolved("short"));
    for (const auto& [id, comment] : ana.bench().document().rows<Comment>())
        if (comment.text == "short") ana.ask(LabelIntent(SelectComment{id}));
    ana.at(90).key(Action::resolve_comment);
    CHECK(is_resolved("short"));
}
