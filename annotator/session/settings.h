#pragma once

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "annotator/session/keymap.h"

namespace annotator {

enum class ThemeKind { dark, light };
// okabe_ito: Okabe and Ito 2008. tol: Paul Tol's bright scheme. Both can be told apart by people who cannot tell red
// from green.
enum class Palette { okabe_ito, tol };

// Where the splitters stand, in points; remembered per user.
struct ScreenLayout {
    float left = 260;
    float right = 300;
    float bottom = 300;
    float palette = 280;  // height of the label palette above the inspector

    bool operator==(const ScreenLayout&) const = default;
};

// What a person has chosen for all projects.
struct Settings {
    ThemeKind theme = ThemeKind::dark;
    Palette palette = Palette::okabe_ito;
    double scale = 1;  // times the monitor's, 0.75 to 3
    double sound_volume = 1;
    std::string keymap = "Editor";
    std::map<Action, std::vector<Chord>> rebound;  // beside the preset
    ScreenLayout layout;
    int window_width = 1440, window_height = 900;
    std::vector<std::string> recent_projects;  // newest first
    nlohmann::json unknown;                    // what another version wrote; kept

    bool operator==(const Settings&) const = default;
    [[nodiscard]] Keymap keys() const;
    void remember_project(const std::string& folder);
    static const Settings& standard();
};

inline constexpr double least_scale = 0.75, most_scale = 3;

nlohmann::json json_from(const Settings& settings);
// What is missing or has no sense keeps its default; nothing is thrown for it.
Settings settings_from(const nlohmann::json& document);

}  // namespace annotator
