#include "annotator/workflows/split_project.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "annotator/document/queries.h"
#include "annotator/workflows/training_snapshot.h"

namespace annotator {

std::vector<storage::SplitItem> split_items(const Document& document) {
    std::vector<storage::SplitItem> items;
    for (const schemas::Clip* clip : clips_by_name(document)) {
        storage::SplitItem item;
        item.clip = clip->id;
        item.name = clip->name;
        item.weight = static_cast<double>(clip->span().length());
        for (const auto& [key, value] : groups_of(document, *clip)) item.groups.push_back({key, value});
        for (const auto& [id, track] : document.rows<schemas::Track>()) {
            std::map<std::string, double> frames;
            for (const schemas::Segment& segment : labels_of_clip(document, clip->id, id, std::nullopt))
                frames[document.at<schemas::Label>(current_label(document, segment.label)).name] +=
                    static_cast<double>(segment.span().length());
            for (const auto& [label, weight] : frames) item.strata.push_back({track.name, label, weight});
        }
        items.push_back(std::move(item));
    }
    return items;
}

namespace {

void check(const Document& document, const SplitProjectOptions& options) {
    static const std::vector<std::string> known{"performer", "take", "choreography", "music", "view", "setup"};
    if (options.name.empty()) throw std::invalid_argument("a split needs a name");
    for (const std::string& key : options.split.group_keys)
        if (std::ranges::find(known, key) == known.end())
            throw std::invalid_argument("there is no group key '" + key +
                                        "'; there are performer take choreography music view setup");
    for (const std::string& key : options.split.stratify_keys) require_track(document, key);
}

}  // namespace

SplitProjectResult split_project(ProjectSession& session, SplitProjectOptions options) {
    if (options.split.group_keys.empty()) options.split.group_keys = {"performer", "take"};
    check(session.document(), options);
    const auto items = split_items(session.document());
    SplitProjectResult result;
    result.assignment = storage::assign_split(items, options.split);
    result.leaks = storage::leaks(items, result.assignment.members, {"performer", "take", "choreography", "music"});
    schemas::Split& split = result.split;
    split.id = session.ids().fresh<schemas::SplitId>();
    split.name = options.name;
    split.scheme = options.split.scheme;
    for (const std::string& key : options.split.group_keys) split.grouped += (split.grouped.empty() ? "" : ",") + key;
    split.seed = static_cast<std::int64_t>(options.split.seed);
    split.time = session.now();
    split.members = result.assignment.members;
    session.store().put_split(split);
    return result;
}

}  // namespace annotator
