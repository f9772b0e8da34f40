#include "annotator/views/export_view.h"

#include <imgui_stdlib.h>

#include <algorithm>
#include <filesystem>

#include "annotator/session/dataset_forms.h"
#include "annotator/views/job_progress.h"
#include "annotator/widgets/page.h"
#include "storage/export/dataset_writer.h"

namespace annotator {

namespace {

constexpr auto table_flags =
    ImGuiTableFlags_RowBg | ImGuiTableFlags_ScrollY | ImGuiTableFlags_BordersInnerH | ImGuiTableFlags_PadOuterX;
constexpr std::array<const char*, 4> schemes{"60/20/20", "70/10/20", "kfold:5", "cross-subject"};
constexpr std::array<const char*, 6> group_keys{"performer", "take", "choreography", "music", "view", "setup"};

std::string title_of(const std::string& format) {
    return format == "mstcn" ? "MS-TCN" : format == "activitynet" ? "ActivityNet" : format;
}

void word_box(const std::string& title, std::string& list, const std::string& word) {
    bool there = has_word(list, word);
    if (ImGui::Checkbox(title.c_str(), &there)) set_word(list, word, there);
}

}  // namespace

void ExportView::know(const ViewContext& context) {
    if (known_.revision == context.model().revision) return;
    known_ = {context.model().revision, {}, {}};
    for (const auto& [id, track] : context.document().rows<schemas::Track>())
        if (track.kind != schemas::TrackKind::key_pose) known_.tracks.push_back(track);
    std::ranges::sort(known_.tracks, {}, &schemas::Track::position);
    const auto& splits = context.model().output.splits;
    for (const schemas::Split& split : splits) known_.splits[split.id] = split_summary(context.document(), split);
}

void ExportView::draw(const ViewContext& context) {
    know(context);
    const Theme& theme = context.theme;
    if (context.document().rows<schemas::Clip>().empty())
        return empty_state(theme, "Nothing to export yet.", "Import recordings and label them first.");
    const ImVec2 room = ImGui::GetContentRegionAvail();
    ImGui::BeginChild("form", {std::clamp(room.x * 0.26F, theme.px(220), theme.px(320)), 0}, false,
                      ImGuiWindowFlags_NoBackground);
    draw_form(context);
    ImGui::EndChild();
    ImGui::SameLine(0, theme.px(16));
    ImGui::BeginChild("results", {0, 0}, false, ImGuiWindowFlags_NoBackground);
    draw_splits(context, room.y * 0.46F);
    draw_export(context);
    ImGui::EndChild();
}

void ExportView::draw_form(const ViewContext& context) const {
    const Theme& theme = context.theme;
    const MakeSplit before = split_to_make(context.model());
    MakeSplit form = before;
    heading(theme, "Split into train, validation and test");
    field_name(theme, "Name");
    ImGui::InputText("##name", &form.name);
    field_name(theme, "Scheme: shares, kfold:K or cross-subject");
    ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x - ImGui::GetFrameHeight());
    ImGui::InputText("##scheme", &form.scheme);
    ImGui::SameLine(0, 0);
    if (ImGui::BeginCombo("##schemes", "", ImGuiComboFlags_NoPreview)) {
        for (const char* scheme : schemes)
            if (ImGui::Selectable(scheme, form.scheme == scheme)) form.scheme = scheme;
        ImGui::EndCombo();
    }
    draw_keys(theme, form);
    field_name(theme, "Seed: the same one gives the same split");
    int seed = static_cast<int>(form.seed);
    if (ImGui::InputInt("##seed", &seed)) form.seed = std::max(seed, 0);
    if (form != before) context.outbox.send(PrepareSplit{form});
    ImGui::Dummy({0, theme.px(4)});
    const float width = ImGui::GetContentRegionAvail().x;
    if (const JobView* job = open_job(context.state(), JobKind::split)) return draw_job_progress(context, *job, width);
    ImGui::BeginDisabled(form.name.empty() || form.scheme.empty());
    if (primary_button(theme, "Make the split", {width, theme.px(34)})) context.outbox.send(std::move(form));
    context.mark(Action::make_split);
    ImGui::EndDisabled();
}

