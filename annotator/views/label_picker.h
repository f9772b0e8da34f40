#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "annotator/views/label_choices.h"
#include "annotator/views/view_context.h"

namespace annotator {

// A list of labels to choose from with a field to search in, for the palette and for the window that asks for a label.
// What is chosen goes out as UseLabel; a name that no label has can be added.
//
// Thread: the UI's.
class LabelList {
public:
    // What a digit does that is typed into the empty field.
    enum class Digits { search, are_keys };
    explicit LabelList(Digits digits = Digits::search) : digits_(digits) {}

    // `height` of the list, in pixels. True when something was chosen.
    bool draw(const ViewContext& context, const char* hint, float height);
    // The field takes the keyboard, empty.
    void begin();

    static constexpr std::size_t most_bytes = 200;

private:
    void bring_up_to_date(const ViewContext& context);
    void count(const ViewContext& context);
    bool draw_field(const ViewContext& context, const char* hint);
    bool draw_choice(const ViewContext& context, const LabelChoice& choice, bool highlighted);
    void draw_row(const ViewContext& context, const LabelChoice& choice, ImVec2 from, ImVec2 to,
                  bool highlighted) const;
    bool draw_add(const ViewContext& context);
    [[nodiscard]] bool can_add(const ViewContext& context) const;

    Digits digits_;
    std::array<char, most_bytes> search_{};
    std::vector<LabelChoice> choices_;
    std::vector<std::int64_t> counts_;  // how often each choice stands on the active line
    std::size_t highlighted_ = 0;
    bool takes_keyboard_ = false;

    std::uint64_t revision_ = 0;
    std::string made_for_;                              // what else the choices depend on
    std::map<schemas::LabelId, std::int64_t> counted_;  // on that line, in its revision
    std::optional<Line> counted_line_;
    std::uint64_t counted_revision_ = 0;
};

// The window that asks for a label, near the mouse where that asked for it. Not modal: a click elsewhere closes it.
//
// Thread: the UI's.
class LabelPicker {
public:
    void draw(const ViewContext& context);

private:
    LabelList list_{LabelList::Digits::are_keys};
    bool open_ = false;
    ImVec2 at_{};
    double mouse_used_ = -1;  // ImGui's time when a button of the mouse went up last
};

}  // namespace annotator
