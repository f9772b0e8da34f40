#include "annotator/workflows/take_groups.h"

#include <filesystem>
#include <optional>

#include "schemas/edit.h"
#include "storage/formats/utf8.h"

namespace annotator {

namespace {

// Turns a scan into groups, leaving out what cannot be named or is there already.
class Grouping {
public:
    Grouping(const IngestOptions& options, const KnownRecordings& known, IngestResult& result)
        : options_(options), known_(known), result_(result) {
        if (!options.name_pattern.empty()) pattern_.emplace(options.name_pattern);
    }

    TakeGroups groups(std::vector<ScannedRecording> recordings) {
        TakeGroups groups;
        for (ScannedRecording& recording : recordings) {
            const std::string path = recording.path.string();
            auto facts = facts_of(recording);
            if (!facts) continue;
            if (recording.frames == 0) {
                leave_out(path, "has no frames", LeftOut::Severity::error);
                continue;
            }
            const KnownRecordings::Content content(recording.sha256, recording.container_stream);
            if (const auto found = known_.path_of.find(content); found != known_.path_of.end()) {
                ++result_.already_there;
                leave_out(path, "is in the project already, as " + found->second, LeftOut::Severity::passed_over);
                continue;
            }
            if (const auto [first, fresh] = media_.try_emplace(content, path); recording.media && !fresh) {
                leave_out(path, "is the same file as " + first->second, LeftOut::Severity::passed_over);
                continue;
            }
            auto& group = groups[facts->key];
            group.push_back({std::move(recording), std::move(*facts)});
        }
        return groups;
    }

private:
    void leave_out(const std::string& path, const std::string& reason, LeftOut::Severity severity) {
        result_.left_out.push_back({path, reason, severity});
    }

    std::optional<NameFacts> facts_of(const ScannedRecording& recording) {
        const std::string path = recording.path.string();
        if (storage::first_invalid_utf8(path)) {
            leave_out(path, "has a name that is not UTF-8; rename it", LeftOut::Severity::error);
            return std::nullopt;
        }
        if (const auto known = options_.belonging.find(recording.path); known != options_.belonging.end()) {
            NameFacts facts;
            facts.key = known->second.take;
            facts.performer = known->second.performer;
            return facts;
        }
        const bool folder = is_directory(recording.path);
        const std::string name = (folder ? recording.path.filename() : recording.path.stem()).string();
        auto facts = pattern_ ? pattern_->facts(name) : facts_without_pattern(name);
        if (!facts) {
            leave_out(path, "has a name that does not fit the pattern '" + options_.name_pattern + "'",
                      LeftOut::Severity::error);
            return std::nullopt;
        }
        if (!facts->performer && !options_.performer.empty()) facts->performer = options_.performer;
        for (const auto& [first, partner] : options_.same_take)
            if (pattern_ && facts->performer == partner) facts->key.replace(facts->performer_at, partner.size(), first);
        if (!options_.take.empty()) facts->key = options_.take;
        return facts;
    }

    const IngestOptions& options_;
    const KnownRecordings& known_;
    IngestResult& result_;
    std::optional<NamePattern> pattern_;
    std::map<KnownRecordings::Content, std::string> media_;  // what came so far, and from where
};

}  // namespace

KnownRecordings::KnownRecordings(const Document& document) {
    for (const auto& [id, stream] : document.rows<schemas::Stream>())
        path_of.emplace(Content(stream.sha256, stream.container_stream), stream.path);
    for (const auto& [id, take] : document.rows<schemas::Take>()) takes.emplace(take.name, id);
    for (const auto& [id, performer] : document.rows<schemas::Performer>()) performers.emplace(performer.name, id);
}

TakeGroups take_groups(std::vector<ScannedRecording> recordings, const IngestOptions& options,
                       const KnownRecordings& known, IngestResult& result) {
    return Grouping(options, known, result).groups(std::move(recordings));
}

}  // namespace annotator
