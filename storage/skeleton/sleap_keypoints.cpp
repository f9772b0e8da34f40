#include "storage/skeleton/sleap_keypoints.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "storage/media/file_probe.h"
#include "storage/skeleton/hdf5_file.h"
#include "storage/skeleton/recording_problems.h"
#include "storage/skeleton/sleap_layout.h"

namespace storage {

namespace {

using schemas::FrameIndex;

// Eleven hours at 25 frames a second; the file's own length says nothing, since frames may be sparse.
constexpr std::uint64_t most_frames = 1'000'000;

struct FrameRow {
    std::uint64_t id, index;
    std::uint32_t video;
};
constexpr std::array frame_columns{Hdf5Column{"frame_id", offsetof(FrameRow, id), Hdf5Number::uint64},
                                   Hdf5Column{"frame_idx", offsetof(FrameRow, index), Hdf5Number::uint64},
                                   Hdf5Column{"video", offsetof(FrameRow, video), Hdf5Number::uint32}};

enum InstanceType : std::uint8_t { placed_by_person = 0, predicted = 1 };
struct InstanceRow {
    std::uint64_t frame;
    std::uint64_t first_point, end_point;
    std::int64_t track;
    float score;
    std::uint32_t skeleton;
    std::uint8_t type;
};
constexpr std::array instance_columns{
    Hdf5Column{"instance_type", offsetof(InstanceRow, type), Hdf5Number::uint8},
    Hdf5Column{"frame_id", offsetof(InstanceRow, frame), Hdf5Number::uint64},
    Hdf5Column{"skeleton", offsetof(InstanceRow, skeleton), Hdf5Number::uint32},
    Hdf5Column{"track", offsetof(InstanceRow, track), Hdf5Number::int64},
    Hdf5Column{"score", offsetof(InstanceRow, score), Hdf5Number::float32},
    Hdf5Column{"point_id_start", offsetof(InstanceRow, first_point), Hdf5Number::uint64},
    Hdf5Column{"point_id_end", offsetof(InstanceRow, end_point), Hdf5Number::uint64}};

struct PointRow {
    double x, y, score;
    std::uint8_t visible;
};
constexpr std::array point_columns{Hdf5Column{"x", offsetof(PointRow, x), Hdf5Number::float64},
                                   Hdf5Column{"y", offsetof(PointRow, y), Hdf5Number::float64},
                                   Hdf5Column{"visible", offsetof(PointRow, visible), Hdf5Number::uint8},
                                   Hdf5Column{"score", offsetof(PointRow, score), Hdf5Number::float64}};

template <class Key>
Key most_frequent(const std::map<Key, std::size_t>& counts) {
    return std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; })->first;
}

std::string counted(std::size_t count, const std::string& what) { return std::to_string(count) + " " + what; }

class SleapFile {
public:
    explicit SleapFile(const std::filesystem::path& file)
        : name_(file.filename().string()), hdf5_(file), skeleton_(skeleton_of(hdf5_)) {
        shift_ = hdf5_.number("metadata", "format_id").value_or(1.0) < 1.1 ? 0.5 : 0.0;
        instances_ = hdf5_.table<InstanceRow>("instances", instance_columns);
        placed_ = hdf5_.table<PointRow>("points", std::span(point_columns).first<3>());
        predicted_ = hdf5_.table<PointRow>("pred_points", point_columns);
    }

    SkeletonRecording read() {
        const std::size_t frames = choose_frames();
        check_extent(name_, frames, skeleton_.layout->size());
        choose_track();
        recording_.sequence = schemas::SkeletonSequence::empty(skeleton_.layout, static_cast<FrameIndex>(frames),
                                                               schemas::CoordinateSpace::pixels);
        const auto chosen = one_instance_a_frame();
        for (const auto& [frame, instance] : chosen) set_frame(frame, *instance);
        report();
        return std::move(recording_);
    }

private:
    SleapSkeleton skeleton_of(const Hdf5File& file) const {
        const auto metadata = file.text("metadata", "json");
        if (!metadata) throw ReadError(name_ + ": expected SLEAP's metadata, found none.");
        return sleap_skeleton(name_, *metadata);
    }

