#include "tests/inference/motions.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <numbers>

#include "inference/random.h"

namespace inference_tests {

namespace {

using schemas::FrameIndex;
using schemas::SkeletonSequence;

// x, y, z of a standing figure, arms hanging.
constexpr float standing[20][3] = {
    {-0.2F, 0.5F, 0},   {0.2F, 0.5F, 0},    {0, 0.5F, 0},           {0, 0.25F, 0},         {-0.1F, 0, 0},
    {0.1F, 0, 0},       {0, 0, 0},          {-0.25F, 0.2F, 0},      {0.25F, 0.2F, 0},      {-0.25F, -0.05F, 0},
    {0.25F, -0.05F, 0}, {-0.25F, -0.1F, 0}, {0.25F, -0.1F, 0},      {-0.1F, -0.4F, 0},     {0.1F, -0.4F, 0},
    {-0.1F, -0.8F, 0},  {0.1F, -0.8F, 0},   {-0.1F, -0.85F, -0.1F}, {0.1F, -0.85F, -0.1F}, {0, 0.7F, 0}};

// The joints that each kind of movement moves, and along which axis.
struct Movement {
    std::vector<std::size_t> joints;
    Eigen::Index axis;
    float cycles;
};

const std::vector<Movement>& movements() {
    static const std::vector<Movement> all{{{7, 9, 11}, 1, 1},   {{8, 10, 12}, 1, 1}, {{13, 15, 17}, 2, 1},
                                           {{14, 16, 18}, 2, 1}, {{7, 9, 11}, 2, 2},  {{8, 10, 12}, 0, 3}};
    return all;
}

Recording read(const std::filesystem::path& file) {
    std::ifstream stream(file);
    auto sequence = std::make_shared<SkeletonSequence>();
    sequence->layout = msr_layout();
    float x = 0;
    float y = 0;
    float z = 0;
    float confidence = 0;
    while (stream >> x >> y >> z >> confidence) {
        sequence->positions.insert(sequence->positions.end(), {x, y, z});
        sequence->confidence.push_back(confidence);
    }
    Recording recording;
    recording.name = file.filename().string().substr(0, 11);
    recording.performer = std::stoi(recording.name.substr(5, 2));
    const FrameIndex frames = sequence->frames();
    recording.sample = {std::move(sequence), {0, frames}, std::stoi(recording.name.substr(1, 2)) - 1};
    return recording;
}

}  // namespace

std::shared_ptr<const schemas::SkeletonLayout> msr_layout() {
    static const auto layout = [] {
        auto made = std::make_shared<schemas::SkeletonLayout>();
        made->name = "msr20";
        made->joints = {"left_shoulder", "right_shoulder", "shoulder_centre", "spine",       "left_hip",
                        "right_hip",     "hip_centre",     "left_elbow",      "right_elbow", "left_wrist",
                        "right_wrist",   "left_hand",      "right_hand",      "left_knee",   "right_knee",
                        "left_ankle",    "right_ankle",    "left_foot",       "right_foot",  "head"};
        made->parents = {2, 2, 3, 6, 6, 6, -1, 0, 1, 7, 8, 9, 10, 4, 5, 13, 14, 15, 16, 2};
        made->pairs = {{0, 1}, {4, 5}, {7, 8}, {9, 10}, {11, 12}, {13, 14}, {15, 16}, {17, 18}};
        made->centre = 6;
        made->neck = 2;
        made->left_shoulder = 0;
        made->right_shoulder = 1;
        return made;
    }();
    return layout;
}

inference::Sample synthetic_motion(int kind, std::uint64_t seed, FrameIndex frames) {
    inference::Random random(seed);
    const Movement& movement = movements().at(static_cast<std::size_t>(kind));
    const double phase = random.uniform(-0.3, 0.3);
    const double height = random.uniform(0.9, 1.1);
    auto sequence = std::make_shared<SkeletonSequence>(SkeletonSequence::empty(msr_layout(), frames));
    std::ranges::fill(sequence->confidence, 1.0F);
    for (FrameIndex frame = 0; frame < frames; ++frame) {
        const double share = static_cast<double>(frame) / static_cast<double>(frames);
        const double swing =
            0.4 * std::sin(2 * std::numbers::pi * static_cast<double>(movement.cycles) * share + phase);
        for (std::size_t joint = 0; joint < 20; ++joint) {
            Eigen::Vector3f position(standing[joint][0], standing[joint][1], standing[joint][2]);
            if (std::ranges::find(movement.joints, joint) != movement.joints.end())
                position[movement.axis] += static_cast<float>(swing);
            for (float& value : position)
                value = static_cast<float>(static_cast<double>(value) * height + 0.01 * random.normal());
            sequence->set(frame, joint, position + Eigen::Vector3f(0, 1, 2.5F));
        }
    }
    return {std::move(sequence), {0, frames}, kind};
}

std::vector<inference::Sample> synthetic_set(int kinds, int each, std::uint64_t seed) {
    std::vector<inference::Sample> samples;
    for (int kind = 0; kind < kinds; ++kind)
        for (int i = 0; i < each; ++i)
            samples.push_back(synthetic_motion(kind, seed * 1000 + samples.size(), 30 + 5 * (i % 4)));
    return samples;
}

std::filesystem::path data_folder() {
    const char* named = std::getenv("KINETOGRAPH_DATA");
    if (named != nullptr) return named;
    return std::filesystem::path(KINETOGRAPH_SOURCE_DIR) / ".." / "shared" / "data";
}

std::vector<Recording> msr_recordings() {
    const std::filesystem::path folder = data_folder() / "msr_action3d" / "skeleton_world";
    std::vector<Recording> recordings;
    if (!std::filesystem::is_directory(folder)) return recordings;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".txt") recordings.push_back(read(entry.path()));
    std::ranges::sort(recordings, {}, &Recording::name);
    return recordings;
}

}  // namespace inference_tests
