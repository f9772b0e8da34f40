#include "annotator/workflows/estimate_poses.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "annotator/document/queries.h"
#include "annotator/workflows/motion_source.h"
#include "annotator/workflows/verify_project.h"
#include "storage/formats/estimator_card.h"
#include "storage/hash.h"
#include "storage/skeleton/readers.h"
#include "tests/annotator/moving_dots.h"
#include "tests/annotator/small_recordings.h"

namespace annotator {
namespace {

using schemas::Stream;
using namespace tests;

// The estimator of the dots, as if it had come from a file.
PoseEstimator dot_estimator(const TemporaryFolder& folder, const std::string& card) {
    PoseEstimator estimator;
    estimator.card = storage::read_estimator_card(write_file(folder, "card.json", card));
    estimator.source.card = card;
    estimator.source.card_sha256 = storage::sha256_of(card);
    estimator.source.estimator = "dots.pt";
    estimator.source.estimator_sha256 = std::string(64, 'd');
    estimator.network = std::make_unique<DotFinder>();
    return estimator;
}

EstimateResult estimated(ProjectSession& session, PoseEstimator& estimator, const EstimateOptions& options = {}) {
    return estimate_poses(session, estimator, options, {}).value();
}

// Moves a joint of a frame, as a person does.
void correct(ProjectSession& session, const Stream& stream) {
    session.commit([&](const EditStamp& stamp) {
        schemas::JointCorrection correction;
        correction.id = session.ids().fresh<schemas::JointCorrectionId>();
        correction.stream = stream.id;
        correction.begin_frame = 3;
        correction.end_frame = 4;
        correction.points = {{1, 2, 0, 1}};
        correction.author = stamp.author.name;
        correction.edit = stamp.edit;
        correction.time = stamp.time;
        return schemas::Edit{"Correct", {schemas::RowChange<schemas::JointCorrection>{std::nullopt, correction}}};
    });
}

}  // namespace

TEST_CASE("an estimator finds the dots of every frame of a video within a fraction of a pixel") {
    const TemporaryFolder folder;
    const DotFilm film;
    write_dots(folder, "r/walk.mkv", film);
    ProjectSession session = imported_project(folder);
    for (const auto& [card, batch] : {std::pair(dot_card(160, 120), 1), std::pair(dot_card(128, 128), 7)}) {
        PoseEstimator estimator = dot_estimator(folder, card);
        EstimateOptions options;
        options.batch = batch;
        options.earlier = EstimateOptions::Earlier::replace;
        const EstimateResult result = estimated(session, estimator, options);
        REQUIRE(result.videos.size() == 1);
        CHECK(result.left_out.empty());
        CHECK(result.videos[0].frames == 20);
        CHECK(result.videos[0].seen == 20);
        const Stream& stream = *key_points_of(session.document());
        CHECK(farthest_off(stream_motion(session, stream), film) < 0.5);
        const auto& asked = dynamic_cast<DotFinder&>(*estimator.network).asked;
        CHECK(asked.size() == (batch == 1 ? 20 : 3));
        CHECK(asked.back()[0] == (batch == 1 ? 1 : 6));
    }
}

TEST_CASE("estimated key-points are a stream of the take, with the video's times and where they came from") {
    const TemporaryFolder folder;
    DotFilm film;
    for (int frame = 0; frame < film.frames; ++frame) film.pts.push_back(33 * frame + frame * frame % 7);
    write_dots(folder, "r/walk.mkv", film);
    ProjectSession session = imported_project(folder);
    const Document before = session.document();
    PoseEstimator estimator = dot_estimator(folder, dot_card(160, 120));
    const EstimateResult result = estimated(session, estimator);
    const Stream stream = *key_points_of(session.document());
    const Stream video = *reference_stream(session.document(), stream.take);
    CHECK(stream.id == result.videos[0].stream);
    CHECK(stream.role == schemas::StreamRole::aligned);
    CHECK(stream.frames == video.frames);
    CHECK(stream.layout == "coco17");
    CHECK(stream.rate() == video.rate());
    CHECK(session.store().frame_times(stream).seconds == session.store().frame_times(video).seconds);
    CHECK(storage::skeleton_format_named(stream.format) != nullptr);
    const auto file = session.store().resolved_path(stream.path);
    CHECK(storage::sha256_of_file(file) == stream.sha256);
    const auto source = storage::source_of_estimate(file);
    CHECK(source.estimator == "dots.pt");
    CHECK(source.estimator_sha256 == std::string(64, 'd'));
    CHECK(source.card == dot_card(160, 120));
    CHECK(source.video_sha256 == video.sha256);
    CHECK(session.store().log().all().back().edit.title.find("dots.pt, SHA-256 dddd") != std::string::npos);

    // Training and the editor see them as they see any key-points.
    const Motions motions = load_motions(session, {}).value();
    REQUIRE(motions.by_take.size() == 1);
    CHECK(farthest_off(*motions.by_take.begin()->second.front().skeleton, film) < 0.5);
    CHECK(verify_project(session, {}).value().empty());

    session.undo();
    CHECK(session.document() == before);
    session.redo();
    CHECK(farthest_off(stream_motion(session, *key_points_of(session.document())), film) < 0.5);
}

TEST_CASE("following a person shows what is around them, and finds the same places") {
    const TemporaryFolder folder;
    DotFilm film;
    film.width = 320;
    film.height = 240;
    write_dots(folder, "r/walk.mkv", film);
    ProjectSession session = imported_project(folder);
    PoseEstimator estimator =
        dot_estimator(folder, dot_card(96, 96, R"(, "crop": {"policy": "follow", "margin": 0.2})"));
    const EstimateResult result = estimated(session, estimator);
    CHECK(result.videos[0].seen == 20);
    CHECK(farthest_off(stream_motion(session, *key_points_of(session.document())), film) < 0.7);
    // The first frame is looked at twice.
    CHECK(dynamic_cast<DotFinder&>(*estimator.network).asked.size() == 21);
}

TEST_CASE("pixels that are not square are shown in their proportions and found where they are stored") {
    const TemporaryFolder folder;
    DotFilm film;
    film.aspect_numerator = 2;
    write_dots(folder, "r/walk.mp4", film);
    ProjectSession session = imported_project(folder);
    PoseEstimator estimator = dot_estimator(folder, dot_card(256, 256));
    estimated(session, estimator);
    CHECK(farthest_off(stream_motion(session, *key_points_of(session.document())), film) < 0.5);
}

TEST_CASE("key-points that are there already are made again only where asked for, and never over corrections") {
    const TemporaryFolder folder;
    write_dots(folder, "r/walk.mkv", {});
    ProjectSession session = imported_project(folder);
    PoseEstimator first = dot_estimator(folder, dot_card(160, 120)), second = dot_estimator(folder, dot_card(80, 60));
    estimated(session, first);
    const Stream made = *key_points_of(session.document());

    const EstimateResult again = estimated(session, first);
    CHECK(again.videos.empty());
    REQUIRE(again.left_out.size() == 1);
    CHECK(again.left_out[0].reason.find("has the key-points of this estimator already") == 0);
    CHECK_FALSE(again.in_part());
    const EstimateResult other = estimated(session, second);
    CHECK(other.in_part());
    CHECK(other.left_out.at(0).reason.find("--replace") != std::string::npos);
    CHECK(*key_points_of(session.document()) == made);

    EstimateOptions replace;
    replace.earlier = EstimateOptions::Earlier::replace;
    CHECK(estimated(session, second, replace).videos.size() == 1);
    const Stream replaced = *key_points_of(session.document());
    CHECK(replaced.id != made.id);
    session.undo();
    CHECK(*key_points_of(session.document()) == made);
    session.redo();

    correct(session, replaced);
    const Document before = session.document();
    const EstimateResult refused = estimated(session, first, replace);
    CHECK(refused.videos.empty());
    CHECK(refused.left_out.at(0).reason.find("that a person has corrected; they stay") != std::string::npos);
    CHECK(session.document() == before);
}

TEST_CASE("imported key-points and skeletons in metres stay, and go before estimated ones") {
    const TemporaryFolder folder;
    write_dots(folder, "r/walk.mkv", {});
    ProjectSession session = imported_project(folder);
    PoseEstimator estimator = dot_estimator(folder, dot_card(160, 120));
    estimated(session, estimator);
    // A skeleton in metres of the same take and performer, in whatever order the rows lie.
    const Stream estimate = *key_points_of(session.document());
    Stream metres = estimate;
    metres.format = "msr-skeleton";
    metres.path = session.store().stored_path(write_file(folder, "m/a01_s01_e01_skeleton3D.txt", msr_lines(20, 0)));
    metres.sha256 = storage::sha256_of_file(session.store().resolved_path(metres.path));
    metres.layout = "msr20";
    for (int round = 0; round < 4; ++round) {
        metres.id = session.ids().fresh<schemas::StreamId>();
        const ImportExtras extras{{{metres.id, session.store().frame_table(estimate.id), std::nullopt}}, {}};
        session.commit_import(
            [&](const EditStamp&) {
                return schemas::Edit{"Add", {schemas::RowChange<Stream>{std::nullopt, metres}}};
            },
            extras);
        const Motions motions = load_motions(session, {}).value();
        CHECK(motions.by_take.begin()->second.front().skeleton->layout->name == "msr20");
        session.undo();
    }
    Stream imported = estimate;
    imported.format = "sleap-keypoints";
    imported.path = "walk.slp";
    session.commit_import(
        [&](const EditStamp&) {
            return schemas::Edit{"Change", {schemas::RowChange<Stream>{estimate, imported}}};
        },
        {});
    EstimateOptions replace;
    replace.earlier = EstimateOptions::Earlier::replace;
    const EstimateResult result = estimated(session, estimator, replace);
    CHECK(result.videos.empty());
    CHECK(result.left_out.at(0).reason == "has key-points already, from walk.slp; they stay");
}

TEST_CASE("stopping an estimation keeps what is finished and adds nothing else") {
    const TemporaryFolder folder;
    write_dots(folder, "r/a.mkv", {});
    DotFilm wide;
    wide.width = 176;
    write_dots(folder, "r/b.mkv", wide);
    ProjectSession session = imported_project(folder);
    PoseEstimator estimator = dot_estimator(folder, dot_card(160, 120));
    std::stop_source stop;
    JobContext job;
    job.stop = stop.get_token();
    std::vector<double> told;
    job.report = [&](const Progress& progress) {
        told.push_back(progress.done);
        CHECK(progress.total == 40);
        if (progress.done >= 27) stop.request_stop();
    };
    CHECK_FALSE(estimate_poses(session, estimator, {}, job));
    CHECK(std::ranges::is_sorted(told));
    CHECK(session.document().rows<Stream>().size() == 3);
    const EstimateResult rest = estimated(session, estimator);
    CHECK(rest.videos.size() == 1);
    CHECK(rest.videos[0].take == "b");
    CHECK(rest.left_out.size() == 1);
}

TEST_CASE("an estimator that fails, or answers otherwise than its card says, is told with the frame") {
    class Failing final : public inference::ScriptedNetwork {
    public:
        [[nodiscard]] inference::NetworkAnswer answer(std::span<const float>,
                                                      const std::array<std::int64_t, 4>&) override {
            if (++asked_ == 5) throw std::runtime_error("dots.pt: the estimator failed: no person");
            return {{1, 3, 1, 1}, {1, 1, 1}};
        }

    private:
        int asked_ = 0;
    };
    const TemporaryFolder folder;
    write_dots(folder, "r/walk.mkv", {});
    ProjectSession session = imported_project(folder);
    const Document before = session.document();
    PoseEstimator estimator = dot_estimator(folder, dot_card(160, 120));
    estimator.network = std::make_unique<Failing>();
    CHECK_THROWS_WITH((void)estimated(session, estimator), "frame 4: dots.pt: the estimator failed: no person");
    estimator.network = std::make_unique<DotFinder>();
    estimator.card.joint_of_channel.push_back(4);
    CHECK_THROWS_WITH((void)estimated(session, estimator),
                      "frame 0: the estimator answered with numbers of the shape [1, 3, 120, 160], where its card says "
                      "heat-maps, [1, 4, rows, columns]");
    CHECK(session.document() == before);
    CHECK_FALSE(std::filesystem::exists(session.store().folder() / "keypoints"));
}

TEST_CASE("takes without a video, and projects without one, are told") {
    const TemporaryFolder folder;
    write_file(folder, "r/a01_s01_e01_skeleton3D.txt", msr_lines(30, 1));
    ProjectSession session = imported_project(folder);
    PoseEstimator estimator = dot_estimator(folder, dot_card(160, 120));
    CHECK_THROWS_AS((void)estimated(session, estimator), std::invalid_argument);
    EstimateOptions options;
    options.takes = {"no such take"};
    CHECK_THROWS_WITH((void)estimated(session, estimator, options), "there is no take 'no such take'");
    options.takes = {session.document().rows<schemas::Take>().begin()->second.name};
    CHECK(estimated(session, estimator, options).left_out.at(0).reason == "has no video");
}

TEST_CASE("opening an estimator reads its card first and warns before the program runs") {
    const TemporaryFolder folder;
    std::vector<std::string> warnings;
    const auto warn = [&](const std::string& warning) { warnings.push_back(warning); };
    const auto program = write_file(folder, "dots.pt", "no program"), card = write_file(folder, "card.json", "{}");
    CHECK_THROWS_AS((void)open_estimator({program, card}, warn), storage::ReadError);
    CHECK(warnings.empty());
    write_file(folder, "card.json", dot_card(64, 64));
    CHECK_THROWS_AS((void)open_estimator({program, card}, warn), std::runtime_error);
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0].starts_with("WARNING: " + program.string() + " is a program."));
    CHECK(warnings[0].find(storage::sha256_of("no program")) != std::string::npos);
    CHECK_THROWS_AS((void)open_estimator({folder.path() / "gone.pt", card}, warn), storage::ReadError);
    CHECK(warnings.size() == 1);
}

}  // namespace annotator
