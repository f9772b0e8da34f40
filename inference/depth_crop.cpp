#include "inference/depth_crop.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "inference/maximum_entropy.h"

namespace inference {

namespace {

constexpr float background_depth = 1;
constexpr std::size_t least_cover = 4;  // a cell is the person's from a quarter of its pixels on

std::size_t pixels_of(const DepthClip& clip) {
    if (clip.width <= 0 || clip.height <= 0) throw std::invalid_argument("Depth pictures have no pixels.");
    const std::size_t pixels = static_cast<std::size_t>(clip.width) * static_cast<std::size_t>(clip.height);
    if (clip.values.size() % pixels != 0)
        throw std::invalid_argument("Depth values are not a whole number of pictures of that size.");
    if (!(clip.metres_per_value > 0)) throw std::invalid_argument("Depth values need their unit, in metres.");
    return pixels;
}

bool is_person(std::uint16_t value, std::uint16_t farthest) { return value != 0 && value <= farthest; }

// Where the person is seen in any frame, and how often with which value.
struct Survey {
    int left, top, right = 0, bottom = 0;  // half-open
    std::vector<std::uint64_t> counts = std::vector<std::uint64_t>(std::size_t{1} << 16U);
    std::uint64_t seen = 0;

    Survey(const DepthClip& clip, std::uint16_t farthest) : left(clip.width), top(clip.height) {
        for (std::size_t row = 0; row * static_cast<std::size_t>(clip.width) < clip.values.size(); ++row)
            add(clip, row, farthest);
    }

    [[nodiscard]] std::uint16_t median() const {
        std::size_t value = 0;
        for (std::uint64_t below = counts[0]; below < (seen + 1) / 2; below += counts[value]) ++value;
        return static_cast<std::uint16_t>(value);
    }

private:
    // Rows are numbered through all pictures.
    void add(const DepthClip& clip, std::size_t row, std::uint16_t farthest) {
        const auto width = static_cast<std::size_t>(clip.width);
        const auto values = clip.values.subspan(row * width, width);
        const int y = static_cast<int>(row % static_cast<std::size_t>(clip.height));
        for (int x = 0; x < clip.width; ++x) {
            const std::uint16_t value = values[static_cast<std::size_t>(x)];
            if (!is_person(value, farthest)) continue;
            left = std::min(left, x), right = std::max(right, x + 1);
            top = std::min(top, y), bottom = std::max(bottom, y + 1);
            ++counts[value];
            ++seen;
        }
    }
};

// [begin, end) of the pixels of a cell; at least one.
struct PixelRange {
    int begin, end;

    PixelRange(double from, double side, int cell)
        : begin(static_cast<int>(std::floor(from + side * cell / depth_crop_side))),
          end(std::max(begin + 1, static_cast<int>(std::floor(from + side * (cell + 1) / depth_crop_side)))) {}

    [[nodiscard]] std::size_t length() const { return static_cast<std::size_t>(end - begin); }
    [[nodiscard]] PixelRange within(int size) const {
        PixelRange part = *this;
        part.begin = std::max(begin, 0);
        part.end = std::min(end, size);
        return part;
    }
};

class Cropper {
public:
    Cropper(const DepthClip& clip, const DepthCrop& crop) : clip_(clip), crop_(crop) {}

    [[nodiscard]] float cell(std::span<const std::uint16_t> picture, int column, int row) const {
        const PixelRange columns(crop_.left, crop_.side, column), rows(crop_.top, crop_.side, row);
        const PixelRange across = columns.within(clip_.width), down = rows.within(clip_.height);
        std::size_t seen = 0;
        double sum = 0;
        for (int y = down.begin; y < down.end; ++y)
            for (int x = across.begin; x < across.end; ++x) {
                const std::uint16_t value =
                    picture[static_cast<std::size_t>(y) * static_cast<std::size_t>(clip_.width) +
                            static_cast<std::size_t>(x)];
                if (!is_person(value, crop_.farthest)) continue;
                ++seen;
                sum += value;
            }
        if (seen == 0 || least_cover * seen < columns.length() * rows.length()) return background_depth;
        return normalised(sum / static_cast<double>(seen));
    }

private:
    [[nodiscard]] float normalised(double value) const {
        const double depth = (value * clip_.metres_per_value - crop_.median_metres) / depth_crop_metres;
        return static_cast<float>(std::clamp(depth, -1.0, 1.0));
    }

