#include "annotator/workflows/key_points.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

#include "annotator/document/corrections.h"
#include "annotator/document/queries.h"
#include "annotator/workflows/depth_takes.h"
#include "annotator/workflows/motion_source.h"
#include "annotator/workflows/synth/synth_writer.h"
#include "storage/skeleton/layout_registry.h"
#include "tests/annotator/small_recordings.h"

namespace annotator {
namespace {

using schemas::Stream;
using schemas::StreamKind;
using tests::TemporaryFolder;

constexpr double millimetre = 0.001;  // the unit of synthetic depth, which its files do not say

// Six takes of drawn dance by three performers, with depth and skeleton; the skeletons of the last `without` are
// removed.
ProjectSession depth_project(const TemporaryFolder& folder, int without = 2) {
    synth::SynthOptions options;
    options.clips = 6;
    options.performers = 3;
    options.categories = 2;
    options.depth = synth::Recorded::all;
    synth::write_synthetic_dataset(folder.path() / "r", options, storage::layout_named("msr20"), {}, {});
    auto skeletons = tests::files_below(folder.path() / "r", ".txt");
    std::erase_if(skeletons, [](const auto& file) { return !file.filename().string().ends_with("_skeleton3D.txt"); });
    std::ranges::sort(skeletons);
    for (int i = 0; i < without; ++i)
        std::filesystem::remove(skeletons[skeletons.size() - 1 - static_cast<std::size_t>(i)]);
    ProjectSession session = tests::empty_project(folder);
    ingest(session, tests::ingest_of(folder.path() / "r" / "clips", "msr"), {}).value();
    return session;
}

std::vector<const Stream*> skeletons_of(const Document& document, const std::string& format = "") {
    std::vector<const Stream*> found;
    for (const auto& [id, stream] : document.rows<Stream>())
        if (stream.kind == StreamKind::skeleton && (format.empty() || stream.format == format))
            found.push_back(&stream);
    return found;
}

LearnKeyPointsOptions few_steps() {
    LearnKeyPointsOptions options;
    options.training.steps = 2;
    options.training.batch = 2;
    options.training.frames = 4;
    options.training.threads = 1;
    options.validation = LearnKeyPointsOptions::Validation::skip;
    options.metres_per_value = millimetre;
    return options;
}

bool has_module() {
    try {
        inference::engine();
        return true;
    } catch (const std::runtime_error& error) {
        MESSAGE(std::string(error.what()));
        return false;
    }
}

DepthTakes loaded(ProjectSession& session, const DepthTakesWanted& wanted) {
    return load_depth_takes(session, wanted, {}).value();
}

}  // namespace

TEST_CASE("takes with depth and skeleton are learnt from, those without skeleton are asked about") {
    const TemporaryFolder folder;
    ProjectSession session = depth_project(folder);
    DepthTakesWanted wanted;
    wanted.metres_per_value = millimetre;
    const DepthTakes known = loaded(session, wanted);
    CHECK(known.notes.empty());
    REQUIRE(known.takes.size() == 4);
    for (const DepthTake& take : known.takes) {
        REQUIRE(take.pose.truth != nullptr);
        CHECK(take.pose.truth->frames() == take.pose.frames());
        REQUIRE(take.pose.crop.has_value());
        // Joints lie in the square that was found in the depth alone.
        const Eigen::Vector3f place = take.pose.crop->crop_from_point(take.pose.truth->at(0, 6), take.pose.camera);
        CHECK(place.cwiseAbs().maxCoeff() < 1);
    }
    wanted.purpose = DepthTakesWanted::Purpose::asked_about;
    const DepthTakes unknown = loaded(session, wanted);
    REQUIRE(unknown.takes.size() == 2);
    for (const DepthTake& take : unknown.takes) CHECK(take.pose.truth == nullptr);
}

TEST_CASE("a take that cannot be learnt from is named with the reason") {
    const TemporaryFolder folder;
    ProjectSession session = depth_project(folder, 5);
    DepthTakesWanted wanted;
    SUBCASE("the unit of its depth is not known") {
        const DepthTakes known = loaded(session, wanted);
        CHECK(known.takes.empty());
        REQUIRE(known.notes.size() == 1);
        CHECK(known.notes[0].find("--metres-per-value") != std::string::npos);
    }
    SUBCASE("its skeleton is somewhere else") {
        wanted.metres_per_value = 5 * millimetre;  // which puts the person five times as far away
        const DepthTakes known = loaded(session, wanted);
        CHECK(known.takes.empty());
        REQUIRE(known.notes.size() == 1);
        CHECK(known.notes[0].find("its skeleton is not where its depth shows the person") != std::string::npos);
    }
    SUBCASE("there is no such take") {
        wanted.takes = {"a99"};
        CHECK_THROWS_WITH_AS((void)load_depth_takes(session, wanted, {}), "there is no take 'a99'",
                             std::invalid_argument);
    }
}

TEST_CASE("key-points that a model found are a skeleton of the take, which undo takes away") {
    if (!has_module()) return;
    const TemporaryFolder folder;
    ProjectSession session = depth_project(folder);
    const auto learnt = learn_key_points(session, few_steps(), {});
    REQUIRE(learnt.has_value());
    CHECK(learnt->version.family == "lstm_cnn_pose");
    CHECK(learnt->metrics.at("takes") == 4);
    const std::size_t before = skeletons_of(session.document()).size();
    CHECK(before == 4);

    FindKeyPointsOptions wanted;
    wanted.metres_per_value = millimetre;
    wanted.smoothing_trust = 0.5;
    const auto found = find_key_points(session, wanted, {});
    REQUIRE(found.has_value());
    CHECK(found->notes.empty());
    CHECK(found->recordings.size() == 2);
    const auto streams = skeletons_of(session.document(), found_points_format);
    REQUIRE(streams.size() == 2);
    for (const Stream* stream : streams) {
        const Stream& reference = *reference_stream(session.document(), stream->take);
        CHECK(stream->frames == reference.frames);
        CHECK(stream->rate() == reference.rate());
        CHECK(stream->performer == reference.performer);
        CHECK(stream->layout == "msr20");
        const auto file = session.store().resolved_path(stream->path);
        CHECK(file.parent_path() == session.store().folder() / "key-points");
        const std::string text = tests::bytes_of(file);
        CHECK(text.find("note found by " + learnt->version.name) != std::string::npos);
        CHECK(text.find(reference.sha256) != std::string::npos);
        CHECK(stream_motion(session, *stream).frames() == stream->frames);
    }
    // They are motion like any other.
    CHECK(load_motions(session, {})->by_take.size() == 6);
    // A second time there is nothing to do.
    CHECK(find_key_points(session, wanted, {})->recordings.empty());
    CHECK(session.undo() == "Find key-points with " + learnt->version.name);
    CHECK(skeletons_of(session.document()).size() == before);
    session.redo();
    CHECK(skeletons_of(session.document()).size() == before + 2);
}

TEST_CASE("of what a model found, only what a person corrected is learnt from") {
    if (!has_module()) return;
    const TemporaryFolder folder;
    ProjectSession session = depth_project(folder);
    learn_key_points(session, few_steps(), {});
    FindKeyPointsOptions wanted;
    wanted.metres_per_value = millimetre;
    find_key_points(session, wanted, {});
    DepthTakesWanted all;
    all.metres_per_value = millimetre;
    CHECK(loaded(session, all).takes.size() == 4);

    const Stream& stream = *skeletons_of(session.document(), found_points_format).front();
    const Eigen::Vector3f before = stream_motion(session, stream).at(3, 6);
    schemas::JointCorrection correction;
    correction.id = session.ids().fresh<schemas::JointCorrectionId>();
    correction.stream = stream.id;
    correction.joint = 6;
    correction.begin_frame = 3;
    correction.end_frame = 4;
    correction.points = {{before.x() + 0.125F, before.y(), before.z(), 1}};
    session.commit([&](const EditStamp& stamp) {
        correction.author = stamp.author.name;
        correction.edit = stamp.edit;
        correction.time = stamp.time;
        return schemas::Edit{"Correct", {schemas::RowChange<schemas::JointCorrection>{std::nullopt, correction}}};
    });
    const DepthTakes known = loaded(session, all);
    REQUIRE(known.takes.size() == 5);
    const auto corrected = std::ranges::find(known.takes, stream.take, &DepthTake::take);
    REQUIRE(corrected != known.takes.end());
    const schemas::SkeletonSequence& truth = *corrected->pose.truth;
    CHECK(truth.at(3, 6).x() == before.x() + 0.125F);
    CHECK(std::ranges::count_if(truth.confidence, [](float confidence) { return confidence > 0; }) == 1);
    // Finding again leaves the take, and what was corrected, alone.
    CHECK(find_key_points(session, wanted, {})->recordings.empty());
    CHECK(stream_motion(session, stream).at(3, 6).x() == before.x() + 0.125F);
}

TEST_CASE("finding key-points without a model, or with one of another kind, is refused") {
    const TemporaryFolder folder;
    ProjectSession session = depth_project(folder, 1);
    CHECK_THROWS_WITH_AS((void)find_key_points(session, {}, {}), doctest::Contains("no model finds key-points yet"),
                         std::invalid_argument);
    schemas::ModelVersion other;
    other.id = session.ids().fresh<schemas::ModelId>();
    other.family = "tcn_clip";
    other.name = "steps";
    other.options = other.metrics = "{}";
    session.store().add_model(other);
    FindKeyPointsOptions wanted;
    wanted.model = "steps";
    CHECK_THROWS_WITH_AS((void)find_key_points(session, wanted, {}), doctest::Contains("classifies motion"),
                         std::invalid_argument);
}

TEST_CASE("learning key-points from no depth at all is refused") {
    if (!has_module()) return;
    const TemporaryFolder folder;
    ProjectSession session = tests::project_of_four(folder);
    CHECK_THROWS_WITH_AS((void)learn_key_points(session, few_steps(), {}),
                         doctest::Contains("no take has both depth and a skeleton"), std::invalid_argument);
}

TEST_CASE("what is stopped leaves neither model nor key-points behind") {
    if (!has_module()) return;
    const TemporaryFolder folder;
    ProjectSession session = depth_project(folder);
    learn_key_points(session, few_steps(), {});
    std::stop_source stop;
    JobContext job;
    job.stop = stop.get_token();
    job.report = [&](const Progress& progress) {
        if (progress.doing.starts_with("Finding") || progress.doing.starts_with("Training")) stop.request_stop();
    };
    FindKeyPointsOptions wanted;
    wanted.metres_per_value = millimetre;
    CHECK_FALSE(find_key_points(session, wanted, job).has_value());
    CHECK(skeletons_of(session.document()).size() == 4);
    CHECK(tests::files_below(session.store().folder(), ".points").empty());
    stop = std::stop_source();
    job.stop = stop.get_token();
    LearnKeyPointsOptions longer = few_steps();
    longer.training.steps = 1000;
    CHECK_FALSE(learn_key_points(session, longer, job).has_value());
    CHECK(session.store().models().size() == 1);
}

TEST_CASE("slow: what is learnt from two performers is measured on a third") {
    if (!has_module()) return;
    const TemporaryFolder folder;
    ProjectSession session = depth_project(folder, 0);
    LearnKeyPointsOptions options = few_steps();
    options.validation = LearnKeyPointsOptions::Validation::measure;
    options.training.steps = 60;
    const auto learnt = learn_key_points(session, options, {});
    const auto& measured = learnt->metrics.at("key_points");
    REQUIRE(measured.is_object());
    CHECK(measured.at("takes") == 2);
    CHECK(measured.at("rmse_n").get<double>() > 0);
    CHECK(measured.at("mpjpe_mm").get<double>() < 1000);
}

}  // namespace annotator
