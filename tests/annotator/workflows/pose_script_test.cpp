#include "annotator/workflows/pose_script.h"

#include <doctest/doctest.h>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/edit_script.h"
#include "annotator/workflows/export_dataset.h"
#include "annotator/workflows/training_snapshot.h"
#include "annotator/workflows/verify_project.h"
#include "tests/annotator/small_recordings.h"

namespace annotator {
namespace {

using nlohmann::json;
using tests::project_of_four;
using tests::TemporaryFolder;

constexpr const char* clip = "a01_s01_e01";

json on_clip(const char* what, json more = json::object()) {
    more["do"] = what;
    more["clip"] = clip;
    return more;
}

void done(ProjectSession& session, const json& command) {
    const ScriptOutcome outcome = run_edit_script(session, json::array({command}));
    for (const auto& [number, reason] : outcome.failed) FAIL_CHECK(reason);
}

std::string refusal(ProjectSession& session, const json& command) {
    const ScriptOutcome outcome = run_edit_script(session, json::array({command}));
    CHECK(outcome.applied == 0);
    return outcome.failed.empty() ? "" : outcome.failed.front().reason;
}

const schemas::Stream& stream_of(const ProjectSession& session) {
    const Document& document = session.document();
    return document.at<schemas::Stream>(document.streams(clip_named(document, clip)->take).front());
}

schemas::SkeletonSequence motion(ProjectSession& session) { return stream_motion(session, stream_of(session)); }

std::size_t joint(const schemas::SkeletonSequence& sequence, const char* name) {
    return static_cast<std::size_t>(sequence.layout->joint_named(name).value());
}

TrainingSnapshot snapshot_of(ProjectSession& session) {
    return training_snapshot(session, load_motions(session, {}).value(), {}, {}).value();
}

}  // namespace

TEST_CASE("a script moves a joint in one frame") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    done(session, on_clip("move_joint", {{"frame", 7}, {"joint", "left_wrist"}, {"position", {1, 2, 3}}}));
    const auto now = motion(session);
    CHECK(now.at(7, joint(now, "left_wrist")) == Eigen::Vector3f(1, 2, 3));
    CHECK(now.at(8, joint(now, "left_wrist")) != Eigen::Vector3f(1, 2, 3));
}

TEST_CASE("two numbers place a joint and leave the third as it was") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    done(session, on_clip("move_joint", {{"frame", 7}, {"joint", "left_wrist"}, {"position", {5, 6}}}));
    const auto now = motion(session);
    CHECK(now.at(7, joint(now, "left_wrist")) == Eigen::Vector3f(5, 6, 2));
}

TEST_CASE("every key-point command of a script is done, and undone, and found in order") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const auto recorded = motion(session);
    const auto steps = session.journal().done.size();
    done(session, on_clip("occlude_joint", {{"span", {3, 9}}, {"joints", {"left_wrist", "left_hand"}}}));
    done(session, on_clip("interpolate_joints", {{"span", {5, 8}}, {"joint", "left_hand"}, {"bones", "keep"}}));
    done(session, on_clip("swap_sides", {{"span", {10, 20}}}));
    done(session, on_clip("smooth_joints", {{"trust", 0.25}}));
    done(session, on_clip("settle_bones", {{"frame", 4}}));
    done(session, on_clip("copy_pose", {{"frame", 4}}));
    done(session, on_clip("reset_joints", {{"span", {0, 2}}}));
    const auto last = motion(session);
    CHECK(last.positions != recorded.positions);
    CHECK(last.at(0, 3) == recorded.at(0, 3));
    CHECK(Document(session.store().load_rows()) == session.document());
    CHECK(replay(session.store().log().all()) == session.document());
    const auto findings = verify_project(session, {}, Thoroughness::usual).value();
    CHECK(findings.empty());
    while (session.journal().done.size() > steps) session.undo();
    CHECK(motion(session).positions == recorded.positions);
    while (session.redo()) {
    }
    CHECK(motion(session).positions == last.positions);
}

