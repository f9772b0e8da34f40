#include "annotator/workflows/ingest.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"
#include "storage/formats/utf8.h"
#include "tests/annotator/small_recordings.h"
#include "tests/support/depth_files.h"

namespace annotator {
namespace {

using schemas::Clip;
using schemas::Stream;
using schemas::Take;
using tests::empty_project;
using tests::ingest_of;
using tests::msr_lines;
using tests::TemporaryFolder;
using tests::write_file;

IngestResult imported(ProjectSession& session, const IngestOptions& options) {
    return ingest(session, options, {}).value();
}

// Depth of `frames` pictures of 2x1 pixels.
std::string depth(std::int32_t frames) {
    std::vector<std::int32_t> values{frames, 2, 1};
    values.resize(3 + 2 * static_cast<std::size_t>(frames), 500);
    return tests::little_endian(values);
}

bool is_left_out(const IngestResult& result, const std::string& file, const std::string& reason) {
    return std::ranges::any_of(result.left_out, [&](const LeftOut& entry) {
        return entry.path.ends_with(file) && entry.reason.find(reason) != std::string::npos;
    });
}

bool is_reported(const IngestResult& result, const std::string& file, const std::string& what) {
    return std::ranges::any_of(result.problems, [&](const storage::StoredProblem& stored) {
        return stored.path.ends_with(file) && stored.problem.what.find(what) != std::string::npos;
    });
}

}  // namespace

TEST_CASE("skeleton and depth of one name are one take, numbered by its depth") {
    const TemporaryFolder folder;
    write_file(folder, "r/a01_s02_e03_skeleton3D.txt", msr_lines(5));
    write_file(folder, "r/d_a01_s02_e03_sdepth.bin", depth(5));
    ProjectSession session = empty_project(folder);
    const IngestResult result = imported(session, ingest_of(folder.path() / "r", "msr"));
    CHECK(result.takes_added == 1);
    CHECK(result.streams_added ==
          std::map<std::string, std::size_t>{{"audio", 0}, {"depth", 1}, {"skeleton", 1}, {"video", 0}});
    CHECK(result.takes_with_depth_aligned == 1);
    CHECK(result.problems.empty());
    CHECK(!result.in_part());
    const Clip& clip = session.document().rows<Clip>().begin()->second;
    CHECK(clip.name == "a01_s02_e03");
    CHECK(clip.span() == schemas::FrameSpan{0, 5});
    const Stream* reference = reference_stream(session.document(), clip.take);
    REQUIRE(reference != nullptr);
    CHECK(reference->kind == schemas::StreamKind::depth);
    CHECK(reference->rate() == schemas::FrameRate{15, 1});
}

TEST_CASE("streams of one take with different numbers of frames are reported and not aligned") {
    const TemporaryFolder folder;
    write_file(folder, "r/a01_s02_e03_skeleton3D.txt", msr_lines(5));
    write_file(folder, "r/a01_s02_e03_sdepth.bin", depth(4));
    ProjectSession session = empty_project(folder);
    const IngestResult result = imported(session, ingest_of(folder.path() / "r", "msr"));
    CHECK(result.takes_with_depth_aligned == 0);
    CHECK(is_reported(result, "_skeleton3D.txt", "has 5 frames where take a01_s02_e03 has 4"));
}

TEST_CASE("a take without depth is named where other takes have it") {
    const TemporaryFolder folder;
    write_file(folder, "r/a01_s01_e01_skeleton3D.txt", msr_lines(5));
    write_file(folder, "r/a01_s01_e01_sdepth.bin", depth(5));
    write_file(folder, "r/a02_s01_e01_skeleton3D.txt", msr_lines(5, 1));
    ProjectSession session = empty_project(folder);
    const IngestResult result = imported(session, ingest_of(folder.path() / "r", "msr"));
    CHECK(is_reported(result, "a02_s01_e01", "has no depth"));
    CHECK(result.problems.size() == 1);
}

TEST_CASE("takes without depth are not named where few have it") {
    const TemporaryFolder folder;
    write_file(folder, "r/a01_s01_e01_skeleton3D.txt", msr_lines(5));
    write_file(folder, "r/a01_s01_e01_sdepth.bin", depth(5));
    write_file(folder, "r/a02_s01_e01_skeleton3D.txt", msr_lines(5, 1));
    write_file(folder, "r/a03_s01_e01_skeleton3D.txt", msr_lines(5, 2));
    ProjectSession session = empty_project(folder);
    CHECK(imported(session, ingest_of(folder.path() / "r", "msr")).problems.empty());
}

TEST_CASE("names give performers and categories, and categories become imported labels") {
    const TemporaryFolder folder;
    const ProjectSession session = tests::project_of_four(folder);
    const Document& document = session.document();
    CHECK(document.rows<schemas::Performer>().size() == 2);
    const auto* clip = clip_named(document, "a02_s01_e01");
    REQUIRE(clip != nullptr);
    const auto* track = track_named(document, "category");
    const auto labels = labels_of_clip(document, clip->id, track->id, std::nullopt);
    REQUIRE(labels.size() == 1);
    CHECK(labels.front().span() == clip->span());
    CHECK(labels.front().state == schemas::LabelState::imported);
    CHECK(document.at<schemas::Label>(labels.front().label).name == "02");
    CHECK(performer_group(document, *clip) == "01");
}

TEST_CASE("performers that danced together share a take by the same-take rule") {
    const TemporaryFolder folder;
    write_file(folder, "r/60_01_skeleton3D.txt", msr_lines(5));
    write_file(folder, "r/61_01_skeleton3D.txt", msr_lines(5, 1));
    write_file(folder, "r/61_02_skeleton3D.txt", msr_lines(5, 2));
    ProjectSession session = empty_project(folder);
    IngestOptions options = ingest_of(folder.path() / "r", "cmu");
    options.same_take = {{"60", "61"}};
    const IngestResult result = imported(session, options);
    CHECK(result.takes_added == 2);
    CHECK(result.streams_added.at("skeleton") == 3);
    const auto* pair = clip_named(session.document(), "60_01");
    REQUIRE(pair != nullptr);
    CHECK(performers_of(session.document(), pair->take).size() == 2);
    CHECK(performer_group(session.document(), *pair) == "60+61");
}

TEST_CASE("importing the same again changes nothing and says that it is there") {
    const TemporaryFolder folder;
    ProjectSession session = tests::project_of_four(folder);
    const Document before = session.document();
    const auto logged = session.journal().last_sequence;
    const IngestResult again = imported(session, ingest_of(folder.path() / "recordings", "msr"));
    CHECK(again.takes_added == 0);
    CHECK(again.left_out.size() == 4);
    CHECK(is_left_out(again, "a01_s01_e01_skeleton3D.txt", "is in the project already"));
    CHECK(!again.in_part());
    CHECK(session.document() == before);
    CHECK(session.journal().last_sequence == logged);
}

TEST_CASE("a second recording of one view is left out, and its frames are told apart") {
    const TemporaryFolder folder;
    write_file(folder, "r/one/a01_s01_e01_skeleton3D.txt", msr_lines(5));
    write_file(folder, "r/two/a01_s01_e01_skeleton3D.txt", msr_lines(7, 1));
    ProjectSession session = empty_project(folder);
    const IngestResult result = imported(session, ingest_of(folder.path() / "r", "msr"));
    CHECK(result.takes_added == 1);
    CHECK(result.streams_added.at("skeleton") == 1);
    REQUIRE(result.left_out.size() == 1);
    CHECK(result.left_out.front().reason.find("the take has this view already") != std::string::npos);
    CHECK(result.left_out.front().reason.find("frames there") != std::string::npos);
}

TEST_CASE("broken files are listed by name with the reason, and the others come in") {
    const TemporaryFolder folder;
    write_file(folder, "r/a01_s01_e01_skeleton3D.txt", msr_lines(5));
    write_file(folder, "r/a02_s01_e01_skeleton3D.txt", "");
    write_file(folder, "r/a03_s01_e01_skeleton3D.txt", "1 2 x 4\n");
    write_file(folder, "r/a04_s01_e01_skeleton3D.txt", msr_lines(1).substr(0, 100));
    write_file(folder, "r/a05_s01_e01_sdepth.bin", depth(3).substr(0, 14));
    write_file(folder, "r/walk.bvh", std::string("ROOT\0\1\2", 7));
    write_file(folder, "r/walk.amc", "");
    write_file(folder, "r/notes.txt", "dance more");
    ProjectSession session = empty_project(folder);
    const IngestResult result = imported(session, ingest_of(folder.path() / "r"));
    CHECK(result.takes_added == 1);
    for (const char* file : {"a02_s01_e01_skeleton3D.txt", "a03_s01_e01_skeleton3D.txt", "a04_s01_e01_skeleton3D.txt",
                             "a05_s01_e01_sdepth.bin", "walk.bvh", "walk.amc"})
        CHECK_MESSAGE(is_left_out(result, file, ""), file);
    CHECK(is_left_out(result, "a03_s01_e01_skeleton3D.txt", "line 1"));
    CHECK(is_left_out(result, "notes.txt", "is no recording of a kind that is read here"));
    CHECK(result.in_part());
}

TEST_CASE("a text that is no recording is passed over and leaves the import whole") {
    const TemporaryFolder folder;
    write_file(folder, "r/a01_s01_e01_skeleton3D.txt", msr_lines(5));
    write_file(folder, "r/README", "hello");
    ProjectSession session = empty_project(folder);
    const IngestResult result = imported(session, ingest_of(folder.path() / "r"));
    CHECK(result.left_out.size() == 1);
    CHECK(!result.in_part());
}

TEST_CASE("motion without its skeleton file comes in with ordinary bones, and that is a problem") {
    const TemporaryFolder folder;
    write_file(folder, "r/05_01.amc", ":FULLY-SPECIFIED\n:DEGREES\n1\nroot 0 0 0 0 0 0\n2\nroot 0 0 0 0 0 0\n");
    ProjectSession session = empty_project(folder);
    const IngestResult result = imported(session, ingest_of(folder.path() / "r", "cmu"));
    CHECK((is_reported(result, "05_01.amc", ".asf") || is_left_out(result, "05_01.amc", "")));
}

TEST_CASE("frames without a skeleton are reported with where they are") {
    const TemporaryFolder folder;
    std::string dead;
    for (int line = 0; line < 40; ++line) dead += "0 0 0 0\n";
    write_file(folder, "r/a01_s01_e01_skeleton3D.txt", msr_lines(3) + dead + msr_lines(3));
    ProjectSession session = empty_project(folder);
    const IngestResult result = imported(session, ingest_of(folder.path() / "r", "msr"));
    REQUIRE(result.problems.size() == 1);
    CHECK(result.problems.front().problem.frames == schemas::FrameSpan{3, 5});
    CHECK(session.store().problems().size() == 1);
}

TEST_CASE("names may be of any script, but must be UTF-8") {
    const TemporaryFolder folder;
    write_file(folder, "r/舞蹈_skeleton3D.txt", msr_lines(5));
    write_file(folder, "r/\xff\xfe_skeleton3D.txt", msr_lines(5, 1));
    ProjectSession session = empty_project(folder);
    const IngestResult result = imported(session, ingest_of(folder.path() / "r"));
    CHECK(result.takes_added == 1);
    CHECK(clip_named(session.document(), "舞蹈") != nullptr);
    REQUIRE(result.left_out.size() == 1);
    CHECK(result.left_out.front().reason == "has a name that is not UTF-8; rename it");
}

TEST_CASE("a name that does not fit the pattern is an error that names the pattern") {
    const TemporaryFolder folder;
    write_file(folder, "r/walk_skeleton3D.txt", msr_lines(5));
    ProjectSession session = empty_project(folder);
    const IngestResult result = imported(session, ingest_of(folder.path() / "r", "msr"));
    CHECK(is_left_out(result, "walk_skeleton3D.txt", "does not fit the pattern 'msr'"));
    CHECK(result.takes_added == 0);
}

TEST_CASE("folders and files that are not there are listed, and links that lead back end") {
    const TemporaryFolder folder;
    write_file(folder, "r/a01_s01_e01_skeleton3D.txt", msr_lines(5));
    std::filesystem::create_directory_symlink(folder.path() / "r", folder.path() / "r" / "self");
    ProjectSession session = empty_project(folder);
    IngestOptions options = ingest_of(folder.path() / "r");
    options.paths.push_back(folder.path() / "absent");
    const IngestResult result = imported(session, options);
    CHECK(result.takes_added == 1);
    CHECK(is_left_out(result, "absent", "does not exist"));
}

TEST_CASE("a project among the recordings is passed over") {
    const TemporaryFolder folder;
    write_file(folder, "a01_s01_e01_skeleton3D.txt", msr_lines(5));
    ProjectSession session = empty_project(folder);
    const IngestResult result = imported(session, ingest_of(folder.path()));
    CHECK(result.takes_added == 1);
    CHECK(is_left_out(result, "project", "is a project"));
    CHECK(!result.in_part());
}

TEST_CASE("one format alone is read when it is named, and an unknown one is refused") {
    const TemporaryFolder folder;
    write_file(folder, "r/a01_s01_e01_skeleton3D.txt", msr_lines(5));
    write_file(folder, "r/a01_s01_e01_sdepth.bin", depth(5));
    ProjectSession session = empty_project(folder);
    IngestOptions options = ingest_of(folder.path() / "r");
    options.format = "msr-depth-bin";
    CHECK(imported(session, options).streams_added.at("skeleton") == 0);
    options.format = "nonsense";
    CHECK_THROWS_AS(imported(session, options), std::invalid_argument);
}

TEST_CASE("a stopped import leaves nothing behind") {
    const TemporaryFolder folder;
    write_file(folder, "r/a01_s01_e01_skeleton3D.txt", msr_lines(5));
    ProjectSession session = empty_project(folder);
    const Document before = session.document();
    std::stop_source stop;
    stop.request_stop();
    JobContext job;
    job.stop = stop.get_token();
    CHECK(!ingest(session, ingest_of(folder.path() / "r"), job));
    CHECK(session.document() == before);
}

TEST_CASE("an import is one step of undo") {
    const TemporaryFolder folder;
    ProjectSession session = tests::project_of_four(folder);
    session.undo();
    CHECK(session.document().rows<Take>().empty());
    CHECK(session.document().rows<schemas::Segment>().empty());
    session.redo();
    CHECK(session.document().rows<Clip>().size() == 4);
}

TEST_CASE("recordings are kept relative to the project, so that both can move together") {
    const TemporaryFolder folder;
    ProjectSession session = tests::project_of_four(folder);
    for (const auto& [id, stream] : session.document().rows<Stream>()) CHECK(stream.path.starts_with("../recordings/"));
}

}  // namespace annotator
