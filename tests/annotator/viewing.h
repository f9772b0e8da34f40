#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "annotator/app/script_facts.h"
#include "annotator/session/workbench.h"
#include "tests/annotator/painted_videos.h"
#include "tests/annotator/small_recordings.h"

namespace tests {

// A project that somebody looks through, without a window.
class Viewing {
public:
    explicit Viewing(annotator::ProjectSession session) : bench_(std::move(session), [] {}) {}

    annotator::Workbench& bench() { return bench_; }
    [[nodiscard]] const annotator::EditorModel& model() const { return bench_.model(); }
    [[nodiscard]] const annotator::PlaybackController& playback() const { return bench_.playback(); }
    [[nodiscard]] const annotator::ShownPicture& picture() const { return playback().pictures().front(); }

    Viewing& ask(const annotator::Intent& intent) {
        bench_.handle(intent);
        return *this;
    }
    Viewing& open(const std::string& clip, std::optional<schemas::FrameIndex> frame = {});
    // Until it is so, ticking as a window does; false after 20 s. `each` sees every tick.
    bool until(
        const std::function<bool()>& so, const std::function<void()>& each = [] {});
    // Until everything is opened and the frame that was asked for is shown.
    [[nodiscard]] bool settled() const { return annotator::media_settled(bench_); }
    bool settle() {
        return until([this] { return settled(); });
    }
    // What is painted into the picture of the first video; -1 where there is none.
    [[nodiscard]] int painted() const;
    // The number on the screen is that of the picture, whatever is on its way.
    [[nodiscard]] bool number_is_painted() const { return !picture().picture || painted() == model().frame; }

private:
    annotator::Workbench bench_;
};

// A project of one video of that many painted frames, and its one clip.
annotator::ProjectSession painted_project(const TemporaryFolder& folder, int frames);

// Makes a part of a take a clip of that name.
void add_clip(annotator::ProjectSession& session, const std::string& name, schemas::FrameSpan span);

}  // namespace tests
