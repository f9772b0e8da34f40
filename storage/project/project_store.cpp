#include "storage/project/project_store.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "schemas/alignment.h"
#include "storage/db/migrations.h"
#include "storage/db/statement.h"
#include "storage/db/transaction.h"
#include "storage/formats/row_json.h"
#include "storage/project/row_table.h"

namespace storage {

namespace {

using std::filesystem::path;

path database_of(const path& folder) { return folder / "project.sqlite"; }

// Hidden files aside, which desktops and locks leave in folders.
bool holds_anything(const path& folder) {
    return std::ranges::any_of(std::filesystem::directory_iterator(folder), [](const auto& entry) {
        return !entry.path().filename().string().starts_with(".");
    });
}

template <class Value>
Blob blob_from(const std::vector<Value>& values) {
    Blob blob(values.size() * sizeof(Value));
    if (!blob.empty()) std::memcpy(blob.data(), values.data(), blob.size());
    return blob;
}

template <class Value>
std::vector<Value> values_from(const Blob& blob) {
    std::vector<Value> values(blob.size() / sizeof(Value));
    if (!values.empty()) std::memcpy(values.data(), blob.data(), values.size() * sizeof(Value));
    return values;
}

nlohmann::json json_of(const std::vector<schemas::LabelScore>& top) {
    nlohmann::json list = nlohmann::json::array();
    for (const schemas::LabelScore& entry : top)
        list.push_back({{"label", json_from(entry.label)}, {"score", entry.score}});
    return list;
}

void insert(Connection& connection, const std::vector<StreamFacts>& facts) {
    RowTable<schemas::Media> media(connection);
    Statement frames(connection,
                     "INSERT INTO frame_table (stream, seconds, key_frames, ticks, tick_numerator, tick_denominator) "
                     "VALUES (?, ?, ?, ?, ?, ?)");
    for (const StreamFacts& each : facts) {
        if (each.media) media.insert(*each.media);
        if (!each.frames) continue;
        const schemas::FrameTable& table = *each.frames;
        std::optional<Blob> ticks;
        if (!table.ticks.empty()) ticks = blob_from(table.ticks);
        frames.run(each.stream, blob_from(table.seconds), blob_from(table.key), ticks, table.tick.numerator,
                   table.tick.denominator);
    }
}

void insert(Connection& connection, const std::vector<StoredProblem>& problems, schemas::EditId edit) {
    Statement query(connection,
                    "INSERT INTO problem (path, what, begin_frame, end_frame, edit) VALUES (?, ?, ?, ?, ?)");
    for (const StoredProblem& stored : problems) {
        std::optional<schemas::FrameIndex> begin, end;
        if (stored.problem.frames) begin = stored.problem.frames->begin, end = stored.problem.frames->end;
        query.run(stored.path, stored.problem.what, begin, end, edit);
    }
}

// For a reader, who cannot do it. Where nobody can, the reader is told so when it looks at the schema.
void bring_up_to_date(Connection& reader) {
    const auto migrations = schemas::embedded_sql();
    if (const int version = schema_version(reader); version == 0 || version >= static_cast<int>(migrations.size()))
        return;
    try {
        Connection writer(reader.file(), Access::read_write);
        migrate(writer, migrations);
    } catch (const DatabaseError&) {
    }
}

std::vector<schemas::LabelScore> top_from(const std::string& text) {
    std::vector<schemas::LabelScore> top;
    for (const nlohmann::json& entry : nlohmann::json::parse(text))
        top.push_back({value_from<schemas::LabelId>(entry.at("label")), entry.at("score").get<double>()});
    return top;
}

}  // namespace

template <class... Rows>
using RowTablesOf = std::tuple<RowTable<Rows>...>;

class ProjectStore::Tables {
    using All = schemas::EachEditableRow<RowTablesOf>;

public:
    explicit Tables(Connection& connection)
        : tables_(make(connection, std::make_index_sequence<std::tuple_size_v<All>>{})) {}

