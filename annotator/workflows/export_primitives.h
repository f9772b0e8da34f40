#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "annotator/workflows/name_primitives.h"
#include "schemas/picture.h"
#include "storage/export/file_sink.h"

namespace annotator {

// A stretch of a clip that shows a primitive well: the key frames in a row at which it was strongest, each with the
// frames that are nearer to it than to another key frame.
struct PrimitiveExample {
    int primitive = 0;  // of a group
    int rank = 0;       // from 1 on, best first
    std::size_t sample = 0;
    schemas::FrameIndex key_frame = 0;  // where it was strongest
    schemas::FrameSpan span;            // in frames of the take
    double weight = 0;                  // at the key frame, of the primitive and what was merged into it
    std::string unit;                   // that is labelled at the key frame; "" where none is
};

// The best `most` of each group, from different clips as far as there are.
std::vector<PrimitiveExample> examples_of(const PrimitiveNaming& naming, const PrimitivePool& pool, int most);

// `frames` pictures of a motion from the first to the last frame of the span, side by side on a dark ground.
schemas::Picture motion_strip(const std::shared_ptr<const schemas::SkeletonSequence>& skeleton, schemas::FrameSpan span,
                              int frames, int tile);

struct ExportPrimitivesOptions {
    int examples = 3;  // of each primitive, at most
    enum class Pictures { draw, leave_out } pictures = Pictures::draw;
    NamingOptions naming;
};

struct ExportedPrimitives {
    std::map<std::string, storage::WrittenFile> files;
    std::size_t examples = 0;
};

// Writes the dictionary into a folder, as a whole or not at all; an earlier export of a dictionary is replaced, any
// other folder that is not empty is not: dictionary.json (names, units, counts, the rows of the dictionary),
// primitives.csv, examples.csv, and pictures/PRIMITIVE-RANK.png. nullopt when stopped. Throws storage::WriteError, and
// as naming_of does.
std::optional<ExportedPrimitives> export_primitives(ProjectSession& session, const schemas::ModelVersion& version,
                                                    const std::filesystem::path& folder,
                                                    const ExportPrimitivesOptions& options, const JobContext& job);

}  // namespace annotator
