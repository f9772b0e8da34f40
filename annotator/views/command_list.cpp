#include "annotator/views/command_list.h"

#include <algorithm>

#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"

namespace annotator {

std::string_view title_of(ActionGroup group) {
    switch (group) {
        case ActionGroup::window:
            return "Window";
        case ActionGroup::playing:
            return "Playing";
        case ActionGroup::labels:
            return "Labels";
        case ActionGroup::queue:
            return "Review";
        case ActionGroup::key_points:
            return "Key-points";
        case ActionGroup::models:
            return "Models";
    }
    return "";
}

std::vector<Command> action_commands(const Keymap& keymap) {
    std::vector<Command> commands;
    for (const ActionInfo& info : all_actions())
        commands.push_back({Icon::run, std::string(info.title), std::string(title_of(info.group)),
                            keymap.keys_text(info.action), info.action});
    return commands;
}

std::vector<Command> settings_commands(const Settings& settings) {
    std::vector<Command> commands;
    const auto add = [&](std::string title, const auto& change) {
        Settings changed = settings;
        change(changed);
        if (changed == settings) return;
        commands.push_back({Icon::gear, std::move(title), "Settings", "", ShellIntent(ChangeSettings{changed})});
    };
    add("Dark theme", [](Settings& to) { to.theme = ThemeKind::dark; });
    add("Light theme", [](Settings& to) { to.theme = ThemeKind::light; });
    add("Colours of Okabe and Ito", [](Settings& to) { to.palette = Palette::okabe_ito; });
    add("Colours of Tol", [](Settings& to) { to.palette = Palette::tol; });
    for (const int percent : {75, 90, 100, 110, 125, 150, 175, 200, 250, 300})
        add("Scale " + std::to_string(percent) + " %", [&](Settings& to) { to.scale = percent / 100.0; });
    for (const std::string_view name : Keymap::preset_names())
        add("Keys of " + std::string(name), [&](Settings& to) { to.keymap = std::string(name); });
    for (const int percent : {0, 50, 100})
        add(percent == 0 ? "Sound off" : "Sound volume " + std::to_string(percent) + " %",
            [&](Settings& to) { to.sound_volume = percent / 100.0; });
    return commands;
}

std::vector<Command> project_commands(const EditorModel& model) {
    std::vector<Command> commands;
    if (const schemas::Track* track = model.track())
        for (const schemas::Label& label : labels_of(model.document(), track->id))
            commands.push_back({Icon::label, label.name, "Label", "", LabelIntent(UseLabel{label.id})});
    for (const schemas::Clip* clip : clips_by_name(model.document()))
        commands.push_back({Icon::film, clip->name, "Clip", "", PlaybackIntent(OpenClip{clip->id, {}})});
    return commands;
}

std::vector<FoundCommand> find_commands(const std::vector<Command>& commands, const std::string& query,
                                        std::size_t at_most) {
    std::vector<FoundCommand> found;
    for (std::size_t i = 0; i < commands.size(); ++i)
        if (auto match = fuzzy_match(query, commands[i].title)) found.push_back({i, std::move(*match)});
    if (query.find_first_not_of(' ') != std::string::npos)
        std::ranges::stable_sort(found, std::ranges::greater{},
                                 [](const FoundCommand& command) { return command.match.score; });
    if (found.size() > at_most) found.resize(at_most);
    return found;
}

}  // namespace annotator
