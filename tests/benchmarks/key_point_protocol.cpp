// Prints how well key-points are found in the depth recordings of MSR-Action3D, of performers that were never seen
// (models.md 2.8):
//   key_point_protocol [--performers 1,3,5,7,9] [--left-out 1] [--seed 0] [--steps N] [--batch N] [--threads N]
//   [--augment off] [--smooth TRUST] [--OPTION VALUE]
// where OPTION is one of inference::set_option.
// Each of --performers is left out in turn: the network learns from all takes of the other four and finds the
// key-points of that one, or of --left-out performers at once. The square around a person comes from the depth alone.
// "mean place" is what needs no network: every joint where it is on average in the squares that were learnt from.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "inference/median.h"
#include "inference/metrics.h"
#include "inference/parallel.h"
#include "inference/pose_metrics.h"
#include "inference/pose_model.h"
#include "inference/pose_smoothing.h"
#include "storage/media/matlab_depth.h"
#include "storage/media/msr_depth_unit.h"
#include "storage/skeleton/msr_skeleton.h"

namespace {

using inference::PoseErrors;
using inference::PoseTake;
using schemas::SkeletonSequence;

constexpr int resamples = 2000;

struct Setting {
    std::vector<int> performers{1, 3, 5, 7, 9};
    std::size_t left_out = 1;
    inference::PoseTrainOptions training;
    std::optional<double> smoothing_trust;
};

struct Recording {
    std::string name;  // a01_s01_e01
    int performer = 0;
    PoseTake take;
};

std::vector<int> numbers(const std::string& list) {
    std::vector<int> found;
    for (std::size_t at = 0; at <= list.size(); at = std::min(list.find(',', at), list.size()) + 1)
        found.push_back(std::stoi(list.substr(at)));
    return found;
}

Setting setting_from(int count, char** arguments) {
    Setting setting;
    inference::PoseTrainOptions& training = setting.training;
    const std::map<std::string, int*> whole{
        {"--steps", &training.steps}, {"--batch", &training.batch}, {"--threads", &training.threads}};
    if (count % 2 == 0) {
        std::fprintf(stderr, "'%s' has no value; the options are those at the top of key_point_protocol.cpp\n",
                     arguments[count - 1]);
        std::exit(2);
    }
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string name = arguments[i], value = arguments[i + 1];
        if (const auto found = whole.find(name); found != whole.end())
            *found->second = std::stoi(value);
        else if (name == "--performers")
            setting.performers = numbers(value);
        else if (name == "--left-out")
            setting.left_out = std::stoul(value);
        else if (name == "--seed")
            training.seed = std::stoull(value);
        else if (name == "--augment" && value == "off")
            training.augmentation = inference::no_pose_augmentation();
        else if (name == "--smooth")
            setting.smoothing_trust = std::stod(value);
        else if (name != "--augment")
            inference::set_option(training, name.substr(2), std::stod(value));
    }
    return setting;
}

// Throws storage::ReadError.
PoseTake take_from(const std::filesystem::path& depth_file, const std::filesystem::path& skeleton_file) {
    const auto depth = storage::open_matlab_depth(depth_file);
    auto truth = std::make_shared<SkeletonSequence>(storage::read_msr_skeleton(skeleton_file).sequence);
    if (truth->frames() != depth->frames())
        throw storage::ReadError(depth_file.string() + ": has " + std::to_string(depth->frames()) +
                                 " frames, and its skeleton " + std::to_string(truth->frames()) + ".");
    std::vector<std::uint16_t> values;
    for (schemas::FrameIndex frame = 0; frame < depth->frames(); ++frame) {
        const storage::DepthFrame picture = depth->frame(frame);
        values.insert(values.end(), picture.values.begin(), picture.values.end());
    }
    const inference::DepthClip clip{values, depth->width(), depth->height(), storage::msr_metres_per_value};
    return inference::pose_take(clip, schemas::msr_camera, std::move(truth));
}

// By name. What cannot be read, or has no skeleton, is said.
std::vector<Recording> recordings_in(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    if (std::filesystem::is_directory(folder / "depth_mat"))
        for (const auto& entry : std::filesystem::directory_iterator(folder / "depth_mat"))
            if (entry.path().extension() == ".mat") files.push_back(entry.path());
    std::ranges::sort(files);
    std::vector<Recording> read(files.size());
    inference::for_each_index(files.size(), 0, {}, [&](std::size_t i) {
        const std::string name = files[i].filename().string().substr(0, 11);
        try {
            read[i] = {name, std::stoi(name.substr(5, 2)),
                       take_from(files[i], folder / "skeleton_world" / (name + "_skeleton3D.txt"))};
        } catch (const std::exception& error) {
            std::fprintf(stderr, "left out: %s\n", error.what());
        }
    });
    std::erase_if(read, [](const Recording& recording) { return recording.name.empty(); });
    return read;
}

