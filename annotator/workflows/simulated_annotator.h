#pragma once

#include <string>
#include <vector>

#include "annotator/session/project_session.h"
#include "inference/effort.h"

namespace annotator {

// A person at work who knows a hidden layer: answers what the queue asks and puts right
// what a model proposed, through the same edits as anybody else, as an author whose kind
// is simulation. The labels go to a layer of its own.
class SimulatedAnnotator {
public:
    static constexpr const char* name = "simulated annotator";

    // Throws std::invalid_argument when there is no such layer or track.
    SimulatedAnnotator(ProjectSession& session, const std::string& truth, const std::string& track);

    // Draws the true label that covers most of the asked span, if it is not there yet.
    // Returns whether it drew one.
    bool answer(schemas::ClipId clip, schemas::FrameSpan span);

    // Goes through the unlabelled rest: accepts what is right as one edit, corrects the
    // others one by one. Returns what that and the earlier answers took, and what
    // labelling everything from nothing would have.
    struct Effort {
        inference::Actions with_model, scratch;
    };
    Effort finish();

    // The same count for the present proposals, without touching anything.
    [[nodiscard]] Effort effort_to_finish() const;

private:
    struct ClipWork;
    [[nodiscard]] std::vector<ClipWork> work() const;
    [[nodiscard]] bool is_labelled(const schemas::Segment& truth) const;

    ProjectSession& session_;
    schemas::LayerId truth_{}, own_{};
    schemas::TrackId track_{};
    schemas::Author author_{name, schemas::AuthorKind::simulation};
};

}  // namespace annotator
