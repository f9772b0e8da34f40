#include "annotator/workflows/edit_script.h"

#include <doctest/doctest.h>

#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"
#include "tests/annotator/small_recordings.h"

namespace annotator {
namespace {

using nlohmann::json;
using schemas::Segment;
using tests::project_of_four;
using tests::TemporaryFolder;

constexpr const char* clip = "a01_s01_e01";

json on_clip(const char* what, json more = json::object()) {
    more["do"] = what;
    more["clip"] = clip;
    return more;
}

json draw(const char* label, int begin, int end) { return on_clip("draw", {{"label", label}, {"span", {begin, end}}}); }

void done(ProjectSession& session, std::initializer_list<json> commands) {
    const ScriptOutcome outcome = run_edit_script(session, json(std::vector<json>(commands)));
    for (const auto& [command, reason] : outcome.failed) FAIL_CHECK(command << ": " << reason);
    CHECK(outcome.applied == commands.size());
}

// Why the only command failed.
std::string refusal(ProjectSession& session, const json& command) {
    const ScriptOutcome outcome = run_edit_script(session, json::array({command}));
    CHECK(outcome.applied == 0);
    return outcome.failed.empty() ? "" : outcome.failed.front().reason;
}

// What Ana's layer says of the clip, as "label [begin, end) state; …".
std::string said(const ProjectSession& session) {
    const Document& document = session.document();
    const auto* layer = layer_named(document, "Ana");
    std::string text;
    for (const Segment& segment :
         labels_of_clip(document, clip_named(document, clip)->id, track_named(document, "category")->id, layer->id))
        text += document.at<schemas::Label>(segment.label).name + " [" + std::to_string(segment.begin_frame) + ", " +
                std::to_string(segment.end_frame) + ") " + std::string(schemas::to_text(segment.state)) + "; ";
    return text;
}

// Two proposals on the clip, of the categories 01 and 02, and one on another clip.
void propose(ProjectSession& session) {
    const Document& document = session.document();
    schemas::ModelVersion model;
    model.id = session.ids().fresh<schemas::ModelId>();
    model.family = model.name = "test";
    model.options = model.metrics = "{}";
    session.store().add_model(model);
    const auto track = track_named(document, "category")->id;
    const auto here = clip_named(document, clip)->id, there = clip_named(document, "a02_s01_e01")->id;
    const auto proposal = [&](schemas::ClipId of, schemas::FrameIndex begin, schemas::FrameIndex end, const char* label,
                              double score) {
        schemas::Proposal made;
        made.id = session.ids().fresh<schemas::ProposalId>();
        made.model = model.id;
        made.clip = of;
        made.track = track;
        made.begin_frame = begin;
        made.end_frame = end;
        made.top = {{label_named(document, track, label)->id, score}};
        return made;
    };
    session.store().replace_proposals(
        track, {here, there},
        {proposal(here, 0, 10, "01", 0.9), proposal(here, 10, 30, "02", 0.6), proposal(there, 0, 30, "02", 0.8)});
}

}  // namespace

TEST_CASE("a segment is drawn, relabelled, split, moved, trimmed, merged, verified, disputed and deleted by script") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    done(session, {draw("01", 0, 20), draw("02", 20, 30)});
    CHECK(said(session) == "01 [0, 20) drawn; 02 [20, 30) drawn; ");
    done(session, {on_clip("relabel", {{"frame", 25}, {"label", "01"}})});
    done(session, {on_clip("split", {{"frame", 8}})});
    CHECK(said(session) == "01 [0, 8) drawn; 01 [8, 20) drawn; 01 [20, 30) drawn; ");
    done(session, {on_clip("move_boundary", {{"frame", 8}, {"to", 5}})});
    done(session, {on_clip("trim", {{"frame", 22}, {"edge", "end"}, {"to", 28}})});
    CHECK(said(session) == "01 [0, 5) drawn; 01 [5, 20) drawn; 01 [20, 28) drawn; ");
    done(session, {on_clip("merge", {{"frame", 0}})});
    done(session, {on_clip("verify", {{"frame", 0}}), on_clip("dispute", {{"frame", 20}})});
    CHECK(said(session) == "01 [0, 20) verified; 01 [20, 28) disputed; ");
    done(session, {on_clip("delete", {{"frame", 0}})});
    CHECK(said(session) == "01 [20, 28) disputed; ");
}

TEST_CASE("proposals are accepted, corrected and rejected by script") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    propose(session);
    done(session, {on_clip("accept", {{"above", 0.8}})});
    CHECK(said(session) == "01 [0, 10) accepted; ");
    done(session, {on_clip("correct", {{"frame", 15}, {"label", "01"}, {"span", {12, 30}}})});
    CHECK(said(session) == "01 [0, 10) accepted; 01 [12, 30) corrected; ");
    done(session, {{{"do", "reject"}, {"clip", "a02_s01_e01"}}});
    CHECK(session.document().rows<schemas::Rejection>().size() == 1);
    CHECK(refusal(session, on_clip("accept", {{"above", 0.99}})) == "there is no such proposal");
}

