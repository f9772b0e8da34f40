#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "annotator/document/document.h"
#include "annotator/document/journal.h"
#include "storage/project/project_store.h"

namespace annotator {

// Microseconds since 1970, UTC.
schemas::Timestamp time_of_day();

// Who works, when, and with which ids. The default is a person now; simulations and tests
// fix the clock and the seed, so that their projects come out the same every time.
struct SessionOptions {
    storage::Access access = storage::Access::read_write;
    schemas::Author author;  // an empty name: the user of this machine
    std::optional<std::uint64_t> seed;
    Journal::Clock clock;  // empty: the time of day
};

// What an import stores beside its edit.
struct ImportExtras {
    std::vector<storage::StreamFacts> facts;
    std::vector<storage::StoredProblem> problems;
};

// An open project: its store, its document in memory and the journal between them.
//
// Thread: one.
class ProjectSession {
public:
    ProjectSession(const std::filesystem::path& folder, SessionOptions options);
    static ProjectSession create(const std::filesystem::path& folder, SessionOptions options);
    // A project whose ids and times follow from the seed, so that the same commands make the
    // same project. Two copies of it would draw the same ids, so they cannot be merged.
    static ProjectSession create_reproducible(const std::filesystem::path& folder, SessionOptions options,
                                              std::uint64_t seed);
    ProjectSession(ProjectSession&&) noexcept;
    ProjectSession& operator=(ProjectSession&&) noexcept;
    ~ProjectSession();

    [[nodiscard]] const Document& document() const;
    [[nodiscard]] storage::ProjectStore& store();
    [[nodiscard]] schemas::IdSource& ids();
    [[nodiscard]] const schemas::Author& author() const;
    [[nodiscard]] schemas::Timestamp now() const;

    using Build = std::function<schemas::Edit(const EditStamp&)>;
    std::optional<schemas::EditId> commit(const Build& build);
    std::optional<schemas::EditId> commit_as(const schemas::Author& author, const Build& build);
    // An import's edit; what `build` puts into `extras` is stored in the same transaction.
    std::optional<schemas::EditId> commit_import(const Build& build, const ImportExtras& extras);
    std::optional<std::string> undo();
    std::optional<std::string> redo();
    [[nodiscard]] const JournalState& journal() const;

private:
    struct State;
    explicit ProjectSession(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace annotator
