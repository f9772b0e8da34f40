#include "annotator/views/welcome_view.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "annotator/widgets/icons.h"
#include "annotator/widgets/overlay.h"
#include "annotator/widgets/short_text.h"

namespace annotator {

namespace {

namespace fs = std::filesystem;

// A name that nothing has yet: "Kinetograph demo", "Kinetograph demo 2" …
fs::path folder_of_a_new_demo() {
    std::error_code unknown;
    const char* home = std::getenv("HOME");
    const fs::path folder = home != nullptr ? fs::path(home) : fs::temp_directory_path(unknown);
    fs::path demo = folder / "Kinetograph demo";
    for (int i = 2; fs::exists(demo, unknown); ++i) demo = folder / ("Kinetograph demo " + std::to_string(i));
    return demo;
}

// A large button: a sign, what it does, and a sentence.
bool card(const ShellContext& context, Action action, Icon sign, const char* title, const char* sentence, float width) {
    const Theme& theme = context.theme;
    const std::string keys = context.keymap.keys_text(action);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float high = theme.px(64);
    const bool clicked = ImGui::InvisibleButton(title, {width, high});
    context.mark(action);
    const bool hovered = ImGui::IsItemHovered();
    if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled(at, {at.x + width, at.y + high},
                       hovered ? mixed(theme.raised, theme.accent, 0.2F) : theme.raised, theme.px(8));
    draw_icon(list, sign, {at.x + theme.px(32), at.y + high / 2}, theme.px(24), theme.accent);
    const float left = at.x + theme.px(64);
    ImGui::PushFont(theme.strong);
    list.AddText({left, at.y + theme.px(13)}, theme.text, title);
    ImGui::PopFont();
    ImGui::PushFont(theme.small);
    clipped_text(list, {left, at.y + theme.px(35)}, width - theme.px(72), hovered ? theme.text : theme.faint_text,
                 sentence);
    ImGui::PopFont();
    if (!keys.empty()) {
        const float wide = key_chip(nullptr, theme, {}, keys.c_str());
        key_chip(&list, theme, {at.x + width - wide - theme.px(12), at.y + theme.px(12)}, keys.c_str());
    }
    ImGui::Dummy({0, theme.px(2)});
    return clicked;
}

void centred(const Theme& theme, ImFont* font, ImU32 colour, float size, const char* text) {
    ImFont* shown = font != nullptr ? font : ImGui::GetFont();
    const ImVec2 extent = shown->CalcTextSizeA(size, FLT_MAX, 0, text);
    const float x = (ImGui::GetContentRegionAvail().x - extent.x) / 2;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::GetWindowDrawList()->AddText(shown, size, {at.x + x, at.y}, colour, text);
    ImGui::Dummy({0, extent.y + theme.px(4)});
}

}  // namespace

void WelcomeView::handle(const Intent& intent) {
    const auto* window = std::get_if<WindowIntent>(&intent);
    const auto* ask = window != nullptr ? std::get_if<Ask>(window) : nullptr;
    if (ask != nullptr) asking_ = ask->what;
    const auto* action = std::get_if<Action>(&intent);
    if (action == nullptr) return;
    const auto toggle = [&](Asking what) { asking_ = asking_ == what ? Asking::nothing : what; };
    if (*action == Action::open_project || *action == Action::new_project) toggle(Asking::project);
    if (*action == Action::demo_project && !demo_) demo_wanted_ = true;
    if (*action == Action::command_palette) toggle(Asking::command);
    if (*action == Action::cheat_sheet) toggle(Asking::cheat_sheet);
    if (*action == Action::settings) toggle(Asking::settings);
}

void WelcomeView::draw_demo(const ShellContext& context, float width) {
    const Theme& theme = context.theme;
    if (!demo_) {
        if (card(context, Action::demo_project, Icon::run, "Try the demo project",
                 "Synthetic dancers, a part of them labelled", width) ||
            std::exchange(demo_wanted_, false))
            context.outbox.send(MakeDemoProject{folder_of_a_new_demo()});
        return;
    }
    ImGui::BeginChild("demo", {width, theme.px(64)}, false, ImGuiWindowFlags_AlwaysUseWindowPadding);
    ImGui::TextUnformatted(demo_->doing.c_str());
    const float button = ImGui::CalcTextSize("Cancel").x + 2 * ImGui::GetStyle().FramePadding.x;
    ImGui::ProgressBar(std::max(0.0F, demo_->share),
                       {ImGui::GetContentRegionAvail().x - button - theme.px(8), ImGui::GetFrameHeight()},
                       demo_->share < 0 ? "" : nullptr);
    ImGui::SameLine();
    if (ImGui::Button("Cancel")) context.outbox.send(CancelDemoProject{});
    ImGui::EndChild();
}

void WelcomeView::draw_ways_to_begin(const ShellContext& context, float width) {
    const Theme& theme = context.theme;
    draw_demo(context, width);
    if (card(context, Action::new_project, Icon::plus, "New project",
             "An empty one; drop recordings on it to import them", width))
        context.outbox.send(Action::new_project);
    if (card(context, Action::open_project, Icon::folder, "Open a project", "From any folder", width))
        context.outbox.send(Action::open_project);
    ImGui::Dummy({0, theme.px(4)});
    for (const auto& [title, action] :
         {std::pair("Settings", Action::settings), std::pair("Keys", Action::cheat_sheet)}) {
        if (key_button(theme, title, context.keymap.keys_text(action).c_str())) context.outbox.send(action);
        ImGui::SameLine();
    }
    ImGui::NewLine();
}

void WelcomeView::draw_notice(const ShellContext& context) {
    if (notice_.empty()) return;
    icon(Icon::warning, context.theme.warning);
    ImGui::SameLine();
    ImGui::TextWrapped("%s", notice_.c_str());
}

void WelcomeView::draw_page(const ShellContext& context) {
    const Theme& theme = context.theme;
    const ImVec2 room = ImGui::GetContentRegionAvail();
    ImGui::Dummy({0, std::max(theme.px(10), room.y * 0.1F)});
    centred(theme, theme.title, theme.text, theme.px(34), "Kinetograph");
    centred(theme, theme.body, theme.faint_text, theme.px(15), "Label dance recordings with a model in the loop");
    ImGui::Dummy({0, theme.px(22)});
    const bool beside = room.x > theme.px(720) && !context.settings.recent_projects.empty();
    const float width = std::min(room.x, theme.px(beside ? 900 : 440));
    ImGui::SetCursorPosX((room.x - width) / 2 + ImGui::GetCursorPosX());
    ImGui::BeginChild("page", {width, 0}, false, ImGuiWindowFlags_NoBackground);
    const float inside = ImGui::GetContentRegionAvail().x;
    const float gap = theme.px(24), column = beside ? (inside - gap) / 2 : inside;
    draw_notice(context);
    ImGui::BeginGroup();
    draw_ways_to_begin(context, column);
    ImGui::EndGroup();
    if (beside) ImGui::SameLine(0, gap);
    if (!context.settings.recent_projects.empty()) {
        // Below what else there is it is as high as it needs, and the page scrolls.
        const float rows =
            static_cast<float>(context.settings.recent_projects.size()) * theme.px(recent_project_points);
        const float high = ImGui::GetTextLineHeight() + theme.px(8) + rows;
        ImGui::BeginChild("recent", {column, beside ? 0 : high}, false, ImGuiWindowFlags_NoBackground);
        ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
        ImGui::TextDisabled("Recent projects");
        ImGui::Dummy({0, theme.px(8)});
        draw_recent_projects(context, ImGui::GetContentRegionAvail().x);
        ImGui::PopStyleVar();
        ImGui::EndChild();
    }
    ImGui::EndChild();
}

void WelcomeView::draw(const ShellContext& context) {
    const ImGuiViewport* viewport = ImGui::GetMainViewport();
    ImGui::SetNextWindowPos(viewport->Pos);
    ImGui::SetNextWindowSize(viewport->Size);
    ImGui::Begin("welcome", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoBringToFrontOnFocus |
                     ImGuiWindowFlags_NoSavedSettings);
    draw_page(context);
    ImGui::End();
    question_.draw(context, asking_);
}

}  // namespace annotator
