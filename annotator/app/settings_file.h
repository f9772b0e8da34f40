#pragma once

#include <filesystem>
#include <string>

#include "annotator/session/settings.h"

namespace annotator {

// XDG_CONFIG_HOME/kinetograph/settings.json, or ~/.config/…; "" where there is no home.
std::filesystem::path settings_file();

struct LoadedSettings {
    Settings settings;
    std::string notice;  // a sentence where the file could not be read; "" otherwise
};

// The defaults where there is no file. A damaged one is set aside, and the defaults stand in.
LoadedSettings load_settings(const std::filesystem::path& file);
// Makes the folder, too. Throws storage::WriteError and std::filesystem::filesystem_error.
void save_settings(const Settings& settings, const std::filesystem::path& file);

}  // namespace annotator