TEST_CASE("corrections survive a restart") {
    const TemporaryFolder folder;
    {
        ProjectSession session = project_of_four(folder);
        done(session, on_clip("move_joint", {{"frame", 7}, {"joint", "head"}, {"position", {1, 2, 3}}}));
    }
    ProjectSession session(folder.path() / "project", tests::fixed_session(2));
    const auto now = motion(session);
    CHECK(now.at(7, joint(now, "head")) == Eigen::Vector3f(1, 2, 3));
    session.undo();
    CHECK(motion(session).at(7, joint(now, "head")) != Eigen::Vector3f(1, 2, 3));
}

TEST_CASE("a corrected key-point changes what models learn from, and the hash of it") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const TrainingSnapshot before = snapshot_of(session);
    done(session, on_clip("move_joint", {{"frame", 7}, {"joint", "head"}, {"position", {1, 2, 3}}}));
    const TrainingSnapshot after = snapshot_of(session);
    CHECK(before.hash != after.hash);
    REQUIRE(before.samples.size() == after.samples.size());
    std::size_t changed = 0;
    for (std::size_t i = 0; i < after.samples.size(); ++i)
        changed += before.samples[i].skeleton->positions == after.samples[i].skeleton->positions ? 0 : 1;
    CHECK(changed == 1);
    session.undo();
    CHECK(snapshot_of(session).hash == before.hash);
}

TEST_CASE("a joint that is marked occluded changes the hash, though it stays where it was") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const std::string before = snapshot_of(session).hash;
    done(session, on_clip("occlude_joint", {{"frame", 7}, {"joint", "head"}}));
    CHECK(snapshot_of(session).hash != before);
}

TEST_CASE("the snapshot of an export tells corrected key-points from recorded ones") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const std::string before = dataset_of(session, {}).snapshot;
    done(session, on_clip("move_joint", {{"frame", 7}, {"joint", "head"}, {"position", {1, 2, 3}}}));
    CHECK(dataset_of(session, {}).snapshot != before);
    session.undo();
    CHECK(dataset_of(session, {}).snapshot == before);
}

TEST_CASE("key-point commands that cannot be done say why and change nothing") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const json place{{"frame", 7}, {"joint", "head"}, {"position", {1, 2, 3}}};
    const auto with = [&](const char* key, const json& value) {
        json changed = place;
        changed[key] = value;
        return on_clip("move_joint", changed);
    };
    CHECK(refusal(session, with("frame", 30)).find("which has 30 frames") != std::string::npos);
    CHECK(refusal(session, with("frame", -1)) != "");
    CHECK(refusal(session, with("frame", 3'000'000'000'000)) != "");
    CHECK(refusal(session, with("joint", "tail")).find("left_wrist") != std::string::npos);
    CHECK(refusal(session, with("position", {1})).find("[x, y, z]") != std::string::npos);
    CHECK(refusal(session, with("position", {1e300, 0, 0})) != "");
    CHECK(refusal(session, with("bones", "stiff")) != "");
    CHECK(refusal(session, with("stream", "side.mp4")).find("no stream called") != std::string::npos);
    json of_no_clip = with("frame", 7);
    of_no_clip["clip"] = 5;
    CHECK(refusal(session, of_no_clip).find("'clip' is no text") != std::string::npos);
    CHECK(refusal(session, on_clip("occlude_joint", {{"frame", 7}})).find("'joint' or 'joints'") != std::string::npos);
    CHECK(refusal(session, on_clip("occlude_joint", {{"joints", "head"}})) != "");
    CHECK(refusal(session, on_clip("interpolate_joints", {{"joint", "head"}})).find("no good frame") !=
          std::string::npos);
    CHECK(refusal(session, on_clip("smooth_joints", {{"trust", 2}})) != "");
    CHECK(refusal(session, on_clip("copy_pose", {{"frame", 29}})) != "");
    CHECK(session.document().rows<schemas::JointCorrection>().empty());
}

TEST_CASE("key-points of a recording that is gone cannot be corrected, and the other commands are done") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    std::filesystem::remove_all(folder.path() / "project" / "cache");
    std::filesystem::remove(folder.path() / "recordings" / "a01_s01_e01_skeleton3D.txt");
    const ScriptOutcome outcome =
        run_edit_script(session, json::array({on_clip("swap_sides"), on_clip("comment", {{"text", "swap these"}})}));
    CHECK(outcome.applied == 1);
    REQUIRE(outcome.failed.size() == 1);
    CHECK(outcome.failed.front().command == 0);
}

}  // namespace annotator
