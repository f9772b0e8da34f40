#include "annotator/workflows/motion_source.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "annotator/document/corrections.h"
#include "annotator/document/queries.h"
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
        const auto in_pixels = [](const Stream& other) { return other.format.ends_with("-screen"); };
        if (chosen == nullptr || (in_pixels(*chosen) && !in_pixels(stream))) chosen = &stream;
    }
    std::vector<const Stream*> streams;
    for (const auto& [key, stream] : best) streams.push_back(stream);
    return streams;
}

storage::SkeletonRecording read_recording(storage::ProjectStore& store, const storage::SkeletonCache& cache,
                                          const Stream& stream) {
    if (auto cached = cache.load(stream.sha256)) return std::move(*cached);
    const auto* format = storage::skeleton_format_named(stream.format);
    if (format == nullptr)
        throw storage::ReadError(stream.path + ": is of format '" + stream.format +
                                 "', which this version does not read");
    storage::SkeletonRecording recording = format->read(store.resolved_path(stream.path));
    cache.store(stream.sha256, recording);
    return recording;
}

// A stream with the times of its frames.
struct TimedStream {
    const Stream* stream = nullptr;
    schemas::FrameTable times;
};

// Frame for frame with the reference; a frame that the stream does not show has joints of no confidence.
std::shared_ptr<const SkeletonSequence> motion_of(storage::ProjectStore& store, const Document& document,
                                                  const storage::SkeletonCache& cache, const TimedStream& own,
                                                  const TimedStream& reference) {
    SkeletonSequence sequence = read_recording(store, cache, *own.stream).sequence;
    apply_corrections(sequence, document, own.stream->id);
    if (own.stream->id == reference.stream->id) return std::make_shared<SkeletonSequence>(std::move(sequence));
    if (own.times.frames() != sequence.frames())
        throw storage::ReadError(own.stream->path + ": has " + std::to_string(sequence.frames()) + " frames, and had " +
                                 std::to_string(own.times.frames()) + " when it was imported; import it again");
    return std::make_shared<SkeletonSequence>(
        sequence.in_frames(schemas::aligned_frames(reference.times, own.times, own.stream->clock())));
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
    const auto streams = skeleton_streams(document);
    const auto timed = [&session](const Stream& stream) {
        return TimedStream{&stream, session.store().frame_times(stream)};
    };
    std::vector<std::pair<TimedStream, TimedStream>> with_reference;
    for (const Stream* stream : streams)
        with_reference.emplace_back(timed(*stream), timed(*reference_stream(document, stream->take)));

    std::vector<TakeMotion> loaded(streams.size());
    std::vector<std::string> failures(streams.size());
    std::atomic<std::size_t> next = 0, done = 0;
    const auto load_on = [&] {
        for (std::size_t i = next++; i < streams.size() && !job.stop.stop_requested(); i = next++) {
            const Stream& stream = *streams[i];
            try {
                loaded[i] = {
                    stream.take, stream.performer,
                    motion_of(session.store(), document, cache, with_reference[i].first, with_reference[i].second),
                    content_of(document, stream)};
            } catch (const std::exception& error) {
                failures[i] = error.what();
            }
            job.report({"Loading motion", static_cast<double>(++done), static_cast<double>(streams.size())});
        }
    };
    {
        std::vector<std::jthread> loaders;
        for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) loaders.emplace_back(load_on);
    }
    if (job.stop.stop_requested()) return std::nullopt;

    Motions motions;
    for (std::size_t i = 0; i < streams.size(); ++i) {
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
    SkeletonSequence motion = read_recording(session.store(), cache, stream).sequence;
    apply_corrections(motion, session.document(), stream.id);
    return motion;
}

}  // namespace annotator
