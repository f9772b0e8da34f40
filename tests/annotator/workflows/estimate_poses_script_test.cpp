#include <doctest/doctest.h>

#include <cstdlib>
#include <set>

#include "annotator/document/queries.h"
#include "annotator/workflows/estimate_poses.h"
#include "annotator/workflows/motion_source.h"
#include "tests/annotator/moving_dots.h"
#include "tests/annotator/small_recordings.h"
#include "tests/inference/engines.h"
#include "tests/support/no_recordings.h"

namespace annotator {
namespace {

using schemas::Stream;
using namespace tests;

// The same as DotFinder, as a convolution: a pixel's own colour less the others, smoothed, at a quarter of the size.
constexpr const char* torch_script = R"(
import sys
import torch

class Dots(torch.nn.Module):
    def __init__(self):
        super().__init__()
        size, spread = 8, 2.0
        at = torch.arange(size) - (size - 1) / 2
        bell = torch.exp(-(at[:, None] ** 2 + at[None, :] ** 2) / (2 * spread ** 2))
        weight = torch.zeros(3, 3, size, size)
        for own in range(3):
            for other in range(3):
                weight[own, other] = (1.0 if own == other else -0.5) * bell / bell.sum()
        self.conv = torch.nn.Conv2d(3, 3, size, stride=4, padding=2, bias=False)
        self.conv.weight.data = weight

    def forward(self, pictures):
        return torch.relu(self.conv(pictures))

torch.jit.script(Dots()).save(sys.argv[1])
)";

bool has_toy(const TemporaryFolder& folder, std::filesystem::path& program) {
    const auto script = folder.file("dots.py", torch_script);
    program = folder.path() / "dots.pt";
    const std::string command = "/usr/bin/python3 '" + script.string() + "' '" + program.string() + "' 2>/dev/null";
    if (std::system(command.c_str()) == 0) return true;
    MESSAGE("python3-torch is not installed: skipped");
    return false;
}

}  // namespace

TEST_CASE("slow: a TorchScript file made by python3-torch finds the dots of a video within a pixel") {
    const TemporaryFolder folder;
    std::filesystem::path program;
    if (!inference_tests::has_engine() || !has_toy(folder, program)) return;
    const DotFilm film{320, 240, 30, 8};
    write_dots(folder, "r/walk.mkv", film);
    ProjectSession session = imported_project(folder);
    PoseEstimator estimator =
        open_estimator({program, write_file(folder, "card.json", dot_card(256, 256)), inference::Device::cpu, 1},
                       [](const std::string&) {});
    EstimateOptions options;
    options.batch = 4;
    const EstimateResult result = estimate_poses(session, estimator, options, {}).value();
    CHECK(result.videos.at(0).frames == 30);
    const double off = farthest_off(stream_motion(session, *key_points_of(session.document())), film);
    MESSAGE("farthest from the truth: " << off << " pixels");
    CHECK(off < 1);
}

TEST_CASE("slow: a TorchScript file runs over the contemporary clip, a place for each of its 545 frames") {
    const auto recorded = recordings(KINETOGRAPH_SOURCE_DIR, "contemporary_clip");
    if (recorded.empty()) return no_recordings();
    const TemporaryFolder folder;
    std::filesystem::path program;
    if (!inference_tests::has_engine() || !has_toy(folder, program)) return;
    ProjectSession session = empty_project(folder);
    ingest(session, ingest_of(recorded / "phrase.mp4"), {}).value();
    PoseEstimator estimator =
        open_estimator({program, write_file(folder, "card.json", dot_card(192, 256)), inference::Device::cpu, 0},
                       [](const std::string&) {});
    std::set<double> told;
    JobContext job;
    job.report = [&](const Progress& progress) {
        CHECK(progress.total == 545);
        told.insert(progress.done);
    };
    const EstimateResult result = estimate_poses(session, estimator, {}, job).value();
    CHECK(result.videos.at(0).frames == 545);
    CHECK(*told.rbegin() == 545);
    CHECK(told.size() >= 545);
    const Stream& stream = *key_points_of(session.document());
    CHECK(stream.frames == reference_stream(session.document(), stream.take)->frames);
    CHECK(stream_motion(session, stream).frames() == 545);
}

}  // namespace annotator
