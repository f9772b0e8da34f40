#include "annotator/app/settings_file.h"

#include <cstdlib>
#include <fstream>

#include "storage/export/atomic_file.h"

namespace annotator {

namespace fs = std::filesystem;

fs::path settings_file() {
    const auto folder = [](const char* variable) -> fs::path {
        const char* value = std::getenv(variable);
        return value == nullptr ? "" : value;
    };
    fs::path config = folder("XDG_CONFIG_HOME");
    // The specification wants what is relative to be ignored.
    if (!config.is_absolute()) config = folder("HOME").empty() ? "" : folder("HOME") / ".config";
    return config.empty() ? config : config / "kinetograph" / "settings.json";
}

LoadedSettings load_settings(const fs::path& file) {
    std::ifstream stream(file);
    if (!stream) return {};
    const nlohmann::json document = nlohmann::json::parse(stream, nullptr, false);
    if (document.is_object()) return {settings_from(document), ""};
    const fs::path aside = file.string() + ".damaged";
    std::error_code failed;
    fs::rename(file, aside, failed);
    return {{},
            file.string() + ": is damaged, so the usual settings are used." +
                (failed ? "" : " The file was kept as " + aside.filename().string() + ".")};
}

void save_settings(const Settings& settings, const fs::path& file) {
    fs::create_directories(file.parent_path());
    storage::write_file_atomically(file, json_from(settings).dump(2) + "\n");
}

}  // namespace annotator