    // Which frames count, of the video with most of them; returns how many frames it has at least.
    std::size_t choose_frames() {
        const auto rows = hdf5_.table<FrameRow>("frames", frame_columns);
        if (rows.empty()) throw ReadError(name_ + ": it holds no frame.");
        std::map<std::uint32_t, std::size_t> videos;
        for (const FrameRow& row : rows) ++videos[row.video];
        const std::uint32_t video = most_frequent(videos);
        std::uint64_t last = 0;
        for (const FrameRow& row : rows) {
            if (row.video != video) continue;
            frame_of_.emplace(row.id, row.index);
            last = std::max(last, row.index);
        }
        if (last >= most_frames)
            throw ReadError(name_ + ": it speaks of frame " + std::to_string(last) + ", more than the " +
                            std::to_string(most_frames) + " that are read.");
        if (videos.size() > 1)
            problem("it speaks of " + counted(videos.size(), "videos") + "; the " +
                    counted(frame_of_.size(), "frames") + " of video " + std::to_string(video) + " are read");
        return static_cast<std::size_t>(last) + 1;
    }

    void choose_track() {
        std::map<std::int64_t, std::size_t> tracks;
        for (const InstanceRow& row : instances_)
            if (frame_of_.contains(row.frame)) ++tracks[row.track];
        if (tracks.empty()) throw ReadError(name_ + ": it holds no instance of a skeleton.");
        track_ = most_frequent(tracks);
        if (tracks.size() > 1)
            problem("it holds " + counted(tracks.size(), "tracks") + "; track " + std::to_string(track_) +
                    " with most instances is read");
    }

    // People go before models, then the higher score.
    static bool goes_before(const InstanceRow& a, const InstanceRow& b) {
        if (a.type != b.type) return a.type == placed_by_person;
        return a.score > b.score;
    }

    std::map<std::uint64_t, const InstanceRow*> one_instance_a_frame() {
        std::map<std::uint64_t, const InstanceRow*> chosen;
        for (const InstanceRow& row : instances_) {
            const auto frame = frame_of_.find(row.frame);
            if (frame == frame_of_.end() || row.track != track_) continue;
            if (!is_sound(row)) {
                ++unsound_;
                continue;
            }
            const auto [place, fresh] = chosen.emplace(frame->second, &row);
            if (fresh) continue;
            if (place->second->type == row.type) ++repeated_;
            if (goes_before(row, *place->second)) place->second = &row;
        }
        return chosen;
    }

    [[nodiscard]] const std::vector<PointRow>& points_of(const InstanceRow& row) const {
        return row.type == placed_by_person ? placed_ : predicted_;
    }

    [[nodiscard]] bool is_sound(const InstanceRow& row) const {
        return (row.type == placed_by_person || row.type == predicted) && row.skeleton == 0 &&
               row.first_point <= row.end_point && row.end_point <= points_of(row).size() &&
               row.end_point - row.first_point == skeleton_.joint_of_node.size();
    }

    void set_frame(std::uint64_t frame, const InstanceRow& instance) {
        const std::vector<PointRow>& points = points_of(instance);
        for (std::size_t node = 0; node < skeleton_.joint_of_node.size(); ++node) {
            const PointRow& point = points[static_cast<std::size_t>(instance.first_point) + node];
            const Eigen::Vector3f place(static_cast<float>(point.x - shift_), static_cast<float>(point.y - shift_), 0);
            const double score = instance.type == placed_by_person ? 1 : point.score;
            if (!place.allFinite() || !std::isfinite(score) || point.visible == 0) continue;
            const std::size_t joint = skeleton_.joint_of_node[node];
            recording_.sequence.set(static_cast<FrameIndex>(frame), joint, place);
            recording_.sequence.confidence[static_cast<std::size_t>(frame) * skeleton_.layout->size() + joint] =
                static_cast<float>(std::clamp(score, 0.0, 1.0));
        }
    }

    void report() {
        if (unsound_ > 0)
            problem(counted(unsound_, "instances refer to points or skeletons that are not there; they are left out"));
        if (repeated_ > 0)
            problem(counted(repeated_, "instances are further ones of their frame and track; the best is read"));
        report_dead_frames(recording_);
    }

    void problem(const std::string& what) { recording_.problems.push_back({what, std::nullopt}); }

    std::string name_;
    Hdf5File hdf5_;
    SleapSkeleton skeleton_;
    double shift_ = 0;  // pixels
    std::vector<InstanceRow> instances_;
    std::vector<PointRow> placed_, predicted_;
    std::unordered_map<std::uint64_t, std::uint64_t> frame_of_;  // index in the video, by frame id
    std::int64_t track_ = 0;
    std::size_t unsound_ = 0, repeated_ = 0;
    SkeletonRecording recording_;
};

}  // namespace

SkeletonRecording read_sleap_keypoints(const std::filesystem::path& file) { return SleapFile(file).read(); }

bool is_sleap_keypoints(const std::filesystem::path& file) {
    return has_extension(file, ".slp") && first_bytes(file, 4) == "\x89HDF";
}

}  // namespace storage
