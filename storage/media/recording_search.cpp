#include "storage/media/recording_search.h"

#include <algorithm>
#include <system_error>

#include "storage/read_error.h"

namespace storage {

using std::filesystem::path;

RecordingSearch::RecordingSearch(const path& folder) {
    std::error_code error;
    const auto options = std::filesystem::directory_options::skip_permission_denied;
    for (std::filesystem::recursive_directory_iterator at(folder, options, error), end; !error && at != end;
         at.increment(error))
        entries_.push_back(at->path());
    if (error) throw ReadError(folder.string() + ": cannot be searched: " + error.message());
    std::ranges::sort(entries_);
}

std::optional<path> RecordingSearch::find(const std::string& stored_path, const std::string& sha256,
                                          const BytesRead& progress, const std::stop_token& stop) {
    const path wanted(stored_path);
    const auto same_name = [&](const path& entry) { return entry.filename() == wanted.filename(); };
    for (const path& entry : entries_)
        if (same_name(entry) && matches(entry, sha256, progress, stop)) return entry;
    for (const path& entry : entries_)
        if (!same_name(entry) && entry.extension() == wanted.extension() && matches(entry, sha256, progress, stop))
            return entry;
    return std::nullopt;
}

std::optional<path> RecordingSearch::named(const path& name) const {
    const auto found =
        std::ranges::find_if(entries_, [&](const path& entry) { return entry.filename() == name.filename(); });
    return found == entries_.end() ? std::nullopt : std::optional(*found);
}

bool RecordingSearch::matches(const path& candidate, const std::string& sha256, const BytesRead& progress,
                              const std::stop_token& stop) {
    const auto [place, fresh] = hashes_.try_emplace(candidate);
    if (fresh) try {
            place->second = recording_hash(candidate, progress, stop).value_or("");
        } catch (const std::exception&) {
            // What cannot be read is not what is looked for.
        }
    return place->second == sha256;
}

}  // namespace storage
