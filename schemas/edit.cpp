#include "schemas/edit.h"

#include <algorithm>

namespace schemas {

Edit inverse(const Edit& edit) {
    Edit turned{edit.title, edit.changes};
    std::ranges::reverse(turned.changes);
    for (Change& change : turned.changes) std::visit([](auto& row) { std::swap(row.before, row.after); }, change);
    return turned;
}

}  // namespace schemas
