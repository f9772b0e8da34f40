#include "annotator/views/video_pane.h"

#include <algorithm>
#include <array>

#include "annotator/views/texture_key.h"
#include "annotator/workflows/shown_size.h"

namespace annotator {

namespace {

using Kind = ShownPicture::Kind;

// Pictures are made in few sizes, so that dragging a splitter does not make all of them anew.
constexpr std::array<int, 5> picture_sides{480, 720, 1080, 1600, 2400};

int side_for(float pixels) {
    const auto side = std::ranges::find_if(picture_sides, [&](int each) { return static_cast<float>(each) >= pixels; });
    return side == picture_sides.end() ? 0 : *side;
}

PictureSize size_of(const storage::VideoProperties& properties) {
    return shown_size({properties.width, properties.height}, properties.rotation_degrees,
                      properties.sample_aspect_numerator, properties.sample_aspect_denominator);
}

const ShownPicture& shown_picture(const ViewContext& context, std::size_t video) {
    static const ShownPicture none;
    const auto& pictures = context.bench.playback().pictures();
    return video < pictures.size() ? pictures[video] : none;
}

}  // namespace

PaneHeader VideoPane::header(const ViewContext& context, std::size_t video) {
    const ClipMedia::Video& media = context.model().media->videos[video];
    if (!media.index) return {media.name, media.problem.empty() ? "opening …" : "", media.problem};
    const storage::VideoProperties& properties = media.index->properties;
    return {media.name,
            std::to_string(properties.width) + "×" + std::to_string(properties.height) + " " + properties.codec,
            media.problem};
}

float VideoPane::aspect(const ViewContext& context, std::size_t video) {
    const ClipMedia::Video& media = context.model().media->videos[video];
    if (!media.index) return 16.0F / 9;
    const PictureSize size = size_of(media.index->properties);
    return static_cast<float>(size.width) / static_cast<float>(std::max(1, size.height));
}

PaneAsks VideoPane::draw(const ViewContext& context, std::size_t video, const PaneRect& pane, PoseOverlay& overlay) {
    const Theme& theme = context.theme;
    const ClipMedia& media = *context.model().media;
    const ClipMedia::Video& source = media.videos[video];
    const ShownPicture& shown = shown_picture(context, video);
    CanvasPicture picture;
    picture.aspect = aspect(context, video);
    if (source.index) {
        picture.width = source.index->properties.width;
        picture.height = source.index->properties.height;
    }
    if (shown.picture) {
        picture.there = true;
        picture.texture = context.textures.texture(
            texture_key(TextureOf::video, static_cast<std::int64_t>(source.stream)), shown.version, *shown.picture);
    }
    const PaneAsks asks = canvas_.draw(context, pane, picture, skeletons_over_video(media, video), overlay);
    if (const int side = side_for(canvas_.longest_side()); source.index && asked_side_ != side) {
        asked_side_ = side;
        context.outbox.send(SetPictureSize{source.stream, side});
    }
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 corner{pane.low.x + theme.px(8), pane.low.y + theme.px(8)};
    if (!source.problem.empty())
        draw_message(list, theme, pane, source.problem, theme.error);
    else if (shown.kind == Kind::failed)
        draw_message(list, theme, pane, shown.problem, theme.error);
    else if (shown.kind == Kind::absent)
        draw_message(list, theme, pane, "This video does not show this moment.", theme.faint_text);
    else if (shown.kind == Kind::preview)
        draw_badge(list, theme, corner, "Preview");
    else if (shown.kind == Kind::earlier && source.role != schemas::StreamRole::reference)
        draw_badge(list, theme, corner, "Its frame " + std::to_string(shown.frame));
    return asks;
}

}  // namespace annotator
