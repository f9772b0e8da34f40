#pragma once

#include <array>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "schemas/annotation.h"
#include "schemas/joint_correction.h"
#include "schemas/recording.h"
#include "schemas/taxonomy.h"

namespace schemas {

// Insert (only after), delete (only before) or update (both) of one row.
template <class Row>
struct RowChange {
    std::optional<Row> before, after;

    bool operator==(const RowChange&) const = default;
};

// Everything that a person can change. Owners come before what they own.
template <template <class...> class Container>
using EachEditableRow = Container<Performer, Take, Stream, Clip, Track, Label, Layer, Segment, KeyPose, Comment,
                                  Rejection, JointCorrection>;

template <class... Rows>
using VectorsOf = std::tuple<std::vector<Rows>...>;
// The content of a project: each kind of row, by id.
using ProjectRows = EachEditableRow<VectorsOf>;

template <class... Rows>
using ChangeOf = std::variant<RowChange<Rows>...>;
using Change = EachEditableRow<ChangeOf>;

// What undo calls one step.
struct Edit {
    std::string title;
    std::vector<Change> changes;

    bool operator==(const Edit&) const = default;
};

// The edit that takes `edit` back: its changes, each turned round, last first.
Edit inverse(const Edit& edit);

// import: labels that a person brought from a file. simulation: the simulated annotator.
// There is no kind for a model, and the database knows no other.
enum class AuthorKind { person, import, simulation };

struct Author {
    std::string name;
    AuthorKind kind = AuthorKind::person;

    bool operator==(const Author&) const = default;
};

enum class LogKind { edit, undo, redo };

// One line of the journal. An undo or redo names the edit that it concerns, and its
// changes are what was done to the rows, so that a replay is reading from the top.
struct LoggedEdit {
    EditId id{};
    std::int64_t sequence = 0;  // 1, 2, 3 … without gaps
    LogKind kind = LogKind::edit;
    std::optional<EditId> target;  // of an undo or redo
    Author author;
    Timestamp time = 0;
    Edit edit;

    bool operator==(const LoggedEdit&) const = default;
};

template <>
struct EnumNames<AuthorKind> {
    static constexpr std::array<std::string_view, 3> names{"person", "import", "simulation"};
};
template <>
struct EnumNames<LogKind> {
    static constexpr std::array<std::string_view, 3> names{"edit", "undo", "redo"};
};

}  // namespace schemas
