#include "annotator/app/script_facts.h"

#include <algorithm>
#include <stdexcept>

#include "annotator/app/script.h"

namespace annotator {

namespace {

using nlohmann::json;

std::size_t segments_shown(const EditorModel& model) {
    std::size_t count = 0;
    const Document& document = model.document();
    for (const Line& line : document.lines(*model.state.clip))
        if (document.at<schemas::Layer>(line.layer).kind != schemas::LayerKind::truth)
            count += document.segments(line).size();
    return count;
}

template <class Row>
std::size_t rows_shown(const EditorModel& model) {
    return static_cast<std::size_t>(std::ranges::count_if(
        model.document().rows<Row>(), [&](const auto& entry) { return entry.second.clip == *model.state.clip; }));
}

void add_selected_segment(const EditorModel& model, json& facts) {
    const auto id = model.state.selection.segment();
    const auto* segment = id ? model.document().find<schemas::Segment>(*id) : nullptr;
    if (segment == nullptr) return;
    facts["span"] = {segment->begin_frame, segment->end_frame};
    facts["label"] = model.document().at<schemas::Label>(segment->label).name;
}

}  // namespace

json script_facts(const Workbench& bench) {
    const EditorModel& model = bench.model();
    json notices = json::array();
    for (const Notice& notice : model.state.notices) notices.push_back(notice.text);
    json facts{{"workspace", name_of(model.state.workspace)},
               {"asking", model.state.asking != Asking::nothing},
               {"frame", model.frame},
               {"playing", model.playing},
               {"speed", model.speed},
               {"snapping", model.state.snapping},
               {"selected", model.state.selection.segments.size()},
               {"editing_key_points", model.state.editing_key_points},
               {"read_only", !model.read_only_because.empty()},
               {"clips", model.document().rows<schemas::Clip>().size()},
               {"all_segments", model.document().rows<schemas::Segment>().size()},
               {"rejections", model.document().rows<schemas::Rejection>().size()},
               {"models", model.output.models.size()},
               {"promoted", model.output.promoted.size()},
               {"queue", model.output.queue.size()},
               {"queue_index", model.state.queue_index ? json(*model.state.queue_index) : json()},
               {"clip", nullptr},
               {"segments", nullptr},
               {"proposals", nullptr},
               {"key_poses", nullptr},
               {"comments", nullptr},
               {"span", nullptr},
               {"label", nullptr},
               {"track", model.track() != nullptr ? json(model.track()->name) : json()},
               {"notice", notices}};
    if (const schemas::Clip* clip = model.clip()) {
        facts["clip"] = clip->name;
        facts["segments"] = segments_shown(model);
        facts["proposals"] = model.proposals().size();
        facts["key_poses"] = rows_shown<schemas::KeyPose>(model);
        facts["comments"] = rows_shown<schemas::Comment>(model);
    }
    add_selected_segment(model, facts);
    return facts;
}

std::optional<std::string> unmet(const json& expected, const json& facts) {
    for (const auto& [name, value] : expected.items()) {
        if (!facts.contains(name)) throw std::invalid_argument("nothing is known of '" + name + "'");
        const json& found = facts[name];
        const bool met = name == "notice"
                             ? std::ranges::any_of(found,
                                                   [&](const json& text) {
                                                       return text.get<std::string>().find(value.get<std::string>()) !=
                                                              std::string::npos;
                                                   })
                             : found == value;
        if (!met) return "expected " + name + " " + value.dump() + ", found " + found.dump();
    }
    return std::nullopt;
}

bool media_settled(const Workbench& bench) {
    const EditorModel& model = bench.model();
    if (!model.state.clip) return true;
    if (!model.media || model.media->clip != *model.state.clip) return false;
    const auto settled = [](const auto& parts, auto content) {
        return std::ranges::all_of(parts, [&](const auto& part) { return part.*content || !part.problem.empty(); });
    };
    const ClipMedia& media = *model.media;
    if (!settled(media.videos, &ClipMedia::Video::index) || !settled(media.depths, &ClipMedia::Depth::reader) ||
        !settled(media.skeletons, &ClipMedia::Skeleton::sequence))
        return false;
    if (media.sound && !media.sound->waveform && media.sound->problem.empty()) return false;
    const auto is_shown = [](bool opened, const ShownPicture& picture) {
        return !opened || picture.kind == ShownPicture::Kind::exact || picture.kind == ShownPicture::Kind::absent ||
               picture.kind == ShownPicture::Kind::failed;
    };
    const auto& pictures = bench.playback().pictures();
    const auto& depths = bench.playback().depth_pictures();
    for (std::size_t i = 0; i < pictures.size(); ++i)
        if (!is_shown(media.videos[i].index != nullptr, pictures[i])) return false;
    for (std::size_t i = 0; i < depths.size(); ++i)
        if (!is_shown(media.depths[i].reader != nullptr, depths[i])) return false;
    return true;
}

bool jobs_settled(const Workbench& bench) {
    const EditorModel& model = bench.model();
    return std::ranges::all_of(model.state.jobs, [](const JobView& job) { return is_over(job.state); }) &&
           std::ranges::none_of(
               model.jobs.statuses(),
               [](const JobStatus& job) { return job.state == JobState::waiting || job.state == JobState::running; }) &&
           model.main_queue.empty();  // what came of them is applied
}

}  // namespace annotator
