#include "annotator/workflows/stream_proposals.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/edit_script.h"
#include "annotator/workflows/labelled_streams.h"
#include "tests/annotator/small_recordings.h"

namespace annotator {
namespace {

using nlohmann::json;
using schemas::FrameSpan;
using schemas::LabelId;
using tests::project_of_four;
using tests::TemporaryFolder;

constexpr const char* clip_name = "a01_s01_e01";

void perform(ProjectSession& session, const json& script) { REQUIRE(run_edit_script(session, script).failed.empty()); }

json drawn(const std::string& clip, const std::string& label, int begin, int end) {
    return {{"do", "draw"}, {"clip", clip}, {"label", label}, {"span", {begin, end}}};
}

const schemas::Track& category(const ProjectSession& session) { return require_track(session.document(), "category"); }

LabelId label_of(const ProjectSession& session, const std::string& name) {
    return label_named(session.document(), category(session).id, name)->id;
}

// Cut at frames 15 and 20 of every stretch that they lie in, the latter hardly.
std::optional<std::vector<inference::BoundaryProposal>> at_15_and_20(const schemas::Clip&, const TakeMotion&,
                                                                     FrameSpan stretch, const std::stop_token&) {
    std::vector<inference::BoundaryProposal> boundaries;
    for (const inference::BoundaryProposal& each :
         {inference::BoundaryProposal{15, 0.9}, inference::BoundaryProposal{20, 0.2}})
        if (each.frame > stretch.begin && each.frame < stretch.end) boundaries.push_back(each);
    return boundaries;
}

TrainingSnapshot stream_snapshot(ProjectSession& session, std::optional<std::set<schemas::ClipId>> only) {
    PoolOptions options;
    options.unit = LabelUnit::frame;
    options.only = std::move(only);
    return training_snapshot(session, load_motions(session, {}).value(), options, {}, at_15_and_20).value();
}

std::set<schemas::ClipId> one_clip(const ProjectSession& session) {
    return {clip_named(session.document(), clip_name)->id};
}

// Says "02" of spans from frame 15 on, with that certainty, and remembers what it was asked.
struct Model {
    double certainty = 0.8;
    std::vector<FrameSpan> asked;

    StreamAsk ask(ProjectSession& session) {
        StreamAsk ask;
        ask.labels = {label_of(session, "01"), LabelId{0}, label_of(session, "02")};
        std::vector<std::string> notes;
        ask.known = labelled_streams(session.document(), stream_snapshot(session, {}), notes);
        ask.ask = [this](schemas::ClipId, const auto& skeleton, std::span<const FrameSpan> spans) {
            CHECK(skeleton->frames() == 30);
            std::vector<float> rows;
            for (const FrameSpan span : spans) {
                asked.push_back(span);
                const auto late = static_cast<float>(span.begin >= 15 ? certainty : 1 - certainty);
                // Half of it goes to a label that the project does not have.
                rows.insert(rows.end(), {(1 - late) / 2, 0.5F, late / 2});
            }
            return std::optional(rows);
        };
        return ask;
    }
};

}  // namespace

TEST_CASE("a stream is proposed in the segments between its boundaries, without what is labelled") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder, schemas::LayerKind::truth);
    perform(session, json::array({drawn(clip_name, "01", 5, 12)}));
    const TrainingSnapshot snapshot = stream_snapshot(session, one_clip(session));
    Model model;
    const auto proposals = stream_proposals(session.document(), snapshot, model.ask(session), {}).value();
    REQUIRE(proposals.size() == 3);
    CHECK(proposals[0].span == FrameSpan{0, 5});
    CHECK(proposals[1].span == FrameSpan{12, 15});
    // Equal neighbours were joined over the weak boundary at 20, and asked about again.
    CHECK(proposals[2].span == FrameSpan{15, 30});
    CHECK(proposals[2].boundary_score == 0.9);
    CHECK(model.asked.back() == FrameSpan{15, 30});
    CHECK(std::ranges::find(model.asked, FrameSpan{5, 12}) == model.asked.end());
    CHECK(proposals[2].top.front().label == label_of(session, "02"));
    CHECK(proposals[0].top.front().label == label_of(session, "01"));
    CHECK(proposals[2].top.size() == 2);  // labels of the project alone
    CHECK(proposals[2].top[0].score + proposals[2].top[1].score == doctest::Approx(1));
}

