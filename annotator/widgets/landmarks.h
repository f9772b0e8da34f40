#pragma once

#include <imgui.h>

#include <map>
#include <string>

namespace annotator {

struct Landmark {
    ImVec2 low, high;  // pixels of the window

    bool operator==(const Landmark& other) const {
        return low.x == other.low.x && low.y == other.low.y && high.x == other.high.x && high.y == other.high.y;
    }
};

// Where things are in the last picture, by name: what is done there ("accept"), or what it stands for ("clip a01").
// For who works the window from outside, as tests do.
class Landmarks {
public:
    void clear() { landmarks_.clear(); }
    // Of several that have one name, the last, which lies on top.
    void mark(const std::string& name, const Landmark& place) { landmarks_[name] = place; }
    [[nodiscard]] const std::map<std::string, Landmark>& all() const { return landmarks_; }

private:
    std::map<std::string, Landmark> landmarks_;
};

}  // namespace annotator
