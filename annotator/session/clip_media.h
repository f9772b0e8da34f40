#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "schemas/frame.h"
#include "schemas/recording.h"
#include "schemas/skeleton.h"
#include "storage/media/audio_index.h"
#include "storage/media/depth_reader.h"
#include "storage/media/video_index.h"
#include "storage/media/waveform.h"

namespace annotator {

// What is known of the recordings of the clip that is shown. Parts arrive one after the other, from the file lane;
// what has not come yet is empty, and what cannot be had says why in `problem`. Frame i of everything here is frame i
// of the take's reference stream, whatever clock the stream itself has.
struct ClipMedia {
    schemas::ClipId clip{};
    schemas::TakeId take{};
    schemas::FrameSpan span;    // of the clip
    schemas::FrameTable times;  // of the reference

    struct Video {
        schemas::StreamId stream{};
        schemas::StreamRole role = schemas::StreamRole::aligned;
        std::string name;  // for people: the file's name
        std::filesystem::path file;
        std::shared_ptr<const storage::VideoIndex> index;  // null until it is there
        std::string problem;
    };
    struct Depth {
        schemas::StreamId stream{};
        schemas::StreamRole role = schemas::StreamRole::aligned;
        std::string name;
        std::filesystem::path file;
        std::shared_ptr<storage::DepthReader> reader;  // null until it is there; used by one thread at a time
        storage::DepthRange range;                     // percentiles over some frames of the whole recording
        // The frame of the recording that belongs to each of the reference; -1 where there is none.
        std::shared_ptr<const std::vector<schemas::FrameIndex>> frames;
        std::string problem;
    };
    struct Skeleton {
        schemas::StreamId stream{};
        std::string name;
        std::string format;
        std::optional<schemas::PerformerId> performer;
        std::string performer_name;
        std::shared_ptr<const schemas::SkeletonSequence> recorded;  // in its own frames; null until it is there
        std::vector<schemas::FrameIndex> stream_frames;  // its own frame of each of the reference; -1 where it has none
        // As people corrected it, in metres or pixels; null until it is there. The PoseController keeps it up to date.
        std::shared_ptr<const schemas::SkeletonSequence> sequence;
        std::string problem;
    };
    struct Sound {
        schemas::StreamId stream{};
        std::string name;
        std::filesystem::path file;
        std::shared_ptr<const storage::AudioIndex> index;
        std::shared_ptr<const storage::Waveform> waveform;
        std::vector<double> waveform_samples;  // the sample heard when each reference frame begins
        std::vector<double> beats;             // seconds of the reference
        std::string problem;
    };
    std::vector<Video> videos;
    std::vector<Depth> depths;
    std::vector<Skeleton> skeletons;
    std::optional<Sound> sound;

    std::vector<float> motion_energy;         // one a frame of the clip, 0 to 1
    std::vector<float> boundary_probability;  // one a frame of the clip, 0 to 1; empty without proposals
};

}  // namespace annotator
