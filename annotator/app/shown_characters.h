#pragma once

#include <cstdint>
#include <set>
#include <string_view>

#include "annotator/session/editor_model.h"
#include "annotator/session/settings.h"

namespace annotator {

// The characters beyond the usual ones that are on the screen or may come there: of names, comments, notices and what
// is typed.
//
// Thread: the UI's.
class ShownCharacters {
public:
    // True when there are new ones. Cheap while the model's revision stays.
    bool take(const EditorModel& model);
    bool take(const Settings& settings);
    bool take(std::string_view utf8);
    // The next model is another one, though it may be in the same place and of the same revision.
    void forget_model() { model_ = nullptr; }
    [[nodiscard]] const std::set<char32_t>& all() const { return all_; }

private:
    std::set<char32_t> all_;
    std::uint64_t revision_ = 0;
    const void* model_ = nullptr;
};

}  // namespace annotator
