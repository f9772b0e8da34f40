#include "annotator/document/stream_commands.h"

#include <doctest/doctest.h>

#include <limits>

#include "tests/support/project_builder.h"

namespace annotator {
namespace {

using schemas::Stream;
using schemas::StreamId;

Stream stream(std::int64_t id, const std::string& path, std::int64_t container_stream = 0) {
    Stream row;
    row.id = StreamId{id};
    row.take = schemas::TakeId{1};
    row.kind = schemas::StreamKind::video;
    row.role = id == 1 ? schemas::StreamRole::reference : schemas::StreamRole::aligned;
    row.path = path;
    row.container_stream = container_stream;
    return row;
}

// Take "walk" with front.mp4, and side.mp4 of two streams.
Document filmed() {
    tests::ProjectBuilder builder = tests::small_project();
    std::get<std::vector<Stream>>(builder.rows) = {stream(1, "r/front.mp4"), stream(2, "r/side.mp4", 0),
                                                   stream(3, "r/side.mp4", 1)};
    return Document(builder.rows);
}

}  // namespace

TEST_CASE("an alignment is set and taken back") {
    Document document = filmed();
    const Document before = document;
    const schemas::Edit edit = set_stream_alignment(document, {{StreamId{2}, {1.5, -2}}, {StreamId{3}, {1.5, -1}}});
    document.apply(edit);
    CHECK(document.at<Stream>(StreamId{2}).clock() == schemas::StreamClock{1.5, -2});
    CHECK(document.at<Stream>(StreamId{3}).clock() == schemas::StreamClock{1.5, -1});
    document.apply(schemas::inverse(edit));
    CHECK(document == before);
}

TEST_CASE("an alignment that is there already is no change") {
    const Document document = filmed();
    CHECK(set_stream_alignment(document, {{StreamId{2}, {1, 0}}}).changes.empty());
}

TEST_CASE("the reference and numbers that are no clock are refused") {
    const Document document = filmed();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    CHECK_THROWS_AS((void)set_stream_alignment(document, {{StreamId{1}, {1, 1}}}), EditConflict);
    CHECK_THROWS_AS((void)set_stream_alignment(document, {{StreamId{9}, {1, 1}}}), EditConflict);
    for (const schemas::StreamClock clock : {schemas::StreamClock{0, 1}, {-1, 1}, {infinity, 1}, {1, infinity}})
        CHECK_THROWS_AS((void)set_stream_alignment(document, {{StreamId{2}, clock}}), EditConflict);
}

TEST_CASE("a stream is called by its path, its file, and its number where a file holds several") {
    const Document document = filmed();
    const schemas::TakeId walk = take_named(document, "walk")->id;
    CHECK(stream_called(document, walk, "front.mp4").id == StreamId{1});
    CHECK(stream_called(document, walk, "r/front.mp4").id == StreamId{1});
    CHECK(stream_called(document, walk, "side.mp4#1").id == StreamId{3});
    CHECK(streams_called(document, walk, "side.mp4").size() == 2);
    CHECK_THROWS_WITH_AS((void)stream_called(document, walk, "side.mp4"), doctest::Contains("several streams"),
                         EditConflict);
    CHECK_THROWS_WITH_AS((void)stream_called(document, walk, "back.mp4"), doctest::Contains("r/side.mp4#1"),
                         EditConflict);
    CHECK(take_named(document, "nobody") == nullptr);
}

TEST_CASE("streams of a take stay in one order, whatever is changed about them") {
    Document document = filmed();
    document.apply(set_stream_alignment(document, {{StreamId{2}, {1, 3}}}));
    CHECK(document.streams(schemas::TakeId{1}) == std::vector{StreamId{1}, StreamId{2}, StreamId{3}});
}

TEST_CASE("moved recordings get their new path") {
    Document document = filmed();
    document.apply(relink_streams(document, {{StreamId{2}, "s/side.mp4"}, {StreamId{3}, "s/side.mp4"}}));
    CHECK(document.at<Stream>(StreamId{3}).path == "s/side.mp4");
    CHECK(relink_streams(document, {{StreamId{2}, "s/side.mp4"}}).changes.empty());
}

}  // namespace annotator
