#include "annotator/session/settings.h"

#include <algorithm>
#include <array>
#include <utility>

namespace annotator {

namespace {

using nlohmann::json;

constexpr std::array<std::pair<std::string_view, ThemeKind>, 2> themes{
    {{"dark", ThemeKind::dark}, {"light", ThemeKind::light}}};
constexpr std::array<std::pair<std::string_view, Palette>, 2> palettes{
    {{"okabe-ito", Palette::okabe_ito}, {"tol", Palette::tol}}};
constexpr std::size_t most_recent_projects = 12;

template <class Names, class Value>
std::string name_in(const Names& names, Value value) {
    return std::string(std::ranges::find(names, value, &Names::value_type::second)->first);
}

// Reads parts of a document that may be damaged, each by itself, and takes what it knows out of it.
class Reader {
public:
    explicit Reader(json document) : rest_(document.is_object() ? std::move(document) : json::object()) {}

    template <class Value>
    void number(const char* name, Value& value, Value least, Value most) {
        if (const auto found = take(name); found && found->is_number())
            value = std::clamp(found->get<Value>(), least, most);
    }
    template <class Names, class Value>
    void choice(const char* name, Value& value, const Names& names) {
        const auto found = take(name);
        if (!found || !found->is_string()) return;
        const auto* known = std::ranges::find(names, found->get<std::string>(), &Names::value_type::first);
        if (known != names.end()) value = known->second;
    }
    std::optional<json> take(const char* name) {
        if (!rest_.contains(name)) return std::nullopt;
        json found = rest_[name];
        rest_.erase(name);
        return found;
    }
    json rest() { return rest_; }

private:
    json rest_;
};

void read_layout(const std::optional<json>& document, ScreenLayout& layout) {
    if (!document) return;
    Reader reader(*document);
    reader.number("left", layout.left, 80.0F, 2000.0F);
    reader.number("right", layout.right, 80.0F, 2000.0F);
    reader.number("bottom", layout.bottom, 80.0F, 2000.0F);
    reader.number("palette", layout.palette, 60.0F, 2000.0F);
}

void read_rebound(const std::optional<json>& document, std::map<Action, std::vector<Chord>>& rebound) {
    if (!document || !document->is_object()) return;
    for (const auto& [name, keys] : document->items()) {
        const auto action = action_named(name);
        if (!action || !keys.is_array()) continue;
        std::vector<Chord> chords;
        for (const json& text : keys)
            if (const auto chord = text.is_string() ? chord_from(text.get<std::string>()) : std::nullopt)
                chords.push_back(*chord);
        rebound[*action] = std::move(chords);
    }
}

std::vector<std::string> texts(const std::optional<json>& document) {
    std::vector<std::string> found;
    if (document && document->is_array())
        for (const json& text : *document)
            if (text.is_string()) found.push_back(text.get<std::string>());
    return found;
}

}  // namespace

Keymap Settings::keys() const {
    Keymap all = Keymap::preset(keymap);
    for (const auto& [action, chords] : rebound) all.bind(action, chords);
    return all;
}

void Settings::remember_project(const std::string& folder) {
    std::erase(recent_projects, folder);
    recent_projects.insert(recent_projects.begin(), folder);
    if (recent_projects.size() > most_recent_projects) recent_projects.resize(most_recent_projects);
}

const Settings& Settings::standard() {
    static const Settings settings;
    return settings;
}

json json_from(const Settings& settings) {
    json document = settings.unknown.is_object() ? settings.unknown : json::object();
    document["theme"] = name_in(themes, settings.theme);
    document["palette"] = name_in(palettes, settings.palette);
    document["scale"] = settings.scale;
    document["sound_volume"] = settings.sound_volume;
    document["keymap"] = settings.keymap;
    document["rebound"] = json::object();
    for (const auto& [action, chords] : settings.rebound) {
        json& keys = document["rebound"][std::string(info_of(action).name)] = json::array();
        for (const Chord& chord : chords) keys.push_back(text_of(chord));
    }
    document["layout"] = {{"left", settings.layout.left},
                          {"right", settings.layout.right},
                          {"bottom", settings.layout.bottom},
                          {"palette", settings.layout.palette}};
    document["window"] = {{"width", settings.window_width}, {"height", settings.window_height}};
    document["recent_projects"] = settings.recent_projects;
    return document;
}

Settings settings_from(const json& document) {
    Settings settings;
    Reader reader(document);
    reader.choice("theme", settings.theme, themes);
    reader.choice("palette", settings.palette, palettes);
    reader.number("scale", settings.scale, least_scale, most_scale);
    reader.number("sound_volume", settings.sound_volume, 0.0, 1.0);
    if (const auto name = reader.take("keymap"); name && name->is_string())
        if (std::ranges::count(Keymap::preset_names(), name->get<std::string>()) > 0)
            settings.keymap = name->get<std::string>();
    read_rebound(reader.take("rebound"), settings.rebound);
    read_layout(reader.take("layout"), settings.layout);
    if (const auto window = reader.take("window")) {
        Reader size(*window);
        size.number("width", settings.window_width, 320, 16384);
        size.number("height", settings.window_height, 240, 16384);
    }
    settings.recent_projects = texts(reader.take("recent_projects"));
    settings.unknown = reader.rest();
    return settings;
}

}  // namespace annotator
