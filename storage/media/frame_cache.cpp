#include "storage/media/frame_cache.h"

#include <list>
#include <map>
#include <mutex>
#include <utility>

namespace storage {

namespace {

using Key = std::pair<std::uint64_t, schemas::FrameIndex>;

}  // namespace

struct FrameCache::State {
    struct Entry {
        Key key;
        VideoFrame frame;
        std::size_t bytes;
    };

    mutable std::mutex mutex;
    std::list<Entry> entries;  // used last first; this and all below guarded by mutex
    std::map<Key, std::list<Entry>::iterator> places;
    std::size_t budget = 0;
    std::size_t held = 0;
    std::uint64_t sources = 0;

    void erase(std::list<Entry>::iterator entry) {
        held -= entry->bytes;
        places.erase(entry->key);
        entries.erase(entry);
    }

    void shrink() {
        while (held > budget && !entries.empty()) erase(std::prev(entries.end()));
    }
};

FrameCache::FrameCache(std::size_t budget_bytes) : state_(std::make_unique<State>()) { state_->budget = budget_bytes; }
FrameCache::~FrameCache() = default;

std::uint64_t FrameCache::new_source() {
    const std::scoped_lock lock(state_->mutex);
    return ++state_->sources;
}

void FrameCache::put(std::uint64_t source, const VideoFrame& frame) {
    const std::scoped_lock lock(state_->mutex);
    const Key key{source, frame.index()};
    if (const auto old = state_->places.find(key); old != state_->places.end()) state_->erase(old->second);
    state_->entries.push_front({key, frame, frame.bytes()});
    state_->places[key] = state_->entries.begin();
    state_->held += state_->entries.front().bytes;
    state_->shrink();
}

std::optional<VideoFrame> FrameCache::get(std::uint64_t source, schemas::FrameIndex index) {
    const std::scoped_lock lock(state_->mutex);
    const auto found = state_->places.find({source, index});
    if (found == state_->places.end()) return std::nullopt;
    state_->entries.splice(state_->entries.begin(), state_->entries, found->second);
    return found->second->frame;
}

void FrameCache::forget(std::uint64_t source) {
    const std::scoped_lock lock(state_->mutex);
    const auto begin = state_->places.lower_bound({source, 0});
    const auto end = state_->places.lower_bound({source + 1, 0});
    for (auto place = begin; place != end;) state_->erase((place++)->second);
}

std::size_t FrameCache::bytes() const {
    const std::scoped_lock lock(state_->mutex);
    return state_->held;
}

std::size_t FrameCache::budget() const {
    const std::scoped_lock lock(state_->mutex);
    return state_->budget;
}

void FrameCache::set_budget(std::size_t bytes) {
    const std::scoped_lock lock(state_->mutex);
    state_->budget = bytes;
    state_->shrink();
}

}  // namespace storage
