#pragma once

#include <compare>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "schemas/edit.h"

namespace annotator {

template <class Row>
using IdOf = decltype(Row::id);

// An edit does not fit the document it was applied to: a row is not what the edit expects,
// or the result would break a rule (a segment outside its clip, an overlap …).
class EditConflict : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Where segments lie next to each other: one track of one clip in one layer, for one
// performer or for the clip.
struct Line {
    schemas::ClipId clip{};
    schemas::LayerId layer{};
    schemas::TrackId track{};
    std::optional<schemas::PerformerId> performer;

    auto operator<=>(const Line&) const = default;
};

Line line_of(const schemas::Segment& segment);
// "[3, 7)", for messages.
std::string interval_text(schemas::FrameSpan span);

// Everything that edits can change, in memory. Changed only by apply().
//
// Thread: one.
class Document {
public:
    Document() = default;
    // Takes rows that the database vouches for.
    explicit Document(schemas::ProjectRows rows);

    template <class Row>
    [[nodiscard]] const std::map<IdOf<Row>, Row>& rows() const {
        return std::get<std::map<IdOf<Row>, Row>>(rows_);
    }
    template <class Row>
    [[nodiscard]] const Row* find(IdOf<Row> id) const {
        const auto found = rows<Row>().find(id);
        return found == rows<Row>().end() ? nullptr : &found->second;
    }
    // Throws EditConflict when there is no such row.
    template <class Row>
    [[nodiscard]] const Row& at(IdOf<Row> id) const {
        if (const Row* row = find<Row>(id)) return *row;
        throw EditConflict("there is no " + std::string(schemas::Table<Row>::name) + " of that id any more");
    }

    // The segments of a line by their first frame, empty where there are none.
    [[nodiscard]] std::span<const schemas::SegmentId> segments(const Line& line) const;
    // Their rows in that order. Those that were made one after the other are found without a search.
    template <class Visit>
    void for_each_segment(const Line& line, Visit visit) const {
        const auto& all = rows<schemas::Segment>();
        auto at = all.end();
        for (const schemas::SegmentId id : segments(line)) {
            if (at != all.end()) ++at;
            if (at == all.end() || at->first != id) at = all.find(id);
            visit(at->second);
        }
    }
    // All lines that hold segments of the clip.
    [[nodiscard]] std::vector<Line> lines(schemas::ClipId clip) const;
    // The corrections of a stream, by joint and first frame.
    [[nodiscard]] std::span<const schemas::JointCorrectionId> corrections(schemas::StreamId stream) const;
    [[nodiscard]] const std::vector<schemas::StreamId>& streams(schemas::TakeId take) const;

    // Checks every `before` and every rule, then changes the rows; all or nothing.
    void apply(const schemas::Edit& edit);

    bool operator==(const Document& other) const { return rows_ == other.rows_; }

private:
    template <class... Rows>
    using MapsOf = std::tuple<std::map<IdOf<Rows>, Rows>...>;

    template <class Row>
    void change(const schemas::RowChange<Row>& change);
    void change_all(std::span<const schemas::Change> changes);
    void index(const schemas::Segment& segment);
    void unindex(const schemas::Segment& segment);
    void index(const schemas::JointCorrection& correction);
    void unindex(const schemas::JointCorrection& correction);
    void check_rules(const schemas::Edit& edit) const;

    schemas::EachEditableRow<MapsOf> rows_;
    std::map<Line, std::vector<schemas::SegmentId>> lines_;
    std::map<schemas::TakeId, std::vector<schemas::StreamId>> streams_;
    std::map<schemas::StreamId, std::vector<schemas::JointCorrectionId>> corrections_;
};

}  // namespace annotator
