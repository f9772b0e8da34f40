#pragma once

#include <string>
#include <vector>

#include "annotator/views/view_context.h"

namespace annotator {

struct CheatSheetRow {
    std::string title;
    std::vector<std::string> keys;
};
struct CheatSheetGroup {
    std::string title;
    std::vector<CheatSheetRow> rows;
};

// Every action that a key does, by group.
std::vector<CheatSheetGroup> cheat_sheet(const Keymap& keymap);
// Which column each group goes to, in order, so that the highest column is as low as it can be. A group is as high as
// its rows and a heading of two.
std::vector<std::size_t> columns_of(const std::vector<CheatSheetGroup>& groups, std::size_t columns);

// All keys at a glance, above everything; closes with a click beside it, Escape, or its key.
//
// Thread: the UI's.
class CheatSheet {
public:
    void draw(const ShellContext& context);
};

}  // namespace annotator
