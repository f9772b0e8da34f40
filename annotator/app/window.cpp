#include "annotator/app/window.h"

#include <epoxy/gl.h>
// epoxy comes before GLFW, which would bring another OpenGL header.
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <algorithm>
#include <cfloat>
#include <stdexcept>
#include <utility>

#include "annotator/app/gl_textures.h"
#include "storage/formats/utf8.h"

namespace annotator {

namespace {

std::string& last_glfw_error() {
    static std::string text;
    return text;
}

char32_t special_key(int key) {
    constexpr std::pair<int, SpecialKey> keys[] = {{GLFW_KEY_SPACE, SpecialKey::space},
                                                   {GLFW_KEY_ENTER, SpecialKey::enter},
                                                   {GLFW_KEY_KP_ENTER, SpecialKey::enter},
                                                   {GLFW_KEY_TAB, SpecialKey::tab},
                                                   {GLFW_KEY_ESCAPE, SpecialKey::escape},
                                                   {GLFW_KEY_BACKSPACE, SpecialKey::backspace},
                                                   {GLFW_KEY_DELETE, SpecialKey::remove},
                                                   {GLFW_KEY_LEFT, SpecialKey::left},
                                                   {GLFW_KEY_RIGHT, SpecialKey::right},
                                                   {GLFW_KEY_UP, SpecialKey::up},
                                                   {GLFW_KEY_DOWN, SpecialKey::down},
                                                   {GLFW_KEY_HOME, SpecialKey::home},
                                                   {GLFW_KEY_END, SpecialKey::end},
                                                   {GLFW_KEY_PAGE_UP, SpecialKey::page_up},
                                                   {GLFW_KEY_PAGE_DOWN, SpecialKey::page_down}};
    if (key >= GLFW_KEY_F1 && key <= GLFW_KEY_F12)
        return static_cast<char32_t>(SpecialKey::f1) + static_cast<char32_t>(key - GLFW_KEY_F1);
    const auto* found = std::ranges::find(keys, key, &std::pair<int, SpecialKey>::first);
    return found == std::end(keys) ? 0 : static_cast<char32_t>(found->second);
}

// Where ImGui looks for a key; -1 where it does not look for it.
int imgui_key(char32_t key) {
    for (int code = GLFW_KEY_SPACE; code <= GLFW_KEY_LAST; ++code)
        if (special_key(code) == key) return code;
    return key > ' ' && key <= '~' ? static_cast<int>(key) : -1;
}

// What the key types on the person's keyboard layout; 0 for keys that are no part of a chord.
char32_t character_of(int key, int scancode) {
    if (const char32_t special = special_key(key)) return special;
    if (key >= GLFW_KEY_KP_0 && key <= GLFW_KEY_KP_9) return static_cast<char32_t>('0' + key - GLFW_KEY_KP_0);
    const char* name = glfwGetKeyName(key, scancode);
    if (name == nullptr || name[0] == '\0' || name[1] != '\0')
        return key > ' ' && key <= '~' ? static_cast<char32_t>(key) : 0;
    const char typed = name[0];
    return static_cast<char32_t>(typed >= 'a' && typed <= 'z' ? typed - 'a' + 'A' : typed);
}

GLFWwindow* new_window(const WindowOptions& options) {
    glfwSetErrorCallback([](int, const char* text) { last_glfw_error() = text; });
    if (glfwInit() == GLFW_FALSE)
        throw std::runtime_error("no window can be opened: " + last_glfw_error() +
                                 ". On a machine without a screen use 'xvfb-run', or the command line "
                                 "('kinetograph --help').");
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 2);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
    glfwWindowHint(GLFW_SAMPLES, 0);
    GLFWwindow* window = glfwCreateWindow(options.width, options.height, options.title.c_str(), nullptr, nullptr);
    if (window != nullptr) return window;
    const std::string why = last_glfw_error();
    glfwTerminate();
    throw std::runtime_error("the editor needs OpenGL 3.2, which this screen does not offer (" + why +
                             "). Mesa's software driver does: install libgl1-mesa-dri and set "
                             "LIBGL_ALWAYS_SOFTWARE=1. Everything but the window works from the command line.");
}

}  // namespace

struct Window::State {
    GLFWwindow* window = nullptr;
    KeyQueue keys;
    std::vector<KeyStroke> strokes;  // that this frame sees
    std::vector<std::filesystem::path> dropped;
    bool activity = true, focused = false;
    std::unique_ptr<GlTextures> textures;
    bool scripted = false;  // the real mouse does not count
    std::optional<Pointer> pointer;

    void watch_window() const;
    void watch_keyboard() const;
    void point_as_scripted() const;
    void press_keys() const;
    void release_keys();
    void follow_modifiers() const;
    [[nodiscard]] bool is_down(int code) const { return glfwGetKey(window, code) == GLFW_PRESS; }

    static State& of(GLFWwindow* window) { return *static_cast<State*>(glfwGetWindowUserPointer(window)); }
};

