#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "annotator/session/clip_loading.h"
#include "schemas/picture.h"

namespace annotator {

// A small picture of one frame.
struct FramePicture {
    std::shared_ptr<const schemas::Picture> picture;  // null while it is on its way, or where there is none
    bool preview = false;                             // a better one is on its way
    std::string problem;                              // why there is none
    double aspect = 0;                                // width over height, as it is meant to look
    std::uint64_t version = 0;                        // grows when another picture takes its place
};

// Pictures of any frame of any take, made on a thread of its own: of its reference video, else of its depth, else of
// its skeletons. What was asked for last comes first. Keeps the ones used last.
//
// Thread: the UI's.
class FramePictures {
public:
    static constexpr int longest_side = 256;

    // `plan` is asked on the caller's thread, once for each take; what it throws is the problem of the pictures. `wake`
    // is called when a picture has come.
    using Plan = std::function<TakePlan(schemas::TakeId)>;
    FramePictures(Plan plan, std::function<void()> wake);
    ~FramePictures();

    // What there is of it now; asks for what is missing. Frames count in the take's reference stream.
    [[nodiscard]] FramePicture get(schemas::TakeId take, schemas::FrameIndex frame);
    // True once after pictures have come.
    [[nodiscard]] bool take_news();
    // Forgets what was known of takes: their recordings may be elsewhere.
    void forget();

private:
    using Key = std::pair<schemas::TakeId, schemas::FrameIndex>;
    struct Entry {
        FramePicture picture;
        bool done = false;
        std::list<Key>::iterator used;
    };
    class Source;

    void run(const std::stop_token& stop);
    using Request = std::pair<Key, std::shared_ptr<const TakePlan>>;
    // The newest one; mutex_ is held.
    [[nodiscard]] std::optional<Request> next();
    // What was made of a plan that is forgotten is dropped.
    void keep(const Request& request, FramePicture picture, bool done);
    [[nodiscard]] Entry& used(const Key& key);  // mutex_ is held, as in the next one
    void drop_oldest();
    // nullptr where there is none; `problem` says why.
    [[nodiscard]] std::shared_ptr<const TakePlan> plan_for(schemas::TakeId take, std::string& problem);
    [[nodiscard]] Source& source(const std::shared_ptr<const TakePlan>& plan, const std::stop_token& stop);

    const Plan plan_;
    const std::function<void()> wake_;

    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::map<schemas::TakeId, std::shared_ptr<const TakePlan>> plans_;  // guarded by mutex_, as all that follow
    std::map<Key, Entry> entries_;
    std::list<Key> used_;        // the ones asked for last first
    std::list<Request> wanted_;  // the newest first
    std::uint64_t version_ = 0;
    bool news_ = false;

    std::list<std::unique_ptr<Source>> sources_;  // the thread's own, the one used last first
    std::jthread thread_;                         // last: it ends before what it uses
};

}  // namespace annotator