void ExportView::draw_keys(const Theme& theme, MakeSplit& form) const {
    field_name(theme, "Never in two parts at once");
    ImGui::NewLine();
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() - ImGui::GetTextLineHeightWithSpacing());
    const float half = ImGui::GetContentRegionAvail().x / 2;
    for (std::size_t i = 0; i < group_keys.size(); ++i) {
        word_box(group_keys[i], form.group, group_keys[i]);
        if (i % 2 == 0) ImGui::SameLine(half);
    }
    field_name(theme, "Every part gets its share of the labels of");
    ImGui::NewLine();
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() - ImGui::GetTextLineHeightWithSpacing());
    for (const schemas::Track& track : known_.tracks) {
        ImGui::PushID(static_cast<int>(track.position));
        word_box("##stratum", form.stratify, track.name);
        ImGui::SameLine();
        text_within(track.name, ImGui::GetContentRegionAvail().x);
        ImGui::PopID();
    }
}

void ExportView::draw_splits(const ViewContext& context, float height) const {
    const Theme& theme = context.theme;
    const ExportDataset form = dataset_to_write(context.model());
    const auto& splits = context.model().output.splits;
    heading(theme, "Splits");
    ImGui::BeginChild("splits", {0, height}, false, ImGuiWindowFlags_NoBackground);
    if (splits.empty()) {
        empty_state(theme, "No split yet.",
                    "Make one on the left. A split says which clips a model learns from and which it is tested on, "
                    "so that nobody who is tested was seen before.");
    } else {
        const float right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
        for (const schemas::Split& split : splits) {
            const float wide = std::min(theme.px(220), ImGui::CalcTextSize(split.name.c_str()).x + theme.px(20));
            const float ends = ImGui::GetItemRectMax().x + ImGui::GetStyle().ItemSpacing.x + wide;
            if (&split != &splits.front() && ends <= right) ImGui::SameLine();
            const bool shown = split.name == form.split;
            ImGui::PushStyleColor(ImGuiCol_Button, shown ? mixed(theme.panel, theme.accent, 0.3F) : theme.raised);
            ImGui::PushID(static_cast<int>(static_cast<std::int64_t>(split.id)));
            if (ImGui::Button(split.name.c_str(), {wide, 0}))
                context.outbox.send(PrepareExport{{form.folder, form.format, split.name}});
            context.mark("split " + split.name);
            ImGui::PopID();
            ImGui::PopStyleColor();
        }
        const auto chosen = std::ranges::find(splits, form.split, &schemas::Split::name);
        if (chosen != splits.end()) draw_counts(context, *chosen);
    }
    ImGui::EndChild();
}

void ExportView::draw_counts(const ViewContext& context, const schemas::Split& split) const {
    const Theme& theme = context.theme;
    const SplitSummary& summary = known_.splits.at(split.id);
    ImGui::PushFont(theme.small);
    faint_text(theme, split.scheme + ", grouped by " + split.grouped + ", seed " + std::to_string(split.seed));
    ImGui::PopFont();
    const bool folds = !summary.shares.empty() && summary.shares.back().fold > 0;
    const float high = std::min(ImGui::GetContentRegionAvail().y * 0.62F,
                                (static_cast<float>(summary.shares.size()) + 1.3F) * ImGui::GetFrameHeight());
    if (ImGui::BeginTable("counts", 4, table_flags, {0, high})) {
        ImGui::TableSetupScrollFreeze(0, 1);
        ImGui::TableSetupColumn(folds ? "Fold and part" : "Part", ImGuiTableColumnFlags_WidthStretch, 1);
        ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthStretch, 1.5F);
        ImGui::TableSetupColumn("Clips", ImGuiTableColumnFlags_WidthFixed, theme.px(70));
        ImGui::TableSetupColumn("Frames", ImGuiTableColumnFlags_WidthFixed, theme.px(70));
        ImGui::TableHeadersRow();
        for (const storage::SubsetShare& share : summary.shares) {
            ImGui::TableNextRow();
            ImGui::TableNextColumn();
            const std::string part(schemas::to_text(share.subset));
            ImGui::TextUnformatted((folds ? std::to_string(share.fold + 1) + "  " + part : part).c_str());
            ImGui::TableNextColumn();
            const float bar = theme.px(10);
            ImGui::SetCursorPosY(ImGui::GetCursorPosY() + (ImGui::GetTextLineHeight() - bar) / 2);
            share_bar(theme, share.reached, {std::max(1.0F, ImGui::GetContentRegionAvail().x), bar}, theme.accent);
            ImGui::TableNextColumn();
            right_figure(theme, grouped(share.clips));
            ImGui::TableNextColumn();
            right_figure(theme, percent_text(share.reached));
        }
        ImGui::EndTable();
    }
    const auto line = [&](ImU32 colour, const std::string& text) {
        ImGui::PushStyleColor(ImGuiCol_Text, colour);
        wrapped_text(text);
        ImGui::PopStyleColor();
    };
    if (summary.leaks.empty()) line(theme.good, "No leaks: no performer, take, choreography or music is in two parts.");
    constexpr std::size_t most = 20;
    for (std::size_t i = 0; i < std::min(most, summary.leaks.size()); ++i) {
        const storage::Leak& leak = summary.leaks[i];
        line(theme.warning, "Leak: " + leak.key + " '" + leak.value + "' is in several parts" +
                                (folds ? " of fold " + std::to_string(leak.fold + 1) : "") + ".");
    }
    if (summary.leaks.size() > most) line(theme.warning, std::to_string(summary.leaks.size() - most) + " more leaks.");
    if (summary.without > 0)
        line(theme.warning, grouped(summary.without) + " clips came later and are in no part. Make the split again.");
    if (const auto& made = context.state().outcomes.split; made && made->name == split.name)
        for (const std::string& warning : made->warnings) line(theme.warning, warning);
}

