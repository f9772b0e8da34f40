#pragma once

#include "annotator/views/clip_list_view.h"
#include "annotator/views/curate_view.h"
#include "annotator/views/export_view.h"
#include "annotator/views/inspector_view.h"
#include "annotator/views/label_picker.h"
#include "annotator/views/label_view.h"
#include "annotator/views/question_view.h"
#include "annotator/views/review_view.h"
#include "annotator/views/status_view.h"
#include "annotator/views/take_view.h"
#include "annotator/views/timeline_view.h"
#include "annotator/views/training_view.h"

namespace annotator {

// The same, as far as it goes into a window of that size: the views of the take and the timeline keep some room.
ScreenLayout fitted(const ScreenLayout& layout, float points_wide, float points_high);

// One window, five workspaces: lays the views out and draws them. Needs an ImGui context and no window.
//
// Thread: the UI's.
class Screen {
public:
    explicit Screen(ScreenLayout layout = {}) : layout_(layout) {}
    void draw(const ViewContext& context);
    [[nodiscard]] const ScreenLayout& layout() const { return layout_; }
    void set_layout(const ScreenLayout& layout) { layout_ = layout; }
    // The settings wait for a key: the next one is theirs.
    [[nodiscard]] bool wants_key() const { return question_.wants_key(); }
    void take_key(const Chord& chord, const ViewContext& context) { question_.take_key(chord, context.shell()); }
    [[nodiscard]] std::string take_names() { return question_.take_names(); }

private:
    void draw_tabs(const ViewContext& context);
    void draw_annotate(const ViewContext& context, ImVec2 size);

    ScreenLayout layout_;
    ClipListView clips_;
    TakeView take_;
    TimelineView timeline_;
    LabelView labels_;
    InspectorView inspector_;
    ReviewView review_;
    TrainingView training_;
    CurateView curate_;
    ExportView export_;
    StatusView status_;
    QuestionView question_;
    LabelPicker label_picker_;
};

}  // namespace annotator
