#pragma once

#include <array>
#include <string>
#include <vector>

#include "schemas/row.h"

namespace schemas {

enum class ChannelOrder { rgb, bgr };
// letterbox keeps the proportions and fills the rest with the padding.
enum class ResizePolicy { stretch, letterbox };
enum class PoseOutput { heat_maps, key_points };
// Where cell x of a heat map of w cells lies on an input W pixels wide, whose first pixel's middle is 0. middles: cells
// part the input evenly, so its middle is at (x + 1/2) W / w - 1/2. multiples: x W / w.
enum class HeatMapGrid { middles, multiples };
// fraction: 0 is the left or upper edge of the input and 1 the opposite one.
enum class KeyPointUnit { pixels, fraction };
enum class KeyPointOrder { xy, yx };
// What makes a score of 0 to 1 of what the network says.
enum class ScoreActivation { none, sigmoid };
// follow: the network is shown the surroundings of where the person was in the frame before.
enum class CropPolicy { whole, follow };

// What a person says about a pose estimator that they bring: what it wants to be shown, and what its answer means.
struct EstimatorCard {
    std::string name;

    int width = 0, height = 0;  // of the input, in pixels
    ChannelOrder channels = ChannelOrder::rgb;
    // The network gets (scale * level - mean) / deviation, levels being 0 to 255; in the order of the channels.
    double scale = 1.0 / 255;
    std::array<double, 3> mean{0, 0, 0}, deviation{1, 1, 1};
    ResizePolicy resize = ResizePolicy::letterbox;
    double padding = 0;  // a level

    PoseOutput output = PoseOutput::heat_maps;
    HeatMapGrid grid = HeatMapGrid::middles;
    KeyPointUnit unit = KeyPointUnit::pixels;
    KeyPointOrder order = KeyPointOrder::xy;
    ScoreActivation activation = ScoreActivation::none;

    std::string layout;                 // a known one
    std::vector<int> joint_of_channel;  // of that layout, for each point that the network gives; -1: nobody wants it

    CropPolicy crop = CropPolicy::whole;
    double crop_margin = 0.25;      // of the person's height or width, on each side
    double crop_least_score = 0.2;  // of a key-point that says where the person is
};

template <>
struct EnumNames<ChannelOrder> {
    static constexpr std::array<std::string_view, 2> names{"rgb", "bgr"};
};
template <>
struct EnumNames<ResizePolicy> {
    static constexpr std::array<std::string_view, 2> names{"stretch", "letterbox"};
};
template <>
struct EnumNames<PoseOutput> {
    static constexpr std::array<std::string_view, 2> names{"heat-maps", "key-points"};
};
template <>
struct EnumNames<HeatMapGrid> {
    static constexpr std::array<std::string_view, 2> names{"middles", "multiples"};
};
template <>
struct EnumNames<KeyPointUnit> {
    static constexpr std::array<std::string_view, 2> names{"pixels", "fraction"};
};
template <>
struct EnumNames<KeyPointOrder> {
    static constexpr std::array<std::string_view, 2> names{"xy", "yx"};
};
template <>
struct EnumNames<ScoreActivation> {
    static constexpr std::array<std::string_view, 2> names{"none", "sigmoid"};
};
template <>
struct EnumNames<CropPolicy> {
    static constexpr std::array<std::string_view, 2> names{"whole", "follow"};
};

}  // namespace schemas
