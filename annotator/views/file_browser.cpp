#include "annotator/views/file_browser.h"

#include <imgui_stdlib.h>

#include <algorithm>
#include <cstdlib>

#include "annotator/widgets/icons.h"
#include "annotator/widgets/overlay.h"
#include "annotator/widgets/page.h"

namespace annotator {

namespace {

namespace fs = std::filesystem;

fs::path home() {
    const char* folder = std::getenv("HOME");
    return folder != nullptr && fs::is_directory(folder) ? fs::path(folder) : fs::current_path();
}

bool pressed(ImGuiKey key) { return ImGui::IsKeyPressed(ImGui::GetKeyIndex(key)); }

}  // namespace

void FileBrowser::show(const fs::path& folder) {
    std::error_code failed;
    const fs::path full = fs::weakly_canonical(folder, failed);
    folder_ = failed ? folder : full;
    listing_ = {};
    shown_.clear();
    text_.clear();
    marked_.clear();
    cursor_ = 0;
    focus_ = true;
}

void FileBrowser::filter() {
    shown_.clear();
    for (std::size_t i = 0; i < listing_.entries.size(); ++i)
        if (has_text(listing_.entries[i].name, text_)) shown_.push_back(i);
    cursor_ = std::clamp(cursor_, 0, std::max(0, static_cast<int>(shown_.size()) - 1));
}

const FolderEntry* FileBrowser::at_cursor() const {
    const auto at = static_cast<std::size_t>(cursor_);
    return at < shown_.size() ? &listing_.entries[shown_[at]] : nullptr;
}

std::vector<fs::path> FileBrowser::chosen() const {
    std::vector<fs::path> paths;
    for (const std::string& name : marked_) paths.push_back(folder_ / name);
    if (const FolderEntry* entry = at_cursor(); paths.empty() && entry != nullptr)
        paths.push_back(folder_ / entry->name);
    return paths;
}

void FileBrowser::enter(const FolderEntry& entry) {
    const fs::path path = folder_ / entry.name;
    if (entry.kind == FolderEntry::Kind::folder)
        show(path);
    else if (entry.kind == FolderEntry::Kind::project && what_ == Chooses::folders)
        project_ = path;
    else if (!marked_.erase(entry.name))
        marked_.insert(entry.name);
}

void FileBrowser::draw_way(const Theme& theme) {
    fs::path so_far, wanted;
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {theme.px(2), theme.px(4)});
    ImGui::PushStyleColor(ImGuiCol_Button, with_alpha(theme.raised, 0));
    const float right = ImGui::GetContentRegionMax().x;
    bool first = true;
    for (const fs::path& part : folder_) {
        so_far /= part;
        const std::string name = part == "/" ? "/" : part.string();
        const float wide = ImGui::CalcTextSize(name.c_str()).x + 2 * ImGui::GetStyle().FramePadding.x;
        if (!first) {
            ImGui::SameLine();
            if (ImGui::GetCursorPosX() + wide > right) ImGui::NewLine();
        }
        first = false;
        ImGui::PushID(so_far.c_str());
        if (ImGui::Button(name.c_str())) wanted = so_far;
        ImGui::PopID();
    }
    ImGui::PopStyleColor();
    ImGui::PopStyleVar();
    if (!wanted.empty()) show(wanted);
}

void FileBrowser::draw_filter(const Theme& theme) {
    ImGui::SetNextItemWidth(-1);
    if (focus_) ImGui::SetKeyboardFocusHere();
    focus_ = false;
    const bool was_empty = text_.empty();
    if (ImGui::InputTextWithHint("##filter", "Type to filter; Enter opens, Backspace goes up", &text_)) {
        cursor_ = 0;
        filter();
    }
    if (ImGui::IsItemActive()) {
        const int last = static_cast<int>(shown_.size()) - 1, before = cursor_;
        if (pressed(ImGuiKey_DownArrow)) cursor_ = std::min(cursor_ + 1, std::max(last, 0));
        if (pressed(ImGuiKey_UpArrow)) cursor_ = std::max(cursor_ - 1, 0);
        scroll_ |= cursor_ != before;
        if (was_empty && pressed(ImGuiKey_Backspace) && folder_.has_parent_path()) show(folder_.parent_path());
    }
    if (ImGui::IsItemDeactivated() && pressed(ImGuiKey_Enter)) {
        if (const FolderEntry* entry = at_cursor()) enter(FolderEntry(*entry));
        focus_ = true;
    }
    (void)theme;
}

