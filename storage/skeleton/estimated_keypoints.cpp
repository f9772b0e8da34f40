#include "storage/skeleton/estimated_keypoints.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

#include "storage/formats/safetensors.h"
#include "storage/media/file_probe.h"
#include "storage/skeleton/layout_registry.h"
#include "storage/skeleton/recording_problems.h"

namespace storage {

namespace {

constexpr const char* kind_key = "kinetograph";
constexpr const char* kind = "estimated-keypoints 1";

using Metadata = std::map<std::string, std::string>;

template <class Visit>
void for_each_text(EstimateSource& source, Visit&& visit) {
    visit("estimator", source.estimator);
    visit("estimator_sha256", source.estimator_sha256);
    visit("card", source.card);
    visit("card_sha256", source.card_sha256);
    visit("video", source.video);
    visit("video_sha256", source.video_sha256);
    visit("stream", source.stream);
}

void require_kind(const std::string& name, const Metadata& metadata) {
    const auto found = metadata.find(kind_key);
    if (found == metadata.end()) throw ReadError(name + ": holds tensors, but no key-points that were estimated.");
    if (found->second != kind)
        throw ReadError(name + ": holds " + found->second + ", where " + kind + " is read here.");
}

LayoutPtr layout_of(const std::string& name, const Metadata& metadata) {
    const auto found = metadata.find("layout");
    if (found == metadata.end()) throw ReadError(name + ": does not say the layout of its joints.");
    try {
        return layout_named(found->second);
    } catch (const std::out_of_range& error) {
        throw ReadError(name + ": " + error.what());
    }
}

std::vector<float> numbers(const std::string& name, const schemas::TensorSet& set, const std::string& tensor,
                           const std::vector<std::int64_t>& shape) {
    const auto found = set.tensors.find(tensor);
    if (found == set.tensors.end() || found->second.type != schemas::NumberType::f32 || found->second.shape != shape)
        throw ReadError(name + ": expected a tensor '" + tensor + "', F32 of the shape " + schemas::shape_text(shape) +
                        ", found none.");
    return schemas::floats_from(found->second);
}

}  // namespace

void write_estimated_keypoints(const schemas::SkeletonSequence& sequence, const EstimateSource& source,
                               const std::filesystem::path& file) {
    if (sequence.space != schemas::CoordinateSpace::pixels)
        throw std::invalid_argument("key-points of a video are in pixels");
    const auto frames = static_cast<std::int64_t>(sequence.frames());
    const auto joints = static_cast<std::int64_t>(sequence.joints());
    std::vector<float> points;
    for (schemas::FrameIndex frame = 0; frame < sequence.frames(); ++frame)
        for (std::size_t joint = 0; joint < sequence.joints(); ++joint)
            for (const float place : {sequence.at(frame, joint).x(), sequence.at(frame, joint).y()})
                points.push_back(place);
    schemas::TensorSet set;
    set.tensors["points"] = schemas::tensor_from(points, {frames, joints, 2});
    set.tensors["scores"] = schemas::tensor_from(sequence.confidence, {frames, joints});
    set.metadata = {{kind_key, kind}, {"layout", sequence.layout->name}};
    EstimateSource texts = source;
    for_each_text(texts, [&](const char* key, const std::string& text) { set.metadata[key] = text; });
    write_safetensors(set, file);
}

SkeletonRecording read_estimated_keypoints(const std::filesystem::path& file) {
    const std::string name = file.filename().string();
    const schemas::TensorSet set = read_safetensors(file);
    require_kind(name, set.metadata);
    const LayoutPtr layout = layout_of(name, set.metadata);
    const auto scores_tensor = set.tensors.find("scores");
    const std::int64_t frames =
        scores_tensor == set.tensors.end() || scores_tensor->second.shape.empty() ? 0 : scores_tensor->second.shape[0];
    const auto joints = static_cast<std::int64_t>(layout->size());
    check_extent(name, static_cast<std::size_t>(frames), layout->size());
    const std::vector<float> scores = numbers(name, set, "scores", {frames, joints});
    const std::vector<float> points = numbers(name, set, "points", {frames, joints, 2});

    SkeletonRecording recording;
    recording.sequence = schemas::SkeletonSequence::empty(layout, static_cast<schemas::FrameIndex>(frames),
                                                          schemas::CoordinateSpace::pixels);
    for (std::size_t at = 0; at < scores.size(); ++at) {
        if (!std::isfinite(points[2 * at]) || !std::isfinite(points[2 * at + 1]) || !(scores[at] > 0)) continue;
        recording.sequence.set(static_cast<schemas::FrameIndex>(at / layout->size()), at % layout->size(),
                               {points[2 * at], points[2 * at + 1], 0});
        recording.sequence.confidence[at] = std::min(scores[at], 1.0F);
    }
    report_dead_frames(recording);
    return recording;
}

EstimateSource source_of_estimate(const std::filesystem::path& file) {
    const Metadata metadata = read_safetensors_metadata(file);
    require_kind(file.filename().string(), metadata);
    EstimateSource source;
    for_each_text(source, [&](const char* key, std::string& text) {
        if (const auto found = metadata.find(key); found != metadata.end()) text = found->second;
    });
    return source;
}

bool is_estimated_keypoints(const std::filesystem::path& file) {
    if (!has_extension(file, ".safetensors")) return false;
    try {
        const Metadata metadata = read_safetensors_metadata(file);
        const auto found = metadata.find(kind_key);
        return found != metadata.end() && found->second.starts_with("estimated-keypoints ");
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace storage