// Every joint where it is on average, in the take's own square.
SkeletonSequence mean_pose(const PoseTake& take, const std::vector<PoseTake>& known) {
    const std::size_t joints = take.truth->joints();
    std::vector<Eigen::Vector3d> sums(joints, Eigen::Vector3d::Zero());
    std::vector<double> counts(joints);
    for (const PoseTake& other : known)
        for (schemas::FrameIndex frame = 0; other.crop && frame < other.frames(); ++frame)
            for (std::size_t joint = 0; joint < joints; ++joint) {
                if (!has_position(*other.truth, frame, joint)) continue;
                sums[joint] += other.crop->crop_from_point(other.truth->at(frame, joint), other.camera).cast<double>();
                ++counts[joint];
            }
    SkeletonSequence pose = SkeletonSequence::empty(take.truth->layout, take.frames());
    for (schemas::FrameIndex frame = 0; take.crop && frame < take.frames(); ++frame)
        for (std::size_t joint = 0; joint < joints; ++joint) {
            pose.set(frame, joint,
                     take.crop->point_from_crop((sums[joint] / counts[joint]).cast<float>(), take.camera));
            pose.confidence[static_cast<std::size_t>(frame) * joints + joint] = 1;
        }
    return pose;
}

// What is known of each take: its errors, and those of all its joints.
struct Found {
    std::vector<int> performers;
    std::vector<PoseErrors> errors;
    std::vector<std::vector<double>> distances;

    void add(int performer, const SkeletonSequence& found, const SkeletonSequence& truth) {
        performers.push_back(performer);
        errors.push_back(inference::pose_errors(found, truth));
        distances.emplace_back();
        for (schemas::FrameIndex frame = 0; frame < truth.frames(); ++frame)
            for (std::size_t joint = 0; joint < truth.joints(); ++joint)
                if (has_position(found, frame, joint) && has_position(truth, frame, joint))
                    distances.back().push_back(
                        static_cast<double>((found.at(frame, joint) - truth.at(frame, joint)).norm()));
    }
};

using Statistic = std::function<double(const Found&, std::span<const std::size_t>)>;

// Over all joints of the takes; takes count by their joints.
Statistic root_mean(double PoseErrors::*value) {
    return [value](const Found& found, std::span<const std::size_t> takes) {
        double squares = 0, joints = 0;
        for (const std::size_t take : takes) {
            const auto count = static_cast<double>(found.errors[take].joints);
            squares += count * found.errors[take].*value * found.errors[take].*value;
            joints += count;
        }
        return joints == 0 ? 0 : std::sqrt(squares / joints);
    };
}

Statistic mean(double PoseErrors::*value) {
    return [value](const Found& found, std::span<const std::size_t> takes) {
        double sum = 0, joints = 0;
        for (const std::size_t take : takes) {
            const auto count = static_cast<double>(found.errors[take].joints);
            sum += count * found.errors[take].*value;
            joints += count;
        }
        return joints == 0 ? 0 : sum / joints;
    };
}

double median_distance(const Found& found, std::span<const std::size_t> takes) {
    std::vector<double> all;
    for (const std::size_t take : takes)
        all.insert(all.end(), found.distances[take].begin(), found.distances[take].end());
    return inference::median(std::move(all));
}

struct Figure {
    const char* name;
    double factor;
    Statistic of;
};

std::vector<Figure> figures() {
    return {{"RMSE_m", 1, root_mean(&PoseErrors::rmse)},
            {"MPJPE mm", 1000, mean(&PoseErrors::mpjpe)},
            {"median mm", 1000, median_distance},
            {"RMSE_n", 1, root_mean(&PoseErrors::rmse_n)},
            {"N-MPJPE mm", 1000, mean(&PoseErrors::n_mpjpe)},
            {"P-MPJPE mm", 1000, mean(&PoseErrors::p_mpjpe)}};
}

std::vector<std::size_t> takes_of(const Found& found, int performer) {
    std::vector<std::size_t> takes;
    for (std::size_t i = 0; i < found.performers.size(); ++i)
        if (performer < 0 || found.performers[i] == performer) takes.push_back(i);
    return takes;
}

