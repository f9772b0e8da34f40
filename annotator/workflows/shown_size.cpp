#include "annotator/workflows/shown_size.h"

#include <algorithm>
#include <cmath>

namespace annotator {

PictureSize shown_size(PictureSize upright, std::int64_t rotation_degrees, std::int64_t aspect_numerator,
                       std::int64_t aspect_denominator) {
    if (aspect_numerator <= 0 || aspect_denominator <= 0) return upright;
    if (rotation_degrees % 180 != 0) std::swap(aspect_numerator, aspect_denominator);
    const double aspect = static_cast<double>(aspect_numerator) / static_cast<double>(aspect_denominator);
    if (aspect >= 1)
        upright.width = static_cast<int>(std::lround(upright.width * aspect));
    else
        upright.height = static_cast<int>(std::lround(upright.height / aspect));
    return upright;
}

PictureSize standard_size(PictureSize shown, int lines, Enlarge enlarge) {
    const double shorter = std::min(shown.width, shown.height);
    const double wanted = enlarge == Enlarge::allowed ? lines : std::min<double>(lines, shorter);
    const auto even = [&](int side) {
        return std::max(2, 2 * static_cast<int>(std::lround(side * wanted / shorter / 2)));
    };
    return {even(shown.width), even(shown.height)};
}

}  // namespace annotator
