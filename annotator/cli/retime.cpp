#include "annotator/workflows/retime.h"

#include <cmath>
#include <memory>

#include "annotator/cli/verbs.h"

namespace annotator {

namespace {

using nlohmann::json;

struct Options {
    std::string project, take, to, by, map, layer, author;
};

std::string text_of(schemas::SegmentId id) { return std::to_string(static_cast<std::int64_t>(id)); }
std::string text_of(schemas::KeyPoseId id) { return std::to_string(static_cast<std::int64_t>(id)); }

bool needs_a_look(const MappedBoundary& boundary) { return boundary.cut || boundary.confidence < sure_boundary; }

json json_of(const MappedBoundary& boundary) {
    return {{"from", boundary.from},
            {"to", boundary.to},
            {"confidence", boundary.confidence},
            {"cut", boundary.cut},
            {"sure", !needs_a_look(boundary)}};
}

json json_of(const RetimeResult& result) {
    json boundaries = json::array(), poses = json::array(), dropped = json::array();
    for (const CarriedBoundary& each : result.labels.boundaries) {
        json entry = json_of(each.at);
        entry["segment"] = text_of(each.segment);
        entry["edge"] = each.edge == Edge::begin ? "begin" : "end";
        boundaries.push_back(std::move(entry));
    }
    for (const CarriedKeyPose& each : result.labels.key_poses) {
        json entry = json_of(each.at);
        entry["key_pose"] = text_of(each.key_pose);
        poses.push_back(std::move(entry));
    }
    for (const DroppedLabel& each : result.labels.dropped)
        dropped.push_back({{"segment", each.segment ? json(text_of(*each.segment)) : json(nullptr)},
                           {"key_pose", each.key_pose ? json(text_of(*each.key_pose)) : json(nullptr)},
                           {"span", {each.span.begin, each.span.end}},
                           {"label", each.label},
                           {"reason", each.reason}});
    return {{"take", result.take},      {"clip", result.clip}, {"method", schemas::to_text(result.method)},
            {"boundaries", boundaries}, {"key_poses", poses},  {"dropped", dropped}};
}

std::string line_of(const MappedBoundary& boundary, const std::string& what) {
    return "  " + what + " at frame " + std::to_string(boundary.from) + " went to frame " +
           std::to_string(boundary.to) + ", " +
           (boundary.cut ? "because the copy lacks the frame"
                         : std::to_string(std::lround(100 * boundary.confidence)) + " % sure") +
           "\n";
}

std::string text_of(const RetimeResult& result) {
    std::string text = std::to_string(result.labels.segments()) + " labels and " +
                       std::to_string(result.labels.key_poses.size()) + " key poses were brought onto take '" +
                       result.take + "' by " + std::string(schemas::to_text(result.method)) + ".\n";
    std::string doubtful;
    for (const CarriedBoundary& each : result.labels.boundaries)
        if (needs_a_look(each.at)) doubtful += line_of(each.at, each.edge == Edge::begin ? "a begin" : "an end");
    for (const CarriedKeyPose& each : result.labels.key_poses)
        if (needs_a_look(each.at)) doubtful += line_of(each.at, "a key pose");
    if (!doubtful.empty()) text += "Look at these again:\n" + doubtful;
    if (!result.labels.dropped.empty()) text += "Left out:\n";
    for (const DroppedLabel& each : result.labels.dropped)
        text += "  " + each.label + ", frames [" + std::to_string(each.span.begin) + ", " +
                std::to_string(each.span.end) + "), " + each.reason + "\n";
    return text;
}

ExitCode run(const Options& options, Console& console) {
    RetimeOptions wanted;
    wanted.take = options.take;
    wanted.copy = options.to;
    if (!options.by.empty()) wanted.by = schemas::enum_from<RetimeMethod>(options.by);
    if (!options.map.empty()) wanted.map = options.map;
    wanted.layer = options.layer;
    SessionOptions who;
    who.author = {options.author, schemas::AuthorKind::import};
    ProjectSession session(options.project, std::move(who));
    const auto result = retime(session, wanted, console.job());
    if (!result) {
        console.note("Stopped. No label was written.");
        return ExitCode::failed;
    }
    console.result(json_of(*result), text_of(*result));
    return result->labels.dropped.empty() ? ExitCode::done : ExitCode::in_part;
}

}  // namespace

void add_retime(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("retime", "Bring the labels of a take onto a re-encoded, trimmed or other-rate copy",
                              [options](Console& console) { return run(*options, console); });
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_option("--take", options->take, "the take that has the labels")->required();
    verb->add_option("--to", options->to, "the copy; it becomes a take of its own")->required();
    verb->add_option("--by", options->by, "map: of --map; pts: by its times; content: by what its frames show")
        ->check(CLI::IsMember({"map", "pts", "content"}));
    verb->add_option("--map", options->map, "a frame map that normalise wrote")->check(CLI::ExistingFile);
    verb->add_option("--layer", options->layer, "labels of this layer alone");
    verb->add_option("--author", options->author, "who does it; the user of this machine unless given");
}

}  // namespace annotator
