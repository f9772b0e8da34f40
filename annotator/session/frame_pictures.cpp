#include "annotator/session/frame_pictures.h"

#include <algorithm>
#include <exception>

#include "annotator/session/skeleton_picture.h"
#include "annotator/workflows/shown_size.h"
#include "schemas/alignment.h"
#include "storage/media/depth_colour.h"
#include "storage/media/frame_cache.h"
#include "storage/media/video_reader.h"

namespace annotator {

namespace {

using schemas::FrameIndex;
using schemas::StreamKind;

constexpr std::size_t kept_pictures = 600;  // of 256 pixels, about 90 MB
constexpr std::size_t kept_requests = 96;
constexpr std::size_t kept_sources = 4;
constexpr std::size_t decoded_bytes = std::size_t{96} << 20U;
constexpr FrameIndex decoded_in_order = 16;

constexpr int skeleton_width = 224, skeleton_height = 168;

}  // namespace

// An open take, as far as small pictures need it.
class FramePictures::Source {
public:
    Source(std::shared_ptr<const TakePlan> plan, const std::stop_token& stop) : plan_(std::move(plan)) {
        for (const StreamKind kind : {StreamKind::video, StreamKind::depth})
            for (const StreamSource& stream : plan_->streams)
                if (!opened() && stream.stream.kind == kind) open(stream, stop);
        if (!opened()) open_skeletons();
    }

    [[nodiscard]] const std::shared_ptr<const TakePlan>& plan() const { return plan_; }
    [[nodiscard]] FramePicture preview(FrameIndex frame) {
        FramePicture result = empty();
        const auto own = own_frame(frame);
        if (!video_.proxy || !own) return result;
        if (auto picture = video_.proxy->preview(*own))
            result.picture = std::make_shared<const schemas::Picture>(std::move(*picture));
        result.preview = true;
        return result;
    }
    [[nodiscard]] FramePicture exact(FrameIndex frame, const std::stop_token& stop) {
        FramePicture result = empty();
        const auto own = own_frame(frame);
        if (!own || !opened()) {
            result.problem = problem_;
            return result;
        }
        try {
            if (auto picture = made(frame, *own, stop))
                result.picture = std::make_shared<const schemas::Picture>(std::move(*picture));
        } catch (const std::exception& error) {
            result.problem = error.what();
        }
        return result;
    }

private:
    [[nodiscard]] bool opened() const { return reader_ || depth_.reader || skeletons_; }
    [[nodiscard]] FramePicture empty() const {
        FramePicture picture;
        picture.aspect = aspect_;
        return picture;
    }

    void open(const StreamSource& stream, const std::stop_token& stop) {
        try {
            if (stream.stream.kind == StreamKind::video) {
                auto loaded = load_video(
                    *plan_, stream, [](double) {}, stop);
                if (loaded && loaded->index) open_video(stream, std::move(*loaded));
                if (loaded && !loaded->problem.empty()) problem_ = loaded->problem;
            } else if (auto loaded = load_depth(*plan_, stream, stop)) {
                depth_ = std::move(*loaded);
                if (depth_.reader) aspect_ = static_cast<double>(depth_.reader->width()) / depth_.reader->height();
                if (!depth_.problem.empty()) problem_ = depth_.problem;
            }
        } catch (const std::exception& error) {
            problem_ = error.what();
        }
        if (opened()) stream_ = &stream;
    }

    void open_video(const StreamSource& stream, LoadedVideo loaded) {
        const storage::VideoProperties& properties = loaded.index->properties;
        const PictureSize shown = shown_size({properties.width, properties.height}, properties.rotation_degrees,
                                             properties.sample_aspect_numerator, properties.sample_aspect_denominator);
        aspect_ = static_cast<double>(shown.width) / std::max(1, shown.height);
        reader_.emplace(stream.file, loaded.index,
                        storage::VideoReaderOptions{std::make_shared<storage::FrameCache>(decoded_bytes), 1});
        video_ = std::move(loaded);
    }

    void open_skeletons() {
        std::vector<std::shared_ptr<const schemas::SkeletonSequence>> metres, pixels;
        for (const StreamSource& stream : plan_->streams) {
            if (stream.stream.kind != StreamKind::skeleton) continue;
            const LoadedSkeleton loaded = load_skeleton(*plan_, stream);
            if (!loaded.problem.empty()) problem_ = loaded.problem;
            if (!loaded.sequence) continue;
            (loaded.sequence->space == schemas::CoordinateSpace::metres ? metres : pixels).push_back(loaded.sequence);
        }
        if (metres.empty() && pixels.empty()) return;
        skeletons_.emplace(metres.empty() ? std::move(pixels) : std::move(metres));
        aspect_ = static_cast<double>(skeleton_width) / skeleton_height;
    }

    [[nodiscard]] std::optional<FrameIndex> own_frame(FrameIndex frame) const {
        if (frame < 0 || frame >= plan_->reference.times.frames()) return std::nullopt;
        if (stream_ == nullptr || stream_->stream.id == plan_->reference.stream.id) return frame;
        return schemas::aligned_frame(plan_->reference.times, frame, stream_->times, stream_->stream.clock());
    }