void Window::State::point_as_scripted() const {
    if (!scripted) return;
    ImGuiIO& io = ImGui::GetIO();
    const Pointer at = pointer.value_or(Pointer{-FLT_MAX, -FLT_MAX});
    io.MousePos = {at.x, at.y};
    std::ranges::copy(at.down, io.MouseDown);
    io.MouseWheel = at.wheel;
    io.MouseWheelH = at.wheel_sideways;
    io.KeyCtrl = at.control;
    io.KeyShift = at.shift;
    io.KeyAlt = at.alt;
}

// A key that went down and up again before this frame is no less pressed (ImGui 1.86 looks once a frame).
void Window::State::press_keys() const {
    ImGuiIO& io = ImGui::GetIO();
    for (const KeyStroke& stroke : strokes) {
        io.AddInputCharactersUTF8(stroke.text.c_str());
        if (!stroke.press) continue;
        const Chord& chord = stroke.press->chord;
        const int code = stroke.code >= 0 ? stroke.code : imgui_key(chord.key);
        if (code >= 0) io.KeysDown[code] = true;
        io.KeyCtrl = chord.control;
        io.KeyShift = chord.shift;
        io.KeyAlt = chord.alt;
    }
}

void Window::State::release_keys() {
    ImGuiIO& io = ImGui::GetIO();
    for (const KeyStroke& stroke : std::exchange(strokes, {})) {
        if (!stroke.press) continue;
        const int code = stroke.code >= 0 ? stroke.code : imgui_key(stroke.press->chord.key);
        if (code >= 0) io.KeysDown[code] = stroke.code >= 0 && is_down(code);
    }
    follow_modifiers();
    if (scripted && pointer) pointer->wheel = pointer->wheel_sideways = 0;
}

// As they are held now, by the person or by nobody.
void Window::State::follow_modifiers() const {
    ImGuiIO& io = ImGui::GetIO();
    const auto held = [&](int left, int right) { return !scripted && (is_down(left) || is_down(right)); };
    io.KeyCtrl = held(GLFW_KEY_LEFT_CONTROL, GLFW_KEY_RIGHT_CONTROL);
    io.KeyShift = held(GLFW_KEY_LEFT_SHIFT, GLFW_KEY_RIGHT_SHIFT);
    io.KeyAlt = held(GLFW_KEY_LEFT_ALT, GLFW_KEY_RIGHT_ALT);
}

void Window::State::watch_window() const {
    glfwSetCursorPosCallback(window, [](GLFWwindow* at, double, double) { of(at).activity = true; });
    glfwSetFramebufferSizeCallback(window, [](GLFWwindow* at, int, int) { of(at).activity = true; });
    glfwSetWindowRefreshCallback(window, [](GLFWwindow* at) { of(at).activity = true; });
    glfwSetWindowFocusCallback(window, [](GLFWwindow* at, int has_focus) {
        of(at).activity = true;
        of(at).focused |= has_focus == GLFW_TRUE;
    });
    glfwSetMouseButtonCallback(window, [](GLFWwindow* at, int, int action, int) {
        of(at).activity = true;
        if (action == GLFW_RELEASE) of(at).keys.push_click();
    });
    glfwSetScrollCallback(window, [](GLFWwindow* at, double, double) { of(at).activity = true; });
    glfwSetDropCallback(window, [](GLFWwindow* at, int count, const char** paths) {
        State& state = of(at);
        state.activity = true;
        for (int i = 0; i < count; ++i) state.dropped.emplace_back(paths[i]);
    });
}

void Window::State::watch_keyboard() const {
    glfwSetKeyCallback(window, [](GLFWwindow* at, int key, int scancode, int action, int held) {
        State& state = of(at);
        state.activity = true;
        state.follow_modifiers();
        if (action == GLFW_RELEASE && key >= 0) ImGui::GetIO().KeysDown[key] = false;
        const bool modifies = key >= GLFW_KEY_LEFT_SHIFT && key <= GLFW_KEY_RIGHT_SUPER;
        if (action == GLFW_RELEASE || modifies) return;
        const char32_t typed = character_of(key, scancode);
        // No part of a chord, but it may type something.
        if (typed == 0) return state.keys.push({});
        const Chord chord{typed, (held & GLFW_MOD_CONTROL) != 0, (held & GLFW_MOD_SHIFT) != 0,
                          (held & GLFW_MOD_ALT) != 0};
        state.keys.push({KeyPress{chord, action == GLFW_REPEAT, false}, key, {}});
    });
    glfwSetCharCallback(window, [](GLFWwindow* at, unsigned code_point) {
        State& state = of(at);
        state.activity = true;
        std::string text;
        storage::append_utf8(text, code_point);
        state.keys.push_text(text);
    });
}

Window::Window(const WindowOptions& options) : state_(std::make_unique<State>()) {
    GLFWwindow* window = state_->window = new_window(options);
    glfwSetWindowUserPointer(window, state_.get());
    glfwSetWindowSizeLimits(window, 480, 360, GLFW_DONT_CARE, GLFW_DONT_CARE);
    glfwMakeContextCurrent(window);
    glfwSwapInterval(1);
    state_->watch_window();
    IMGUI_CHECKVERSION();
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    ImGui_ImplGlfw_InitForOpenGL(window, true);  // goes on to our callbacks
    state_->watch_keyboard();                    // but for these: ImGui sees keys when their frame comes
    ImGui_ImplOpenGL3_Init("#version 150");
    state_->textures = std::make_unique<GlTextures>();
}

