#include "storage/export/verify_media.h"

#include <map>
#include <utility>

#include "storage/export/export_names.h"
#include "storage/export/export_reader.h"
#include "storage/formats/labels_json.h"
#include "storage/media/frame_comparison.h"
#include "storage/media/recording_hash.h"
#include "storage/read_error.h"

namespace storage {
namespace {

// A recording of the export, and the clips that are numbered by its frames.
struct ExportedRecording {
    DatasetMedia file;
    std::vector<std::pair<schemas::FrameIndex, const ExportedClip*>> clips;  // by the take frame that they begin with
};
using Recordings = std::map<std::pair<std::string, std::int64_t>, ExportedRecording>;  // by hash and stream

Recordings recordings_of(const Dataset& dataset, const std::map<std::string, ExportedClip>& tables) {
    const auto videos = video_ids_of(dataset);
    Recordings recordings;
    for (const DatasetClip& clip : dataset.clips)
        for (const DatasetMedia& file : clip.media) {
            ExportedRecording& recording = recordings[{file.sha256, file.container_stream}];
            recording.file = file;
            const auto table = tables.find(videos.at(clip.id));
            if (file.role == schemas::StreamRole::reference && table != tables.end())
                recording.clips.emplace_back(clip.span.begin, &table->second);
        }
    return recordings;
}

class Check {
public:
    Check(const MediaCheck& wanted, const std::stop_token& stop) : wanted_(wanted), stop_(stop) {}

    // False when stopped.
    bool recording(const ExportedRecording& recording, double done, double total) {
        const auto report = [&](double share) {
            wanted_.progress("Checking " + recording.file.path, done + share, total);
        };
        report(0);
        try {
            const auto place = wanted_.find(recording.file);
            if (stop_.stop_requested()) return false;
            if (!place) {
                findings.warn(recording.file.path, "the recording was not found, so nothing about it was checked");
                return true;
            }
            if (!has_hash(*place, recording.file)) return !stop_.stop_requested();
            return !is_video(*place, recording.file.kind) || has_frames(*place, recording, report);
        } catch (const std::exception& error) {
            findings.error(recording.file.path, error.what());
        }
        return true;
    }

    FindingList findings;

private:
    static bool is_video(const std::filesystem::path& place, schemas::StreamKind kind) {
        return kind == schemas::StreamKind::video ||
               (kind == schemas::StreamKind::depth && !is_directory(place) && looks_like_media(place));
    }

    bool has_hash(const std::filesystem::path& place, const DatasetMedia& file) {
        const auto [known, fresh] = hashes_.try_emplace(place);
        if (fresh)
            known->second = recording_hash(
                                place, [](std::uintmax_t) {}, stop_)
                                .value_or("");
        if (stop_.stop_requested() || known->second == file.sha256) return !stop_.stop_requested();
        findings.error(file.path,
                       "is not the recording that was exported: the SHA-256 of " + place.string() + " is another");
        return false;
    }

    // False when stopped.
    bool has_frames(const std::filesystem::path& place, const ExportedRecording& recording,
                    const std::function<void(double)>& progress) {
        ScanOptions options;
        options.stream = static_cast<int>(recording.file.container_stream);
        options.thoroughness = wanted_.thoroughness;
        const auto index = scan_video(place, options, progress, stop_);
        if (!index) return false;
        if (recording.file.frames != 0 && recording.file.frames != index->size())
            findings.error(recording.file.path, "has " + std::to_string(index->size()) + " frames, and " +
                                                    std::to_string(recording.file.frames) + " were exported");
        for (const auto& [begin, clip] : recording.clips)
            for (const std::string& difference : differences(*index, clip->table, begin))
                findings.error("frames/" + clip->video + ".csv", recording.file.path + ": " + difference);
        return true;
    }

    const MediaCheck& wanted_;
    std::stop_token stop_;
    std::map<std::filesystem::path, std::string> hashes_;
};

}  // namespace

std::optional<std::vector<Finding>> verify_media(const std::filesystem::path& folder, const MediaCheck& check,
                                                 const std::stop_token& stop) {
    Dataset dataset;
    std::map<std::string, ExportedClip> tables;
    FindingList said_before;
    try {
        dataset = read_labels_json(folder / "labels.json");
        tables = read_clips(folder, said_before);
    } catch (const ReadError&) {
        return std::vector<Finding>();
    }
    const Recordings recordings = recordings_of(dataset, tables);
    Check checking(check, stop);
    double done = 0;
    for (const auto& [content, recording] : recordings)
        if (!checking.recording(recording, done++, static_cast<double>(recordings.size()))) return std::nullopt;
    return checking.findings.take();
}

}  // namespace storage
