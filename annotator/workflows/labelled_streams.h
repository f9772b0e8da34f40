#pragma once

#include <span>
#include <string>
#include <vector>

#include "annotator/workflows/training_snapshot.h"
#include "inference/stream_model.h"

namespace annotator {

// A clip's motion as models of frames read it.
struct ProjectStream {
    SampleOrigin origin;  // the whole clip
    inference::LabelledStream stream;
};

// The motions of which a snapshot knows labels, each over its whole clip, in the snapshot's order. A label that
// overlaps an earlier one is left out, which a note says.
std::vector<ProjectStream> labelled_streams(const Document& document, const TrainingSnapshot& snapshot,
                                            std::vector<std::string>& notes);

// What those labels say about which follows which: `numbers[i]` is what label i of the snapshot counts as, -1 where it
// counts for nothing.
inference::Grammar grammar_of(std::span<const ProjectStream> streams, std::span<const int> numbers, int labels);

}  // namespace annotator