Window::~Window() {
    state_->textures.reset();
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
    ImGui::DestroyContext();
    glfwDestroyWindow(state_->window);
    glfwTerminate();
}

bool Window::should_close() const { return glfwWindowShouldClose(state_->window) != 0; }
void Window::close() { glfwSetWindowShouldClose(state_->window, GLFW_TRUE); }

void Window::wait(double at_most_seconds) {
    if (at_most_seconds > 0)
        glfwWaitEventsTimeout(at_most_seconds);
    else
        glfwPollEvents();
}

void Window::wake() { glfwPostEmptyEvent(); }

void Window::begin_frame() {
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    state_->point_as_scripted();
    state_->press_keys();
    // Tab belongs to the keymap unless somebody is writing.
    ImGuiIO& io = ImGui::GetIO();
    io.KeyMap[ImGuiKey_Tab] = io.WantTextInput ? GLFW_KEY_TAB : -1;
    ImGui::NewFrame();
}

void Window::end_frame(ImU32 background) {
    ImGui::Render();
    int width = 0, height = 0;
    glfwGetFramebufferSize(state_->window, &width, &height);
    glViewport(0, 0, width, height);
    const ImVec4 colour = ImGui::ColorConvertU32ToFloat4(background);
    glClearColor(colour.x, colour.y, colour.z, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    state_->textures->end_frame();
    state_->release_keys();
    state_->keys.next_picture(ImGui::GetIO().WantTextInput);
}

void Window::show() { glfwSwapBuffers(state_->window); }

std::optional<KeyPress> Window::take_shortcut(const KeyQueue::May& may) {
    return ImGui::GetIO().WantTextInput ? std::nullopt : state_->keys.take_shortcut(may);
}

const std::vector<KeyStroke>& Window::take_keys(KeyQueue::Text text) {
    return state_->strokes = state_->keys.take(ImGui::GetIO().WantTextInput, text);
}

void Window::hold_keys(std::optional<bool> until_writing) { state_->keys.hold(until_writing); }
bool Window::keys_settled() const { return state_->keys.settled(); }

void Window::press(const Chord& chord) {
    state_->activity = true;
    KeyStroke stroke{KeyPress{chord, false, false}, -1, {}};
    const bool letter = chord.key >= 'A' && chord.key <= 'Z';
    if (chord.key == static_cast<char32_t>(SpecialKey::space))
        stroke.text = " ";
    else if (!chord.control && !chord.alt && chord.key < static_cast<char32_t>(SpecialKey::space))
        stroke.text = {static_cast<char>(letter && !chord.shift ? chord.key - 'A' + 'a' : chord.key)};
    state_->keys.push(std::move(stroke));
}

void Window::type(const std::string& text) {
    state_->activity = true;
    state_->keys.push({{}, -1, text});
}

void Window::point(const std::optional<Pointer>& pointer) {
    state_->activity = true;
    state_->scripted = true;
    state_->pointer = pointer;
}

std::vector<std::filesystem::path> Window::take_dropped() { return std::exchange(state_->dropped, {}); }
bool Window::take_focus() { return std::exchange(state_->focused, false); }
bool Window::take_activity() { return std::exchange(state_->activity, false); }

float Window::monitor_scale() const {
    float x = 1, y = 1;
    glfwGetWindowContentScale(state_->window, &x, &y);
    return std::max(x, y);
}

int Window::width() const {
    int width = 0;
    glfwGetFramebufferSize(state_->window, &width, nullptr);
    return width;
}

int Window::height() const {
    int height = 0;
    glfwGetFramebufferSize(state_->window, nullptr, &height);
    return height;
}

void Window::set_size(int width, int height) { glfwSetWindowSize(state_->window, width, height); }
void Window::set_title(const std::string& title) { glfwSetWindowTitle(state_->window, title.c_str()); }
Textures& Window::textures() { return *state_->textures; }

void Window::upload_fonts() {
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
}

schemas::Picture Window::picture() const {
    schemas::Picture upside_down = schemas::blank_picture(width(), height());
    glReadBuffer(GL_BACK);
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadPixels(0, 0, upside_down.width, upside_down.height, GL_RGBA, GL_UNSIGNED_BYTE, upside_down.rgba.data());
    schemas::Picture picture = schemas::blank_picture(upside_down.width, upside_down.height);
    const std::ptrdiff_t row = std::ptrdiff_t{4} * picture.width;
    for (int y = 0; y < picture.height; ++y)
        std::copy_n(upside_down.pixel(0, picture.height - 1 - y), row, picture.pixel(0, y));
    for (std::size_t i = 3; i < picture.rgba.size(); i += 4) picture.rgba[i] = 255;
    return picture;
}

}  // namespace annotator