TEST_CASE("key poses and comments are made, moved and deleted by script") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    done(session, {{{"do", "add_label"}, {"track", "key pose"}, {"label", "apex"}},
                   on_clip("key_pose", {{"track", "key pose"}, {"label", "apex"}, {"frame", 4}}),
                   on_clip("move_key_pose", {{"track", "key pose"}, {"frame", 4}, {"to", 7}}),
                   on_clip("comment", {{"text", "schön ✓"}, {"span", {2, 9}}})});
    REQUIRE(session.document().rows<schemas::KeyPose>().size() == 1);
    CHECK(session.document().rows<schemas::KeyPose>().begin()->second.frame == 7);
    CHECK(session.document().rows<schemas::Comment>().begin()->second.text == "schön ✓");
    done(session, {on_clip("delete_key_pose", {{"track", "key pose"}, {"frame", 7}})});
    CHECK(session.document().rows<schemas::KeyPose>().empty());
}

TEST_CASE("labels are added, renamed, deprecated and merged by script") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    done(session, {{{"do", "add_label"}, {"label", "跳"}, {"colour", "#00ff7F"}, {"hotkey", "t"}},
                   draw("跳", 0, 30),
                   {{"do", "rename_label"}, {"label", "跳"}, {"to", "jump"}},
                   {{"do", "add_label"}, {"label", "leap"}},
                   {{"do", "merge_labels"}, {"label", "jump"}, {"into", "leap"}},
                   {{"do", "deprecate_label"}, {"label", "02"}}});
    CHECK(said(session) == "leap [0, 30) drawn; ");
    CHECK(refusal(session, draw("jump", 0, 3)) == "label 'jump' was merged into 'leap'; use that one");
    CHECK(refusal(session, draw("02", 0, 3)) == "label '02' is deprecated; use another one");
    CHECK(refusal(session, {{"do", "merge_labels"}, {"label", "leap"}, {"into", "jump"}}) != "");
    CHECK(refusal(session, {{"do", "add_label"}, {"label", "x"}, {"colour", "red"}}) ==
          "colour 'red' is not of the form #rrggbb");
}

TEST_CASE("an unknown command refuses the whole script before anything is done") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const auto logged = session.journal().last_sequence;
    for (const json& script : {json::array({draw("01", 0, 9), {{"do", "fly"}}}), json::array({draw("01", 0, 9), 3}),
                               json::array({{{"label", "01"}}}), json(3), json("draw"), json::object(),
                               json{{"commands", 3}}, json(nullptr)})
        CHECK_THROWS_AS(run_edit_script(session, script), std::invalid_argument);
    CHECK(session.journal().last_sequence == logged);
}

TEST_CASE("a command that cannot be done is reported with its place, and the others are done") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const ScriptOutcome outcome = run_edit_script(
        session, {{"commands", {draw("01", 0, 9), draw("nowhere", 9, 12), on_clip("split"), draw("02", 12, 30)}}});
    CHECK(outcome.applied == 2);
    REQUIRE(outcome.failed.size() == 2);
    CHECK(outcome.failed[0].command == 1);
    CHECK(outcome.failed[0].reason.find("has no label 'nowhere'") != std::string::npos);
    CHECK(outcome.failed[1].command == 2);
    CHECK(outcome.failed[1].reason == "it needs 'frame'");
    CHECK(said(session) == "01 [0, 9) drawn; 02 [12, 30) drawn; ");
}

TEST_CASE("frames are whole numbers within the clip, and spans are two of them") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    done(session, {draw("01", 0, 9)});
    for (const json& span :
         {json{3.5, 9}, json{0, 1e300}, json{0, 18446744073709551615U}, json{1}, json{1, 2, 3}, json{true, 9},
          json{"1", "9"}, json("1-9"), json::object(), json{9, 3}, json{3, 3}, json{-1, 9}, json{0, 31}}) {
        CAPTURE(span.dump());
        CHECK(refusal(session, on_clip("draw", {{"label", "01"}, {"span", span}})) != "");
    }
    CHECK(said(session) == "01 [0, 9) drawn; ");
}

TEST_CASE("drawing replaces what is there unless it is told to refuse") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    done(session, {draw("01", 0, 20), draw("02", 5, 8)});
    CHECK(said(session) == "01 [0, 5) drawn; 02 [5, 8) drawn; 01 [8, 20) drawn; ");
    json refusing = draw("02", 0, 3);
    refusing["overlap"] = "refuse";
    CHECK(refusal(session, refusing).find("labelled already") != std::string::npos);
    refusing["overlap"] = "perhaps";
    CHECK(refusal(session, refusing).find("'overlap'") != std::string::npos);
}

TEST_CASE("spans go on tracks of spans and key poses on tracks of key poses") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    done(session, {{{"do", "add_label"}, {"track", "key pose"}, {"label", "apex"}}});
    CHECK(refusal(session, on_clip("draw", {{"track", "key pose"}, {"label", "apex"}})).find("holds key poses") !=
          std::string::npos);
    CHECK(refusal(session, on_clip("key_pose", {{"label", "01"}, {"frame", 3}})).find("holds spans") !=
          std::string::npos);
}

TEST_CASE("each command is one step of undo") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    done(session, {draw("01", 0, 20), on_clip("split", {{"frame", 8}})});
    CHECK(session.undo() == "Split segment");
    CHECK(said(session) == "01 [0, 20) drawn; ");
    CHECK(session.undo() == "Draw '01'");
    CHECK(said(session).empty());
}

}  // namespace annotator
