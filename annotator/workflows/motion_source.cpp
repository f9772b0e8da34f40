#include "annotator/workflows/motion_source.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "annotator/document/corrections.h"
#include "annotator/document/queries.h"
#include "annotator/workflows/recorded_motions.h"
#include "storage/features/skeleton_cache.h"
#include "storage/hash.h"
#include "storage/skeleton/layout_registry.h"
#include "storage/skeleton/readers.h"

namespace annotator {

namespace {

using schemas::FrameIndex;
using schemas::SkeletonSequence;
using schemas::Stream;

// The skeleton streams to read: those in metres, and those in pixels only where a performer
// of the take has no other.
std::vector<const Stream*> skeleton_streams(const Document& document) {
    std::map<std::pair<schemas::TakeId, std::optional<schemas::PerformerId>>, const Stream*> best;
    for (const auto& [id, stream] : document.rows<Stream>()) {
        if (stream.kind != schemas::StreamKind::skeleton) continue;
        const Stream*& chosen = best[{stream.take, stream.performer}];
        if (chosen == nullptr || (holds_key_points(*chosen) && !holds_key_points(stream))) chosen = &stream;
    }
    std::vector<const Stream*> streams;
    for (const auto& [key, stream] : best) streams.push_back(stream);
    return streams;
}

storage::SkeletonRecording read_recording(const Stream& stream, const std::filesystem::path& file,
                                          const storage::SkeletonCache& cache) {
    if (auto cached = cache.load(stream.sha256)) return std::move(*cached);
    const auto* format = storage::skeleton_format_named(stream.format);
    if (format == nullptr)
        throw storage::ReadError(stream.path + ": is of format '" + stream.format +
                                 "', which this version does not read");
    storage::SkeletonRecording recording = format->read(file);
    cache.store(stream.sha256, recording);
    return recording;
}

// Frame for frame with the reference; a frame that the stream does not show has joints of no confidence.
TakeMotion motion_of(const RecordedMotion& recorded, const Document& document, const storage::SkeletonCache& cache) {
    const Stream& stream = recorded.stream;
    SkeletonSequence sequence = read_recording(stream, recorded.file, cache).sequence;
    apply_corrections(sequence, document, stream.id);
    if (recorded.reference_times.frames() > 0) {
        if (recorded.times.frames() != sequence.frames())
            throw storage::ReadError(stream.path + ": has " + std::to_string(sequence.frames()) + " frames, and had " +
                                     std::to_string(recorded.times.frames()) +
                                     " when it was imported; import it again");
        sequence =
            sequence.in_frames(schemas::aligned_frames(recorded.reference_times, recorded.times, stream.clock()));
    }
    return {stream.take, stream.performer, std::make_shared<SkeletonSequence>(std::move(sequence)), recorded.content};
}

RecordedMotion recorded_motion(ProjectSession& session, const Stream& stream) {
    const Document& document = session.document();
    const Stream& reference = *reference_stream(document, stream.take);
    RecordedMotion recorded{stream, session.store().frame_times(stream), {}, {}, content_of(document, stream), {}};
    if (stream.id != reference.id) recorded.reference_times = session.store().frame_times(reference);
    recorded.file = session.store().resolved_path(stream.path);
    return recorded;
}

bool maps_to(const storage::LayoutPtr& source, const storage::LayoutPtr& target) {
    if (source->name == target->name) return true;
    return (storage::joint_map(source, target).weights.rowwise().sum().array() != 0).all();
}

// The layout that most motions have or can be mapped to; of equals the one that most have.
storage::LayoutPtr common_layout(const std::map<std::string, std::pair<int, storage::LayoutPtr>>& uses) {
    storage::LayoutPtr best;
    std::pair<int, int> best_count{0, 0};
    for (const auto& [name, use] : uses) {
        std::pair<int, int> count{0, use.first};
        for (const auto& [other_name, other] : uses) count.first += maps_to(other.second, use.second) ? other.first : 0;
        if (count > best_count) best_count = count, best = use.second;
    }
    return best;
}

// Brings every motion to one layout; what cannot be mapped is left out.
void unify_layouts(Motions& motions, const Document& document) {
    std::map<std::string, std::pair<int, storage::LayoutPtr>> uses;
    for (const auto& [take, list] : motions.by_take)
        for (const TakeMotion& motion : list) {
            auto& [count, layout] = uses[motion.skeleton->layout->name];
            ++count;
            layout = motion.skeleton->layout;
        }
    if (uses.size() < 2) return;
    const storage::LayoutPtr common = common_layout(uses);
    for (auto& [take, list] : motions.by_take)
        std::erase_if(list, [&](TakeMotion& motion) {
            const storage::LayoutPtr own = motion.skeleton->layout;
            if (own->name == common->name) return false;
            if (!maps_to(own, common)) {
                motions.notes.push_back(document.at<schemas::Take>(take).name + ": its skeleton (" + own->name +
                                        ") lacks joints of " + common->name +
                                        ", which most takes have; it takes no part");
                return true;
            }
            motion.skeleton =
                std::make_shared<SkeletonSequence>(schemas::mapped(*motion.skeleton, storage::joint_map(own, common)));
            return false;
        });
}

}  // namespace

std::string content_of(const Document& document, const Stream& stream) {
    const auto corrections = document.corrections(stream.id);
    if (corrections.empty()) return stream.sha256;
    storage::Sha256 hash;
    hash.add(stream.sha256);
    for (const schemas::JointCorrectionId id : corrections) {
        const auto& correction = document.at<schemas::JointCorrection>(id);
        hash.add("\n" + std::to_string(correction.joint) + "\t" + std::to_string(correction.begin_frame) + "\t" +
                 std::string(schemas::to_text(correction.state)) + "\t");
        hash.add(std::as_bytes(std::span(correction.points)));
    }
    return hash.finish();
}

std::optional<Motions> load_motions(ProjectSession& session, const JobContext& job) {
    const Document& document = session.document();
    const storage::SkeletonCache cache(session.store().folder());
    std::vector<RecordedMotion> recorded;
    for (const Stream* stream : skeleton_streams(document)) recorded.push_back(recorded_motion(session, *stream));

    std::vector<TakeMotion> loaded(recorded.size());
    std::vector<std::string> failures(recorded.size());
    std::atomic<std::size_t> next = 0, done = 0;
    const auto load_on = [&] {
        for (std::size_t i = next++; i < recorded.size() && !job.stop.stop_requested(); i = next++) {
            try {
                loaded[i] = motion_of(recorded[i], document, cache);
            } catch (const std::exception& error) {
                failures[i] = error.what();
            }
            job.report({"Loading motion", static_cast<double>(++done), static_cast<double>(recorded.size())});
        }
    };
    {
        std::vector<std::jthread> loaders;
        for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) loaders.emplace_back(load_on);
    }
    if (job.stop.stop_requested()) return std::nullopt;

