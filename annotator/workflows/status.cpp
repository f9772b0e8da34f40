#include "annotator/workflows/status.h"

#include <algorithm>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/create_project.h"

namespace annotator {

namespace {

using ProposalsByClip = std::map<schemas::ClipId, std::vector<schemas::Proposal>>;

ProposalsByClip proposals_by_clip(storage::ProjectStore& store) {
    ProposalsByClip by_clip;
    for (schemas::Proposal& proposal : store.proposals()) by_clip[proposal.clip].push_back(std::move(proposal));
    return by_clip;
}

TrackStatus status_of(const Document& document, const schemas::Track& track, const ProposalsByClip& proposals) {
    TrackStatus status;
    status.name = track.name;
    status.unit = unit_of(document, track.id);
    status.labelled = labelled_share(document, track.id, status.unit);
    for (const std::string_view name : schemas::EnumNames<FrameState>::names) status.states[std::string(name)] = 0;
    for (const auto& [id, clip] : document.rows<schemas::Clip>()) {
        const auto own = proposals.find(id);
        for (const StateRun& run : frame_states(
                 document, clip, track.id, own == proposals.end() ? std::vector<schemas::Proposal>{} : own->second))
            status.states[std::string(schemas::to_text(run.state))] += run.span.length();
    }
    return status;
}

std::map<std::string, double> labelled_by_performer(const Document& document, schemas::TrackId track) {
    std::map<std::string, std::pair<double, double>> counts;
    for (const auto& [id, clip] : document.rows<schemas::Clip>()) {
        const auto states = frame_states(document, clip, track, {});
        const bool whole = std::ranges::all_of(states, [](const StateRun& run) { return is_persons_work(run.state); });
        for (const schemas::PerformerId performer : performers_of(document, clip.take)) {
            auto& [labelled, total] = counts[document.at<schemas::Performer>(performer).name];
            labelled += whole ? 1 : 0;
            total += 1;
        }
    }
    std::map<std::string, double> shares;
    for (const auto& [name, count] : counts) shares[name] = count.first / count.second;
    return shares;
}

void add_missing_media(ProjectStatus& status, ProjectSession& session) {
    for (const auto& [id, stream] : session.document().rows<schemas::Stream>())
        if (!std::filesystem::exists(session.store().resolved_path(stream.path)))
            status.problems.push_back(
                {stream.path,
                 {"is missing; its labels are safe. Put the file back, or find it with 'kinetograph relink'", {}}});
}

}  // namespace

ProjectStatus project_status(ProjectSession& session) {
    const Document& document = session.document();
    ProjectStatus status;
    status.takes = document.rows<schemas::Take>().size();
    status.clips = document.rows<schemas::Clip>().size();
    status.performers = document.rows<schemas::Performer>().size();
    for (const auto& [id, clip] : document.rows<schemas::Clip>()) status.frames += clip.span().length();
    for (const auto& [id, stream] : document.rows<schemas::Stream>())
        ++status.streams[std::string(schemas::to_text(stream.kind))];

    const auto proposals = proposals_by_clip(session.store());
    std::vector<schemas::Track> tracks;
    for (const auto& [id, track] : document.rows<schemas::Track>()) tracks.push_back(track);
    std::ranges::sort(tracks, {}, &schemas::Track::position);
    for (const schemas::Track& track : tracks)
        if (track.kind != schemas::TrackKind::key_pose) status.tracks.push_back(status_of(document, track, proposals));

    status.budget.target = budget_of(session.store());
    if (const schemas::Track* track = track_of_kind(document, schemas::TrackKind::category)) {
        status.budget.labelled = labelled_share(document, track->id, unit_of(document, track->id));
        status.labelled_by["performer"] = labelled_by_performer(document, track->id);
    }
    for (const auto& [id, layer] : document.rows<schemas::Layer>()) status.layers.push_back(layer);
    std::ranges::sort(status.layers, {}, &schemas::Layer::name);
    status.models = session.store().models();
    status.edits = static_cast<std::size_t>(session.journal().last_sequence);
    status.undoable = session.journal().done.size();
    status.redoable = session.journal().undone.size();
    status.problems = session.store().problems();
    add_missing_media(status, session);
    return status;
}

}  // namespace annotator
