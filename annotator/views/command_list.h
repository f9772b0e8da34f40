#pragma once

#include <string>
#include <vector>

#include "annotator/session/editor_model.h"
#include "annotator/views/fuzzy_match.h"
#include "annotator/widgets/icons.h"

// What the command palette offers. No window.
namespace annotator {

struct Command {
    Icon icon = Icon::run;
    std::string title;
    std::string group;  // "Playing", "Clip", "Label" …
    std::string keys;   // "Ctrl+Z"; "" where there are none
    Intent intent;
};

// Every action, and what can be set.
std::vector<Command> action_commands(const Keymap& keymap);
std::vector<Command> settings_commands(const Settings& settings);
// Every clip, and every label of the active track.
std::vector<Command> project_commands(const EditorModel& model);

struct FoundCommand {
    std::size_t index = 0;
    FuzzyMatch match;
};
// At most so many of those that match, best first. Without a query in the order they have.
std::vector<FoundCommand> find_commands(const std::vector<Command>& commands, const std::string& query,
                                        std::size_t at_most);

std::string_view title_of(ActionGroup group);

}  // namespace annotator
