#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "schemas/edit.h"
#include "schemas/media.h"
#include "schemas/proposal.h"
#include "schemas/split.h"
#include "storage/db/connection.h"
#include "storage/project/edit_log.h"
#include "storage/read_error.h"

namespace storage {

// Something import found wrong in a recording that it took all the same.
struct StoredProblem {
    std::string path;
    ReadProblem problem;
};

// What an import learns about a stream beside its row. It is never deleted, so that it is there again when the
// import is undone and redone.
struct StreamFacts {
    schemas::StreamId stream{};
    std::optional<schemas::FrameTable> frames;  // where they have times of their own
    std::optional<schemas::Media> media;        // its id is the stream's
};

// A project folder: project.sqlite, models/, cache/. The one door to what lasts.
//
// Thread: one at a time. Throws DatabaseError, and std::runtime_error for folders.
class ProjectStore {
public:
    // The folder must be missing or empty, but for hidden files.
    static ProjectStore create(const std::filesystem::path& folder);
    // A project of an older schema is brought up to date first, for reading too.
    static ProjectStore open(const std::filesystem::path& folder, Access access);
    ~ProjectStore();
    ProjectStore(ProjectStore&&) noexcept;

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] bool read_only() const { return connection_->read_only(); }
    // Of the project: relative to its folder where it can be, and back.
    [[nodiscard]] std::string stored_path(const std::filesystem::path& file) const;
    [[nodiscard]] std::filesystem::path resolved_path(const std::string& stored) const;

    [[nodiscard]] schemas::ProjectRows load_rows() const;

    // Writes the rows and the log line in one transaction; nothing when it throws.
    // `facts` and `problems` are what an import adds.
    void write(const schemas::LoggedEdit& entry, const std::vector<StreamFacts>& facts = {},
               const std::vector<StoredProblem>& problems = {});
    [[nodiscard]] EditLog log() const { return EditLog(*connection_); }

    [[nodiscard]] std::optional<std::string> setting(std::string_view key) const;
    void set_setting(std::string_view key, std::string_view value);

    // Brings what was committed from the write-ahead log into the database's file, as far as no reader needs the log:
    // some milliseconds that no commit has to take then. Commits are on the disk without it.
    void fold_log();

    // Another number than before once another program has committed anything.
    [[nodiscard]] std::int64_t changes_of_others() const;

    // As stored: absent where a stream has no times of its own.
    [[nodiscard]] std::optional<schemas::FrameTable> frame_table(schemas::StreamId stream) const;
    // As stored, else evenly spaced at the stream's rate. Not for sound, whose frames are samples.
    [[nodiscard]] schemas::FrameTable frame_times(const schemas::Stream& stream) const;
    [[nodiscard]] std::optional<schemas::Media> media(schemas::StreamId stream) const;
    // Of imports that stand; what an undone one found is no problem.
    [[nodiscard]] std::vector<StoredProblem> problems() const;

    void add_model(const schemas::ModelVersion& model);
    [[nodiscard]] std::vector<schemas::ModelVersion> models() const;  // oldest first

    // Replaces the proposals on that track of those clips; proposals that a label came from stay.
    void replace_proposals(schemas::TrackId track, const std::vector<schemas::ClipId>& clips,
                           const std::vector<schemas::Proposal>& proposals);
    [[nodiscard]] std::vector<schemas::Proposal> proposals() const;

    void replace_queue(const std::vector<schemas::QueueItem>& items);
    [[nodiscard]] std::vector<schemas::QueueItem> queue() const;

    // A split of the same name is replaced.
    void put_split(const schemas::Split& split);
    [[nodiscard]] std::vector<schemas::Split> splits() const;

    // What the database itself says about its soundness; empty when it is sound.
    [[nodiscard]] std::vector<std::string> integrity_problems() const;

private:
    class Tables;
    ProjectStore(std::filesystem::path folder, std::unique_ptr<Connection> connection);

    std::filesystem::path folder_;
    std::unique_ptr<Connection> connection_;
    std::unique_ptr<Tables> tables_;
};

}  // namespace storage
