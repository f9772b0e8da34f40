#pragma once

#include <string>

namespace tests {

// The text of a small MSR-Action3D skeleton file: joint j of frame f at
// (j / 10 + f / 100 + shift, 1, 2). Another `shift` makes another recording.
inline std::string msr_lines(int frames, double shift = 0) {
    std::string text;
    for (int frame = 0; frame < frames; ++frame)
        for (int joint = 0; joint < 20; ++joint)
            text += std::to_string(joint / 10.0 + frame / 100.0 + shift) + " 1.0 2.0 1.0\n";
    return text;
}

}  // namespace tests
