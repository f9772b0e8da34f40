#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "annotator/workflows/synth/choreography.h"
#include "annotator/workflows/synth/sound.h"
#include "schemas/skeleton.h"
#include "storage/media/depth_reader.h"

// Recordings in the formats of MSR-Action3D, as its readers want them. Every writer
// throws std::runtime_error naming the file when it cannot be written whole.
namespace annotator::synth {

inline constexpr std::string_view skeleton_suffix = "_skeleton3D.txt";
inline constexpr std::string_view depth_suffix = "_sdepth.bin";
inline constexpr std::string_view video_suffix = "_video.mp4";  // which MSR-Action3D has none of

// World coordinates: a line "x y z confidence" for each joint of the layout msr20, six
// decimals, no header. Throws std::invalid_argument for another layout or for pixels.
void write_msr_skeleton(const std::filesystem::path& file, const schemas::SkeletonSequence& sequence);

// int32, little-endian: frames, columns, rows, then every frame row by row.
//
// Thread: one.
class MsrDepthWriter {
public:
    MsrDepthWriter(std::filesystem::path file, schemas::FrameIndex frames, int columns, int rows);
    // Throws std::invalid_argument for a picture of another size.
    void add(const storage::DepthFrame& picture);
    void close();

private:
    void add_number(std::uint32_t value);
    void flush();

    std::filesystem::path file_;
    int columns_, rows_;
    std::ofstream stream_;
    std::string bytes_;
};

// A CSV table with a header, UTF-8, LF. Cells are quoted where they must be.
//
// Thread: one.
class CsvWriter {
public:
    CsvWriter(std::filesystem::path file, const std::vector<std::string>& header);
    void add(const std::vector<std::string>& cells);
    void close();

private:
    std::filesystem::path file_;
    std::ofstream stream_;
};

// The tables of a truth folder: categories.csv, primitives.csv and key_poses.csv
// (clip,track,performer,begin,end,label; frames are 0-based, spans half-open) and, where
// there is sound, beats.csv (clip,beat,seconds,beats_per_minute).
//
// Thread: one.
class TruthWriter {
public:
    explicit TruthWriter(const std::filesystem::path& folder);
    void add_category(const std::string& clip, const std::string& performer, const LabelledSpan& span);
    void add_primitive(const std::string& clip, const std::string& performer, const LabelledSpan& span);
    void add_key_pose(const std::string& clip, const std::string& performer, const LabelledFrame& pose);
    void add_beats(const std::string& clip, const ClickTrack& track, double seconds);
    void close();

private:
    std::filesystem::path folder_;
    CsvWriter categories_, primitives_, key_poses_;
    std::optional<CsvWriter> beats_;  // from the first beat on
};

void write_text(const std::filesystem::path& file, std::string_view text);

}  // namespace annotator::synth
