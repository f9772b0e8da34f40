#include "annotator/workflows/edit_script.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <map>
#include <stdexcept>

#include "annotator/document/stream_commands.h"
#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/create_project.h"
#include "annotator/workflows/pose_script.h"
#include "annotator/workflows/script_command.h"

namespace annotator {

namespace {

using nlohmann::json;
using schemas::Edit;
using schemas::FrameIndex;
using schemas::Proposal;
using schemas::Segment;

using Command = ScriptCommand;
using Perform = std::function<Edit(const Command&, const EditStamp&)>;

Edit draw(const Command& c, const EditStamp& stamp) {
    c.require_track(TrackHolds::spans);
    const std::string overlap = c.has("overlap") ? c.text("overlap") : "overwrite";
    if (overlap != "overwrite" && overlap != "refuse")
        throw EditConflict("'overlap' is 'overwrite' or 'refuse', not '" + overlap + "'");
    const auto rule = overlap == "refuse" ? WhereLabelled::refuse : WhereLabelled::overwrite;
    return draw_segment(c.document(), stamp, {c.line(), c.span(), c.label_in_use(), schemas::LabelState::drawn, {}, {}},
                        rule, c.ids());
}

Edit move_boundary(const Command& c, const EditStamp& stamp) {
    const FrameIndex from = c.frame("frame");
    for (const schemas::SegmentId id : c.document().segments(c.line())) {
        const auto& segment = c.document().at<Segment>(id);
        if (segment.begin_frame == from) return roll_boundary(c.document(), stamp, id, Edge::begin, c.frame("to"));
        if (segment.end_frame == from) return roll_boundary(c.document(), stamp, id, Edge::end, c.frame("to"));
    }
    throw EditConflict(c.clip().name + ": there is no boundary at frame " + std::to_string(from));
}

bool is_colour(const std::string& text) {
    return text.size() == 7 && text.front() == '#' &&
           std::all_of(text.begin() + 1, text.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

Edit new_label(const Command& c, const EditStamp&) {
    schemas::Label label;
    label.id = c.ids().fresh<schemas::LabelId>();
    label.track = c.track().id;
    label.name = c.text("label");
    label.position = static_cast<std::int64_t>(labels_of(c.document(), label.track).size());
    if (c.has("colour") && !is_colour(c.text("colour")))
        throw EditConflict("colour '" + c.text("colour") + "' is not of the form #rrggbb");
    label.colour = c.has("colour") ? c.text("colour") : label_colour(static_cast<std::size_t>(label.position));
    if (c.has("hotkey")) label.hotkey = c.text("hotkey");
    if (c.has("description")) label.description = c.text("description");
    return add_label(c.document(), label);
}

Edit align_stream(const Command& c, const EditStamp&) {
    const std::string name = c.text("take");
    const schemas::Take* take = take_named(c.document(), name);
    if (take == nullptr) throw EditConflict("there is no take '" + name + "'");
    const schemas::Stream& stream = stream_called(c.document(), take->id, c.text("stream"));
    const schemas::StreamClock clock{c.has("clock_ratio") ? c.number("clock_ratio") : 1, c.number("offset_seconds")};
    return set_stream_alignment(c.document(), {{stream.id, clock}});
}

schemas::KeyPoseId key_pose_at(const Command& c) {
    for (const auto& [id, pose] : c.document().rows<schemas::KeyPose>())
        if (pose.clip == c.clip().id && pose.track == c.track().id && pose.frame == c.frame("frame")) return id;
    throw EditConflict(c.clip().name + ": there is no key pose at frame " + std::to_string(c.frame("frame")));
}

const std::map<std::string, Perform>& commands() {
    static const std::map<std::string, Perform> known{
        {"draw", draw},
        {"delete", [](const Command& c, const EditStamp&) { return delete_segment(c.document(), c.segment()); }},
        {"relabel", [](const Command& c,
                       const EditStamp& s) { return relabel_segment(c.document(), s, c.segment(), c.label_in_use()); }},
        {"move_boundary", move_boundary},
        {"trim",
         [](const Command& c, const EditStamp& s) {
             return trim_segment(c.document(), s, c.segment(), c.edge(), c.frame("to"));
         }},
        {"split",
         [](const Command& c, const EditStamp& s) {
             return split_segment(c.document(), s, c.segment(), c.frame("frame"), c.ids().fresh<schemas::SegmentId>());
         }},
        {"merge", [](const Command& c, const EditStamp& s) { return merge_with_next(c.document(), s, c.segment()); }},
        {"accept",
         [](const Command& c, const EditStamp& s) {
             return accept_proposals(c.document(), s, c.layer(), c.proposals(), c.ids());
         }},
        {"correct",
         [](const Command& c, const EditStamp& s) {
             const Proposal proposal = c.proposals().front();
             return correct_proposal(c.document(), s, c.layer(), proposal, c.has("span") ? c.span() : proposal.span(),
                                     c.label_in_use(), c.ids());
         }},
        {"reject", [](const Command& c,
                      const EditStamp& s) { return reject_proposal(c.document(), s, c.proposals().front(), c.ids()); }},
        {"verify",
         [](const Command& c, const EditStamp& s) {
             return set_state(c.document(), s, c.segment(), schemas::LabelState::verified);
         }},
        {"dispute",
         [](const Command& c, const EditStamp& s) {
             return set_state(c.document(), s, c.segment(), schemas::LabelState::disputed);
         }},
        {"key_pose",
         [](const Command& c, const EditStamp& s) {
             c.require_track(TrackHolds::key_poses);
             return add_key_pose(c.document(), s, c.line(), c.frame("frame"), c.label_in_use(), c.ids());
         }},
        {"move_key_pose",
         [](const Command& c, const EditStamp& s) {
             return move_key_pose(c.document(), s, key_pose_at(c), c.frame("to"));
         }},
        {"delete_key_pose",
         [](const Command& c, const EditStamp&) { return delete_key_pose(c.document(), key_pose_at(c)); }},
        {"comment",
         [](const Command& c, const EditStamp& s) {
             return add_comment(c.document(), s, c.clip().id, c.span(), c.text("text"), c.ids());
         }},
        {"set_stream_alignment", align_stream},
        {"add_label", new_label},
        {"rename_label",
         [](const Command& c, const EditStamp&) { return rename_label(c.document(), c.label(), c.text("to")); }},
        {"deprecate_label",
         [](const Command& c, const EditStamp&) { return deprecate_label(c.document(), c.label()); }},
        {"merge_labels", [](const Command& c,
                            const EditStamp& s) { return merge_labels(c.document(), s, c.label(), c.label("into")); }},
        {"move_joint", move_joint_command},
        {"occlude_joint", occlude_joint_command},
        {"interpolate_joints", interpolate_joints_command},
        {"smooth_joints", smooth_joints_command},
        {"settle_bones", settle_bones_command},
        {"swap_sides", swap_sides_command},
        {"copy_pose", copy_pose_command},
        {"reset_joints", reset_joints_command},
    };
    return known;
}

json list_of(const json& script) {
    json list = script.is_array()                                   ? script
                : script.is_object() && script.contains("commands") ? script.at("commands")
                                                                    : json();
    if (!list.is_array())
        throw std::invalid_argument("the edits are no list: expected {\"commands\": [{\"do\": …}, …]}");
    for (std::size_t i = 0; i < list.size(); ++i) {
        const json& command = list.at(i);
        if (!command.is_object() || !command.contains("do") || !command.at("do").is_string())
            throw std::invalid_argument("command " + std::to_string(i) +
                                        ": expected an object with \"do\"; nothing was done");
        if (!commands().contains(command.at("do").get<std::string>())) {
            std::string known;
            for (const auto& [name, perform] : commands()) known += " " + name;
            throw std::invalid_argument("command " + std::to_string(i) + ": '" + command.at("do").get<std::string>() +
                                        "' is no command; there are" + known + ". Nothing was done.");
        }
    }
    return list;
}

}  // namespace

ScriptOutcome run_edit_script(ProjectSession& session, const json& script) {
    const json list = list_of(script);
    ScriptOutcome outcome;
    if (!list.empty()) layer_of(session, session.author().name, schemas::LayerKind::person);
    for (std::size_t i = 0; i < list.size(); ++i) {
        const Command command(session, list.at(i));
        const Perform& perform = commands().at(list.at(i).at("do").get<std::string>());
        try {
            session.commit([&](const EditStamp& stamp) { return perform(command, stamp); });
            ++outcome.applied;
        } catch (const EditConflict& error) {
            outcome.failed.push_back({i, error.what()});
        } catch (const storage::DatabaseError& error) {
            outcome.failed.push_back({i, std::string(error.what()) + "; the commands from this one on were not done"});
            break;
        }
    }
    return outcome;
}

}  // namespace annotator
