#include "annotator/app/script_recorder.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "annotator/app/script_facts.h"

namespace annotator {

namespace {

using nlohmann::json;

constexpr double shortest_wait_seconds = 0.3, longest_wait_seconds = 5;
constexpr double double_click_seconds = 0.35;
constexpr float click_pixels = 4, path_pixels = 6;

std::string held_text(const ImGuiIO& io) {
    std::string text;
    const auto add = [&](bool held, const char* name) {
        if (held) text += (text.empty() ? "" : "+") + std::string(name);
    };
    add(io.KeyCtrl, "ctrl");
    add(io.KeyShift, "shift");
    add(io.KeyAlt, "alt");
    return text;
}

json with_held(json step, const std::string& held) {
    if (!held.empty()) step["held"] = held;
    return step;
}

double pixels_apart(const json& path, std::size_t a, std::size_t b) {
    return std::hypot(path[a].get<double>() - path[b].get<double>(),
                      path[a + 1].get<double>() - path[b + 1].get<double>());
}

}  // namespace

ScriptRecorder::ScriptRecorder(const std::filesystem::path& file, const Settings& settings, int width, int height)
    : stream_(file) {
    if (!stream_) throw std::runtime_error(file.string() + ": cannot be written");
    stream_ << "[";
    json chosen = json_from(settings);
    chosen.erase("recent_projects");
    write({{"settings", chosen}});
    write({{"size", {width, height}}});
}

void ScriptRecorder::write(const json& step) {
    last_click_ = nullptr;
    last_step_begins_ = stream_.tellp();
    stream_ << (empty_ ? "\n" : ",\n") << step.dump() << "\n]\n" << std::flush;
    stream_.seekp(-3, std::ios::cur);
    empty_ = false;
}

void ScriptRecorder::catch_up(const Workbench* bench, double now) {
    const double waited = now - last_step_at_;
    if (last_step_at_ > 0 && waited > shortest_wait_seconds)
        write({{"wait", std::round(std::min(waited, longest_wait_seconds) * 100) / 100}});
    last_step_at_ = now;
    if (bench == nullptr) return;
    const bool media = media_settled(*bench), jobs = jobs_settled(*bench);
    if (media_awaited_ && media) write({{"wait_for", "media"}});
    if (jobs_awaited_ && jobs) write({{"wait_for", "jobs"}, {"at_most", 3600}});
    media_awaited_ = !media;
    jobs_awaited_ = !jobs;
    if (played_) write({{"go", bench->model().frame}});
    played_ = bench->model().playing;
}

// Whether something plays or works that a step to come must wait for.
void ScriptRecorder::look_at(const Workbench* bench) {
    if (bench == nullptr) return;
    played_ |= bench->model().playing;
    jobs_awaited_ |= !jobs_settled(*bench);
}

void ScriptRecorder::record_keys(const std::vector<KeyStroke>& strokes, const Workbench* bench, double now) {
    look_at(bench);
    std::string text;
    const auto end_text = [&] {
        if (text.empty()) return;
        catch_up(bench, now);
        write({{"type", std::exchange(text, {})}});
    };
    for (const KeyStroke& stroke : strokes) {
        text += stroke.text;
        if (!stroke.press || !stroke.text.empty()) continue;
        end_text();
        catch_up(bench, now);
        write({{"key", text_of(stroke.press->chord)}});
    }
    end_text();
}

void ScriptRecorder::record_mouse(const ImGuiIO& io, const Workbench* bench, double now) {
    look_at(bench);
    const auto at = json::array({std::lround(io.MousePos.x), std::lround(io.MousePos.y)});
    if (io.MouseWheel != 0 || io.MouseWheelH != 0) {
        catch_up(bench, now);
        write(with_held({{"scroll", {at[0], at[1], io.MouseWheel, io.MouseWheelH}}}, held_text(io)));
    }
    for (int button = 0; button < 3 && !press_; ++button) {
        if (!io.MouseDown[button]) continue;
        // A double click is one step: what came to pass meanwhile is written after it.
        if (!clicks_again(at, now)) catch_up(bench, now);
        press_ = Press{button, at, held_text(io)};
        began_at_ = now;
    }
    if (!press_) return;
    json& path = press_->path;
    const std::size_t last = path.size() - 2;
    if (std::hypot(path[last].get<double>() - io.MousePos.x, path[last + 1].get<double>() - io.MousePos.y) >=
        (io.MouseDown[press_->button] ? path_pixels : 1.0F))
        path.insert(path.end(), at.begin(), at.end());
    if (!io.MouseDown[press_->button]) end_press(bench, now);
}

bool ScriptRecorder::clicks_again(const json& at, double now) const {
    return last_click_.is_object() && now - last_click_at_ < double_click_seconds && last_click_["click"] == at;
}

void ScriptRecorder::end_press(const Workbench*, double now) {
    const Press press = *std::exchange(press_, std::nullopt);
    const json& path = press.path;
    constexpr const char* names[] = {"left", "right", "middle"};
    json step;
    bool again = false;
    if (path.size() == 2 || pixels_apart(path, 0, path.size() - 2) < click_pixels) {
        step["click"] = {path[0], path[1]};
        again = clicks_again(step["click"], began_at_);
        if (again) step["times"] = last_click_.value("times", 1) + 1;
    } else {
        step["drag"] = path;
    }
    if (press.button != 0) step["button"] = names[press.button];
    step = with_held(step, press.held);
    if (again) stream_.seekp(last_step_begins_);
    write(step);
    last_click_ = step.contains("click") ? step : json();
    last_click_at_ = last_step_at_ = now;
}

}  // namespace annotator
