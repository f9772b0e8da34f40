#include "annotator/views/curate_view.h"

#include <imgui_stdlib.h>

#include <algorithm>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/views/job_progress.h"
#include "annotator/views/text_search.h"
#include "annotator/widgets/page.h"

namespace annotator {

namespace {

constexpr auto table_flags = ImGuiTableFlags_RowBg | ImGuiTableFlags_ScrollY | ImGuiTableFlags_BordersInnerH |
                             ImGuiTableFlags_PadOuterX | ImGuiTableFlags_Resizable | ImGuiTableFlags_NoBordersInBody;

// The number of rows stands in the name of a tab, whose id stays the same.
std::string tab_name(const char* name, std::size_t count) {
    return std::string(name) + (count > 0 ? "  " + std::to_string(count) : "") + "###" + name;
}

}  // namespace

void CurateView::know(const ViewContext& context) {
    const EditorModel& model = context.model();
    if (known_.revision == model.revision) return;
    known_ = {};
    known_.revision = model.revision;
    const Document& document = context.document();
    if (const auto& check = context.state().outcomes.check) {
        const Places places(document);
        for (const storage::Finding& finding : check->findings) {
            auto& list = kind_of(finding) == FindingKind::duplicate ? known_.duplicates : known_.recordings;
            list.push_back({finding.severity, finding.where, finding.what, places.of(finding)});
        }
    }
    if (!model.output.models.empty()) {
        const schemas::ModelVersion& newest = model.output.models.back();
        known_.doubted_by = newest.name;
        const RunReport report = run_report(newest);
        for (const SuspectedLabel& label : report.suspected) {
            const auto* clip = clip_named(document, label.clip);
            known_.doubted.push_back(
                {storage::Severity::warning, label.clip,
                 "frames " + grouped(label.span.begin) + " to " + grouped(label.span.end - 1) +
                     ": hard to learn to the last; look whether the label is right",
                 clip == nullptr ? std::nullopt : std::optional(OpenClip{clip->id, label.span.begin})});
        }
    }
    if (const auto* track = track_of_kind(document, schemas::TrackKind::category)) {
        known_.track = track->name;
        known_.labels = label_balance(document, track->id);
        known_.performers = performer_balance(document, track->id);
    }
}

void CurateView::draw(const ViewContext& context) {
    know(context);
    draw_top(context);
    if (context.document().rows<schemas::Clip>().empty())
        return empty_state(context.theme, "Nothing to look after yet.", "Import recordings first.");
    if (!ImGui::BeginTabBar("curate")) return;
    const bool checked = context.state().outcomes.check.has_value();
    const char* unchecked = "Not checked yet. 'Check the project' looks at every recording once; that takes a while.";
    if (ImGui::BeginTabItem(tab_name("Recordings", known_.recordings.size()).c_str())) {
        draw_findings(context, "recordings", known_.recordings,
                      checked ? "Nothing was found: all recordings are up to the standard." : unchecked);
        ImGui::EndTabItem();
    }
    if (ImGui::BeginTabItem(tab_name("Duplicates", known_.duplicates.size()).c_str())) {
        draw_findings(context, "duplicates", known_.duplicates,
                      checked ? "No two recordings show the same." : unchecked);
        ImGui::EndTabItem();
    }
    if (ImGui::BeginTabItem(tab_name("Doubted labels", known_.doubted.size()).c_str())) {
        draw_findings(context, "doubted", known_.doubted,
                      known_.doubted_by.empty() ? "No model yet. After a training run, labels that it could not learn "
                                                  "are listed here, for a second look."
                                                : "The newest model doubts no label.");
        ImGui::EndTabItem();
    }
    const bool balance = ImGui::BeginTabItem("Balance");
    context.mark("balance");
    if (balance) {
        draw_balance(context);
        ImGui::EndTabItem();
    }
    ImGui::EndTabBar();
}

void CurateView::draw_top(const ViewContext& context) {
    const Theme& theme = context.theme;
    const float right = ImGui::GetCursorStartPos().x + ImGui::GetContentRegionAvail().x;
    ImGui::AlignTextToFramePadding();
    heading(theme, "Quality and balance");
    ImGui::SameLine(0, theme.px(16));
    draw_job_or_button(context, JobKind::check, "Check the project", theme.px(240), CheckProject{});
    ImGui::SameLine(right - theme.px(220));
    ImGui::SetNextItemWidth(theme.px(220));
    ImGui::InputTextWithHint("##filter", "Show only rows with …", &filter_);
    ImGui::Dummy({0, theme.px(2)});
}

void CurateView::draw_findings(const ViewContext& context, const char* id, const std::vector<FindingRow>& rows,
                               const char* nothing) {
    const Theme& theme = context.theme;
    shown_.clear();
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (has_text(rows[i].where, filter_) || has_text(rows[i].what, filter_)) shown_.push_back(i);
    if (shown_.empty())
        return empty_state(theme, rows.empty() ? nothing : "No row has these words.",
                           rows.empty() ? "" : "Empty the field above to see all " + std::to_string(rows.size()) + ".");
    if (!ImGui::BeginTable(id, 3, table_flags)) return;
    ImGui::TableSetupScrollFreeze(0, 1);
    ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, theme.px(74));
    ImGui::TableSetupColumn("Where", ImGuiTableColumnFlags_WidthStretch, 1);
    ImGui::TableSetupColumn("What", ImGuiTableColumnFlags_WidthStretch, 2);
    ImGui::TableHeadersRow();
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(shown_.size()));
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
            ImGui::PushID(i);
            draw_finding(context, rows[shown_[static_cast<std::size_t>(i)]]);
            ImGui::PopID();
        }
    ImGui::EndTable();
}

