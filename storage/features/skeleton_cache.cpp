#include "storage/features/skeleton_cache.h"

#include <cstdint>
#include <string>
#include <vector>

#include "storage/features/packed_file.h"
#include "storage/hash.h"
#include "storage/skeleton/layout_registry.h"

namespace storage {

namespace {

// Raise the version whenever a reader or the layout of these files changes what would be stored.
constexpr PackedKind kind{"KSKEL\r\n\x1A", 2};

void pack(Packer& out, const schemas::SkeletonLayout& layout) {
    out.text(layout.name);
    out.value(static_cast<std::uint64_t>(layout.size()));
    for (const std::string& joint : layout.joints) out.text(joint);
    out.array(layout.parents);
    out.value(static_cast<std::uint64_t>(layout.pairs.size()));
    for (const auto& [left, right] : layout.pairs) {
        out.value(left);
        out.value(right);
    }
    for (const int joint : {layout.centre, layout.neck, layout.left_shoulder, layout.right_shoulder}) out.value(joint);
}

schemas::SkeletonLayout unpack_layout(Unpacker& in) {
    schemas::SkeletonLayout layout;
    layout.name = in.text();
    layout.joints.resize(in.count(sizeof(std::uint64_t)));
    for (std::string& joint : layout.joints) joint = in.text();
    layout.parents = in.array<int>();
    layout.pairs.resize(in.count(2 * sizeof(int)));
    for (auto& [left, right] : layout.pairs) {
        left = in.value<int>();
        right = in.value<int>();
    }
    for (int* joint : {&layout.centre, &layout.neck, &layout.left_shoulder, &layout.right_shoulder})
        *joint = in.value<int>();
    return layout;
}

// Shares the program's own layout where there is one of that name; one that has changed since
// makes the file stale.
LayoutPtr shared_layout(schemas::SkeletonLayout layout) {
    if (!schemas::problem_with(layout).empty()) throw DamagedPack();
    for (const LayoutPtr& known : all_layouts()) {
        if (known->name != layout.name) continue;
        const bool same = known->joints == layout.joints && known->parents == layout.parents &&
                          known->pairs == layout.pairs && known->centre == layout.centre && known->neck == layout.neck;
        if (!same) throw DamagedPack();
        return known;
    }
    return std::make_shared<const schemas::SkeletonLayout>(std::move(layout));
}

void pack(Packer& out, const SkeletonRecording& recording) {
    pack(out, *recording.sequence.layout);
    out.value(static_cast<std::uint8_t>(recording.sequence.space == schemas::CoordinateSpace::pixels));
    out.array(recording.sequence.positions);
    out.array(recording.sequence.confidence);
    out.value(recording.rate);
    out.array(recording.seconds);
    out.value(recording.first_stamp);
    out.value(static_cast<std::uint64_t>(recording.problems.size()));
    for (const ReadProblem& problem : recording.problems) {
        out.text(problem.what);
        out.value(static_cast<std::uint8_t>(problem.frames.has_value()));
        out.value(problem.frames.value_or(schemas::FrameSpan{}));
    }
}

SkeletonRecording unpack_recording(Unpacker& in) {
    SkeletonRecording recording;
    schemas::SkeletonSequence& sequence = recording.sequence;
    sequence.layout = shared_layout(unpack_layout(in));
    sequence.space =
        in.value<std::uint8_t>() != 0 ? schemas::CoordinateSpace::pixels : schemas::CoordinateSpace::metres;
    sequence.positions = in.array<float>();
    sequence.confidence = in.array<float>();
    recording.rate = in.value<schemas::FrameRate>();
    recording.seconds = in.array<double>();
    recording.first_stamp = in.value<std::optional<std::int64_t>>();
    recording.problems.resize(in.count(sizeof(std::uint64_t)));
    for (ReadProblem& problem : recording.problems) {
        problem.what = in.text();
        const bool spans = in.value<std::uint8_t>() != 0;
        const auto frames = in.value<schemas::FrameSpan>();
        if (spans) problem.frames = frames;
    }
    const bool whole = sequence.confidence.size() % sequence.joints() == 0 &&
                       sequence.positions.size() == 3 * sequence.confidence.size();
    if (!whole) throw DamagedPack();
    return recording;
}

}  // namespace

std::filesystem::path SkeletonCache::file_of(std::string_view sha256) const {
    return is_sha256(sha256) ? folder_ / (std::string(sha256) + ".skel") : std::filesystem::path();
}

std::optional<SkeletonRecording> SkeletonCache::load(std::string_view sha256) const {
    try {
        const std::optional<std::string> body = read_packed_file(file_of(sha256), kind);
        if (!body) return std::nullopt;
        Unpacker in(*body);
        return unpack_recording(in);
    } catch (const DamagedPack&) {
        return std::nullopt;
    }
}

void SkeletonCache::store(std::string_view sha256, const SkeletonRecording& recording) const {
    if (!is_sha256(sha256)) return;
    Packer body;
    pack(body, recording);
    write_packed_file(file_of(sha256), kind, body.bytes());
}

}  // namespace storage