    const DepthClip& clip_;
    const DepthCrop& crop_;
};

}  // namespace

Eigen::Vector3f DepthCrop::crop_from_pixel(const Eigen::Vector3f& pixel) const {
    return {static_cast<float>(2 * (static_cast<double>(pixel.x()) - left) / side - 1),
            static_cast<float>(2 * (static_cast<double>(pixel.y()) - top) / side - 1),
            static_cast<float>((static_cast<double>(pixel.z()) - median_metres) / depth_crop_metres)};
}

Eigen::Vector3f DepthCrop::pixel_from_crop(const Eigen::Vector3f& place) const {
    return {static_cast<float>(left + (static_cast<double>(place.x()) + 1) / 2 * side),
            static_cast<float>(top + (static_cast<double>(place.y()) + 1) / 2 * side),
            static_cast<float>(median_metres + static_cast<double>(place.z()) * depth_crop_metres)};
}

Eigen::Vector3f DepthCrop::crop_from_point(const Eigen::Vector3f& point, const schemas::PinholeCamera& camera) const {
    const Eigen::Vector2f pixel = camera.pixel_from(point);
    return crop_from_pixel({pixel.x(), pixel.y(), point.z()});
}

Eigen::Vector3f DepthCrop::point_from_crop(const Eigen::Vector3f& place, const schemas::PinholeCamera& camera) const {
    const Eigen::Vector3f pixel = pixel_from_crop(place);
    return camera.point_from({pixel.x(), pixel.y()}, pixel.z());
}

Eigen::Vector3f DepthCrop::unit_metres(const schemas::PinholeCamera& camera) const {
    return {static_cast<float>(side / 2 * median_metres / camera.focal_u),
            static_cast<float>(side / 2 * median_metres / camera.focal_v), static_cast<float>(depth_crop_metres)};
}

std::optional<DepthCrop> person_crop(const DepthClip& clip, const DepthCropOptions& options) {
    pixels_of(clip);
    DepthCrop crop;
    // Where nothing can be parted, all that was measured is the person.
    if (options.background == DepthBackground::by_maximum_entropy)
        crop.farthest = maximum_entropy_threshold(clip.values).value_or(crop.farthest);
    const Survey survey(clip, crop.farthest);
    if (survey.seen == 0) return std::nullopt;
    const int longer = std::max(survey.right - survey.left, survey.bottom - survey.top);
    crop.side = longer * (1 + 2 * options.margin);
    crop.left = (survey.left + survey.right - crop.side) / 2;
    crop.top = (survey.top + survey.bottom - crop.side) / 2;
    crop.median_metres = survey.median() * clip.metres_per_value;
    return crop;
}

std::vector<float> cropped(const DepthClip& clip, const DepthCrop& crop) {
    const std::size_t pixels = pixels_of(clip);
    const Cropper cropper(clip, crop);
    std::vector<float> pictures;
    for (std::size_t first = 0; first < clip.values.size(); first += pixels)
        for (int row = 0; row < depth_crop_side; ++row)
            for (int column = 0; column < depth_crop_side; ++column)
                pictures.push_back(cropper.cell(clip.values.subspan(first, pixels), column, row));
    return pictures;
}

DepthCrops depth_crops(const DepthClip& clip, const DepthCropOptions& options) {
    const auto crop = person_crop(clip, options);
    if (crop) return {crop, cropped(clip, *crop)};
    const std::size_t frames = clip.values.size() / pixels_of(clip);
    return {std::nullopt, std::vector<float>(frames * depth_crop_side * depth_crop_side, background_depth)};
}

}  // namespace inference
