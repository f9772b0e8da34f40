#include "tests/annotator/labelling.h"

#include <chrono>
#include <thread>

#include "annotator/app/script_facts.h"
#include "annotator/session/label_lines.h"

namespace tests {

using namespace annotator;
using namespace schemas;

namespace {

SessionOptions ana() {
    SessionOptions options;
    options.author = {"Ana", AuthorKind::person};
    options.seed = 7;
    options.clock = [time = Timestamp{0}]() mutable { return time += 1'000; };
    return options;
}

}  // namespace

ProjectBuilder Labelling::dance_project() {
    ProjectBuilder builder;
    builder.clip(1, "walk").clip(2, "turn").performer(1, "Cleo").performer(2, "Dara");
    builder.track(1, "primitive")
        .track(2, "category", TrackKind::category)
        .track(3, "key pose", TrackKind::key_pose, false);
    for (Track& track : std::get<std::vector<Track>>(builder.rows)) track.per_performer = track.id != TrackId{2};
    builder.label(1, 1, "step").label(2, 1, "hop").label(3, 1, "turn").label(4, 2, "salsa").label(5, 2, "step");
    builder.label(6, 3, "peak");
    for (Label& label : std::get<std::vector<Label>>(builder.rows))
        label.position = static_cast<std::int64_t>(label.id);
    for (const std::int64_t performer : {1, 2}) {
        Stream stream;
        stream.id = StreamId{performer};
        stream.take = TakeId{1};
        stream.kind = StreamKind::skeleton;
        stream.role = performer == 1 ? StreamRole::reference : StreamRole::aligned;
        stream.path = "s" + std::to_string(performer) + ".bvh";
        stream.frames = 100;
        stream.rate_numerator = 25;
        stream.performer = PerformerId{performer};
        std::get<std::vector<Stream>>(builder.rows).push_back(stream);
    }
    return builder;
}

Labelling::Labelling(ProjectBuilder project) {
    ProjectSession session = ProjectSession::create(folder_.path() / "p", ana());
    session.commit([&](const EditStamp& stamp) {
        for (Segment& segment : std::get<std::vector<Segment>>(project.rows)) segment.edit = stamp.edit;
        return project.edit();
    });
    bench_ = std::make_unique<Workbench>(std::move(session), [] {});
    bench_->handle(PlaybackIntent(OpenClip{ClipId{1}, {}}));
    // The recordings, which are not there, are looked for in the background.
    for (int i = 0; i < 500 && !media_settled(*bench_); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        bench_->tick();
    }
}

Labelling& Labelling::key(Action action) { return ask(action); }

Labelling& Labelling::label_key(std::int64_t label) { return ask(LabelIntent(UseLabel{LabelId{label}})); }

Labelling& Labelling::ask(const Intent& intent) {
    bench_->handle(intent);
    return *this;
}

Labelling& Labelling::at(FrameIndex frame) {
    ask(PlaybackIntent(Seek{frame}));
    const_cast<EditorModel&>(bench_->model()).frame = frame;  // its picture has come
    return *this;
}

Labelling& Labelling::draw(FrameIndex begin, FrameIndex end, std::int64_t label) {
    ask(LabelIntent(DrawSegment{{begin, end}, LabelId{label}}));
    return ask(LabelIntent(ClearSelection{}));
}

Labelling& Labelling::propose(const std::vector<Proposed>& proposals) {
    auto& model = const_cast<EditorModel&>(bench_->model());
    if (model.session.store().models().empty()) {
        ModelVersion version;
        version.id = ModelId{1};
        version.family = version.name = "dtw";
        version.options = version.metrics = "{}";
        model.session.store().add_model(version);
    }
    std::vector<Proposal> rows;
    for (const Proposed& each : proposals) {
        Proposal row;
        row.id = ProposalId{each.id};
        row.model = ModelId{1};
        row.clip = *state().clip;
        row.track = state().line->track;
        row.performer = state().line->performer;
        row.begin_frame = each.begin;
        row.end_frame = each.end;
        row.top = {{LabelId{each.label}, 0.8}};
        rows.push_back(row);
    }
    model.session.store().replace_proposals(state().line->track, {*state().clip}, rows);
    model.read_model_output();
    bench_->tick();
    return *this;
}

Labelling& Labelling::another_program_edits() {
    SessionOptions ben;
    ben.author = {"Ben", AuthorKind::person};
    ProjectSession other(model().folder, ben);
    other.commit([&](const EditStamp& stamp) {
        return add_comment(other.document(), stamp, ClipId{2}, {0, 1}, "meanwhile", other.ids());
    });
    return *this;
}

std::string Labelling::segments() const {
    const Line& line = *state().line;
    return segments(static_cast<std::int64_t>(line.track),
                    line.performer ? std::optional(static_cast<std::int64_t>(*line.performer)) : std::nullopt);
}

std::string Labelling::segments(std::int64_t track, std::optional<std::int64_t> performer) const {
    const Document& document = bench_->document();
    Line line{*state().clip, own_layer(document, "Ana").value_or(LayerId{}), TrackId{track}, std::nullopt};
    if (performer) line.performer = PerformerId{*performer};
    std::string text;
    for (const SegmentId id : document.segments(line)) {
        const auto& segment = document.at<Segment>(id);
        text += (text.empty() ? "[" : ", [") + std::to_string(segment.begin_frame) + "," +
                std::to_string(segment.end_frame) + ") " + document.at<Label>(segment.label).name;
    }
    return text;
}

SegmentId Labelling::segment_at(FrameIndex frame) const {
    const Segment* found = annotator::segment_at(bench_->document(), *state().line, frame);
    return found == nullptr ? SegmentId{} : found->id;
}

std::string Labelling::said() const { return state().notices.empty() ? "" : state().notices.back().text; }

bool Labelling::is_stored() {
    auto& model = const_cast<EditorModel&>(bench_->model());
    return Document(model.session.store().load_rows()) == model.document();
}

}  // namespace tests