TEST_CASE("labels beside a stretch speak about it by which label follows which") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder, schemas::LayerKind::truth);
    // 02 is always followed by 01.
    json script = json::array();
    for (const char* clip : {"a01_s02_e01", "a02_s01_e01", "a02_s02_e01"})
        for (int begin = 0; begin < 30; begin += 6)
            script.push_back(drawn(clip, begin % 12 == 0 ? "02" : "01", begin, begin + 6));
    script.push_back(drawn(clip_name, "02", 9, 15));
    perform(session, script);
    const TrainingSnapshot snapshot = stream_snapshot(session, one_clip(session));
    Model model{.certainty = 0.55, .asked = {}};
    StreamAsk ask = model.ask(session);
    ask.grammar_weight = 0;
    const auto alone = stream_proposals(session.document(), snapshot, ask, {}).value();
    REQUIRE(alone.size() == 2);
    CHECK(alone[1].span == FrameSpan{15, 30});
    CHECK(alone[1].top.front().label == label_of(session, "02"));
    ask.grammar_weight = 0.5;
    const auto together = stream_proposals(session.document(), snapshot, ask, {}).value();
    REQUIRE(together.size() == 2);
    CHECK(together[1].top.front().label == label_of(session, "01"));
}

TEST_CASE("a segment that was moved is labelled with its neighbours, as a stream is") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder, schemas::LayerKind::truth);
    json script = json::array();
    for (const char* clip : {clip_name, "a01_s02_e01", "a02_s01_e01", "a02_s02_e01"})
        for (int begin = 0; begin < 30; begin += 6)
            script.push_back(drawn(clip, begin % 12 == 0 ? "02" : "01", begin, begin + 6));
    perform(session, script);
    const Document& document = session.document();
    const schemas::Clip& clip = *clip_named(document, clip_name);
    const auto labels = std::vector{label_of(session, "01"), label_of(session, "02")};
    for (const auto& [id, segment] : document.rows<schemas::Segment>()) {
        if (segment.clip != clip.id || segment.begin_frame != 12) continue;  // between two of 01
        const std::vector<std::vector<float>> undecided{{0.6F, 0.4F}, {0.5F, 0.5F}};
        CHECK(labels_among_neighbours(document, segment, undecided, labels, 0).front().label == labels[0]);
        const auto together = labels_among_neighbours(document, segment, undecided, labels, 0.5);
        CHECK(together.front().label == labels[1]);
        CHECK(together.front().score > 0.5);
        CHECK(labels_among_neighbours(document, segment, {{0.99F, 0.01F}}, labels, 0.3).front().label == labels[0]);
        CHECK(labels_among_neighbours(document, segment, undecided, {LabelId{0}, LabelId{0}}).empty());
        CHECK(labels_among_neighbours(document, segment, {}, labels).empty());
    }
}

TEST_CASE("labelled streams are whole clips, and a label that overlaps another is noted and left out") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder, schemas::LayerKind::truth);
    perform(session, json::array({drawn(clip_name, "01", 5, 12), drawn(clip_name, "02", 20, 30)}));
    TrainingSnapshot snapshot = stream_snapshot(session, {});
    std::vector<std::string> notes;
    const auto streams = labelled_streams(session.document(), snapshot, notes);
    REQUIRE(streams.size() == 1);
    CHECK(streams[0].stream.span == FrameSpan{0, 30});
    CHECK(streams[0].stream.labels == std::vector<inference::LabelledSpan>{{{5, 12}, 0}, {{20, 30}, 1}});
    CHECK(notes.empty());
    snapshot.samples[snapshot.labelled()[1]].span = {10, 30};
    snapshot.origins[snapshot.labelled()[1]].span = {10, 30};
    const auto without = labelled_streams(session.document(), snapshot, notes);
    CHECK(without[0].stream.labels == std::vector<inference::LabelledSpan>{{{5, 12}, 0}});
    REQUIRE(notes.size() == 1);
    CHECK(notes[0].find("overlaps another label") != std::string::npos);
}

}  // namespace annotator
