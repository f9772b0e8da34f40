#pragma once

#include <filesystem>

#include "annotator/widgets/landmarks.h"

namespace annotator {

// Keeps a JSON file that says where things are in the last picture: {"accept": [left, top, right, bottom], …} in
// pixels.
//
// Thread: the UI's.
class LandmarksFile {
public:
    explicit LandmarksFile(std::filesystem::path file) : file_(std::move(file)) {}

    // What a picture is drawn into; nullptr where nobody asked for a file.
    [[nodiscard]] Landmarks* of_picture() { return file_.empty() ? nullptr : &now_; }
    // The picture is complete: written where it differs from the one before. Throws storage::WriteError.
    void follow_picture();

private:
    std::filesystem::path file_;
    Landmarks now_, written_;
};

}  // namespace annotator
