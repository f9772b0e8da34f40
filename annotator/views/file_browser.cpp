#include "annotator/views/file_browser.h"

#include <imgui_stdlib.h>

#include <algorithm>
#include <cstdlib>

#include "annotator/views/text_search.h"
#include "annotator/widgets/icons.h"
#include "annotator/widgets/page.h"
#include "annotator/widgets/pressed_keys.h"
#include "annotator/widgets/short_text.h"

namespace annotator {

namespace {

namespace fs = std::filesystem;

fs::path home() {
    std::error_code failed;
    const char* folder = std::getenv("HOME");
    if (folder != nullptr && fs::is_directory(folder, failed)) return folder;
    const fs::path here = fs::current_path(failed);
    return failed ? fs::path("/") : here;
}

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

void FileBrowser::draw_filter() {
    ImGui::SetNextItemWidth(-1);
    // What the mouse did beside the fields does not take the keyboard away.
    const bool was_left = std::exchange(let_go_, false) && !ImGui::IsAnyItemActive();
    if (std::exchange(focus_, false) || was_left) ImGui::SetKeyboardFocusHere();
    const bool was_empty = text_.empty();
    if (ImGui::InputTextWithHint("##filter", "Type to filter; Enter opens, Backspace goes up", &text_)) {
        cursor_ = 0;
        filter();
    }
    if (ImGui::IsItemActive()) {
        const int last = static_cast<int>(shown_.size()) - 1, before = cursor_;
        if (is_pressed(ImGuiKey_DownArrow)) cursor_ = std::min(cursor_ + 1, std::max(last, 0));
        if (is_pressed(ImGuiKey_UpArrow)) cursor_ = std::max(cursor_ - 1, 0);
        scroll_ |= cursor_ != before;
        if (was_empty && is_pressed(ImGuiKey_Backspace) && folder_.has_parent_path()) show(folder_.parent_path());
    }
    if (ImGui::IsItemDeactivated() && is_enter_pressed()) {
        if (ImGui::GetIO().KeyCtrl)
            confirmed_ = true;
        else if (const FolderEntry* entry = at_cursor())
            enter(FolderEntry(*entry));
        focus_ = true;
    }
}

void FileBrowser::draw_entry(const Theme& theme, std::size_t index) {
    const FolderEntry entry = listing_.entries[shown_[index]];
    const bool under_cursor = static_cast<int>(index) == cursor_, marked = marked_.contains(entry.name);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float high = ImGui::GetFrameHeight(), wide = ImGui::GetContentRegionAvail().x;
    // By its name: a click that began on a row of another folder ends on none.
    ImGui::PushID((folder_ / entry.name).c_str());
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
    const bool lit = under_cursor || hovered || marked;
    if (lit) list.AddRectFilled(at, {at.x + wide, at.y + high}, back, theme.px(4));
    const ImU32 ink = lit ? theme.text : theme.faint_text;
    const Icon sign = marked                                     ? Icon::check
                      : entry.kind == FolderEntry::Kind::project ? Icon::project
                      : entry.kind == FolderEntry::Kind::folder  ? Icon::folder
                                                                 : Icon::file;
    draw_icon(list, sign, {at.x + high / 2, at.y + high / 2}, theme.px(14),
              entry.kind == FolderEntry::Kind::project && !lit ? theme.accent : ink);
    const float text_y = at.y + ImGui::GetStyle().FramePadding.y;
    const std::string size = entry.kind == FolderEntry::Kind::file ? size_text(entry.bytes) : "";
    const float size_wide = ImGui::CalcTextSize(size.c_str()).x;
    clipped_text(list, {at.x + high, text_y}, wide - high - size_wide - theme.px(16), theme.text, entry.name);
    if (!size.empty()) list.AddText({at.x + wide - size_wide - theme.px(8), text_y}, ink, size.c_str());
    if (twice) enter(entry);
}

void FileBrowser::draw(const Theme& theme, float height) {
    if (folder_.empty()) show(home());
    if (listing_.folder != folder_) {
        listing_ = list_folder(folder_, what_ == Chooses::folders ? ListFiles::no : ListFiles::yes);
        names_ = folder_.string();
        for (const FolderEntry& entry : listing_.entries) names_ += entry.name;
        filter();
    }
    const float top = ImGui::GetCursorPosY();
    draw_way(theme);
    draw_filter();
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
    let_go_ =
        ImGui::IsMouseReleased(ImGuiMouseButton_Left) &&
        ImGui::IsWindowHovered(ImGuiHoveredFlags_RootAndChildWindows | ImGuiHoveredFlags_AllowWhenBlockedByActiveItem);
}

}  // namespace annotator
