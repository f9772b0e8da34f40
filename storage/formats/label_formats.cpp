#include "storage/formats/label_formats.h"

#include <algorithm>
#include <array>

#include "storage/formats/activitynet_import.h"
#include "storage/formats/cmu_segments.h"
#include "storage/formats/csv_labels.h"
#include "storage/formats/dataloop_import.h"
#include "storage/formats/frame_labels.h"
#include "storage/formats/mstcn_import.h"

namespace storage {

std::span<const LabelFormat> label_formats() {
    static const std::array<LabelFormat, 6> formats{{
        {"mstcn", "MS-TCN bundle: one label a line for each frame", looks_like_mstcn, read_mstcn},
        {"dataloop", "Dataloop JSON: first and last frames", looks_like_dataloop, read_dataloop},
        {"activitynet", "ActivityNet JSON: segments in seconds", looks_like_activitynet, read_activitynet},
        {"cmu-segments", "CMU segments: end frames with tolerances", looks_like_cmu_segments, read_cmu_segments},
        {"csv", "CSV: clip, track, performer, begin, end, label", looks_like_csv_labels, read_csv_labels},
        {"frame-labels", "Class ids, one for every few frames", looks_like_frame_labels, read_frame_labels},
    }};
    return formats;
}

const LabelFormat* label_format_named(std::string_view name) {
    const auto formats = label_formats();
    const auto found =
        std::find_if(formats.begin(), formats.end(), [&](const LabelFormat& f) { return f.name == name; });
    return found == formats.end() ? nullptr : &*found;
}

const LabelFormat* label_format_of(const std::filesystem::path& path) {
    const auto formats = label_formats();
    const auto found =
        std::find_if(formats.begin(), formats.end(), [&](const LabelFormat& f) { return f.recognises(path); });
    return found == formats.end() ? nullptr : &*found;
}

}  // namespace storage
