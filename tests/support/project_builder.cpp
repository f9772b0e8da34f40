#include "tests/support/project_builder.h"

namespace tests {

using namespace schemas;

ProjectBuilder& ProjectBuilder::clip(std::int64_t id, const std::string& name, FrameIndex frames) {
    std::get<std::vector<Take>>(rows).push_back({TakeId{id}, name, {}, {}, {}, {}});
    std::get<std::vector<Clip>>(rows).push_back({ClipId{id}, TakeId{id}, name, 0, frames});
    return *this;
}

ProjectBuilder& ProjectBuilder::track(std::int64_t id, const std::string& name, TrackKind kind, bool exclusive) {
    std::get<std::vector<Track>>(rows).push_back({TrackId{id}, name, kind, exclusive, false, id});
    return *this;
}

ProjectBuilder& ProjectBuilder::label(std::int64_t id, std::int64_t track, const std::string& name) {
    Label row;
    row.id = LabelId{id};
    row.track = TrackId{track};
    row.name = name;
    row.colour = "#123456";
    std::get<std::vector<Label>>(rows).push_back(row);
    return *this;
}

ProjectBuilder& ProjectBuilder::layer(std::int64_t id, const std::string& name, LayerKind kind) {
    std::get<std::vector<Layer>>(rows).push_back({LayerId{id}, name, kind, "Ana"});
    return *this;
}

ProjectBuilder& ProjectBuilder::skeleton(std::int64_t id, std::int64_t take, FrameIndex frames) {
    Stream row;
    row.id = StreamId{id};
    row.take = TakeId{take};
    row.format = "bvh";
    row.path = "arms.bvh";
    row.frames = frames;
    row.rate_numerator = 30;
    row.layout = "arms";
    std::get<std::vector<Stream>>(rows).push_back(row);
    return *this;
}

ProjectBuilder& ProjectBuilder::performer(std::int64_t id, const std::string& name) {
    std::get<std::vector<Performer>>(rows).push_back({PerformerId{id}, name});
    return *this;
}

Edit ProjectBuilder::edit() const {
    Edit edit{"Make the project", {}};
    std::apply(
        [&]<class... Row>(const std::vector<Row>&... each) {
            const auto add = [&]<class One>(const std::vector<One>& list) {
                for (const One& row : list) edit.changes.emplace_back(RowChange<One>{std::nullopt, row});
            };
            (add(each), ...);
        },
        rows);
    return edit;
}

ProjectBuilder small_project() {
    ProjectBuilder builder;
    builder.clip(1, "walk").clip(2, "turn").track(1, "primitive").track(2, "notes", TrackKind::free, false);
    builder.label(1, 1, "step").label(2, 1, "hop").label(3, 1, "回転").label(4, 2, "loud");
    builder.layer(1, "Ana").layer(2, "Ben").performer(1, "Cleo").performer(2, "Dara");
    return builder;
}

}  // namespace tests
