#include "storage/media/back_projection.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace storage {

namespace {

void require_unit(double metres_per_value) {
    if (!(metres_per_value > 0)) throw std::invalid_argument("points need the unit of depth values, in metres");
}

}  // namespace

Eigen::Matrix3Xf points_from(const DepthFrame& frame, const schemas::PinholeCamera& camera, double metres_per_value) {
    require_unit(metres_per_value);
    if (frame.width != camera.width || frame.height != camera.height)
        throw std::invalid_argument("a depth picture of " + std::to_string(frame.width) + "x" +
                                    std::to_string(frame.height) + " is not of a camera of " +
                                    std::to_string(camera.width) + "x" + std::to_string(camera.height));
    const auto measured = frame.values.size() - static_cast<std::size_t>(std::ranges::count(frame.values, 0));
    Eigen::Matrix3Xf points(3, static_cast<Eigen::Index>(measured));
    Eigen::Index next = 0;
    for (int row = 0; row < frame.height; ++row)
        for (int column = 0; column < frame.width; ++column) {
            const std::uint16_t value = frame.values[static_cast<std::size_t>(row * frame.width + column)];
            if (value == 0) continue;
            points.col(next++) = static_cast<float>(value * metres_per_value) * camera.ray_to(column, row);
        }
    return points;
}

DepthFrame depth_from(const Eigen::Matrix3Xf& points, const schemas::PinholeCamera& camera, double metres_per_value) {
    require_unit(metres_per_value);
    DepthFrame frame{camera.width, camera.height, {}};
    frame.values.assign(static_cast<std::size_t>(camera.width) * static_cast<std::size_t>(camera.height), 0);
    for (const auto& point : points.colwise()) {
        if (!point.allFinite() || point.z() <= 0) continue;
        const Eigen::Vector2f pixel = camera.pixel_from(point);
        const double value = std::round(point.z() / metres_per_value);
        if (!(pixel.x() >= 0 && pixel.x() < static_cast<float>(camera.width) && pixel.y() >= 0 &&
              pixel.y() < static_cast<float>(camera.height)) ||
            value > 65535)
            continue;
        const int place = static_cast<int>(pixel.y()) * camera.width + static_cast<int>(pixel.x());
        std::uint16_t& seen = frame.values[static_cast<std::size_t>(place)];
        const auto depth = static_cast<std::uint16_t>(value);
        if (seen == 0 || depth < seen) seen = depth;
    }
    return frame;
}

}  // namespace storage
