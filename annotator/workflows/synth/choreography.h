#pragma once

#include <string>
#include <vector>

#include "annotator/workflows/synth/motion.h"
#include "annotator/workflows/synth/primitives.h"
#include "annotator/workflows/synth/random.h"
#include "schemas/frame.h"

// Dance figures as short grammars over primitives, and their exact truth.
namespace annotator::synth {

// "chasse" "pirouette" "grand jete" …
std::vector<std::string> category_names();

struct LabelledSpan {
    schemas::FrameSpan frames;
    std::string label;
};
struct LabelledFrame {
    schemas::FrameIndex frame = 0;
    std::string label;
};

// What makes the figures of a take: dance it again to see it at other moments.
struct Score {
    Body body;
    Pose start;
    double start_heading = 0;
    std::vector<TimedPhrase> phrases;
    Eigen::Vector3d place = Eigen::Vector3d::Zero();  // added to every joint
};
// Figure i is at i / per_second seconds.
std::vector<Figure> danced(const Score& score, double per_second = frames_per_second);

// What was danced, frame by frame, at frames_per_second, without noise. Categories and
// primitives each tile the whole take.
struct DanceTake {
    std::vector<Figure> figures;
    std::vector<LabelledSpan> categories;
    std::vector<LabelledSpan> primitives;
    std::vector<LabelledFrame> key_poses;  // in order
    Score score;
};

// One figure of `category` (an index into category_names), usually 30 to 75 frames. The
// dancer ends up near the middle of the stage. Variations are drawn from `random`.
DanceTake dance_clip(const Dancer& dancer, std::size_t category, Random random);

// Figures in a row, drawn from the first `categories` of category_names, no two the same
// in succession; 300 to 600 frames.
DanceTake dance_stream(const Dancer& dancer, std::size_t categories, Random random);

}  // namespace annotator::synth
