#pragma once

#include <string>

#include "annotator/workflows/create_project.h"
#include "annotator/workflows/ingest.h"
#include "tests/support/msr_lines.h"
#include "tests/support/recording_files.h"

// Projects of small recordings, made as a user makes them.
namespace tests {

// A fixed author, clock and seed, so that a test comes out the same every time.
inline annotator::SessionOptions fixed_session(std::uint64_t seed = 1) {
    annotator::SessionOptions options;
    options.author = {"Ana", schemas::AuthorKind::person};
    options.seed = seed;
    options.clock = [time = schemas::Timestamp{0}]() mutable { return time += 1'000; };
    return options;
}

inline annotator::ProjectSession empty_project(const TemporaryFolder& folder, const std::string& name = "project",
                                               std::uint64_t seed = 1) {
    return annotator::create_project(folder.path() / name, {}, fixed_session(seed));
}

inline annotator::IngestOptions ingest_of(const std::filesystem::path& recordings, const std::string& pattern = "") {
    annotator::IngestOptions options;
    options.paths = {recordings};
    options.name_pattern = pattern;
    return options;
}

// A project of the recordings in the folder's "r".
inline annotator::ProjectSession imported_project(const TemporaryFolder& folder) {
    annotator::ProjectSession session = empty_project(folder);
    annotator::ingest(session, ingest_of(folder.path() / "r"), {}).value();
    return session;
}

// The clips a01_s01_e01, a01_s02_e01, a02_s01_e01 and a02_s02_e01 of 30 frames each, performers 01 and
// 02, with the categories 01 and 02 in a layer "names" of that kind.
inline annotator::ProjectSession project_of_four(const TemporaryFolder& folder,
                                                 schemas::LayerKind categories = schemas::LayerKind::import,
                                                 std::uint64_t seed = 1) {
    double shift = 0;
    for (const char* name : {"a01_s01_e01", "a01_s02_e01", "a02_s01_e01", "a02_s02_e01"})
        write_file(folder, "recordings/" + std::string(name) + "_skeleton3D.txt", msr_lines(30, shift += 0.5));
    annotator::ProjectSession session = empty_project(folder, "project", seed);
    annotator::IngestOptions options = ingest_of(folder.path() / "recordings", "msr");
    options.category_layer_kind = categories;
    annotator::ingest(session, options, {}).value();
    return session;
}

}  // namespace tests
