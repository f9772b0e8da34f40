#include "annotator/workflows/synth/synth_writer.h"

#include <stdexcept>
#include <string>
#include <vector>

#include "annotator/workflows/synth/depth_renderer.h"
#include "annotator/workflows/synth/msr_files.h"
#include "annotator/workflows/synth/output_folder.h"
#include "annotator/workflows/synth/recording.h"
#include "annotator/workflows/synth/take_video.h"

namespace annotator::synth {
namespace {

namespace fs = std::filesystem;
using schemas::FrameIndex;
using schemas::SkeletonSequence;

// Paths of random streams; dancers have 1.
constexpr std::uint64_t clip_stream = 2;
constexpr std::uint64_t stream_stream = 3;
constexpr std::uint64_t sensor_stream = 4;
constexpr std::uint64_t dropout_stream = 5;
constexpr std::uint64_t sound_stream = 6;

constexpr int most_of_a_number = 99;  // two digits in file names

enum class TakeKind { clip, stream };

struct TakePlan {
    TakeKind kind = TakeKind::clip;
    std::size_t category = 0;  // of a clip
    std::size_t performer = 0;
    std::size_t repetition = 0;
    bool depth = false;
    bool video = false;

    [[nodiscard]] Random random(const SynthOptions& options, std::uint64_t purpose) const {
        return Random(options.seed, {purpose, static_cast<std::uint64_t>(kind), category, performer, repetition});
    }
    [[nodiscard]] std::string name() const;
    [[nodiscard]] std::string performer_name() const;
};

// From 1, in two digits.
std::string numbered(std::size_t index) {
    const std::string number = std::to_string(index + 1);
    return number.size() < 2 ? "0" + number : number;
}

std::string TakePlan::performer_name() const { return numbered(performer); }

std::string TakePlan::name() const {
    const std::string what = kind == TakeKind::clip ? "a" + numbered(category) : "stream";
    return what + "_s" + performer_name() + "_e" + numbered(repetition);
}

void require(bool sound, const std::string& message) {
    if (!sound) throw std::invalid_argument(message);
}

void check(const SynthOptions& options) {
    const int known = static_cast<int>(category_names().size());
    require(options.clips >= 0 && options.streams >= 0 && options.clips + options.streams > 0,
            "a synthetic data set needs at least one clip or stream");
    require(1 <= options.performers && options.performers <= most_of_a_number,
            "a synthetic data set has 1 to 99 performers, not " + std::to_string(options.performers));
    require(1 <= options.categories && options.categories <= known, "a synthetic data set has 1 to " +
                                                                        std::to_string(known) + " categories, not " +
                                                                        std::to_string(options.categories));
    require((options.clips - 1) / (options.categories * options.performers) < most_of_a_number &&
                (options.streams - 1) / options.performers < most_of_a_number,
            "a synthetic data set has at most 99 takes of one category by one performer; ask for fewer");
    const double rate = schemas::is_valid(options.video_rate) ? options.video_rate.per_second() : 0;
    require(1 <= rate && rate <= 1000, "a synthetic video has 1 to 1000 frames a second");
    require(options.video_width % 2 == 0 && options.video_height % 2 == 0 && 64 <= options.video_width &&
                options.video_width <= 4096 && 64 <= options.video_height && options.video_height <= 4096,
            "a synthetic video has an even width and height of 64 to 4096 pixels");
    require(0 <= options.dropout_share && options.dropout_share <= 1, "the share of takes with drop-outs is 0 to 1");
}

bool is_recorded(Recorded recorded, bool first_of_its_category) {
    return recorded == Recorded::all || (recorded == Recorded::one_clip_of_each_category && first_of_its_category);
}

std::vector<TakePlan> planned(const SynthOptions& options) {
    const auto categories = static_cast<std::size_t>(options.categories);
    const auto performers = static_cast<std::size_t>(options.performers);
    std::vector<TakePlan> plans;
    const auto add = [&](TakePlan plan, bool first_of_its_category) {
        plan.depth = is_recorded(options.depth, first_of_its_category);
        plan.video = is_recorded(options.video, first_of_its_category);
        plans.push_back(plan);
    };
    for (std::size_t clip = 0; clip < static_cast<std::size_t>(options.clips); ++clip)
        add({TakeKind::clip, clip % categories, clip / categories % performers, clip / (categories * performers)},
            clip < categories);
    for (std::size_t stream = 0; stream < static_cast<std::size_t>(options.streams); ++stream)
        add({TakeKind::stream, 0, stream % performers, stream / performers}, false);
    return plans;
}

std::string readme_of(const SynthOptions& options) {
    const std::vector<std::string> names = category_names();
    std::string text =
        "Kinetograph synthetic dance data set\n"
        "\n"
        "Nobody danced this: figures move by parametric joint angles, so the truth is exact.\n"
        "\n"
        "clips/aCC_sPP_eTT_skeleton3D.txt   one dance figure; category CC, performer PP, take TT\n"
        "streams/stream_sPP_eTT_skeleton3D.txt   several figures in a row\n"
        "..._sdepth.bin   depth of the same take where it was asked for, in millimetres along z\n"
        "..._video.mp4   video and sound of the same take where it was asked for\n"
        "truth/*.csv   what was danced; frames are 0-based, spans half-open [begin, end)\n"
        "\n"
        "Import the clips with --name-pattern msr, clips and streams together with\n"
        "--name-pattern \"(a(?<category>\\d+)|stream)_s(?<performer>\\d+)_e(?<take>\\d+)\"\n"
        "\n"
        "15 frames a second, videos as asked for. Where a take has a video, frames of the truth\n"
        "are those of the video; each has its number painted into the top of the picture. Beats\n"
        "are in seconds from the first frame. Formats of skeletons and depth are those of MSR-Action3D: skeletons in "
        "metres, camera at\n"
        "the origin, y up, 20 joints of \"x y z confidence\" a frame; depth as int32 frames,\n"
        "columns, rows, then int32 pixels. Skeletons carry noise, depth and truth do not.\n"
        "A frame of zeros is one in which the skeleton was lost.\n"
        "\n";
    text += "Seed " + std::to_string(options.seed) + ", " + std::to_string(options.performers) + " performers, " +
            std::to_string(options.clips) + " clips, " + std::to_string(options.streams) + " streams.\n\n";
    for (std::size_t category = 0; category < static_cast<std::size_t>(options.categories); ++category)
        text += "a" + numbered(category) + " " + names[category] + "\n";
    return text;
}

DanceTake danced_take(const TakePlan& plan, const Dancer& dancer, const SynthOptions& options) {
    if (plan.kind == TakeKind::clip) return dance_clip(dancer, plan.category, plan.random(options, clip_stream));
    return dance_stream(dancer, static_cast<std::size_t>(options.categories), plan.random(options, stream_stream));
}

// False when stopped half-way.
bool write_depth(const fs::path& file, const SkeletonSequence& seen, double girth, const std::stop_token& stop) {
    const DepthRenderer renderer(seen.layout, girth);
    MsrDepthWriter writer(file, seen.frames(), renderer.camera().width, renderer.camera().height);
    for (FrameIndex frame = 0; frame < seen.frames(); ++frame) {
        if (stop.stop_requested()) return false;
        writer.add(renderer.render(seen, frame));
    }
    writer.close();
    return true;
}

bool write_video(const fs::path& file, const TakePlan& plan, const Score& score, const SynthOptions& options,
                 const std::shared_ptr<const schemas::SkeletonLayout>& layout, const std::stop_token& stop) {
    const TakeVideo video{options.video_width, options.video_height, options.video_rate, plan.performer,
                          drawn_click_track(plan.random(options, sound_stream))};
    return write_take_video(file, video, score, layout, stop);
}

// The first frame of the take's reference stream that is not before that frame of the dance.
FrameIndex reference_frame(FrameIndex danced, const TakePlan& plan, const SynthOptions& options) {
    if (!plan.video) return danced;
    const std::int64_t numerator = danced * options.video_rate.numerator;
    const std::int64_t denominator = options.video_rate.denominator * static_cast<std::int64_t>(frames_per_second);
    return (numerator + denominator - 1) / denominator;
}

void write_truth(TruthWriter& truth, const TakePlan& plan, const DanceTake& take, const SynthOptions& options) {
    const std::string clip = plan.name();
    const std::string performer = plan.performer_name();
    const auto in_reference = [&](const LabelledSpan& span) {
        return LabelledSpan{
            {reference_frame(span.frames.begin, plan, options), reference_frame(span.frames.end, plan, options)},
            span.label};
    };
    for (const LabelledSpan& span : take.categories) truth.add_category(clip, performer, in_reference(span));
    for (const LabelledSpan& span : take.primitives) truth.add_primitive(clip, performer, in_reference(span));
    for (const LabelledFrame& pose : take.key_poses)
        truth.add_key_pose(clip, performer, {reference_frame(pose.frame, plan, options), pose.label});
    if (plan.video)
        truth.add_beats(clip, drawn_click_track(plan.random(options, sound_stream)), seconds_of(take.score));
}

bool has_dropouts(const TakePlan& plan, const SynthOptions& options) {
    return plan.random(options, dropout_stream).chance(options.dropout_share);
}

void write_skeleton(const fs::path& file, SkeletonSequence seen, const TakePlan& plan, const Dancer& dancer,
                    const SynthOptions& options) {
    Random sensor = plan.random(options, sensor_stream);
    add_noise(seen, dancer.noise_metres, sensor);
    if (has_dropouts(plan, options)) add_dropouts(seen, sensor);
    write_msr_skeleton(file, seen);
}

}  // namespace

std::optional<SynthSummary> write_synthetic_dataset(const fs::path& folder, const SynthOptions& options,
                                                    const std::shared_ptr<const schemas::SkeletonLayout>& layout,
                                                    const std::function<void(const SynthProgress&)>& progress,
                                                    std::stop_token stop) {
    check(options);
    claim_output_folder(folder, readme_of(options));
    fs::create_directories(folder / "truth");
    if (options.clips > 0) fs::create_directories(folder / "clips");
    if (options.streams > 0) fs::create_directories(folder / "streams");
    const std::vector<TakePlan> plans = planned(options);
    TruthWriter truth(folder / "truth");
    SynthSummary summary;
    SynthProgress done{0, static_cast<int>(plans.size())};
    for (const TakePlan& plan : plans) {
        if (stop.stop_requested()) return std::nullopt;
        const Dancer dancer = dancer_of(options.seed, plan.performer);
        const DanceTake take = danced_take(plan, dancer, options);
        const SkeletonSequence seen = seen_from(viewpoint_of(dancer.body), take.figures, layout);
        const fs::path stem = folder / (plan.kind == TakeKind::clip ? "clips" : "streams") / plan.name();
        write_skeleton(stem.string().append(skeleton_suffix), seen, plan, dancer, options);
        if (plan.depth && !write_depth(stem.string().append(depth_suffix), seen, dancer.body.girth, stop))
            return std::nullopt;
        if (plan.video && !write_video(stem.string().append(video_suffix), plan, take.score, options, layout, stop))
            return std::nullopt;
        write_truth(truth, plan, take, options);
        (plan.kind == TakeKind::clip ? summary.clips : summary.streams) += 1;
        summary.depth_takes += plan.depth ? 1 : 0;
        summary.video_takes += plan.video ? 1 : 0;
        summary.takes_with_dropouts += has_dropouts(plan, options) ? 1 : 0;
        summary.frames += seen.frames();
        ++done.takes_done;
        if (progress) progress(done);
    }
    truth.close();
    return summary;
}

}  // namespace annotator::synth
