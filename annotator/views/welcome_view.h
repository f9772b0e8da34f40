#pragma once

#include <string>

#include "annotator/views/question_view.h"
#include "annotator/views/view_context.h"

namespace annotator {

// The demo project while it is made.
struct DemoProgress {
    std::string doing;
    float share = -1;  // of 1; less than 0 where it is not known
};

// What the window shows while no project is open: recent projects, a new one, the demo.
//
// Thread: the UI's.
class WelcomeView {
public:
    // Fills the window.
    void draw(const ShellContext& context);
    // What a person asks for while no project is open.
    void handle(const Intent& intent);
    void say(std::string text) { notice_ = std::move(text); }
    // Nullopt while none is made.
    void show_demo(std::optional<DemoProgress> demo) { demo_ = std::move(demo); }

    [[nodiscard]] Asking asking() const { return asking_; }
    [[nodiscard]] bool wants_key() const { return question_.wants_key(); }
    void take_key(const Chord& chord, const ShellContext& context) { question_.take_key(chord, context); }
    [[nodiscard]] std::string take_names() { return question_.take_names(); }

private:
    void draw_page(const ShellContext& context);
    void draw_ways_to_begin(const ShellContext& context, float width);
    void draw_demo(const ShellContext& context, float width);
    void draw_notice(const ShellContext& context);

    QuestionView question_;
    Asking asking_ = Asking::nothing;
    std::string notice_;
    std::optional<DemoProgress> demo_;
    bool demo_wanted_ = false;  // by its key
};

}  // namespace annotator
