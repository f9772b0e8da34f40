#include "storage/media/depth_reader.h"

#include <algorithm>
#include <array>

#include "storage/media/matlab_depth.h"
#include "storage/media/msr_depth_bin.h"
#include "storage/media/png_depth.h"
#include "storage/media/video_depth.h"

namespace storage {

std::span<const DepthFormat> depth_formats() {
    static const std::array<DepthFormat, 4> formats = {{
        {"msr-depth-bin", "MSR-Action3D depth (.bin)", is_msr_depth_bin, open_msr_depth_bin},
        {"matlab-depth", "MATLAB matrix of depth (.mat)", is_matlab_depth, open_matlab_depth},
        {"png-depth", "Folder of 16-bit PNG pictures", is_png_depth, open_png_depth},
        {"depth-video", "Video of 16-bit grey", is_depth_video, open_depth_video},
    }};
    return formats;
}

const DepthFormat* depth_format_named(std::string_view name) {
    const auto formats = depth_formats();
    const auto found = std::ranges::find(formats, name, &DepthFormat::name);
    return found == formats.end() ? nullptr : &*found;
}

const DepthFormat* depth_format_of(const std::filesystem::path& path) {
    const auto formats = depth_formats();
    const auto found =
        std::ranges::find_if(formats, [&path](const DepthFormat& format) { return format.recognises(path); });
    return found == formats.end() ? nullptr : &*found;
}

}  // namespace storage
