#pragma once

#include <memory>
#include <vector>

#include "annotator/session/editor_model.h"

namespace annotator {

// Asks the model that pre-labels what it makes of segments whose boundaries were moved, and of the one that is
// selected: EditorState::suggestions. In the compute lane, one request at a time; LibTorch is opened by the first.
// Without a promoted model nothing happens.
//
// Thread: the UI's.
class Reclassifier {
public:
    explicit Reclassifier(EditorModel& model);

    // True when suggestions have changed or been asked for.
    bool tick();

private:
    struct Question;
    struct Answer;
    class Classifier;

    [[nodiscard]] std::vector<schemas::SegmentId> wanted() const;
    std::shared_ptr<Question> question_about(const std::vector<schemas::SegmentId>& segments);
    void take(const Answer& answer);

    EditorModel& model_;
    std::shared_ptr<Classifier> classifier_;  // used by the compute lane alone
    bool asking_ = false;
    std::optional<schemas::SegmentId> last_selected_;
    std::optional<schemas::ModelId> failed_model_;  // is not asked again
};

}  // namespace annotator
