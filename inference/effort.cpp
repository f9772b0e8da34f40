#include "inference/effort.h"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace inference {

namespace {

using schemas::FrameIndex;

template <class Segments>
std::vector<FrameIndex> inner_boundaries(const Segments& segments) {
    std::vector<FrameIndex> boundaries;
    for (std::size_t i = 1; i < segments.size(); ++i) {
        boundaries.push_back(segments[i].span.begin);
        if (segments[i - 1].span.end != segments[i].span.begin) boundaries.push_back(segments[i - 1].span.end);
    }
    std::ranges::sort(boundaries);
    return boundaries;
}

Actions boundary_actions(std::span<const LabelledSpan> truth, std::span<const ProposedSegment> proposed,
                         const EffortOptions& options) {
    const std::vector<FrameIndex> wanted = inner_boundaries(truth);
    const std::vector<FrameIndex> found = inner_boundaries(proposed);
    const auto pairs = match_boundaries(within(wanted, options.match_window), found);
    Actions actions;
    for (const BoundaryPair& pair : pairs)
        if (std::abs(wanted[pair.truth] - found[pair.predicted]) > options.tolerance) ++actions.moved;
    actions.inserted = static_cast<std::int64_t>(wanted.size() - pairs.size());
    actions.deleted = static_cast<std::int64_t>(found.size() - pairs.size());
    return actions;
}

// The proposal that covers most of the span; of two that cover as much the earlier one.
const ProposedSegment* majority(std::span<const ProposedSegment> proposed, schemas::FrameSpan span) {
    std::vector<std::pair<int, FrameIndex>> covered;  // best label, frames
    const ProposedSegment* best = nullptr;
    FrameIndex most = 0;
    for (const ProposedSegment& segment : proposed) {
        const FrameIndex shared = schemas::shared_frames(segment.span, span);
        if (shared == 0 || segment.top.empty()) continue;
        auto entry = std::ranges::find(covered, segment.top.front(), &std::pair<int, FrameIndex>::first);
        if (entry == covered.end()) entry = covered.insert(covered.end(), {segment.top.front(), 0});
        entry->second += shared;
        if (entry->second <= most) continue;
        most = entry->second;
        best = &segment;
    }
    return best;
}

void add_labelling(int truth, const std::vector<int>& top, Actions& actions) {
    ++actions.verified;
    if (!top.empty() && top.front() == truth) return;
    ++(std::ranges::find(top, truth) != top.end() ? actions.relabelled_by_key : actions.relabelled_by_search);
}

}  // namespace

Actions& Actions::operator+=(const Actions& other) {
    created += other.created;
    labelled += other.labelled;
    moved += other.moved;
    inserted += other.inserted;
    deleted += other.deleted;
    relabelled_by_key += other.relabelled_by_key;
    relabelled_by_search += other.relabelled_by_search;
    verified += other.verified;
    watched_seconds += other.watched_seconds;
    return *this;
}

std::int64_t Actions::operations() const {
    return created + labelled + moved + inserted + deleted + relabelled_by_key + relabelled_by_search;
}

double KeystrokeModel::seconds(const Actions& actions) const {
    const auto cost = [](double each, std::int64_t count) { return each * static_cast<double>(count); };
    return cost(create, actions.created) + cost(label, actions.labelled) + cost(move, actions.moved) +
           cost(insert, actions.inserted) + cost(remove, actions.deleted) +
           cost(relabel_by_key, actions.relabelled_by_key) + cost(relabel_by_search, actions.relabelled_by_search) +
           cost(verify, actions.verified) + actions.watched_seconds;
}

Actions actions_from_scratch(std::span<const LabelledSpan> truth, double duration_seconds,
                             const EffortOptions& options) {
    Actions actions;
    actions.created = static_cast<std::int64_t>(inner_boundaries(truth).size());
    actions.labelled = static_cast<std::int64_t>(truth.size());
    actions.watched_seconds = duration_seconds / options.watch_speed_scratch;
    return actions;
}

Actions actions_to_correct(std::span<const LabelledSpan> truth, std::span<const ProposedSegment> proposed,
                           double duration_seconds, const EffortOptions& options) {
    Actions actions = boundary_actions(truth, proposed, options);
    for (const LabelledSpan& segment : truth) {
        const ProposedSegment* inherited = majority(proposed, segment.span);
        add_labelling(segment.label, inherited == nullptr ? std::vector<int>{} : inherited->top, actions);
    }
    actions.watched_seconds = duration_seconds / options.watch_speed_verify;
    return actions;
}

Actions actions_to_correct_with_model(std::span<const LabelledSpan> truth, std::span<const ProposedSegment> proposed,
                                      std::span<const ProposedSegment> reclassified, double duration_seconds,
                                      const EffortOptions& options) {
    if (reclassified.size() != truth.size())
        throw std::invalid_argument("classifying again needs one proposal for each true segment");
    Actions actions = boundary_actions(truth, proposed, options);
    for (std::size_t i = 0; i < truth.size(); ++i) add_labelling(truth[i].label, reclassified[i].top, actions);
    actions.watched_seconds = duration_seconds / options.watch_speed_verify;
    return actions;
}

}  // namespace inference
