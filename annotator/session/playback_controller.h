#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "annotator/playback/depth_pump.h"
#include "annotator/playback/playback.h"
#include "annotator/session/clip_loading.h"
#include "annotator/session/editor_model.h"
#include "annotator/session/frame_pictures.h"
#include "annotator/session/shown_picture.h"

namespace annotator {

// Opens clips, loads their recordings in the background, and plays them.
//
// Thread: the UI's.
class PlaybackController {
public:
    PlaybackController(EditorModel& model, std::function<void()> wake);
    ~PlaybackController();

    void handle(const PlaybackIntent& intent);
    bool perform(Action action);
    // For each picture on the screen, before views are drawn: brings EditorModel::frame and pictures() up to date.
    // True when what the screen shows has changed.
    bool tick();

    // Of ClipMedia::videos and ClipMedia::depths, in their order; empty while no clip is shown. EditorModel::frame is
    // the number of the picture of the take's reference, where that has pictures.
    [[nodiscard]] const std::vector<ShownPicture>& pictures() const { return pictures_; }
    [[nodiscard]] const std::vector<ShownPicture>& depth_pictures() const { return depth_pictures_; }
    // Empty, or why nothing is heard although the take has sound.
    [[nodiscard]] std::string sound_problem() const;

    [[nodiscard]] double chosen_speed() const { return chosen_speed_; }  // that Space plays at
    [[nodiscard]] std::optional<schemas::FrameSpan> loop() const;
    // Small pictures of any frame of any clip, made in the background.
    [[nodiscard]] FramePictures& frame_pictures() const { return *frame_pictures_; }

private:
    struct Key;

    // --- the clip
    void open(const OpenClip& wanted);
    void open_take(const schemas::Clip& clip);
    void show_part(const schemas::Clip& clip);  // of the take that is open already
    void close();
    void open_beside(int by);
    void stop_loading();
    void load_streams();
    void load_rest();
    void load_sound_of(const StreamSource& stream);
    void make_proxy_of(const StreamSource& stream, const std::shared_ptr<const storage::VideoIndex>& index);
    void load_energy();
    void follow_document();
    void follow_proposals();
    void arrived(std::size_t video, LoadedVideo loaded);
    void arrived(std::size_t depth, LoadedDepth loaded);
    void arrived(std::size_t skeleton, LoadedSkeleton loaded);
    void arrived(LoadedSound loaded);
    // Replaces EditorModel::media by a copy that was changed.
    void change_media(const std::function<void(ClipMedia&)>& change);
    // For other threads: what is to be done on this one, if the take is still open then.
    using Deliver = std::function<void(std::function<void()>)>;
    [[nodiscard]] Deliver delivery();

    // --- playing
    using Change = std::function<void(Transport& transport, double now)>;
    void control(const Change& change);
    static std::span<const Key> keys();
    void toggle();
    void shuttle(Transport::Direction direction);
    void half_speed(Transport::Direction direction);
    void step(schemas::FrameIndex frames);
    void step_seconds(double seconds);
    void go_to(schemas::FrameIndex frame);
    void toggle_loop();
    void replay_selection();
    void replay_boundary();
    // What is selected and lasts, else what is marked.
    [[nodiscard]] std::optional<schemas::FrameSpan> chosen_span() const;

    // --- what is shown
    void show_pictures();
    void show_video(std::size_t video, const std::vector<ViewedFrame>& viewed, const Moving& moving);
    void show_depth(std::size_t depth, schemas::FrameIndex frame, const Moving& moving);
    [[nodiscard]] ShownPicture* reference_picture();

    EditorModel& model_;
    std::function<void()> wake_;
    std::shared_ptr<storage::FrameCache> cache_;
    std::unique_ptr<FramePictures> frame_pictures_;

    std::shared_ptr<const TakePlan> plan_;  // of the take that is open
    std::unique_ptr<Playback> playback_;
    std::vector<std::optional<std::size_t>> views_;  // which video of the playback each video of the media is
    std::vector<std::shared_ptr<storage::ScrubProxy>> proxies_;
    std::vector<std::unique_ptr<DepthPump>> pumps_;
    std::vector<ShownPicture> pictures_, depth_pictures_;
    std::map<schemas::StreamId, int> picture_sizes_;

    std::uint64_t opened_ = 0;  // how many takes were opened: what was loaded for another one is dropped
    bool loading_ = false;
    std::vector<JobId> jobs_;
    std::uint64_t followed_revision_ = 0, followed_rows_ = 0;
    std::optional<Line> followed_line_;
    std::map<schemas::ClipId, schemas::FrameIndex> left_at_;  // where each clip was when another one was opened
    double chosen_speed_ = 1;
    double volume_ = 1;
};

}  // namespace annotator
