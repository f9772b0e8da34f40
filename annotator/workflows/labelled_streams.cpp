#include "annotator/workflows/labelled_streams.h"

#include <algorithm>
#include <map>

namespace annotator {

namespace {

using inference::LabelledSpan;

// Ascending, without overlap.
std::vector<LabelledSpan> in_order(std::vector<LabelledSpan> spans, const std::string& clip,
                                   std::vector<std::string>& notes) {
    std::ranges::stable_sort(spans, {}, [](const LabelledSpan& each) { return each.span.begin; });
    std::vector<LabelledSpan> kept;
    for (const LabelledSpan& each : spans) {
        if (!kept.empty() && each.span.begin < kept.back().span.end)
            notes.push_back(clip + " " + interval_text(each.span) + ": overlaps another label; it is left out");
        else
            kept.push_back(each);
    }
    return kept;
}

}  // namespace

std::vector<ProjectStream> labelled_streams(const Document& document, const TrainingSnapshot& snapshot,
                                            std::vector<std::string>& notes) {
    std::vector<ProjectStream> streams;
    std::map<std::pair<schemas::ClipId, const schemas::SkeletonSequence*>, std::size_t> place;
    for (const std::size_t i : snapshot.labelled()) {
        const SampleOrigin& origin = snapshot.origins[i];
        const inference::Sample& sample = snapshot.samples[i];
        const auto [found, fresh] = place.try_emplace({origin.clip, sample.skeleton.get()}, streams.size());
        if (fresh) {
            const auto& clip = document.at<schemas::Clip>(origin.clip);
            const schemas::FrameSpan whole{clip.begin_frame, std::min(clip.end_frame, sample.skeleton->frames())};
            streams.push_back(
                {{origin.clip, origin.performer, whole},
                 {sample.skeleton, whole, reference_stream(document, clip.take)->rate().per_second(), {}}});
        }
        streams[found->second].stream.labels.push_back({origin.span, sample.label});
    }
    for (ProjectStream& each : streams)
        each.stream.labels =
            in_order(std::move(each.stream.labels), document.at<schemas::Clip>(each.origin.clip).name, notes);
    return streams;
}

inference::Grammar grammar_of(std::span<const ProjectStream> streams, std::span<const int> numbers, int labels) {
    std::vector<inference::LabelledRun> runs;
    for (const ProjectStream& each : streams) {
        std::vector<LabelledSpan> spans;
        for (LabelledSpan span : each.stream.labels) {
            span.label = numbers[static_cast<std::size_t>(span.label)];
            if (span.label >= 0) spans.push_back(span);
        }
        for (auto& run : inference::runs_of(spans, each.stream.span, each.stream.frames_per_second))
            runs.push_back(std::move(run));
    }
    return inference::counted_grammar(runs, labels);
}

}  // namespace annotator
