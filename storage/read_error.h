#pragma once

#include <optional>
#include <stdexcept>
#include <string>

#include "schemas/frame.h"

namespace storage {

// A file that cannot be used at all. The message puts the file first, then the line or
// frame, what was expected and what was found:
// "walk.bvh: line 41: expected 96 numbers, found 95".
class ReadError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Something wrong in a file that could be read all the same, to be shown to the user.
struct ReadProblem {
    std::string what;
    std::optional<schemas::FrameSpan> frames;

    bool operator==(const ReadProblem&) const = default;
};

}  // namespace storage