void CurateView::draw_finding(const ViewContext& context, const FindingRow& row) {
    const Theme& theme = context.theme;
    const bool error = row.severity == storage::Severity::error;
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    const ImVec2 at = ImGui::GetCursorPos();
    const auto flags =
        ImGuiSelectableFlags_SpanAllColumns | (row.place ? ImGuiSelectableFlags_None : ImGuiSelectableFlags_Disabled);
    if (ImGui::Selectable("##row", false, flags) && row.place) {
        context.outbox.send(*row.place);
        context.outbox.send(ShowWorkspace{Workspace::annotate});
    }
    const ImU32 ink = ImGui::IsItemHovered() ? theme.text : error ? theme.error : theme.warning;
    ImGui::SetCursorPos(at);
    ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(ink), "%s", error ? "Error" : "Warning");
    ImGui::TableNextColumn();
    text_within(row.where, ImGui::GetContentRegionAvail().x);
    ImGui::TableNextColumn();
    text_within(row.what, ImGui::GetContentRegionAvail().x);
}

void CurateView::draw_balance(const ViewContext& context) {
    const Theme& theme = context.theme;
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const bool beside = room.x > theme.px(700);
    const ImVec2 half{beside ? (room.x - theme.px(16)) / 2 : 0, beside ? 0 : room.y / 2};
    ImGui::BeginChild("labels", half, false, ImGuiWindowFlags_NoBackground);
    heading(theme, known_.track.empty() ? "Labels" : "Labels of " + known_.track);
    draw_bars(context, "label rows", known_.labels, "No labels yet. Label some clips in Annotate.");
    ImGui::EndChild();
    if (beside) ImGui::SameLine(0, theme.px(16));
    ImGui::BeginChild("performers", {0, 0}, false, ImGuiWindowFlags_NoBackground);
    heading(theme, "Performers");
    draw_bars(context, "performer rows", known_.performers, "No recording names its performer.");
    ImGui::EndChild();
}

void CurateView::draw_bars(const ViewContext& context, const char* id, const std::vector<BalanceRow>& rows,
                           const char* nothing) {
    const Theme& theme = context.theme;
    if (rows.empty()) return faint_text(theme, nothing);
    const bool labels = rows.front().label.has_value();
    const auto most = std::ranges::max(rows, {}, &BalanceRow::clips).clips;
    if (!ImGui::BeginTable(id, 4, table_flags)) return;
    ImGui::TableSetupScrollFreeze(0, 1);
    ImGui::TableSetupColumn("Name", ImGuiTableColumnFlags_WidthStretch, 1);
    ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthStretch, 1.4F);
    ImGui::TableSetupColumn("Clips", ImGuiTableColumnFlags_WidthFixed, theme.px(64));
    ImGui::TableSetupColumn(labels ? "Frames" : "Labelled", ImGuiTableColumnFlags_WidthFixed, theme.px(84));
    ImGui::TableHeadersRow();
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(rows.size()));
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
            ImGui::PushID(i);
            draw_bar(context, rows[static_cast<std::size_t>(i)], most);
            ImGui::PopID();
        }
    ImGui::EndTable();
}

void CurateView::draw_bar(const ViewContext& context, const BalanceRow& row, std::int64_t most) {
    const Theme& theme = context.theme;
    const auto share = [](std::int64_t part, std::int64_t whole) {
        return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
    };
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    const ImVec2 at = ImGui::GetCursorPos();
    if (ImGui::Selectable("##row", false, ImGuiSelectableFlags_SpanAllColumns)) {
        ClipFilter filter;
        filter.category = row.label;
        filter.performer = row.performer;
        context.outbox.send(FilterClips{filter});
        context.outbox.send(ShowWorkspace{Workspace::annotate});
    }
    context.mark("balance " + row.name);
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("Show its clips");
    ImGui::SetCursorPos(at);
    text_within(row.name, ImGui::GetContentRegionAvail().x);
    ImGui::TableNextColumn();
    const float high = theme.px(10), line = ImGui::GetTextLineHeight();
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() + (line - high) / 2);
    share_bar(theme, share(row.clips, most), {std::max(1.0F, ImGui::GetContentRegionAvail().x), high},
              row.label ? colour_from(row.colour, theme) : theme.accent);
    ImGui::TableNextColumn();
    right_figure(theme, grouped(row.clips));
    ImGui::TableNextColumn();
    right_figure(theme, row.label ? grouped(row.frames) : percent_text(share(row.labelled, row.clips)));
}

}  // namespace annotator
