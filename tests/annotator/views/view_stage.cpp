#include "tests/annotator/views/view_stage.h"

#include "annotator/app/fonts.h"
#include "annotator/workflows/create_project.h"

namespace tests {

using namespace annotator;

namespace {

class NoTextures : public Textures {
public:
    ImTextureID texture(std::uint64_t, std::uint64_t, const schemas::Picture&) override { return nullptr; }
};

}  // namespace

ViewStage::ViewStage(ImVec2 size, float scale) : theme_(make_theme(ThemeKind::dark, Palette::okabe_ito, scale)) {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = size;
    io.IniFilename = nullptr;
    load_fonts(theme_, {});
    apply(theme_);
    unsigned char* pixels = nullptr;
    int width = 0, height = 0;
    io.Fonts->GetTexDataAsAlpha8(&pixels, &width, &height);
}

ViewStage::~ViewStage() { ImGui::DestroyContext(); }

std::vector<Intent> ViewStage::draw_frames(const Workbench& bench, const Draw& draw) {
    NoTextures textures;
    Outbox outbox;
    for (int frame = 0; frame < 3; ++frame) {
        ImGui::GetIO().DeltaTime = 1.0F / 60;
        ImGui::NewFrame();
        ImGui::SetNextWindowPos({0, 0});
        ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
        ImGui::Begin("stage", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove);
        draw({bench, outbox, theme_, textures});
        ImGui::End();
        ImGui::Render();
    }
    return outbox.take();
}

ProjectSession large_project(const std::filesystem::path& folder, int clips, const std::string& label) {
    ProjectSession session = create_project(folder, {}, {});
    const schemas::TrackId track = session.document().rows<schemas::Track>().begin()->first;
    session.commit([&](const EditStamp& stamp) {
        schemas::Edit edit{"Make a large project", {}};
        const auto add = [&]<class Row>(Row row) {
            edit.changes.emplace_back(schemas::RowChange<Row>{std::nullopt, std::move(row)});
        };
        schemas::Label named;
        named.id = session.ids().fresh<schemas::LabelId>();
        named.track = track;
        named.name = label;
        named.colour = "#0072b2";
        const schemas::Layer layer{session.ids().fresh<schemas::LayerId>(), "Ana", schemas::LayerKind::person, "Ana"};
        const schemas::PerformerId performer = session.ids().fresh<schemas::PerformerId>();
        add(schemas::Performer{performer, label});
        add(named);
        add(layer);
        for (int i = 0; i < clips; ++i) {
            const auto take = session.ids().fresh<schemas::TakeId>();
            const auto clip = session.ids().fresh<schemas::ClipId>();
            const std::string name = label + " " + std::to_string(i);
            add(schemas::Take{take, name, {}, {}, {}, {}});
            schemas::Stream stream;
            stream.id = session.ids().fresh<schemas::StreamId>();
            stream.take = take;
            stream.performer = performer;
            stream.role = schemas::StreamRole::reference;
            stream.format = "msr-skeleton";
            stream.path = name + ".txt";
            stream.sha256 = "0";
            stream.frames = 100;
            stream.rate_numerator = 15;
            stream.layout = "msr20";
            add(stream);
            add(schemas::Clip{clip, take, name, 0, 100});
            schemas::Segment segment;
            segment.id = session.ids().fresh<schemas::SegmentId>();
            segment.layer = layer.id;
            segment.clip = clip;
            segment.track = track;
            segment.end_frame = 100;
            segment.label = named.id;
            segment.author = "Ana";
            segment.edit = stamp.edit;
            if (i % 5 == 0) add(segment);
        }
        return edit;
    });
    return session;
}

}  // namespace tests
