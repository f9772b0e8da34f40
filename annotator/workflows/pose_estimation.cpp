#include "annotator/workflows/pose_estimation.h"

#include <span>
#include <stdexcept>
#include <string>

#include "inference/pose_answer.h"
#include "inference/pose_input.h"
#include "storage/formats/estimator_card.h"
#include "storage/hash.h"
#include "storage/media/frame_cache.h"
#include "storage/media/video_reader.h"
#include "storage/skeleton/layout_registry.h"
#include "storage/text_file.h"

namespace annotator {

namespace {

using inference::PictureRegion;
using schemas::FrameIndex;

// Walking forwards needs no decoded frames from before.
constexpr std::size_t walking_cache = std::size_t{32} << 20U;

// Of a pixel of the upright picture, width over height.
double pixel_aspect(const storage::VideoProperties& video) {
    if (video.sample_aspect_numerator <= 0 || video.sample_aspect_denominator <= 0) return 1;
    const double stored =
        static_cast<double>(video.sample_aspect_numerator) / static_cast<double>(video.sample_aspect_denominator);
    return video.rotation_degrees % 180 == 0 ? stored : 1 / stored;
}

// Gathers pictures, asks about them at once, and writes down what the answer says.
class Questions {
public:
    Questions(PoseEstimator& estimator, double aspect, std::size_t most, schemas::SkeletonSequence& sequence)
        : estimator_(estimator),
          card_(estimator.card),
          aspect_(aspect),
          most_(most),
          numbers_(std::size_t{3} * static_cast<std::size_t>(card_.width) * static_cast<std::size_t>(card_.height)),
          sequence_(sequence) {}

    void add(FrameIndex frame, const schemas::Picture& picture, const PictureRegion& region) {
        const inference::InputPlace place = inference::input_place(card_, region, aspect_);
        input_.resize((shown_.size() + 1) * numbers_);
        inference::write_input(picture, card_, place, std::span(input_).last(numbers_));
        shown_.push_back({frame, place});
        if (shown_.size() == most_) ask();
    }

    void ask() {
        if (shown_.empty()) return;
        const auto count = static_cast<std::int64_t>(shown_.size());
        std::vector<inference::InputPoint> points;
        try {
            points = inference::points_from(estimator_.network->answer(input_, {count, 3, card_.height, card_.width}),
                                            card_, count);
        } catch (const std::exception& error) {
            throw std::runtime_error("frame " + std::to_string(shown_.front().frame) + ": " + error.what());
        }
        const std::size_t channels = card_.joint_of_channel.size();
        for (std::size_t i = 0; i < shown_.size(); ++i)
            write(shown_[i], std::span(points).subspan(i * channels, channels));
        input_.clear();
        shown_.clear();
    }

private:
    struct Shown {
        FrameIndex frame = 0;
        inference::InputPlace place;
    };

    void write(const Shown& shown, std::span<const inference::InputPoint> points) {
        for (std::size_t channel = 0; channel < points.size(); ++channel) {
            if (card_.joint_of_channel[channel] < 0) continue;
            const auto joint = static_cast<std::size_t>(card_.joint_of_channel[channel]);
            const inference::InputPoint& point = points[channel];
            const Eigen::Vector2f place = shown.place.picture_from_input({point.x, point.y}).cast<float>();
            const bool seen = point.score > 0 && place.allFinite();
            sequence_.set(shown.frame, joint,
                          seen ? Eigen::Vector3f(place.x(), place.y(), 0) : Eigen::Vector3f::Zero().eval());
            sequence_.confidence[static_cast<std::size_t>(shown.frame) * sequence_.joints() + joint] =
                seen ? point.score : 0;
        }
    }

