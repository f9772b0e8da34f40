#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "annotator/document/document.h"
#include "annotator/session/intents.h"
#include "storage/export/verify_export.h"

// What a check found and how even a dataset is, in a shape for tables. Pure.
namespace annotator {

// Where findings lie. Takes are found by name; keeps no pointer into the document.
class Places {
public:
    explicit Places(const Document& document);
    // The clip that a finding speaks of, and the first frame that it names; nullopt where it speaks of none.
    [[nodiscard]] std::optional<OpenClip> of(const storage::Finding& finding) const;

private:
    struct Place {
        schemas::ClipId clip{};
        schemas::FrameSpan span;
    };
    std::unordered_map<std::string, Place> takes_;  // by name: the first clip of each
};

enum class FindingKind { recording, duplicate };
FindingKind kind_of(const storage::Finding& finding);

// How much there is of a label or of a performer.
struct BalanceRow {
    std::string name;
    std::string colour;  // of a label, "#rrggbb"; empty for performers
    std::int64_t clips = 0;
    std::int64_t frames = 0;
    std::int64_t labelled = 0;  // clips of a performer that carry a label of the track
    // One of the two: whom or what the row is of; of several performers of one name the first.
    std::optional<schemas::LabelId> label;
    std::optional<schemas::PerformerId> performer;
};

// The labels of the track, in their order; those that nothing carries, too. Truth does not count.
std::vector<BalanceRow> label_balance(const Document& document, schemas::TrackId track);
// By name.
std::vector<BalanceRow> performer_balance(const Document& document, schemas::TrackId track);

}  // namespace annotator
