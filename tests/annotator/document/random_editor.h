#pragma once

#include <random>

#include "annotator/document/commands.h"

namespace tests {

// Draws one random edit command after another, some of which do not fit; those throw
// EditConflict, as they would for a person.
class RandomEditor {
public:
    RandomEditor(std::uint64_t seed, schemas::IdSource& ids) : engine_(seed), ids_(ids) {}

    schemas::Edit next(const annotator::Document& document, const annotator::EditStamp& stamp);

private:
    std::int64_t pick(std::int64_t from, std::int64_t to) {
        return from + static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(to - from + 1));
    }
    // Of key-points, where stream 9 is a skeleton of 100 frames.
    schemas::Edit pose_edit(const annotator::Document& document, const annotator::EditStamp& stamp);
    annotator::Line line();
    schemas::FrameSpan span();
    template <class Row>
    schemas::Edit with_some(const annotator::Document& document, auto&& command);

    std::mt19937_64 engine_;
    schemas::IdSource& ids_;
};

}  // namespace tests
