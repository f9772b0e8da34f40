#include "annotator/app/script.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <utility>

namespace annotator {

namespace {

using nlohmann::json;

constexpr std::array<std::pair<std::string_view, Workspace>, 5> workspaces{{{"annotate", Workspace::annotate},
                                                                            {"review", Workspace::review},
                                                                            {"train", Workspace::train},
                                                                            {"curate", Workspace::curate},
                                                                            {"export", Workspace::export_dataset}}};
constexpr std::array<std::pair<std::string_view, Awaited>, 3> awaited{
    {{"media", Awaited::media}, {"jobs", Awaited::jobs}, {"idle", Awaited::idle}}};

// The value of that name. Throws std::invalid_argument, which lists the names there are.
template <class Value, std::size_t Count>
Value named(const std::array<std::pair<std::string_view, Value>, Count>& names, const std::string& wanted) {
    std::string list;
    for (const auto& [name, value] : names) {
        if (name == wanted) return value;
        list += (list.empty() ? "" : ", ") + std::string(name);
    }
    throw std::invalid_argument("'" + wanted + "' is none of " + list);
}

Chord chord(const json& text) {
    if (const auto found = chord_from(text.get<std::string>())) return *found;
    throw std::invalid_argument("'" + text.get<std::string>() + "' is no key; expected one such as \"Ctrl+Shift+Z\"");
}

// Numbers, at least so many. Throws.
std::vector<float> numbers(const json& list, std::size_t least) {
    auto found = list.get<std::vector<float>>();
    if (found.size() < least)
        throw std::invalid_argument("expected " + std::to_string(least) + " numbers, found " +
                                    std::to_string(found.size()));
    return found;
}

Point point(const json& list) {
    const auto at = numbers(list, 2);
    return {at[0], at[1]};
}

Held held(const json& step) {
    std::string text = step.value("held", "");
    Held found;
    while (!text.empty()) {
        const std::string one = text.substr(0, text.find('+'));
        text.erase(0, one.size() + 1);
        if (one == "ctrl")
            found.control = true;
        else if (one == "shift")
            found.shift = true;
        else if (one == "alt")
            found.alt = true;
        else
            throw std::invalid_argument("'" + one + "' cannot be held; expected ctrl, shift or alt, joined with '+'");
    }
    return found;
}

int button(const json& step) {
    constexpr std::array<std::pair<std::string_view, int>, 3> buttons{{{"left", 0}, {"right", 1}, {"middle", 2}}};
    return named(buttons, step.value("button", "left"));
}

StepKind keys(const json& step) {
    if (step.contains("key")) return PressKeys{{chord(step["key"])}};
    PressKeys pressed;
    for (const json& text : step["keys"]) pressed.chords.push_back(chord(text));
    return pressed;
}

StepKind action(const json& step) {
    const auto name = step["action"].get<std::string>();
    if (const auto found = action_named(name)) return PerformAction{*found};
    throw std::invalid_argument("there is no action '" + name + "'");
}

StepKind drag(const json& step) {
    const auto path = numbers(step["drag"], 4);
    if (path.size() % 2 != 0) throw std::invalid_argument("expected x and y of each point");
    Drag drag{{}, button(step), held(step), step.value("screenshot", "")};
    for (std::size_t i = 0; i < path.size(); i += 2) drag.path.push_back({path[i], path[i + 1]});
    return drag;
}

StepKind scroll(const json& step) {
    const auto turned = numbers(step["scroll"], 3);
    return Scroll{{turned[0], turned[1]}, turned[2], turned.size() > 3 ? turned[3] : 0, held(step)};
}

StepKind resize(const json& step) {
    const auto size = numbers(step["size"], 2);
    return Resize{static_cast<int>(size[0]), static_cast<int>(size[1])};
}

struct Kind {
    std::function<StepKind(const json&)> read;
    std::set<std::string> further;  // names that may stand beside its own
};

const std::map<std::string, Kind>& kinds() {
    static const std::map<std::string, Kind> all{
        {"key", {keys, {}}},
        {"keys", {keys, {}}},
        {"type", {[](const json& step) { return TypeText{step["type"].get<std::string>()}; }, {}}},
        {"action", {action, {}}},
        {"clip", {[](const json& step) { return ShowClip{step["clip"].get<std::string>()}; }, {}}},
        {"go", {[](const json& step) { return GoToFrame{step["go"].get<schemas::FrameIndex>()}; }, {}}},
        {"label", {[](const json& step) { return ChooseLabel{step["label"].get<std::string>()}; }, {}}},
        {"workspace",
         {[](const json& step) { return ShowWorkspace{named(workspaces, step["workspace"].get<std::string>())}; }, {}}},
        {"move",
         {[](const json& step) {
              return MovePointer{point(step["move"]), held(step)};
          },
          {"held"}}},
        {"click",
         {[](const json& step) {
              return Click{point(step["click"]), button(step), step.value("times", 1), held(step)};
          },
          {"button", "times", "held"}}},
        {"drag", {drag, {"button", "held", "screenshot"}}},
        {"scroll", {scroll, {"held"}}},
        {"wait", {[](const json& step) { return Wait{step["wait"].get<double>()}; }, {}}},
        {"wait_for",
         {[](const json& step) {
              return WaitFor{named(awaited, step["wait_for"].get<std::string>()), step.value("at_most", 30.0)};
          },
          {"at_most"}}},
        {"screenshot", {[](const json& step) { return TakePicture{step["screenshot"].get<std::string>()}; }, {}}},
        {"expect", {[](const json& step) { return Expect{step["expect"]}; }, {}}},
        {"size", {resize, {}}},
        {"settings", {[](const json& step) { return UseSettings{settings_from(step["settings"])}; }, {}}},
        {"quit", {[](const json&) { return Quit{}; }, {}}},
    };
    return all;
}

StepKind step_from(const json& step) {
    if (!step.is_object() || step.empty())
        throw std::invalid_argument("expected an object such as {\"key\": \"Space\"}");
    for (const auto& [name, value] : step.items()) {
        const auto kind = kinds().find(name);
        if (kind == kinds().end()) continue;
        for (const auto& [other, unused] : step.items())
            if (other != name && !kind->second.further.contains(other))
                throw std::invalid_argument("'" + other + "' does not belong to '" + name + "'");
        return kind->second.read(step);
    }
    throw std::invalid_argument("there is no step '" + step.begin().key() + "'");
}

}  // namespace

std::vector<ScriptStep> script_from(const json& document, const std::string& name) {
    if (!document.is_array()) throw ScriptError(name + ": expected a JSON array of steps");
    std::vector<ScriptStep> steps;
    for (const json& step : document) {
        const std::size_t number = steps.size() + 1;
        try {
            steps.push_back({number, step_from(step)});
        } catch (const json::exception&) {
            throw ScriptError(name + ": step " + std::to_string(number) + ": " + step.dump() +
                              " does not have the values that such a step has");
        } catch (const std::invalid_argument& error) {
            throw ScriptError(name + ": step " + std::to_string(number) + ": " + error.what());
        }
    }
    return steps;
}

std::vector<ScriptStep> read_script(const std::filesystem::path& file) {
    std::ifstream stream(file);
    if (!stream) throw ScriptError(file.string() + ": cannot be read");
    try {
        return script_from(json::parse(stream), file.string());
    } catch (const json::parse_error& error) {
        throw ScriptError(file.string() + ": is no JSON (byte " + std::to_string(error.byte) + ")");
    }
}

std::string_view name_of(Workspace workspace) {
    return std::ranges::find(workspaces, workspace, &std::pair<std::string_view, Workspace>::second)->first;
}

}  // namespace annotator
