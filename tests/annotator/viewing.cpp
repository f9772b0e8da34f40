#include "tests/annotator/viewing.h"

#include <chrono>
#include <thread>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/synth/frame_number.h"

namespace tests {

using namespace std::chrono_literals;

Viewing& Viewing::open(const std::string& clip, std::optional<schemas::FrameIndex> frame) {
    return ask(annotator::OpenClip{annotator::clip_named(bench_.document(), clip)->id, frame});
}

bool Viewing::until(const std::function<bool()>& so, const std::function<void()>& each) {
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!so()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(1ms);
        bench_.tick();
        each();
    }
    return true;
}

int Viewing::painted() const {
    return picture().picture ? annotator::synth::read_frame_number(*picture().picture).value_or(-1) : -1;
}

annotator::ProjectSession painted_project(const TemporaryFolder& folder, int frames) {
    PaintedVideo video = painted(numbers_from(0, frames));
    video.options.group_length = 30;
    video.options.b_frames = 2;
    write_video(folder, "recordings/dance.mp4", video);
    annotator::ProjectSession session = empty_project(folder);
    annotator::ingest(session, ingest_of(folder.path() / "recordings"), {}).value();
    return session;
}

void add_clip(annotator::ProjectSession& session, const std::string& name, schemas::FrameSpan span) {
    session.commit([&](const annotator::EditStamp&) {
        const auto& [id, take] = *session.document().rows<schemas::Take>().begin();
        const schemas::Clip clip{session.ids().fresh<schemas::ClipId>(), id, name, span.begin, span.end};
        return schemas::Edit{"Add clip", {schemas::RowChange<schemas::Clip>{std::nullopt, clip}}};
    });
}

}  // namespace tests
