#include "annotator/views/training_view.h"

#include <algorithm>

#include "annotator/document/queries.h"
#include "annotator/session/training_curves.h"
#include "annotator/session/training_form.h"
#include "annotator/views/job_progress.h"
#include "annotator/widgets/budget_meter.h"
#include "annotator/widgets/clock_text.h"
#include "annotator/widgets/page.h"
#include "inference/families.h"

namespace annotator {

namespace {

ChartLine chart_line(const TrainingCurve& curve, std::size_t place, const Theme& theme) {
    const ImU32 colours[] = {theme.accent, theme.probability, theme.energy, theme.waveform};
    constexpr Stroke strokes[] = {Stroke::solid, Stroke::dashed, Stroke::dotted, Stroke::dashed};
    ChartLine line{curve.name, {}, colours[place % std::size(colours)], strokes[place % std::size(strokes)]};
    for (const auto& [step, value] : curve.points)
        line.points.emplace_back(static_cast<float>(step), static_cast<float>(value));
    return line;
}

const JobView* newest_training(const EditorState& state) {
    const auto found = std::ranges::find(state.jobs, JobKind::train, &JobView::kind);
    return found == state.jobs.end() ? nullptr : &*found;
}

}  // namespace

void TrainingView::know(const ViewContext& context, schemas::TrackId track_to_learn) {
    if (known_.revision == context.model().revision && known_.track == track_to_learn) return;
    const Document& document = context.document();
    const std::map<schemas::ModelId, RunReport> before = std::move(known_.reports);
    known_ = {context.model().revision, {}, {}, {}, track_to_learn, 0};
    for (const auto& [id, track] : document.rows<schemas::Track>())
        if (track.kind != schemas::TrackKind::key_pose) known_.tracks.push_back(track);
    std::ranges::sort(known_.tracks, {}, &schemas::Track::position);
    for (const auto& [id, segment] : document.rows<schemas::Segment>())
        if (document.at<schemas::Layer>(segment.layer).kind != schemas::LayerKind::truth)
            ++known_.labelled[segment.track];
    for (const schemas::ModelVersion& model : context.model().output.models) {
        const auto read = before.find(model.id);
        known_.reports[model.id] = read == before.end() ? run_report(model) : read->second;
    }
    if (document.find<schemas::Track>(track_to_learn) != nullptr)
        known_.share = labelled_.of(context.model(), track_to_learn);
}

const schemas::ModelVersion* TrainingView::selected(const ViewContext& context) const {
    const auto& models = context.model().output.models;
    if (models.empty()) return nullptr;
    const auto found = std::ranges::find(models, context.state().selected_model.value_or(models.back().id),
                                         &schemas::ModelVersion::id);
    return found == models.end() ? &models.back() : &*found;
}

void TrainingView::draw(const ViewContext& context) {
    const StartTraining form = training_to_start(context.model());
    know(context, form.track);
    const Theme& theme = context.theme;
    const ImVec2 room = ImGui::GetContentRegionAvail();
    ImGui::BeginChild("form", {std::clamp(room.x * 0.24F, theme.px(210), theme.px(300)), 0}, false,
                      ImGuiWindowFlags_NoBackground);
    draw_form(context, form);
    ImGui::EndChild();
    ImGui::SameLine(0, theme.px(16));
    ImGui::BeginChild("results", {0, 0}, false, ImGuiWindowFlags_NoBackground);
    draw_curves(context, std::clamp(room.y * 0.36F, theme.px(130), theme.px(360)));
    draw_runs(context);
    ImGui::EndChild();
}

void TrainingView::draw_form(const ViewContext& context, const StartTraining& form) {
    const Theme& theme = context.theme;
    heading(theme, "Train a model");
    budget_meter(theme, known_.share, context.model().output.budget, ImGui::GetContentRegionAvail().x);
    ImGui::Dummy({0, theme.px(4)});
    draw_fields(context, form);
    ImGui::Dummy({0, theme.px(4)});
    const std::size_t labelled = known_.labelled.contains(form.track) ? known_.labelled.at(form.track) : 0;
    const float width = ImGui::GetContentRegionAvail().x;
    if (const JobView* job = open_job(context.state(), JobKind::train)) {
        draw_job_progress(context, *job, width);
    } else {
        ImGui::BeginDisabled(labelled == 0);
        if (primary_button(theme, "Start training", {width, theme.px(34)})) context.outbox.send(form);
        context.mark(Action::start_training);
        ImGui::EndDisabled();
        ImGui::PushFont(theme.small);
        faint_text(theme, labelled == 0
                              ? "Nothing is labelled on this track yet. Label some examples first" +
                                    context.in_brackets(Action::show_annotate) +
                                    ", or let the review queue choose them" + context.in_brackets(Action::show_review) +
                                    "."
                              : "Learns from " + grouped(static_cast<std::int64_t>(labelled)) +
                                    " labels and from the unlabelled rest. You can go on labelling meanwhile.");
        ImGui::PopFont();
    }
    if (context.model().output.promoted.contains(form.track)) {
        ImGui::Dummy({0, theme.px(2)});
        draw_job_or_button(context, JobKind::prelabel, "Pre-label", width, Prelabel{form.track, {}});
        context.mark(Action::prelabel);
    }
    ImGui::Dummy({0, theme.px(10)});
    draw_jobs(context);
}

void TrainingView::draw_fields(const ViewContext& context, StartTraining form) {
    const Theme& theme = context.theme;
    const StartTraining before = form;
    field_name(theme, "Track");
    const auto* track = context.document().find<schemas::Track>(form.track);
    if (ImGui::BeginCombo("##track", track == nullptr ? "No track" : track->name.c_str())) {
        for (const schemas::Track& each : known_.tracks) {
            ImGui::PushID(static_cast<int>(each.position));
            if (ImGui::Selectable(each.name.c_str(), each.id == form.track)) form.track = each.id;
            ImGui::PopID();
        }
        ImGui::EndCombo();
    }
    field_name(theme, "Model family");
    if (ImGui::BeginCombo("##family", form.family.c_str())) {
        const auto offer = [&](std::span<const inference::FamilyCard> cards) {
            for (const inference::FamilyCard& card : cards) {
                const std::string line = std::string(card.name) + ": " + std::string(card.summary);
                if (ImGui::Selectable(line.c_str(), card.name == form.family)) form.family = card.name;
            }
        };
        offer(inference::family_cards);
        offer(inference::stream_family_cards);
        ImGui::EndCombo();
    }
    field_name(theme, "Steps: 400 is a quick look, 1800 the usual");
    ImGui::InputInt("##steps", &form.steps, 100, 600);
    context.mark("steps");
    form.steps = std::clamp(form.steps, 1, 100'000);
    field_name(theme, "Seed: the same one gives the same model");
    auto seed = static_cast<int>(form.seed);
    ImGui::InputInt("##seed", &seed);
    form.seed = std::max(seed, 0);
    if (form != before) context.outbox.send(PrepareTraining{form});
}

void TrainingView::draw_jobs(const ViewContext& context) {
    const Theme& theme = context.theme;
    if (context.state().jobs.empty()) return;
    heading(theme, "Jobs");
    for (const JobView& job : context.state().jobs) {
        ImGui::PushID(static_cast<int>(job.id));
        text_within(job.title, ImGui::GetContentRegionAvail().x);
        if (is_over(job.state) || job.kind == JobKind::train) {
            ImGui::PushFont(theme.small);
            ImGui::PushStyleColor(ImGuiCol_Text, job.state == WorkState::failed ? theme.error : theme.faint_text);
            wrapped_text(progress_text(job) + (job.outcome.empty() ? "" : "\n" + job.outcome));
            ImGui::PopStyleColor();
            ImGui::PopFont();
        } else {
            draw_job_progress(context, job, ImGui::GetContentRegionAvail().x);
        }
        ImGui::PopID();
        ImGui::Dummy({0, theme.px(3)});
    }
}

// Of the training that runs; else of the chosen run, as it is stored; else of the last training, which left no model.
TrainingView::Curves TrainingView::curves_to_draw(const ViewContext& context) const {
    const JobView* job = newest_training(context.state());
    if (job != nullptr && !is_over(job->state))
        return {static_cast<std::int64_t>(job->id), job->curve, job->progress.total};
    if (const schemas::ModelVersion* model = selected(context)) {
        const RunReport& report = known_.reports.at(model->id);
        if (!report.curve.empty())
            return {static_cast<std::int64_t>(model->id), report.curve, report.curve.back().step};
    }
    if (job != nullptr) return {static_cast<std::int64_t>(job->id), job->curve, job->progress.total};
    return {};
}

void TrainingView::draw_curves(const ViewContext& context, float height) {
    const Theme& theme = context.theme;
    const Curves curves = curves_to_draw(context);
    if (curves.points.empty()) return draw_no_curves(context, height);
    if (lines_of_ != std::pair(curves.id, curves.points.size())) {
        lines_of_ = {curves.id, curves.points.size()};
        lines_.clear();
        shares_.clear();
        for (const TrainingCurve& curve : training_curves(curves.points)) {
            auto& list = curve.share ? shares_ : lines_;
            list.push_back(chart_line(curve, list.size(), theme));
        }
    }
    const float wide = ImGui::GetContentRegionAvail().x, gap = theme.px(12);
    const ImVec2 size{shares_.empty() ? wide : (wide - gap) / 2, height};
    const auto steps = static_cast<float>(curves.steps);
    line_chart("losses", theme, size, lines_, {.title = "Loss", .across = "step", .across_to = steps, .most = 0});
    if (shares_.empty()) return;
    ImGui::SameLine(0, gap);
    line_chart("shares", theme, size, shares_,
               {.title = "Validation", .across = "step", .across_to = steps, .most = 1});
}

void TrainingView::draw_no_curves(const ViewContext& context, float height) {
    const Theme& theme = context.theme;
    ImGui::BeginChild("no curves", {0, height}, false, ImGuiWindowFlags_NoBackground);
    if (open_job(context.state(), JobKind::train) != nullptr)
        empty_state(theme, "Training is starting.", "The curves appear with the first steps.");
    else if (context.model().output.models.empty())
        empty_state(theme, "No model yet.",
                    "Label about " + percent_text(context.model().output.budget) +
                        " and start training. The model then proposes labels for the rest.");
    else
        empty_state(theme, "This run left no curves.", "Those of the next one are drawn here while it runs.");
    ImGui::EndChild();
}

void TrainingView::draw_runs(const ViewContext& context) {
    const Theme& theme = context.theme;
    const auto& models = context.model().output.models;
    if (models.empty()) return;
    ImGui::Dummy({0, theme.px(6)});
    const float wide = ImGui::GetContentRegionAvail().x;
    const bool beside = wide > theme.px(760);
    const float rows = std::min<float>(static_cast<float>(models.size()) + 1.5F, beside ? 100 : 6);
    const ImVec2 size{beside ? wide * 0.6F : 0,
                      std::min((rows + 1) * ImGui::GetFrameHeightWithSpacing(), ImGui::GetContentRegionAvail().y)};
    ImGui::BeginChild("runs", size, false, ImGuiWindowFlags_NoBackground);
    heading(theme, "Runs");
    constexpr auto flags = ImGuiTableFlags_RowBg | ImGuiTableFlags_ScrollY | ImGuiTableFlags_BordersInnerH |
                           ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_PadOuterX;
    if (ImGui::BeginTable("runs", 6, flags)) {
        ImGui::TableSetupScrollFreeze(0, 1);
        ImGui::TableSetupColumn("Model", ImGuiTableColumnFlags_WidthStretch);
        ImGui::TableSetupColumn("Right", ImGuiTableColumnFlags_WidthFixed, theme.px(48));
        ImGui::TableSetupColumn("Macro F1", ImGuiTableColumnFlags_WidthFixed, theme.px(62));
        ImGui::TableSetupColumn("Labels", ImGuiTableColumnFlags_WidthFixed, theme.px(48));
        ImGui::TableSetupColumn("When", ImGuiTableColumnFlags_WidthFixed, theme.px(136));
        ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, theme.px(78));
        ImGui::TableHeadersRow();
        for (auto model = models.rbegin(); model != models.rend(); ++model) draw_run(context, *model);
        ImGui::EndTable();
    }
    ImGui::EndChild();
    if (beside) ImGui::SameLine(0, theme.px(16));
    ImGui::BeginChild("confusion", {0, 0}, false, ImGuiWindowFlags_NoBackground);
    draw_confusion(context);
    ImGui::EndChild();
}

void TrainingView::draw_run(const ViewContext& context, const schemas::ModelVersion& model) {
    const Theme& theme = context.theme;
    const RunReport& report = known_.reports.at(model.id);
    const auto& promoted = context.model().output.promoted;
    const bool pre_labels = std::ranges::any_of(promoted, [&](const auto& entry) { return entry.second == model.id; });
    ImGui::PushID(model.name.c_str());
    ImGui::PushID(static_cast<int>(static_cast<std::int64_t>(model.id)));
    ImGui::TableNextRow(0, ImGui::GetFrameHeight());
    ImGui::TableNextColumn();
    const ImVec2 at = ImGui::GetCursorPos();
    const bool chosen = selected(context) == &model;
    if (ImGui::Selectable("##run", chosen, ImGuiSelectableFlags_SpanAllColumns | ImGuiSelectableFlags_AllowItemOverlap,
                          {0, ImGui::GetFrameHeight()}))
        context.outbox.send(SelectModel{model.id});
    const bool hovered = ImGui::IsItemHovered();
    ImGui::SetCursorPos(at);
    ImGui::AlignTextToFramePadding();
    text_within(model.name + (report.track.empty() ? "" : "  ·  " + report.track), ImGui::GetContentRegionAvail().x);
    const auto figure = [&](const std::string& text) {
        ImGui::TableNextColumn();
        ImGui::AlignTextToFramePadding();
        right_figure(theme, text);
    };
    figure(report.validated ? percent_text(report.accuracy) : "–");
    figure(report.validated ? percent_text(report.macro_f1) : "–");
    figure(report.labelled > 0 ? grouped(report.labelled) : "–");
    ImGui::TableNextColumn();
    ImGui::AlignTextToFramePadding();
    ImGui::TextUnformatted(date_text(model.time).c_str());
    ImGui::TableNextColumn();
    if (pre_labels) {
        ImGui::AlignTextToFramePadding();
        const bool lit = chosen || hovered;
        ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(lit ? theme.text : theme.good), "pre-labels");
    } else if (!model.checkpoint.empty() && ImGui::Button("Promote", {-1, 0})) {
        context.outbox.send(PromoteModel{model.id});
    }
    context.mark("promote " + model.name);
    ImGui::PopID();
    ImGui::PopID();
}

