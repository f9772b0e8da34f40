#include "annotator/session/playback_controller.h"

#include <doctest/doctest.h>

#include <random>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/make_proxies.h"
#include "annotator/workflows/synth/frame_number.h"
#include "tests/annotator/small_films.h"
#include "tests/annotator/viewing.h"

namespace annotator {
namespace {

using schemas::FrameIndex;
using tests::TemporaryFolder;
using tests::Viewing;
using Kind = ShownPicture::Kind;

ProjectSession film_project(const TemporaryFolder& folder, const std::vector<std::int64_t>& times) {
    tests::write_film(folder, {.name = "recordings/dance.mkv", .pts = times});
    ProjectSession session = tests::empty_project(folder);
    ingest(session, tests::ingest_of(folder.path() / "recordings"), {}).value();
    return session;
}

}  // namespace

TEST_CASE("an opened clip shows its first frame, and the number is the one in the picture") {
    const TemporaryFolder folder;
    Viewing viewing(tests::painted_project(folder, 90));
    REQUIRE(viewing.open("dance").settle());
    CHECK(viewing.model().frame == 0);
    CHECK(viewing.painted() == 0);
    CHECK(viewing.picture().kind == Kind::exact);
    CHECK(viewing.model().media->videos.front().index->size() == 90);
}

TEST_CASE("while a frame is on its way, the picture before keeps its own number") {
    const TemporaryFolder folder;
    Viewing viewing(tests::painted_project(folder, 240));
    REQUIRE(viewing.open("dance", 5).settle());
    std::mt19937 random(7);
    for (int i = 0; i < 40; ++i) {
        const FrameIndex wanted = std::uniform_int_distribution<FrameIndex>(0, 239)(random);
        viewing.ask(Seek{wanted});
        CHECK(viewing.number_is_painted());
        CHECK(viewing.model().seeking == (viewing.model().frame != wanted));
        REQUIRE(viewing.until([&] { return viewing.settled(); }, [&] { CHECK(viewing.number_is_painted()); }));
        CHECK(viewing.model().frame == wanted);
        CHECK_FALSE(viewing.model().seeking);
        CHECK(viewing.painted() == wanted);
    }
}

TEST_CASE("keys step by one frame, ten frames and a second of the table, and never beyond the ends") {
    const TemporaryFolder folder;
    Viewing viewing(tests::painted_project(folder, 90));
    REQUIRE(viewing.open("dance").settle());
    const auto after = [&](Action action) {
        viewing.ask(action);
        REQUIRE(viewing.settle());
        CHECK(viewing.painted() == viewing.model().frame);
        return viewing.model().frame;
    };
    CHECK(after(Action::step_forward) == 1);
    CHECK(after(Action::step_forward_ten) == 11);
    CHECK(after(Action::step_forward_second) == 41);
    CHECK(after(Action::step_back_second) == 11);
    CHECK(after(Action::step_back_ten) == 1);
    CHECK(after(Action::step_back) == 0);
    CHECK(after(Action::step_back) == 0);
    CHECK(after(Action::clip_end) == 89);
    CHECK(after(Action::step_forward_ten) == 89);
    CHECK(after(Action::clip_start) == 0);
}

TEST_CASE("a second is found by the times of the frames, not by a rate") {
    const TemporaryFolder folder;
    Viewing viewing(film_project(folder, tests::uneven_times()));
    REQUIRE(viewing.open("dance", 4).settle());  // at 0.5 s
    CHECK(viewing.ask(Action::step_forward_second).settle());
    CHECK(viewing.model().frame == 5);  // at 1.5 s
    CHECK(viewing.ask(Action::step_forward_second).settle());
    CHECK(viewing.model().frame == 9);  // 2.5 s is nearer to its 3 s than to 1.7 s
}

TEST_CASE("every picture that is shown while playing has its own number") {
    const TemporaryFolder folder;
    Viewing viewing(tests::painted_project(folder, 60));
    REQUIRE(viewing.open("dance").settle());
    viewing.ask(Action::play_pause);
    CHECK(viewing.model().playing);
    FrameIndex last = 0;
    REQUIRE(viewing.until([&] { return !viewing.model().playing && viewing.settled(); },
                          [&] {
                              CHECK(viewing.number_is_painted());
                              CHECK(viewing.model().frame >= last);
                              last = viewing.model().frame;
                          }));
    CHECK(viewing.model().frame == 59);
}

TEST_CASE("scrubbing shows previews of the very frame, which the exact picture replaces") {
    const TemporaryFolder folder;
    ProjectSession session = tests::painted_project(folder, 240);
    REQUIRE(make_proxies(session, {}, {})->made == 1);
    Viewing viewing(std::move(session));
    REQUIRE(viewing.open("dance").settle());
    int previews = 0;
    for (FrameIndex frame = 200; frame > 20; frame -= 13) {
        viewing.ask(Scrub{frame});
        CHECK(viewing.model().frame == frame);
        CHECK(viewing.painted() == frame);
        previews += viewing.picture().kind == Kind::preview ? 1 : 0;
    }
    CHECK(previews > 0);
    REQUIRE(viewing.settle());
    CHECK(viewing.picture().kind == Kind::exact);
    CHECK(viewing.painted() == viewing.model().frame);
}

TEST_CASE("a part of a take is played and stepped through within its span, and counts the take's frames") {
    const TemporaryFolder folder;
    ProjectSession session = tests::painted_project(folder, 90);
    tests::add_clip(session, "part", {30, 50});
    Viewing viewing(std::move(session));
    REQUIRE(viewing.open("part").settle());
    CHECK(viewing.painted() == 30);
    REQUIRE(viewing.ask(Action::step_back).settle());
    CHECK(viewing.painted() == 30);
    REQUIRE(viewing.ask(Seek{47}).settle());
    viewing.ask(Action::play_pause);
    REQUIRE(viewing.until([&] { return !viewing.model().playing && viewing.settled(); }));
    CHECK(viewing.painted() == 49);
    CHECK(viewing.model().frame == 49);
    viewing.ask(Action::play_pause);  // from the beginning again
    CHECK(viewing.until([&] { return viewing.model().frame < 40 && viewing.model().frame >= 30; }));
}

TEST_CASE("another part of the same take opens without loading anything again") {
    const TemporaryFolder folder;
    ProjectSession session = tests::painted_project(folder, 90);
    tests::add_clip(session, "part", {30, 50});
    Viewing viewing(std::move(session));
    REQUIRE(viewing.open("dance", 12).settle());
    const auto index = viewing.model().media->videos.front().index;
    REQUIRE(viewing.open("part").settle());
    CHECK(viewing.model().media->videos.front().index == index);
    CHECK(viewing.painted() == 30);
    REQUIRE(viewing.open("dance").settle());
    CHECK(viewing.painted() == 12);  // where it was left
}

TEST_CASE("a missing video says where it should be and what to do, and its frames can still be gone to") {
    const TemporaryFolder folder;
    ProjectSession session = tests::painted_project(folder, 90);
    const auto file = folder.path() / "recordings" / "dance.mp4";
    std::filesystem::remove(file);
    Viewing viewing(std::move(session));
    REQUIRE(viewing.open("dance").settle());
    const std::string problem = viewing.model().media->videos.front().problem;
    CHECK(problem.find(file.string()) != std::string::npos);
    CHECK(problem.find("relink") != std::string::npos);
    viewing.ask(Seek{40});
    CHECK(viewing.model().frame == 40);
    viewing.ask(Action::play_pause);
    CHECK(viewing.until([&] { return viewing.model().frame > 42; }));
}

TEST_CASE("a video that was cut off since its import says so instead of showing another frame") {
    const TemporaryFolder folder;
    ProjectSession session = tests::painted_project(folder, 90);
    const auto file = folder.path() / "recordings" / "dance.mp4";
    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
    Viewing viewing(std::move(session));
    REQUIRE(viewing.open("dance", 60).settle());
    CHECK(viewing.picture().kind == Kind::failed);
    CHECK(viewing.picture().problem.find("dance.mp4") != std::string::npos);
    CHECK(viewing.model().frame == 60);
}

TEST_CASE("a take of skeletons alone plays by its table of times, with its motion as a curve") {
    const TemporaryFolder folder;
    Viewing viewing(tests::project_of_four(folder));
    REQUIRE(viewing.open("a01_s01_e01").settle());
    REQUIRE(viewing.model().media->skeletons.size() == 1);
    CHECK(viewing.model().media->skeletons.front().sequence->frames() == 30);
    CHECK(viewing.until([&] { return viewing.model().media->motion_energy.size() == 30; }));
    viewing.ask(Seek{12});
    CHECK(viewing.model().frame == 12);
    viewing.ask(Action::play_pause);
    CHECK(viewing.until([&] { return viewing.model().frame > 14; }));
}

TEST_CASE("clips follow each other by name, and what was loaded for another one is dropped") {
    const TemporaryFolder folder;
    Viewing viewing(tests::project_of_four(folder));
    viewing.open("a01_s01_e01").ask(Action::next_clip).ask(Action::next_clip).ask(Action::previous_clip);
    REQUIRE(viewing.settle());
    CHECK(viewing.model().clip()->name == "a01_s02_e01");
    CHECK(viewing.model().media->clip == viewing.model().clip()->id);
    CHECK(viewing.model().media->skeletons.front().name == "a01_s02_e01_skeleton3D.txt");
    viewing.ask(Action::next_clip).ask(Action::next_clip).ask(Action::next_clip);
    CHECK(viewing.model().clip()->name == "a02_s02_e01");
}

TEST_CASE("shuttling, half speed and the chosen speed are what the transport plays at") {
    const TemporaryFolder folder;
    Viewing viewing(tests::painted_project(folder, 240));
    REQUIRE(viewing.open("dance", 100).settle());
    const auto speed_after = [&](const Intent& intent) {
        viewing.ask(intent);
        return viewing.model().speed;
    };
    CHECK(speed_after(Action::shuttle_forward) == 1);
    CHECK(speed_after(Action::shuttle_forward) == 2);
    CHECK(speed_after(Action::shuttle_forward) == 4);
    CHECK(speed_after(Action::shuttle_back) == 2);
    viewing.ask(Action::play_pause);
    CHECK_FALSE(viewing.model().playing);
    CHECK(speed_after(Action::shuttle_back) == -1);
    CHECK(speed_after(Action::half_speed_forward) == 0.5);
    CHECK(speed_after(Action::half_speed_back) == -0.5);
    CHECK(speed_after(SetSpeed{0.25}) == 0.25);
    viewing.ask(Action::play_pause).ask(Action::play_pause);
    CHECK(viewing.model().playing);
    CHECK(viewing.model().speed == 0.25);
}

TEST_CASE("a marked span is looped over and replayed once") {
    const TemporaryFolder folder;
    Viewing viewing(tests::painted_project(folder, 240));
    REQUIRE(viewing.open("dance").settle());
    viewing.ask(Action::loop_selection);
    CHECK_FALSE(viewing.playback().loop());
    CHECK_FALSE(viewing.model().state.notices.empty());
    viewing.ask(SetLoop{schemas::FrameSpan{50, 60}});
    CHECK(viewing.playback().loop() == schemas::FrameSpan{50, 60});
    viewing.ask(Action::loop_selection);
    CHECK_FALSE(viewing.playback().loop());
    viewing.ask(ReplaySpan{{100, 106}});
    CHECK(viewing.model().playing);
    REQUIRE(viewing.until([&] { return !viewing.model().playing && viewing.settled(); }));
    CHECK(viewing.model().frame == 100);
}

TEST_CASE("frames of any clip are drawn small, and are those frames") {
    const TemporaryFolder folder;
    Viewing viewing(tests::painted_project(folder, 90));
    const schemas::TakeId take = viewing.bench().document().rows<schemas::Take>().begin()->first;
    FramePictures& pictures = viewing.playback().frame_pictures();
    for (const FrameIndex frame : {44, 12, 13, 14, 80}) {
        REQUIRE(viewing.until([&] { return pictures.get(take, frame).picture != nullptr; }));
        CHECK(synth::read_frame_number(*pictures.get(take, frame).picture) == frame);
    }
}

TEST_CASE("a small picture that could not be made is made once its clip is chosen again") {
    const TemporaryFolder folder;
    ProjectSession session = tests::painted_project(folder, 30);
    const auto file = folder.path() / "recordings" / "dance.mp4", away = folder.path() / "away.mp4";
    std::filesystem::rename(file, away);
    Viewing viewing(std::move(session));
    REQUIRE(viewing.open("dance").settle());
    const schemas::TakeId take = viewing.bench().document().rows<schemas::Take>().begin()->first;
    FramePictures& pictures = viewing.playback().frame_pictures();
    REQUIRE(viewing.until([&] { return !pictures.get(take, 7).problem.empty(); }));
    std::filesystem::rename(away, file);
    CHECK_FALSE(pictures.get(take, 7).problem.empty());
    REQUIRE(viewing.open("dance").settle());
    REQUIRE(viewing.until([&] { return pictures.get(take, 7).picture != nullptr; }));
    CHECK(synth::read_frame_number(*pictures.get(take, 7).picture) == 7);
}

TEST_CASE("where a take cannot be planned, its small pictures say why, and only until they are forgotten") {
    int asked = 0;
    FramePictures pictures(
        [&](schemas::TakeId) -> TakePlan {
            ++asked;
            throw std::runtime_error("the database is busy");
        },
        [] {});
    for (int i = 0; i < 3; ++i) CHECK(pictures.get(schemas::TakeId{1}, 5).problem == "the database is busy");
    CHECK(asked == 1);
    pictures.forget();
    CHECK(pictures.get(schemas::TakeId{1}, 5).problem == "the database is busy");
    CHECK(asked == 2);
}

TEST_CASE("a missing sound says so, and choosing the clip again tries again") {
    const TemporaryFolder folder;
    tests::write_film(folder, {.name = "recordings/dance.mkv", .pts = tests::even_times(5)});
    // 100 samples of 16 bits.
    const std::string head("RIFF\xEC\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1F\0\0\x80\x3E\0\0\2\0\x10\0data\xC8\0\0\0",
                           44);
    const auto sound = folder.file("recordings/dance.wav", head + std::string(200, '\x11'));
    ProjectSession session = tests::empty_project(folder);
    ingest(session, tests::ingest_of(folder.path() / "recordings"), {}).value();
    std::filesystem::rename(sound, folder.path() / "away.wav");
    Viewing viewing(std::move(session));
    REQUIRE(viewing.open("dance").settle());
    REQUIRE(viewing.model().media->sound);
    CHECK(viewing.playback().sound_problem().find(sound.string()) != std::string::npos);
    std::filesystem::rename(folder.path() / "away.wav", sound);
    REQUIRE(viewing.open("dance").settle());
    CHECK(viewing.model().media->sound->problem.empty());
    CHECK(viewing.model().media->sound->index != nullptr);
}

TEST_CASE("a take without pictures has small drawings of its skeletons") {
    const TemporaryFolder folder;
    Viewing viewing(tests::project_of_four(folder));
    const schemas::TakeId take = viewing.bench().document().rows<schemas::Take>().begin()->first;
    FramePictures& pictures = viewing.playback().frame_pictures();
    REQUIRE(viewing.until([&] { return pictures.get(take, 3).picture != nullptr; }));
    const schemas::Picture& picture = *pictures.get(take, 3).picture;
    int drawn = 0;
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x) drawn += picture.pixel(x, y)[3] > 0 ? 1 : 0;
    CHECK(drawn > 100);
}

}  // namespace annotator
