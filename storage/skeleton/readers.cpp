#include "storage/skeleton/readers.h"

#include <algorithm>
#include <array>

#include "storage/skeleton/amc.h"
#include "storage/skeleton/bvh.h"
#include "storage/skeleton/estimated_keypoints.h"
#include "storage/skeleton/kinect_csv.h"
#include "storage/skeleton/matlab_keypoints.h"
#include "storage/skeleton/msr_skeleton.h"
#include "storage/skeleton/point_file.h"
#include "storage/skeleton/sleap_keypoints.h"

namespace storage {

std::span<const SkeletonFormat> skeleton_formats() {
    static const std::array<SkeletonFormat, 9> formats = {{
        {"kinetograph-points", "Key-points found by a model of ours", is_point_file, read_point_file},
        {"msr-skeleton", "MSR-Action3D skeleton, world coordinates", is_msr_skeleton, read_msr_skeleton},
        {"msr-skeleton-screen", "MSR-Action3D skeleton, screen coordinates", is_msr_skeleton_screen,
         read_msr_skeleton_screen},
        {"amc", "Acclaim motion (AMC) with its skeleton (ASF)", is_amc,
         [](const std::filesystem::path& file) { return read_amc(file); }},
        {"bvh", "Biovision motion (BVH)", is_bvh, read_bvh},
        {"kinect-csv", "Kinect v2 body stream (CSV)", is_kinect_csv, read_kinect_csv},
        {"sleap-keypoints", "SLEAP key-points (.slp)", is_sleap_keypoints, read_sleap_keypoints},
        {"matlab-keypoints", "MATLAB key-points (.mat)", is_matlab_keypoints, read_matlab_keypoints},
        {"estimated-keypoints", "Key-points of a pose estimator (.safetensors)", is_estimated_keypoints,
         read_estimated_keypoints},
    }};
    return formats;
}

const SkeletonFormat* skeleton_format_named(std::string_view name) {
    const auto formats = skeleton_formats();
    const auto found = std::ranges::find(formats, name, &SkeletonFormat::name);
    return found == formats.end() ? nullptr : &*found;
}

const SkeletonFormat* skeleton_format_of(const std::filesystem::path& file) {
    const auto formats = skeleton_formats();
    const auto found =
        std::ranges::find_if(formats, [&file](const SkeletonFormat& format) { return format.recognises(file); });
    return found == formats.end() ? nullptr : &*found;
}

}  // namespace storage