    template <class Row>
    void write(const schemas::RowChange<Row>& change) {
        auto& table = std::get<RowTable<Row>>(tables_);
        if (change.before && change.after)
            table.update(*change.after);
        else if (change.after)
            table.insert(*change.after);
        else if (change.before)
            table.erase(change.before->id);
    }

private:
    template <std::size_t... Index>
    static All make(Connection& connection, std::index_sequence<Index...>) {
        return All{std::tuple_element_t<Index, All>(connection)...};
    }

    All tables_;
};

ProjectStore::ProjectStore(path folder, std::unique_ptr<Connection> connection)
    : folder_(std::move(folder)), connection_(std::move(connection)) {
    migrate(*connection_, schemas::embedded_sql());
    if (!connection_->read_only()) tables_ = std::make_unique<Tables>(*connection_);
}

ProjectStore::~ProjectStore() = default;
ProjectStore::ProjectStore(ProjectStore&&) noexcept = default;

ProjectStore ProjectStore::create(const path& folder) {
    if (exists(folder) && !is_directory(folder))
        throw std::runtime_error(folder.string() + ": is a file; a project is a folder, give another name");
    if (exists(folder) && holds_anything(folder))
        throw std::runtime_error(folder.string() + ": is not empty; a new project needs a folder of its own");
    create_directories(folder / "models");
    create_directories(folder / "cache");
    return {absolute(folder), std::make_unique<Connection>(database_of(folder), Access::create)};
}

ProjectStore ProjectStore::open(const path& folder, Access access) {
    if (!exists(database_of(folder)))
        throw std::runtime_error(folder.string() +
                                 ": is no project (it has no project.sqlite); make one with 'kinetograph new'");
    if (std::filesystem::file_size(database_of(folder)) == 0)
        throw std::runtime_error(database_of(folder).string() +
                                 ": is empty, so it is no project any more; put back a copy of it");
    auto connection = std::make_unique<Connection>(database_of(folder), access);
    if (access == Access::read_only) bring_up_to_date(*connection);
    return {absolute(folder), std::move(connection)};
}

std::string ProjectStore::stored_path(const path& file) const {
    const path whole = weakly_canonical(file);
    const path relative = whole.lexically_relative(weakly_canonical(folder_));
    return relative.empty() ? whole.generic_string() : relative.generic_string();
}

path ProjectStore::resolved_path(const std::string& stored) const {
    const path file(stored);
    return file.is_absolute() ? file : (folder_ / file).lexically_normal();
}

schemas::ProjectRows ProjectStore::load_rows() const {
    schemas::ProjectRows rows;
    std::apply([&]<class... Row>(std::vector<Row>&... each) { ((each = RowTable<Row>::load(*connection_)), ...); },
               rows);
    return rows;
}

void ProjectStore::write(const schemas::LoggedEdit& entry, const std::vector<StreamFacts>& facts,
                         const std::vector<StoredProblem>& problems) {
    if (!tables_)
        throw DatabaseError(DatabaseError::Kind::read_only,
                            folder_.string() + ": is open for reading only; the edit was not made");
    Transaction transaction(*connection_);
    log().append(entry);
    Statement(*connection_, "INSERT INTO open_edit (edit) VALUES (?)").run(entry.id);
    for (const schemas::Change& change : entry.edit.changes)
        std::visit([&](const auto& row) { tables_->write(row); }, change);
    connection_->execute("DELETE FROM open_edit");

    if (!facts.empty()) insert(*connection_, facts);
    if (!problems.empty()) insert(*connection_, problems, entry.id);
    transaction.commit();
}

std::optional<std::string> ProjectStore::setting(std::string_view key) const {
    Statement query(*connection_, "SELECT value FROM setting WHERE key = ?");
    query.bind(key);
    if (!query.step()) return std::nullopt;
    return query.column<std::string>(0);
}

void ProjectStore::set_setting(std::string_view key, std::string_view value) {
    Statement(*connection_,
              "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
        .run(key, value);
}

std::optional<schemas::FrameTable> ProjectStore::frame_table(schemas::StreamId stream) const {
    Statement query(*connection_,
                    "SELECT seconds, key_frames, ticks, tick_numerator, tick_denominator FROM frame_table WHERE stream "
                    "= ?");
    query.bind(stream);
    if (!query.step()) return std::nullopt;
    return schemas::FrameTable{values_from<double>(query.column<Blob>(0)),
                               values_from<std::uint8_t>(query.column<Blob>(1)),
                               values_from<std::int64_t>(query.column<std::optional<Blob>>(2).value_or(Blob())),
                               {query.column<std::int64_t>(3), query.column<std::int64_t>(4)}};
}

schemas::FrameTable ProjectStore::frame_times(const schemas::Stream& stream) const {
    if (auto stored = frame_table(stream.id)) return std::move(*stored);
    return schemas::evenly_spaced(stream.frames, stream.rate());
}

std::optional<schemas::Media> ProjectStore::media(schemas::StreamId stream) const {
    auto rows =
        RowTable<schemas::Media>::load(*connection_, "id = " + std::to_string(static_cast<std::int64_t>(stream)));
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
}

std::vector<StoredProblem> ProjectStore::problems() const {
    // An edit stands unless the last word on it was an undo.
    Statement query(*connection_,
                    "SELECT path, what, begin_frame, end_frame FROM problem WHERE 'undo' <> coalesce((SELECT kind FROM "
                    "edit_log WHERE target = problem.edit ORDER BY sequence DESC LIMIT 1), 'edit') ORDER BY path, id");
    std::vector<StoredProblem> problems;
    while (query.step()) {
        StoredProblem stored{query.column<std::string>(0), {query.column<std::string>(1), std::nullopt}};
        const auto begin = query.column<std::optional<schemas::FrameIndex>>(2);
        const auto end = query.column<std::optional<schemas::FrameIndex>>(3);
        if (begin && end) stored.problem.frames = schemas::FrameSpan{*begin, *end};
        problems.push_back(std::move(stored));
    }
    return problems;
}

void ProjectStore::add_model(const schemas::ModelVersion& model) {
    RowTable<schemas::ModelVersion>(*connection_).insert(model);
}

std::vector<schemas::ModelVersion> ProjectStore::models() const {
    auto models = RowTable<schemas::ModelVersion>::load(*connection_);
    std::ranges::sort(models, {}, [](const auto& model) { return std::pair(model.time, model.id); });
    return models;
}

void ProjectStore::replace_proposals(schemas::TrackId track, const std::vector<schemas::ClipId>& clips,
                                     const std::vector<schemas::Proposal>& proposals) {
    Transaction transaction(*connection_);
    Statement erase(*connection_,
                    "DELETE FROM proposal WHERE track = ? AND clip = ? AND id NOT IN (SELECT proposal FROM segment "
                    "WHERE proposal IS NOT NULL AND clip = ?)");
    for (const schemas::ClipId clip : clips) erase.run(track, clip, clip);
    RowTable<schemas::Proposal> table(*connection_);
    Statement insert_score(*connection_,
                           "INSERT INTO proposal_score (proposal, position, label, score) VALUES (?, ?, ?, ?)");
    for (const schemas::Proposal& proposal : proposals) {
        table.insert(proposal);
        for (std::size_t i = 0; i < proposal.top.size(); ++i)
            insert_score.run(proposal.id, i, proposal.top[i].label, proposal.top[i].score);
    }
    transaction.commit();
}

std::vector<schemas::Proposal> ProjectStore::proposals() const {
    auto proposals = RowTable<schemas::Proposal>::load(*connection_);
    Statement query(*connection_, "SELECT proposal, label, score FROM proposal_score ORDER BY proposal, position");
    auto owner = proposals.begin();  // both lists are by proposal id
    while (query.step()) {
        const auto id = query.column<schemas::ProposalId>(0);
        while (owner != proposals.end() && owner->id < id) ++owner;
        if (owner != proposals.end() && owner->id == id)
            owner->top.push_back({query.column<schemas::LabelId>(1), query.column<double>(2)});
    }
    return proposals;
}

// https://www.sqlite.org/pragma.html#pragma_data_version
std::int64_t ProjectStore::changes_of_others() const {
    Statement query(*connection_, "PRAGMA data_version");
    query.step();
    return query.column<std::int64_t>(0);
}

void ProjectStore::fold_log() { connection_->execute("PRAGMA wal_checkpoint(PASSIVE)"); }

void ProjectStore::replace_queue(const std::vector<schemas::QueueItem>& items) {
    Transaction transaction(*connection_);
    connection_->execute("DELETE FROM queue_item");
    Statement insert(*connection_,
                     "INSERT INTO queue_item (position, clip, performer, begin_frame, end_frame, score, reasons, top) "
                     "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    for (std::size_t i = 0; i < items.size(); ++i) {
        const schemas::QueueItem& item = items[i];
        insert.run(i + 1, item.clip, item.performer, item.span.begin, item.span.end, item.score,
                   nlohmann::json(item.reasons).dump(), json_of(item.top).dump());
    }
    transaction.commit();
}

std::vector<schemas::QueueItem> ProjectStore::queue() const {
    Statement query(
        *connection_,
        "SELECT clip, performer, begin_frame, end_frame, score, reasons, top FROM queue_item ORDER BY position");
    std::vector<schemas::QueueItem> items;
    while (query.step())
        items.push_back({query.column<schemas::ClipId>(0),
                         query.column<std::optional<schemas::PerformerId>>(1),
                         {query.column<schemas::FrameIndex>(2), query.column<schemas::FrameIndex>(3)},
                         query.column<double>(4),
                         nlohmann::json::parse(query.column<std::string>(5)).get<std::vector<std::string>>(),
                         top_from(query.column<std::string>(6))});
    return items;
}

void ProjectStore::put_split(const schemas::Split& split) {
    Transaction transaction(*connection_);
    Statement(*connection_, "DELETE FROM split WHERE name = ?").run(split.name);
    RowTable<schemas::Split>(*connection_).insert(split);
    Statement insert(*connection_, "INSERT INTO split_member (split, clip, fold, subset) VALUES (?, ?, ?, ?)");
    for (const schemas::SplitMember& member : split.members)
        insert.run(split.id, member.clip, member.fold, member.subset);
    transaction.commit();
}

std::vector<schemas::Split> ProjectStore::splits() const {
    auto splits = RowTable<schemas::Split>::load(*connection_);
    Statement query(*connection_, "SELECT clip, fold, subset FROM split_member WHERE split = ? ORDER BY fold, clip");
    for (schemas::Split& split : splits) {
        query.bind(split.id);
        while (query.step())
            split.members.push_back(
                {query.column<schemas::ClipId>(0), query.column<std::int64_t>(1), query.column<schemas::Subset>(2)});
    }
    std::ranges::sort(splits, {}, &schemas::Split::name);
    return splits;
}

std::vector<std::string> ProjectStore::integrity_problems() const {
    std::vector<std::string> found;
    Statement check(*connection_, "PRAGMA integrity_check");
    while (check.step())
        if (auto line = check.column<std::string>(0); line != "ok") found.push_back(std::move(line));
    Statement keys(*connection_, "PRAGMA foreign_key_check");
    while (keys.step())
        found.push_back("a row of " + keys.column<std::string>(0) + " names a row of " + keys.column<std::string>(2) +
                        " that does not exist");
    return found;
}

}  // namespace storage
