#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "annotator/session/clip_media.h"
#include "annotator/session/project_session.h"
#include "storage/media/scrub_proxy.h"

// Opening the recordings of a take. Of what cannot be had, `problem` says in a sentence why, and what to do.
namespace annotator {

// A stream, where its file is now and when its frames are shown, on its own clock.
struct StreamSource {
    schemas::Stream stream;
    std::filesystem::path file;
    schemas::FrameTable times;  // of sound none
};

// What is needed to open the recordings of a take, as values that any thread may have.
struct TakePlan {
    schemas::TakeId take{};
    std::string name;
    std::filesystem::path project;
    StreamSource reference;             // a take without streams has one without a file, at 25 frames a second
    std::vector<StreamSource> streams;  // all of them, the reference first

    [[nodiscard]] const StreamSource* stream(schemas::StreamId id) const;  // nullptr when it has no such stream
};

// Thread: the session's.
TakePlan plan_of(ProjectSession& session, schemas::TakeId take);

// All that is known without opening a file.
ClipMedia media_without_files(const Document& document, const schemas::Clip& clip, const TakePlan& plan);

// The others are for any thread. They return nullopt when stopped and throw nothing for what a file holds.
using ShareDone = std::function<void(double share)>;

struct LoadedVideo {
    std::shared_ptr<const storage::VideoIndex> index;
    std::shared_ptr<storage::ScrubProxy> proxy;  // null where none was made yet
    std::string problem;
};
std::optional<LoadedVideo> load_video(const TakePlan& plan, const StreamSource& stream, const ShareDone& progress,
                                      const std::stop_token& stop);

struct LoadedDepth {
    std::shared_ptr<storage::DepthReader> reader;
    storage::DepthRange range;
    std::shared_ptr<const std::vector<schemas::FrameIndex>> frames;
    std::string problem;
};
std::optional<LoadedDepth> load_depth(const TakePlan& plan, const StreamSource& stream, const std::stop_token& stop);

struct LoadedSkeleton {
    std::shared_ptr<const schemas::SkeletonSequence> recorded, sequence;
    std::vector<schemas::FrameIndex> stream_frames;
    std::string problem;
};
LoadedSkeleton load_skeleton(const TakePlan& plan, const StreamSource& stream);

struct LoadedSound {
    std::shared_ptr<const storage::AudioIndex> index;
    std::shared_ptr<const storage::Waveform> waveform;
    std::vector<double> waveform_samples;
    std::vector<double> beats;
    std::string problem;
};
std::optional<LoadedSound> load_sound(const TakePlan& plan, const StreamSource& stream, const ShareDone& progress,
                                      const std::stop_token& stop);

}  // namespace annotator