    PoseEstimator& estimator_;
    const schemas::EstimatorCard& card_;
    double aspect_;
    std::size_t most_, numbers_;
    schemas::SkeletonSequence& sequence_;
    std::vector<float> input_;
    std::vector<Shown> shown_;
};

// Shows what is around the person of the frame before; where nobody was, first the whole picture and then what is
// around the person that it shows.
class Following {
public:
    Following(Questions& questions, const schemas::EstimatorCard& card, const schemas::SkeletonSequence& sequence)
        : questions_(questions), card_(card), sequence_(sequence) {}

    void show(FrameIndex frame, const schemas::Picture& picture) {
        const PictureRegion whole = inference::whole_of(picture);
        auto person = frame == 0 ? std::nullopt : inference::surroundings(sequence_, frame - 1, card_, whole);
        if (!person) {
            ask_about(frame, picture, whole);
            person = inference::surroundings(sequence_, frame, card_, whole);
        }
        if (person) ask_about(frame, picture, *person);
    }

private:
    void ask_about(FrameIndex frame, const schemas::Picture& picture, const PictureRegion& region) {
        questions_.add(frame, picture, region);
        questions_.ask();
    }

    Questions& questions_;
    const schemas::EstimatorCard& card_;
    const schemas::SkeletonSequence& sequence_;
};

void add_frame(std::vector<schemas::FrameSpan>& spans, FrameIndex frame) {
    if (!spans.empty() && spans.back().end == frame)
        ++spans.back().end;
    else
        spans.push_back({frame, frame + 1});
}

}  // namespace

std::string script_warning(const std::filesystem::path& program, const std::string& sha256) {
    return "WARNING: " + program.string() +
           " is a program. TorchScript runs what its author wrote, with your rights, on your files. It is run because "
           "you named it; go on only if you trust where it came from. Its SHA-256 is " +
           sha256 + ".";
}

PoseEstimator open_estimator(const EstimatorFiles& files, const std::function<void(const std::string&)>& warn) {
    PoseEstimator estimator;
    estimator.card = storage::read_estimator_card(files.card);
    estimator.source.card = storage::read_text(files.card);
    estimator.source.card_sha256 = storage::sha256_of(estimator.source.card);
    estimator.source.estimator = files.program.filename().string();
    estimator.source.estimator_sha256 = storage::sha256_of_file(files.program);
    warn(script_warning(files.program, estimator.source.estimator_sha256));
    estimator.network = inference::engine().open_script(files.program, files.device, files.threads);
    return estimator;
}

std::optional<VideoPoses> poses_of(PoseEstimator& estimator, const std::filesystem::path& video,
                                   const std::shared_ptr<const storage::VideoIndex>& index, int batch,
                                   const std::function<void(FrameIndex done)>& progress, const std::stop_token& stop) {
    if (batch < 1) throw std::invalid_argument("a batch has at least one picture");
    const schemas::EstimatorCard& card = estimator.card;
    VideoPoses poses;
    poses.sequence = schemas::SkeletonSequence::empty(storage::layout_named(card.layout), index->size(),
                                                      schemas::CoordinateSpace::pixels);
    storage::VideoReaderOptions options;
    options.cache = std::make_shared<storage::FrameCache>(walking_cache);
    storage::VideoReader reader(video, index, options);
    Questions questions(estimator, pixel_aspect(index->properties), static_cast<std::size_t>(batch), poses.sequence);
    Following following(questions, card, poses.sequence);
    for (FrameIndex frame = 0; frame < index->size(); ++frame) {
        if (stop.stop_requested()) return std::nullopt;
        std::optional<storage::VideoFrame> decoded;
        try {
            decoded = reader.frame(frame, stop);
        } catch (const storage::ReadError&) {
            add_frame(poses.undecodable, frame);
            progress(frame + 1);
            continue;
        }
        if (!decoded) return std::nullopt;
        const schemas::Picture picture = decoded->picture();
        if (card.crop == schemas::CropPolicy::follow)
            following.show(frame, picture);
        else
            questions.add(frame, picture, inference::whole_of(picture));
        progress(frame + 1);
    }
    questions.ask();
    return poses;
}

}  // namespace annotator