void FileBrowser::draw_entry(const Theme& theme, std::size_t index) {
    const FolderEntry entry = listing_.entries[shown_[index]];
    const bool under_cursor = static_cast<int>(index) == cursor_, marked = marked_.contains(entry.name);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float high = ImGui::GetFrameHeight(), wide = ImGui::GetContentRegionAvail().x;
    ImGui::PushID(static_cast<int>(index));
    if (ImGui::InvisibleButton("entry", {wide, high})) {
        cursor_ = static_cast<int>(index);
        if (ImGui::GetIO().KeyCtrl || (what_ == Chooses::files_and_folders && entry.kind == FolderEntry::Kind::file)) {
            if (!marked_.erase(entry.name)) marked_.insert(entry.name);
        }
    }
    const bool hovered = ImGui::IsItemHovered();
    const bool twice = hovered && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left);
    ImGui::PopID();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImU32 back = marked ? mixed(theme.panel, theme.accent, 0.35F) : mixed(theme.panel, theme.accent, 0.16F);
    if (under_cursor || hovered || marked) list.AddRectFilled(at, {at.x + wide, at.y + high}, back, theme.px(4));
    const Icon sign = marked                                     ? Icon::check
                      : entry.kind == FolderEntry::Kind::project ? Icon::project
                      : entry.kind == FolderEntry::Kind::folder  ? Icon::folder
                                                                 : Icon::file;
    draw_icon(list, sign, {at.x + high / 2, at.y + high / 2}, theme.px(14),
              entry.kind == FolderEntry::Kind::project ? theme.accent : theme.faint_text);
    const float text_y = at.y + ImGui::GetStyle().FramePadding.y;
    const std::string size = entry.kind == FolderEntry::Kind::file ? size_text(entry.bytes) : "";
    const float size_wide = ImGui::CalcTextSize(size.c_str()).x;
    clipped_text(list, {at.x + high, text_y}, wide - high - size_wide - theme.px(16), theme.text, entry.name.data(),
                 entry.name.data() + entry.name.size());
    if (!size.empty()) list.AddText({at.x + wide - size_wide - theme.px(8), text_y}, theme.faint_text, size.c_str());
    if (twice) enter(entry);
}

void FileBrowser::draw(const Theme& theme, float height) {
    if (folder_.empty()) show(home());
    if (listing_.folder != folder_) {
        listing_ = list_folder(folder_, what_ == Chooses::folders ? ListFiles::no : ListFiles::yes);
        filter();
    }
    const float top = ImGui::GetCursorPosY();
    draw_way(theme);
    draw_filter(theme);
    const float rest = height - (ImGui::GetCursorPosY() - top);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    ImGui::BeginChild("entries", {0, std::max(rest, theme.px(60))});
    if (!listing_.problem.empty()) ImGui::TextWrapped("%s", listing_.problem.c_str());
    if (listing_.problem.empty() && shown_.empty())
        ImGui::TextDisabled("%s", listing_.entries.empty() ? "There is nothing here." : "Nothing here has that name.");
    const float high = ImGui::GetFrameHeight();
    if (std::exchange(scroll_, false)) {
        const float at = static_cast<float>(cursor_) * high;
        ImGui::SetScrollY(std::clamp(ImGui::GetScrollY(), at + high - ImGui::GetWindowHeight(), at));
    }
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(shown_.size()), high);
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd && i < static_cast<int>(shown_.size()); ++i)
            draw_entry(theme, static_cast<std::size_t>(i));
    ImGui::EndChild();
    ImGui::PopStyleVar();
}

}  // namespace annotator
