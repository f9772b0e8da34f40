#include "annotator/workflows/depth_takes.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <stdexcept>

#include "annotator/document/corrections.h"
#include "annotator/document/queries.h"
#include "annotator/workflows/motion_source.h"
#include "inference/parallel.h"
#include "storage/hash.h"
#include "storage/media/depth_reader.h"

namespace annotator {

namespace {

using schemas::FrameIndex;
using schemas::SkeletonSequence;
using schemas::Stream;
using schemas::StreamKind;
using Purpose = DepthTakesWanted::Purpose;

constexpr std::size_t most_bytes = std::size_t{2} << 30U;  // of one recording's pictures
// A skeleton is where the person is when half of its joints lie in the square, and less than a metre before or
// behind the person's median depth.
constexpr float farthest_in_square = 1.2F, farthest_in_depth = 2;

bool is_in_pixels(const Stream& stream) {
    return stream.format.ends_with("-screen") || stream.format.ends_with("-keypoints");
}

// What belongs to one take of the project.
struct Plan {
    const schemas::Take* take = nullptr;
    std::vector<const Stream*> depths, skeletons;  // skeletons in metres
};

std::vector<Plan> plans_of(const Document& document, const std::set<std::string>& wanted) {
    std::map<std::string, Plan> plans;
    for (const auto& [id, take] : document.rows<schemas::Take>())
        if (wanted.empty() || wanted.contains(take.name)) plans[take.name].take = &take;
    for (const std::string& name : wanted)
        if (!plans.contains(name)) throw std::invalid_argument("there is no take '" + name + "'");
    for (const auto& [id, stream] : document.rows<Stream>()) {
        const auto plan = plans.find(document.at<schemas::Take>(stream.take).name);
        if (plan == plans.end()) continue;
        if (stream.kind == StreamKind::depth) plan->second.depths.push_back(&stream);
        if (stream.kind == StreamKind::skeleton && !is_in_pixels(stream)) plan->second.skeletons.push_back(&stream);
    }
    std::vector<Plan> list;
    for (auto& [name, plan] : plans) list.push_back(std::move(plan));
    return list;
}

// Why a take takes no part; empty where it does, nullopt where nobody would expect it to.
std::optional<std::string> reason_against(const Plan& plan, const DepthTakesWanted& wanted) {
    const bool named = !wanted.takes.empty();
    if (plan.depths.empty()) return named ? std::optional<std::string>("it has no depth") : std::nullopt;
    if (plan.depths.size() > 1) return "it has " + std::to_string(plan.depths.size()) + " depth recordings";
    if (wanted.purpose == Purpose::asked_about) {
        if (plan.skeletons.empty()) return "";
        return named ? std::optional<std::string>("it has a skeleton already") : std::nullopt;
    }
    if (plan.skeletons.empty())
        return named ? std::optional<std::string>("it has no skeleton in metres") : std::nullopt;
    if (plan.skeletons.size() > 1)
        return "it has " + std::to_string(plan.skeletons.size()) + " skeletons, and key-points are found of one person";
    return "";
}

// Only what a person said about it stays.
void keep_corrected(SkeletonSequence& motion, const Document& document, schemas::StreamId stream) {
    for (FrameIndex frame = 0; frame < motion.frames(); ++frame)
        for (std::size_t joint = 0; joint < motion.joints(); ++joint) {
            if (is_corrected(document, stream, static_cast<int>(joint), frame)) continue;
            motion.set(frame, joint, Eigen::Vector3f::Zero());
            motion.confidence[static_cast<std::size_t>(frame) * motion.joints() + joint] = 0;
        }
}

bool is_where_person_is(const inference::PoseTake& take) {
    std::size_t inside = 0, seen = 0;
    for (FrameIndex frame = 0; take.crop && frame < take.frames(); ++frame)
        for (std::size_t joint = 0; joint < take.truth->joints(); ++joint) {
            if (!has_position(*take.truth, frame, joint)) continue;
            ++seen;
            const Eigen::Vector3f point = take.truth->at(frame, joint);
            if (point.z() <= 0) continue;
            const Eigen::Vector3f place = take.crop->crop_from_point(point, take.camera);
            if (place.head<2>().cwiseAbs().maxCoeff() <= farthest_in_square && std::abs(place.z()) <= farthest_in_depth)
                ++inside;
        }
    return 2 * inside >= seen;
}

// One take to be read, away from the project.
struct Source {
    std::string name;  // of the take
    const Stream* depth = nullptr;
    std::filesystem::path file;
    std::shared_ptr<const SkeletonSequence> truth;  // frame for frame with the depth
    std::string content;
};

inference::PoseTake pose_from(const Source& source, const DepthTakesWanted& wanted, const std::stop_token& stop) {
    const storage::DepthFormat* format = storage::depth_format_named(source.depth->format);
    if (format == nullptr)
        throw storage::ReadError("its depth is of format '" + source.depth->format +
                                 "', which this version does not read");
    const auto reader = format->open(source.file);
    const schemas::PinholeCamera& camera = schemas::msr_camera;
    if (reader->width() != camera.width || reader->height() != camera.height)
        throw storage::ReadError("its depth pictures are " + std::to_string(reader->width()) + "x" +
                                 std::to_string(reader->height()) + ", and the camera is known of 320x240 alone");
    const storage::DepthUnit unit = reader->unit();
    const std::optional<double> metres = unit.metres ? unit.metres : wanted.metres_per_value;
    if (!metres)
        throw storage::ReadError("what a depth value is in metres is not known (" + unit.source +
                                 "); say it with --metres-per-value");
    if (reader->frames() != source.depth->frames)
        throw storage::ReadError("its depth has " + std::to_string(reader->frames()) + " frames, and had " +
                                 std::to_string(source.depth->frames) + " when it was imported; import it again");
    const std::size_t pixels = static_cast<std::size_t>(camera.width) * static_cast<std::size_t>(camera.height);
    if (static_cast<std::size_t>(reader->frames()) * pixels * sizeof(std::uint16_t) > most_bytes)
        throw storage::ReadError("its depth pictures take more than 2 GiB; cut the recording");
    std::vector<std::uint16_t> values;
    values.reserve(static_cast<std::size_t>(reader->frames()) * pixels);
    for (FrameIndex frame = 0; frame < reader->frames() && !stop.stop_requested(); ++frame) {
        const storage::DepthFrame picture = reader->frame(frame);
        values.insert(values.end(), picture.values.begin(), picture.values.end());
    }
    // Half a recording is not looked at by anybody when stopped.
    return inference::pose_take({values, camera.width, camera.height, *metres}, camera,
                                stop.stop_requested() ? nullptr : source.truth);
}

// For each frame of the depth the frame of the motion, which is frame for frame with the reference.
std::vector<FrameIndex> frames_of_depth(const std::vector<FrameIndex>& depth_with_reference, FrameIndex frames) {
    std::vector<FrameIndex> found(static_cast<std::size_t>(frames), -1);
    for (std::size_t i = depth_with_reference.size(); i-- > 0;)
        if (const FrameIndex frame = depth_with_reference[i]; frame >= 0 && frame < frames)
            found[static_cast<std::size_t>(frame)] = static_cast<FrameIndex>(i);
    return found;
}

Source source_of(ProjectSession& session, const Plan& plan, Purpose purpose) {
    const Stream& depth = *plan.depths.front();
    Source source{plan.take->name, &depth, session.store().resolved_path(depth.path), nullptr, depth.sha256};
    if (purpose == Purpose::asked_about) return source;
    const Stream& skeleton = *plan.skeletons.front();
    SkeletonSequence motion = stream_motion(session, skeleton);
    if (motion.space != schemas::CoordinateSpace::metres) throw storage::ReadError("its skeleton is not in metres");
    if (skeleton.format == found_points_format) keep_corrected(motion, session.document(), skeleton.id);
    const SkeletonSequence along = motion.in_frames(frames_with_reference(session, skeleton));
    source.truth = std::make_shared<SkeletonSequence>(
        along.in_frames(frames_of_depth(frames_with_reference(session, depth), depth.frames)));
    source.content += "\n" + content_of(session.document(), skeleton);
    return source;
}

// A model found it, and nobody corrected anything about it yet.
bool is_only_found(const Stream& skeleton, const SkeletonSequence& truth) {
    FrameIndex dead = 0;
    for (const schemas::FrameSpan& run : schemas::dead_runs(truth)) dead += run.end - run.begin;
    return skeleton.format == found_points_format && dead == truth.frames();
}

// What is to be read; the rest is noted.
std::vector<Source> sources_of(ProjectSession& session, const DepthTakesWanted& wanted,
                               std::vector<std::string>& notes) {
    std::vector<Source> sources;
    for (const Plan& plan : plans_of(session.document(), wanted.takes)) {
        const auto against = reason_against(plan, wanted);
        if (!against) continue;
        if (!against->empty()) {
            notes.push_back(plan.take->name + ": " + *against + "; it takes no part");
            continue;
        }
        try {
            Source source = source_of(session, plan, wanted.purpose);
            if (source.truth == nullptr || !is_only_found(*plan.skeletons.front(), *source.truth))
                sources.push_back(std::move(source));
        } catch (const std::exception& error) {
            notes.push_back(plan.take->name + ": " + error.what() + "; it takes no part");
        }
    }
    return sources;
}

}  // namespace

std::vector<FrameIndex> frames_with_reference(ProjectSession& session, const Stream& stream) {
    const Stream& reference = *reference_stream(session.document(), stream.take);
    const schemas::FrameTable times = session.store().frame_times(stream);
    if (stream.id != reference.id)
        return schemas::aligned_frames(session.store().frame_times(reference), times, stream.clock());
    std::vector<FrameIndex> same(static_cast<std::size_t>(stream.frames));
    for (std::size_t i = 0; i < same.size(); ++i) same[i] = static_cast<FrameIndex>(i);
    return same;
}

std::optional<DepthTakes> load_depth_takes(ProjectSession& session, const DepthTakesWanted& wanted,
                                           const JobContext& job) {
    DepthTakes loaded;
    const std::vector<Source> sources = sources_of(session, wanted, loaded.notes);
    std::vector<inference::PoseTake> takes(sources.size());
    std::vector<std::string> failures(sources.size());
    std::atomic<std::size_t> done = 0;
    const bool whole = inference::for_each_index(sources.size(), 0, job.stop, [&](std::size_t i) {
        try {
            takes[i] = pose_from(sources[i], wanted, job.stop);
            if (takes[i].truth != nullptr && !is_where_person_is(takes[i]))
                failures[i] = "its skeleton is not where its depth shows the person";
        } catch (const std::exception& error) {
            failures[i] = error.what();
        }
        job.report({"Reading depth", static_cast<double>(++done), static_cast<double>(sources.size())});
    });
    if (!whole || job.stop.stop_requested()) return std::nullopt;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        const Source& source = sources[i];
        if (!failures[i].empty())
            loaded.notes.push_back(source.name + ": " + failures[i] + "; it takes no part");
        else
            loaded.takes.push_back(
                {source.depth->take, source.depth->id, std::move(takes[i]), storage::sha256_of(source.content)});
    }
    return loaded;
}

}  // namespace annotator