    Motions motions;
    for (std::size_t i = 0; i < recorded.size(); ++i) {
        if (!failures[i].empty())
            motions.notes.push_back(failures[i]);
        else
            motions.by_take[loaded[i].take].push_back(std::move(loaded[i]));
    }
    unify_layouts(motions, document);
    return motions;
}

SkeletonSequence stream_motion(ProjectSession& session, const Stream& stream) {
    const storage::SkeletonCache cache(session.store().folder());
    SkeletonSequence motion = read_recording(stream, session.store().resolved_path(stream.path), cache).sequence;
    apply_corrections(motion, session.document(), stream.id);
    return motion;
}

std::vector<RecordedMotion> recorded_motions(ProjectSession& session, schemas::TakeId take) {
    const Document& document = session.document();
    std::vector<RecordedMotion> recorded;
    for (const Stream* stream : skeleton_streams(document)) {
        if (stream->take != take) continue;
        recorded.push_back(recorded_motion(session, *stream));
        for (const schemas::JointCorrectionId id : document.corrections(stream->id))
            recorded.back().corrections.push_back(document.at<schemas::JointCorrection>(id));
    }
    return recorded;
}

std::vector<TakeMotion> motions_from(const std::vector<RecordedMotion>& recorded, const std::filesystem::path& project,
                                     const std::string& layout) {
    const storage::SkeletonCache cache(project);
    std::vector<TakeMotion> motions;
    for (const RecordedMotion& each : recorded) {
        schemas::ProjectRows corrections;
        std::get<std::vector<schemas::JointCorrection>>(corrections) = each.corrections;
        TakeMotion motion = motion_of(each, Document(std::move(corrections)), cache);
        if (motion.skeleton->layout->name != layout) {
            const storage::LayoutPtr wanted = storage::layout_named(layout);
            if (!maps_to(motion.skeleton->layout, wanted)) continue;
            motion.skeleton = std::make_shared<SkeletonSequence>(
                schemas::mapped(*motion.skeleton, storage::joint_map(motion.skeleton->layout, wanted)));
        }
        motions.push_back(std::move(motion));
    }
    return motions;
}

}  // namespace annotator