void ExportView::draw_export(const ViewContext& context) {
    const Theme& theme = context.theme;
    ImGui::Dummy({0, theme.px(6)});
    ImGui::AlignTextToFramePadding();
    heading(theme, "Export");
    ImGui::SameLine(0, theme.px(16));
    const ExportDataset before = dataset_to_write(context.model());
    ExportDataset form = before;
    for (const std::string_view name : schemas::EnumNames<storage::ExportFormat>::names) {
        const std::string format(name);
        word_box(title_of(format), form.format, format);
        ImGui::SameLine(0, theme.px(12));
    }
    ImGui::AlignTextToFramePadding();
    faint_text(theme, form.split.empty() ? "without a split" : "with split '" + form.split + "'");
    const float button = theme.px(110), gap = ImGui::GetStyle().ItemSpacing.x;
    ImGui::SetNextItemWidth(std::max(theme.px(120), ImGui::GetContentRegionAvail().x - 2 * (button + gap)));
    std::string folder = form.folder.string();
    if (ImGui::InputTextWithHint("##folder", "Folder to write, outside of the project", &folder)) form.folder = folder;
    if (form != before) context.outbox.send(PrepareExport{form});
    ImGui::SameLine();
    const JobView* job = open_job(context.state(), JobKind::export_dataset);
    ImGui::BeginDisabled(form.folder.empty() || job != nullptr);
    form.how = ExportHow::plan;
    if (ImGui::Button("Dry run", {button, 0})) context.outbox.send(form);
    context.mark(Action::dry_run);
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", context.told(Action::dry_run).c_str());
    ImGui::SameLine();
    form.how = ExportHow::write;
    if (primary_button(theme, "Export", {button, 0})) context.outbox.send(form);
    context.mark(Action::export_dataset);
    ImGui::EndDisabled();
    if (job == nullptr) job = open_job(context.state(), JobKind::plan_export);
    if (job != nullptr) return draw_job_progress(context, *job, ImGui::GetContentRegionAvail().x);
    draw_outcome(context);
}

void ExportView::draw_outcome(const ViewContext& context) {
    const Theme& theme = context.theme;
    const auto& outcome = context.state().outcomes.exported;
    if (!outcome)
        return faint_text(theme,
                          "labels.json, frame tables, a datasheet and checksums are always written. A dry run "
                          "lists what a format cannot hold, and writes nothing.");
    ImGui::Dummy({0, theme.px(2)});
    wrapped_text((outcome->written ? "Wrote " : "Would write ") + grouped(static_cast<std::int64_t>(outcome->files)) +
                 " files, " + size_text(outcome->bytes) + ", to " + outcome->folder.string());
    if (outcome->losses.empty()) return faint_text(theme, "The formats hold everything that is labelled.");
    if (!ImGui::BeginTable("losses", 3, table_flags)) return;
    ImGui::TableSetupScrollFreeze(0, 1);
    ImGui::TableSetupColumn("Format", ImGuiTableColumnFlags_WidthFixed, theme.px(100));
    ImGui::TableSetupColumn("What it cannot hold", ImGuiTableColumnFlags_WidthStretch);
    ImGui::TableSetupColumn("How often", ImGuiTableColumnFlags_WidthFixed, theme.px(84));
    ImGui::TableHeadersRow();
    for (const storage::Loss& loss : outcome->losses) {
        ImGui::TableNextRow();
        ImGui::TableNextColumn();
        text_within(loss.format, ImGui::GetContentRegionAvail().x);
        ImGui::TableNextColumn();
        text_within(loss.what + (loss.where.empty() ? "" : " (" + loss.where + ")"), ImGui::GetContentRegionAvail().x);
        ImGui::TableNextColumn();
        right_figure(theme, grouped(loss.count));
    }
    ImGui::EndTable();
}

}  // namespace annotator
