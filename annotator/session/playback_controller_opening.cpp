#include <algorithm>
#include <thread>

#include "annotator/document/queries.h"
#include "annotator/session/motion_curves.h"
#include "annotator/session/playback_controller.h"
#include "annotator/workflows/make_proxies.h"
#include "storage/features/media_measures_cache.h"

// Opening clips: what arrives from the file lane becomes a part of EditorModel::media.
namespace annotator {

namespace {

using schemas::FrameIndex;
using schemas::StreamKind;

// Shorter videos are decoded quickly enough to be looked through.
constexpr double least_seconds_for_proxy = 60;

int decoder_threads(const TakePlan& plan) {
    const auto videos = std::ranges::count_if(
        plan.streams, [](const StreamSource& source) { return source.stream.kind == StreamKind::video; });
    const int cores = static_cast<int>(std::thread::hardware_concurrency());
    return std::clamp(cores / std::max(1, static_cast<int>(videos)), 1, 4);
}

// Something of it could not be had, and may be there now.
bool has_problem(const ClipMedia& media) {
    const auto failed = [](const auto& recording) { return !recording.problem.empty(); };
    return std::ranges::any_of(media.videos, failed) || std::ranges::any_of(media.depths, failed) ||
           std::ranges::any_of(media.skeletons, failed) || (media.sound && failed(*media.sound));
}

}  // namespace

void PlaybackController::open(const OpenClip& wanted) {
    const auto* clip = model_.document().find<schemas::Clip>(wanted.clip);
    if (clip == nullptr) throw std::runtime_error("That clip is not in the project any more.");
    if (model_.media && model_.media->clip == wanted.clip && !has_problem(*model_.media)) {
        model_.state.clip = wanted.clip;
        if (wanted.frame) go_to(*wanted.frame);
        return;
    }
    if (model_.media) left_at_[model_.media->clip] = model_.frame;
    model_.state.clip = wanted.clip;
    const bool is_open = playback_ && model_.media && model_.media->take == clip->take;
    const bool again = is_open && has_problem(*model_.media);
    if (again) frame_pictures_->forget();
    if (is_open && !again)
        show_part(*clip);
    else
        open_take(*clip);
    const auto left = left_at_.find(clip->id);
    go_to(wanted.frame ? *wanted.frame : left != left_at_.end() ? left->second : clip->begin_frame);
    followed_revision_ = 0;
}

void PlaybackController::open_take(const schemas::Clip& clip) {
    close();
    plan_ = std::make_shared<const TakePlan>(plan_of(model_.session, clip.take));
    auto media = std::make_shared<const ClipMedia>(media_without_files(model_.document(), clip, *plan_));
    views_.assign(media->videos.size(), std::nullopt);
    proxies_.assign(media->videos.size(), nullptr);
    pumps_.resize(media->depths.size());
    pictures_.assign(media->videos.size(), {});
    depth_pictures_.assign(media->depths.size(), {});
    PlaybackOptions options;
    options.cache = cache_;
    options.decoder_threads = decoder_threads(*plan_);
    options.wake = wake_;
    playback_ = std::make_unique<Playback>(media->times, std::vector<PlayedVideo>(), std::nullopt, std::move(options));
    playback_->set_volume(volume_);
    playback_->control([&](Transport& transport, double now) { transport.set_bounds(now, media->span); });
    model_.media = std::move(media);
    load_streams();
}

void PlaybackController::show_part(const schemas::Clip& clip) {
    change_media([&](ClipMedia& media) {
        media.clip = clip.id;
        media.span = {clip.begin_frame, std::min(clip.end_frame, media.times.frames())};
        media.motion_energy.clear();
        media.boundary_probability.clear();
    });
    playback_->control([&](Transport& transport, double now) {
        transport.pause(now);
        transport.set_loop(now, std::nullopt);
        transport.set_bounds(now, model_.media->span);
    });
    if (!loading_) load_energy();
}

void PlaybackController::close() {
    stop_loading();
    ++opened_;
    playback_.reset();
    pumps_.clear();
    views_.clear();
    proxies_.clear();
    pictures_.clear();
    depth_pictures_.clear();
    plan_.reset();
    model_.media.reset();
    model_.frame = 0;
    model_.playing = false;
}

void PlaybackController::open_beside(int by) {
    const std::vector<const schemas::Clip*> clips = clips_by_name(model_.document());
    if (clips.empty()) return;
    const auto at = std::ranges::find_if(clips, [&](const auto* clip) { return clip->id == model_.state.clip; });
    if (at == clips.end()) return open({clips.front()->id, std::nullopt});
    const auto next = at - clips.begin() + by;
    if (next >= 0 && next < std::ssize(clips)) open({clips[static_cast<std::size_t>(next)]->id, std::nullopt});
}

void PlaybackController::stop_loading() {
    for (const JobId job : jobs_) model_.jobs.stop(job);
    jobs_.clear();
    loading_ = false;
}

void PlaybackController::change_media(const std::function<void(ClipMedia&)>& change) {
    auto media = std::make_shared<ClipMedia>(*model_.media);
    change(*media);
    model_.media = std::move(media);
}

PlaybackController::Deliver PlaybackController::delivery() {
    // The work may outlive this controller, though not the model: nothing of it is touched on the other thread.
    return [this, &queue = model_.main_queue, opened = opened_](std::function<void()> work) {
        queue.post([this, opened, work = std::move(work)] {
            if (opened == opened_) work();
        });
    };
}

void PlaybackController::load_streams() {
    loading_ = true;
    const Deliver deliver = delivery();
    const auto work = [this, deliver, plan = plan_](const JobContext& job) -> std::optional<JobRunner::Finish> {
        std::size_t videos = 0, depths = 0, skeletons = 0;
        // What is read quickly comes first.
        for (const StreamKind kind : {StreamKind::skeleton, StreamKind::video, StreamKind::depth})
            for (const StreamSource& source : plan->streams) {
                if (job.stop.stop_requested()) return std::nullopt;
                if (source.stream.kind != kind) continue;
                if (kind == StreamKind::skeleton) {
                    deliver([this, at = skeletons++, loaded = load_skeleton(*plan, source)] { arrived(at, loaded); });
                } else if (kind == StreamKind::video) {
                    const auto report = [&](double share) {
                        job.report({"Finding the frames of " + source.file.filename().string(), share, 1});
                    };
                    auto loaded = load_video(*plan, source, report, job.stop);
                    if (!loaded) return std::nullopt;
                    deliver([this, at = videos++, loaded = std::move(*loaded)] { arrived(at, loaded); });
                } else {
                    auto loaded = load_depth(*plan, source, job.stop);
                    if (!loaded) return std::nullopt;
                    deliver([this, at = depths++, loaded = std::move(*loaded)] { arrived(at, loaded); });
                }
            }
        deliver([this] { load_rest(); });
        return JobRunner::Finish{};
    };
    jobs_.push_back(model_.jobs.start(Lane::file, "Opening " + plan_->name, work));
}

void PlaybackController::load_rest() {
    loading_ = false;
    load_energy();
    const ClipMedia& media = *model_.media;
    if (media.sound)
        if (const StreamSource* source = plan_->stream(media.sound->stream)) load_sound_of(*source);
    for (std::size_t i = 0; i < media.videos.size(); ++i) {
        const auto& index = media.videos[i].index;
        const StreamSource* source = plan_->stream(media.videos[i].stream);
        if (index && !proxies_[i] && source != nullptr && !source->times.seconds.empty() &&
            source->times.seconds.back() >= least_seconds_for_proxy)
            make_proxy_of(*source, index);
    }
}

void PlaybackController::load_sound_of(const StreamSource& stream) {
    const auto work = [this, deliver = delivery(), plan = plan_,
                       stream](const JobContext& job) -> std::optional<JobRunner::Finish> {
        auto loaded = load_sound(
            *plan, stream,
            [&](double share) {
                job.report({"Listening", share, 1});
            },
            job.stop);
        if (!loaded) return std::nullopt;
        deliver([this, loaded = std::move(*loaded)] { arrived(loaded); });
        return JobRunner::Finish{};
    };
    jobs_.push_back(model_.jobs.start(Lane::file, "Listening to " + stream.file.filename().string(), work));
}

void PlaybackController::make_proxy_of(const StreamSource& stream,
                                       const std::shared_ptr<const storage::VideoIndex>& index) {
    const auto work = [this, deliver = delivery(), plan = plan_, stream,
                       index](const JobContext& job) -> std::optional<JobRunner::Finish> {
        const std::filesystem::path file = storage::proxy_file(proxy_folder(plan->project), *index);
        storage::ProxyOptions options;
        options.threads = 1;
        try {
            const auto report = [&](double share) { job.report({"Making previews", share, 1}); };
            if (!storage::make_proxy(stream.file, index, file, options, report, job.stop)) return std::nullopt;
        } catch (const std::exception&) {
            // Previews are a comfort: a full disk or a read-only project goes without.
            return JobRunner::Finish{};
        }
        deliver([this, plan, stream] {
            for (std::size_t i = 0; i < proxies_.size(); ++i) {
                const auto& video = model_.media->videos[i];
                if (video.stream != stream.stream.id || !video.index) continue;
                auto proxy = storage::ScrubProxy::open(storage::proxy_file(proxy_folder(plan->project), *video.index),
                                                       *video.index);
                if (proxy) proxies_[i] = std::make_shared<storage::ScrubProxy>(std::move(*proxy));
            }
        });
        return JobRunner::Finish{};
    };
    jobs_.push_back(model_.jobs.start(Lane::file, "Making previews of " + stream.file.filename().string(), work));
}

void PlaybackController::load_energy() {
    std::vector<std::shared_ptr<const schemas::SkeletonSequence>> skeletons;
    for (const ClipMedia::Skeleton& skeleton : model_.media->skeletons) skeletons.push_back(skeleton.sequence);
    const auto work = [this, deliver = delivery(), plan = plan_, media = model_.media,
                       skeletons](const JobContext&) -> std::optional<JobRunner::Finish> {
        std::vector<float> energy = motion_energy(skeletons, media->times, media->span);
        if (energy.empty()) {
            const schemas::Stream& reference = plan->reference.stream;
            const storage::MediaMeasuresCache cache(plan->project);
            if (const auto measures = cache.load(reference.sha256, reference.container_stream))
                energy = motion_energy(*measures, media->times, media->span);
        }
        deliver([this, clip = media->clip, energy = std::move(energy)] {
            if (model_.media->clip == clip) change_media([&](ClipMedia& changed) { changed.motion_energy = energy; });
        });
        return JobRunner::Finish{};
    };
    jobs_.push_back(model_.jobs.start(Lane::file, "Measuring motion", work));
}

void PlaybackController::arrived(std::size_t video, LoadedVideo loaded) {
    change_media([&](ClipMedia& media) {
        media.videos[video].index = loaded.index;
        media.videos[video].problem = loaded.problem;
    });
    if (!loaded.index) return;
    const ClipMedia::Video& shown = model_.media->videos[video];
    const StreamSource& source = *plan_->stream(shown.stream);
    const bool is_reference = shown.role == schemas::StreamRole::reference;
    views_[video] =
        playback_->add_video({shown.file, loaded.index, is_reference ? schemas::StreamClock{} : source.stream.clock()});
    proxies_[video] = std::move(loaded.proxy);
    if (const auto size = picture_sizes_.find(shown.stream); size != picture_sizes_.end())
        playback_->set_longest_side(*views_[video], size->second);
}

void PlaybackController::arrived(std::size_t depth, LoadedDepth loaded) {
    change_media([&](ClipMedia& media) {
        media.depths[depth].reader = loaded.reader;
        media.depths[depth].range = loaded.range;
        media.depths[depth].frames = loaded.frames;
        media.depths[depth].problem = loaded.problem;
    });
    if (loaded.reader) pumps_[depth] = std::make_unique<DepthPump>(loaded.reader, wake_);
}

void PlaybackController::arrived(std::size_t skeleton, LoadedSkeleton loaded) {
    change_media([&](ClipMedia& media) {
        media.skeletons[skeleton].recorded = loaded.recorded;
        media.skeletons[skeleton].stream_frames = std::move(loaded.stream_frames);
        media.skeletons[skeleton].sequence = loaded.sequence;
        media.skeletons[skeleton].problem = loaded.problem;
    });
}

void PlaybackController::arrived(LoadedSound loaded) {
    if (loaded.index)
        playback_->set_sound(
            {model_.media->sound->file, loaded.index, plan_->stream(model_.media->sound->stream)->stream.clock()});
    change_media([&](ClipMedia& media) {
        media.sound->index = loaded.index;
        media.sound->waveform = loaded.waveform;
        media.sound->waveform_samples = std::move(loaded.waveform_samples);
        media.sound->beats = std::move(loaded.beats);
        media.sound->problem = loaded.problem;
    });
}

void PlaybackController::follow_document() {
    if (!plan_ || !model_.media) return;
    const auto* clip = model_.document().find<schemas::Clip>(model_.media->clip);
    if (clip == nullptr) {
        close();
        model_.state.clip.reset();
        return;
    }
    const auto& streams = model_.document().streams(plan_->take);
    const bool same =
        streams.size() == plan_->streams.size() && std::ranges::all_of(streams, [&](schemas::StreamId id) {
            const StreamSource* source = plan_->stream(id);
            return source != nullptr && source->stream == model_.document().at<schemas::Stream>(id);
        });
    const schemas::FrameSpan span{clip->begin_frame, std::min(clip->end_frame, model_.media->times.frames())};
    if (same && span == model_.media->span) return;
    if (same) return show_part(*clip);
    const FrameIndex at = model_.frame;
    frame_pictures_->forget();
    open_take(*clip);
    go_to(at);
}

void PlaybackController::follow_proposals() {
    if (!model_.media) return;
    const auto& all = model_.proposals();
    std::vector<schemas::Proposal> of_line;
    if (model_.state.line)
        std::ranges::copy_if(all, std::back_inserter(of_line), [&](const schemas::Proposal& proposal) {
            return proposal.track == model_.state.line->track && proposal.performer == model_.state.line->performer;
        });
    std::vector<float> curve =
        boundary_probability(of_line.empty() ? all : of_line, model_.media->times, model_.media->span);
    if (curve == model_.media->boundary_probability) return;
    change_media([&](ClipMedia& media) { media.boundary_probability = std::move(curve); });
}

}  // namespace annotator