// A line a figure: the value, the interval when performers are drawn, the one when takes are.
void print(const char* name, const Found& found) {
    const auto all = takes_of(found, -1);
    std::vector<int> each(all.begin(), all.end());
    for (const Figure& figure : figures()) {
        const auto of = [&](std::span<const std::size_t> rows) { return figure.factor * figure.of(found, rows); };
        const auto by_performer = inference::bootstrap_interval(found.performers, of, 1, resamples);
        const auto by_take = inference::bootstrap_interval(each, of, 1, resamples);
        std::printf("%s, %s: %.4g (performers %.4g to %.4g, takes %.4g to %.4g)\n", name, figure.name, of(all),
                    by_performer.low, by_performer.high, by_take.low, by_take.high);
    }
}

void print_performers(const Found& found, const std::vector<int>& performers) {
    for (const int performer : performers) {
        const auto takes = takes_of(found, performer);
        std::printf("  s%d, %zu takes:", performer, takes.size());
        for (const Figure& figure : figures())
            std::printf(" %s %.4g,", figure.name, figure.factor * figure.of(found, takes));
        std::printf("\n");
    }
    std::fflush(stdout);
}

struct Outcomes {
    Found network, smoothed, mean_place;
};

SkeletonSequence smoother(const SkeletonSequence& found, double trust) {
    inference::SmoothingOptions options;
    options.most_trust = static_cast<float>(trust);
    const schemas::FrameSpan whole{0, found.frames()};
    return inference::smoothed(found, whole, whole, options);
}

void leave_out(const std::vector<int>& unseen, const std::vector<Recording>& recordings, const Setting& setting,
               Outcomes& outcomes) {
    std::vector<PoseTake> known;
    for (const Recording& recording : recordings)
        if (std::ranges::find(unseen, recording.performer) == unseen.end()) known.push_back(recording.take);
    const auto result = inference::engine().pose_family().train(known, setting.training, {}, {});
    const auto& last = result->curve.back().losses;
    std::printf("learnt from %zu takes in %.0f s; losses of the last step:", known.size(), result->seconds);
    for (const auto& [part, value] : last) std::printf(" %s %.4f", part.c_str(), value);
    std::printf("\n");
    if (result->broken) std::printf("  the loss became no number at step %d\n", result->broken->step);
    for (const Recording& recording : recordings) {
        if (std::ranges::find(unseen, recording.performer) == unseen.end()) continue;
        PoseTake blind = recording.take;
        blind.truth = nullptr;
        const SkeletonSequence found = *result->model->predict(blind, {});
        outcomes.network.add(recording.performer, found, *recording.take.truth);
        if (setting.smoothing_trust)
            outcomes.smoothed.add(recording.performer, smoother(found, *setting.smoothing_trust),
                                  *recording.take.truth);
        outcomes.mean_place.add(recording.performer, mean_pose(recording.take, known), *recording.take.truth);
    }
    print_performers(outcomes.network, unseen);
}

std::filesystem::path data_folder() {
    const char* named = std::getenv("KINETOGRAPH_DATA");
    if (named != nullptr) return named;
    return std::filesystem::path(KINETOGRAPH_SOURCE_DIR) / ".." / "shared" / "data";
}

}  // namespace

int main(int count, char** arguments) {
    const Setting setting = setting_from(count, arguments);
    const std::vector<Recording> recordings = recordings_in(data_folder() / "msr_action3d");
    if (recordings.empty()) {
        std::fprintf(stderr, "key_point_protocol: there are no depth recordings of MSR-Action3D in %s\n",
                     data_folder().c_str());
        return 1;
    }
    std::printf("%zu takes with depth and skeleton\n", recordings.size());
    std::fflush(stdout);
    Outcomes outcomes;
    for (std::size_t first = 0; first < setting.performers.size(); first += setting.left_out) {
        const std::size_t last = std::min(first + setting.left_out, setting.performers.size());
        leave_out({setting.performers.begin() + static_cast<std::ptrdiff_t>(first),
                   setting.performers.begin() + static_cast<std::ptrdiff_t>(last)},
                  recordings, setting, outcomes);
    }
    print("lstm_cnn_pose", outcomes.network);
    if (setting.smoothing_trust) print("lstm_cnn_pose, smoothed", outcomes.smoothed);
    print("mean place", outcomes.mean_place);
}