    [[nodiscard]] std::optional<schemas::Picture> made(FrameIndex frame, FrameIndex own, const std::stop_token& stop) {
        if (reader_) {
            const auto decoded = reader_->frame(own, stop);
            return decoded ? std::optional(decoded->picture(longest_side)) : std::nullopt;
        }
        if (depth_.reader) return storage::picture_from(depth_.reader->frame(own), storage::shading_for(depth_.range));
        return skeletons_->picture(frame, skeleton_width, skeleton_height);
    }

    const std::shared_ptr<const TakePlan> plan_;
    const StreamSource* stream_ = nullptr;  // that pictures are of; skeletons are on the reference's clock already
    LoadedVideo video_;
    std::optional<storage::VideoReader> reader_;
    LoadedDepth depth_;
    std::optional<SkeletonPictures> skeletons_;
    double aspect_ = 0;
    std::string problem_;
};

FramePictures::FramePictures(Plan plan, std::function<void()> wake)
    : plan_(std::move(plan)), wake_(std::move(wake)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

FramePictures::~FramePictures() = default;

std::shared_ptr<const TakePlan> FramePictures::plan_for(schemas::TakeId take, std::string& problem) {
    {
        const std::scoped_lock lock(mutex_);
        if (const auto found = plans_.find(take); found != plans_.end()) return found->second;
    }
    try {
        auto plan = std::make_shared<const TakePlan>(plan_(take));
        const std::scoped_lock lock(mutex_);
        return plans_[take] = std::move(plan);
    } catch (const std::exception& error) {
        problem = error.what();
        return nullptr;
    }
}

FramePictures::Entry& FramePictures::used(const Key& key) {
    const auto [entry, fresh] = entries_.try_emplace(key);
    if (fresh) {
        used_.push_front(key);
        drop_oldest();
    } else {
        used_.splice(used_.begin(), used_, entry->second.used);
    }
    entry->second.used = used_.begin();
    return entry->second;
}

FramePicture FramePictures::get(schemas::TakeId take, FrameIndex frame) {
    const Key key{take, frame};
    {
        const std::scoped_lock lock(mutex_);
        if (const Entry& entry = used(key); entry.done) return entry.picture;
    }
    std::string problem;
    const auto plan = plan_for(take, problem);
    const std::scoped_lock lock(mutex_);
    Entry& entry = used(key);
    if (!plan) {
        entry.done = true;
        entry.picture.problem = std::move(problem);
    } else if (!entry.done) {
        std::erase_if(wanted_, [&](const auto& request) { return request.first == key; });
        wanted_.emplace_front(key, plan);
        if (wanted_.size() > kept_requests) wanted_.pop_back();
        changed_.notify_one();
    }
    return entry.picture;
}

void FramePictures::drop_oldest() {
    while (used_.size() > kept_pictures) {
        entries_.erase(used_.back());
        used_.pop_back();
    }
}

bool FramePictures::take_news() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(news_, false);
}

void FramePictures::forget() {
    const std::scoped_lock lock(mutex_);
    plans_.clear();
    entries_.clear();
    used_.clear();
    wanted_.clear();
}

std::optional<FramePictures::Request> FramePictures::next() {
    if (wanted_.empty()) return std::nullopt;
    // Of neighbours the first one: a video is decoded forwards.
    auto chosen = wanted_.begin();
    const auto [take, newest] = chosen->first;
    for (auto other = wanted_.begin(); other != wanted_.end(); ++other)
        if (other->first.first == take && newest - other->first.second <= decoded_in_order &&
            other->first.second < chosen->first.second)
            chosen = other;
    auto request = *chosen;
    wanted_.erase(chosen);
    return request;
}

void FramePictures::keep(const Request& request, FramePicture picture, bool done) {
    const auto& [key, plan] = request;
    {
        const std::scoped_lock lock(mutex_);
        const auto current = plans_.find(key.first);
        const auto entry = entries_.find(key);
        if (entry == entries_.end() || current == plans_.end() || current->second != plan) return;
        picture.version = ++version_;
        entry->second.picture = std::move(picture);
        entry->second.done = done;
        if (done) std::erase_if(wanted_, [&](const Request& other) { return other.first == entry->first; });
        news_ = true;
    }
    wake_();
}

FramePictures::Source& FramePictures::source(const std::shared_ptr<const TakePlan>& plan, const std::stop_token& stop) {
    const auto found = std::ranges::find_if(sources_, [&](const auto& source) { return source->plan() == plan; });
    if (found != sources_.end()) {
        sources_.splice(sources_.begin(), sources_, found);
    } else {
        sources_.push_front(std::make_unique<Source>(plan, stop));
        if (sources_.size() > kept_sources) sources_.pop_back();
    }
    return *sources_.front();
}

void FramePictures::run(const std::stop_token& stop) {
    for (;;) {
        std::optional<Request> request;
        bool has_preview = false;
        {
            std::unique_lock lock(mutex_);
            if (!changed_.wait(lock, stop, [&] { return !wanted_.empty(); })) return;
            request = next();
            const auto entry = entries_.find(request->first);
            if (entry == entries_.end() || entry->second.done) continue;
            has_preview = entry->second.picture.picture != nullptr;
        }
        const auto& [key, plan] = *request;
        Source& take = source(plan, stop);
        if (stop.stop_requested()) return;
        if (!has_preview)
            if (FramePicture preview = take.preview(key.second); preview.picture)
                keep(*request, std::move(preview), false);
        FramePicture exact = take.exact(key.second, stop);
        if (stop.stop_requested()) return;
        keep(*request, std::move(exact), true);
    }
}

}  // namespace annotator
