#pragma once

#include <imgui.h>

#include <filesystem>
#include <functional>
#include <string>

#include "annotator/views/view_context.h"

namespace tests {

// A place to draw a view without a window or a graphics card, as large as a screen.
class ViewStage {
public:
    explicit ViewStage(ImVec2 size = {1280, 720}, float scale = 1);
    ~ViewStage();
    ViewStage(const ViewStage&) = delete;
    ViewStage& operator=(const ViewStage&) = delete;

    // Draws the view some frames long, until it has settled, and returns what it asked for.
    template <class View>
    std::vector<annotator::Intent> draw(View& view, const annotator::Workbench& bench) {
        return draw_frames(bench, [&](const annotator::ViewContext& context) { view.draw(context); });
    }
    // The same with a click there in between.
    template <class View>
    std::vector<annotator::Intent> click(View& view, const annotator::Workbench& bench, ImVec2 at) {
        ImGui::GetIO().MousePos = at;
        draw(view, bench);
        ImGui::GetIO().MouseDown[0] = true;
        auto intents = draw(view, bench);
        ImGui::GetIO().MouseDown[0] = false;
        std::ranges::move(draw(view, bench), std::back_inserter(intents));
        return intents;
    }
    // Of the last frame.
    [[nodiscard]] int vertices() const { return ImGui::GetDrawData()->TotalVtxCount; }

private:
    using Draw = std::function<void(const annotator::ViewContext&)>;
    std::vector<annotator::Intent> draw_frames(const annotator::Workbench& bench, const Draw& draw);

    annotator::Theme theme_;
};

// A project of clips that carry labels of `track` "category", made at once.
annotator::ProjectSession large_project(const std::filesystem::path& folder, int clips, const std::string& label);

}  // namespace tests
