#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "annotator/workflows/prelabel.h"

// A pool that is pre-labelled in parts: each part writes what it proposes to a file, from a project that it only reads,
// and the files are brought into the project together. The project is then as one run over all clips would have left
// it.
namespace annotator {

// What one shard found, as it lies in its file: JSON.
struct ShardFile {
    std::filesystem::path file;
    Shard shard;
    std::string project;    // who it is: the id of the first edit
    std::string pool;       // a hash of the labels, recordings and options that all shards must share
    std::size_t clips = 0;  // of all shards together
    PrelabelResult result;  // model: id and name only; proposals without ids
};

// Proposes for one shard and writes the file, as a whole or not at all; nothing else changes. nullopt when stopped.
// Throws storage::WriteError.
std::optional<PrelabelResult> prelabel_to_file(ProjectSession& session, const PrelabelOptions& options,
                                               const std::filesystem::path& file, const JobContext& job);

// Throws storage::ReadError naming the file, and what of it is wrong, when it is damaged or no such file.
ShardFile read_shard(const std::filesystem::path& file);

// Stores what all shards of one run found, in one transaction, in place of earlier proposals of those clips. Labels
// that were rejected, merged or deprecated since are seen to. Nothing is stored, and std::invalid_argument names the
// file and what was expected, where shards are missing, doubled, of another run, another project or another state of
// it, or speak of clips, labels, performers or a model that the project does not have.
PrelabelResult merge_shards(ProjectSession& session, const std::vector<std::filesystem::path>& files);

}  // namespace annotator
