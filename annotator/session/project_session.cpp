#include "annotator/session/project_session.h"

#include <pwd.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <stdexcept>

#include "storage/formats/utf8.h"

namespace annotator {

namespace {

std::string user_of_this_machine() {
    if (const char* user = std::getenv("USER"); user != nullptr && *user != '\0') return user;
    if (const passwd* entry = getpwuid(getuid())) return entry->pw_name;
    return "annotator";
}

std::vector<JournalStep> steps_of(const storage::EditLog& log) {
    std::vector<JournalStep> steps;
    for (const storage::LogEntry& entry : log.entries())
        steps.push_back({entry.id, entry.sequence, entry.kind, entry.target});
    return steps;
}

// Hands each step of the journal to the store, and what belongs to it.
class StoreSink : public EditSink {
public:
    explicit StoreSink(storage::ProjectStore& store) : store_(store) {}

    void write(const schemas::LoggedEdit& entry) override { store_.write(entry, extras->facts, extras->problems); }
    [[nodiscard]] schemas::LoggedEdit logged(schemas::EditId id) const override { return store_.log().logged(id); }

    const ImportExtras* extras = &none;
    static inline const ImportExtras none;

private:
    storage::ProjectStore& store_;
};

}  // namespace

schemas::Timestamp time_of_day() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

constexpr const char* seed_setting = "seed";

// Each session goes on where the last one stopped.
void make_reproducible(SessionOptions& options, std::uint64_t seed, std::int64_t edits, std::size_t models) {
    constexpr schemas::Timestamp first = 1'700'000'000'000'000;
    for (const std::uint64_t part : {static_cast<std::uint64_t>(edits), std::uint64_t{models}})
        seed = (seed ^ part) * 0x9e3779b97f4a7c15ULL + 1;
    options.seed = seed;
    options.clock = [time = first + edits * 1'000'000]() mutable { return time += 1'000'000; };
}

struct ProjectSession::State {
    State(storage::ProjectStore opened, SessionOptions wanted)
        : store(std::move(opened)),
          author(std::move(wanted.author)),
          clock(wanted.clock ? std::move(wanted.clock) : time_of_day),
          ids(wanted.seed ? schemas::IdSource(*wanted.seed) : schemas::IdSource()),
          document(store.load_rows()),
          sink(store),
          journal(document, sink, ids, clock, state_after(steps_of(store.log()))) {
        if (author.name.empty()) author.name = user_of_this_machine();
        if (storage::first_invalid_utf8(author.name))
            throw std::invalid_argument("the author's name is not UTF-8 text; give another one with --author");
    }

    storage::ProjectStore store;
    schemas::Author author;
    Journal::Clock clock;
    schemas::IdSource ids;
    Document document;
    StoreSink sink;
    Journal journal;
};

ProjectSession::ProjectSession(std::unique_ptr<State> state) : state_(std::move(state)) {}

ProjectSession::ProjectSession(const std::filesystem::path& folder, SessionOptions options) {
    auto store = storage::ProjectStore::open(folder, options.access);
    if (const auto seed = store.setting(seed_setting); seed && !options.seed)
        make_reproducible(options, std::stoull(*seed), store.log().last_sequence(), store.models().size());
    state_ = std::make_unique<State>(std::move(store), std::move(options));
}

ProjectSession ProjectSession::create(const std::filesystem::path& folder, SessionOptions options) {
    return ProjectSession(std::make_unique<State>(storage::ProjectStore::create(folder), std::move(options)));
}

ProjectSession ProjectSession::create_reproducible(const std::filesystem::path& folder, SessionOptions options,
                                                   std::uint64_t seed) {
    make_reproducible(options, seed, 0, 0);
    ProjectSession session = create(folder, std::move(options));
    session.store().set_setting(seed_setting, std::to_string(seed));
    return session;
}

ProjectSession::ProjectSession(ProjectSession&&) noexcept = default;
ProjectSession& ProjectSession::operator=(ProjectSession&&) noexcept = default;
ProjectSession::~ProjectSession() = default;

const Document& ProjectSession::document() const { return state_->document; }
storage::ProjectStore& ProjectSession::store() { return state_->store; }
schemas::IdSource& ProjectSession::ids() { return state_->ids; }
const schemas::Author& ProjectSession::author() const { return state_->author; }
schemas::Timestamp ProjectSession::now() const { return state_->clock(); }
const JournalState& ProjectSession::journal() const { return state_->journal.state(); }

std::optional<schemas::EditId> ProjectSession::commit(const Build& build) { return commit_as(state_->author, build); }

std::optional<schemas::EditId> ProjectSession::commit_as(const schemas::Author& author, const Build& build) {
    return state_->journal.commit(author, build);
}

std::optional<schemas::EditId> ProjectSession::commit_import(const Build& build, const ImportExtras& extras) {
    struct Lend {
        Lend(StoreSink& to, const ImportExtras& what) : sink(to) { sink.extras = &what; }
        ~Lend() { sink.extras = &StoreSink::none; }
        StoreSink& sink;
    } const lend(state_->sink, extras);
    return commit(build);
}

std::optional<std::string> ProjectSession::undo() { return state_->journal.undo(state_->author); }
std::optional<std::string> ProjectSession::redo() { return state_->journal.redo(state_->author); }

}  // namespace annotator
