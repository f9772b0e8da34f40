#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

#include "annotator/document/commands.h"
#include "annotator/session/project_session.h"

namespace annotator {

// Whether frames of a track carry key poses or spans.
enum class TrackHolds { spans, key_poses };

// The arguments of one command of an edit script (schemas/json/edits.schema.json) in the project that it is about to
// change: names become rows here. Throws EditConflict for what is missing, of another type or not there.
class ScriptCommand {
public:
    ScriptCommand(ProjectSession& session, const nlohmann::json& arguments)
        : session_(session), document_(session.document()), arguments_(arguments) {}

    [[nodiscard]] const nlohmann::json& operator[](const char* key) const;
    [[nodiscard]] bool has(const char* key) const;
    [[nodiscard]] std::string text(const char* key) const;
    [[nodiscard]] schemas::FrameIndex frame(const char* key) const;
    [[nodiscard]] double number(const char* key) const;

    [[nodiscard]] const Document& document() const { return document_; }
    [[nodiscard]] ProjectSession& session() const { return session_; }
    [[nodiscard]] schemas::IdSource& ids() const { return session_.ids(); }

    [[nodiscard]] const schemas::Clip& clip() const;
    [[nodiscard]] const schemas::Track& track() const;
    [[nodiscard]] std::optional<schemas::PerformerId> performer() const;
    [[nodiscard]] schemas::LabelId label(const char* key = "label") const;
    // A label to put on frames: not one that the taxonomy has dropped.
    [[nodiscard]] schemas::LabelId label_in_use() const;
    void require_track(TrackHolds wanted) const;
    // The whole clip unless given.
    [[nodiscard]] schemas::FrameSpan span() const;
    [[nodiscard]] Line line() const;
    // The segment on the line at `frame`; a clip labelled whole needs no frame.
    [[nodiscard]] schemas::SegmentId segment() const;
    [[nodiscard]] std::vector<schemas::Proposal> proposals() const;
    [[nodiscard]] schemas::LayerId layer() const;
    [[nodiscard]] Edge edge() const;

private:
    ProjectSession& session_;
    const Document& document_;
    const nlohmann::json& arguments_;
};

}  // namespace annotator
