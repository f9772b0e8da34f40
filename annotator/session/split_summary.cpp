#include "annotator/session/split_summary.h"

#include <map>
#include <set>

#include "annotator/workflows/split_project.h"

namespace annotator {

SplitSummary split_summary(const Document& document, const schemas::Split& split) {
    SplitSummary summary;
    double whole = 0;
    for (const auto& [id, clip] : document.rows<schemas::Clip>()) whole += static_cast<double>(clip.span().length());
    std::map<std::pair<std::int64_t, schemas::Subset>, storage::SubsetShare> shares;
    std::set<schemas::ClipId> dealt;
    for (const schemas::SplitMember& member : split.members) {
        const auto* clip = document.find<schemas::Clip>(member.clip);
        if (clip == nullptr) continue;
        dealt.insert(member.clip);
        auto& share = shares[{member.fold, member.subset}];
        share.fold = member.fold;
        share.subset = member.subset;
        ++share.clips;
        if (whole > 0) share.reached += static_cast<double>(clip->span().length()) / whole;
    }
    for (const auto& [key, share] : shares) summary.shares.push_back(share);
    summary.without = static_cast<std::int64_t>(document.rows<schemas::Clip>().size() - dealt.size());
    summary.leaks =
        storage::leaks(split_items(document), split.members, {"performer", "take", "choreography", "music"});
    return summary;
}

}  // namespace annotator