void TrainingView::draw_confusion(const ViewContext& context) {
    const Theme& theme = context.theme;
    const schemas::ModelVersion* model = selected(context);
    if (model == nullptr) return;
    if (cell_of_ != model->id) {
        cell_of_ = model->id;
        cell_.reset();
    }
    const RunReport& report = known_.reports.at(model->id);
    heading(theme, "What it mixes up");
    if (report.confusion.empty())
        return faint_text(theme, "This run was not validated: there were too few labels to spare some.");
    ImGui::PushFont(theme.small);
    faint_text(theme, "On " + grouped(report.validation_samples) +
                          " examples that it had not seen. Click a cell to see them.");
    ImGui::PopFont();
    const float room = ImGui::GetContentRegionAvail().y;
    if (const auto clicked =
            heat_map("cells", theme, {0, cell_ ? room * 0.6F : room}, report.labels, report.confusion, cell_))
        cell_ = cell_ == clicked ? std::nullopt : clicked;
    if (cell_) draw_examples(context, report);
}

void TrainingView::draw_examples(const ViewContext& context, const RunReport& report) {
    const Theme& theme = context.theme;
    const auto name = [&](int label) { return report.labels.at(static_cast<std::size_t>(label)); };
    text_within("'" + name(cell_->row) + "' called '" + name(cell_->column) + "'", ImGui::GetContentRegionAvail().x);
    ImGui::BeginChild("examples", {0, 0}, false, ImGuiWindowFlags_NoBackground);
    bool any = false;
    for (std::size_t i = 0; i < report.examples.size(); ++i) {
        const JudgedExample& example = report.examples[i];
        const auto* clip = context.document().find<schemas::Clip>(example.clip);
        if (example.truth != cell_->row || example.predicted != cell_->column || clip == nullptr) continue;
        any = true;
        ImGui::PushID(static_cast<int>(i));
        const std::string text = clip->name + "  ·  frames " + grouped(example.span.begin) + " to " +
                                 grouped(example.span.end - 1) + "  ·  " + percent_text(example.confidence) + " sure";
        if (ImGui::Selectable(text.c_str())) {
            context.outbox.send(OpenClip{clip->id, example.span.begin});
            context.outbox.send(ShowWorkspace{Workspace::annotate});
        }
        ImGui::PopID();
    }
    if (!any) faint_text(theme, "No example of this cell is kept.");
    ImGui::EndChild();
}

}  // namespace annotator
