#include "annotator/workflows/bench_playback.h"

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

#include "annotator/playback/play_for.h"
#include "annotator/workflows/bench_tools.h"
#include "annotator/workflows/create_project.h"
#include "annotator/workflows/ingest.h"
#include "annotator/workflows/synth/synth_writer.h"
#include "storage/media/video_writer.h"
#include "storage/skeleton/layout_registry.h"

namespace annotator {

namespace {

using std::filesystem::path;
using namespace std::chrono_literals;

// Threads that compute.
class StandIn {
public:
    explicit StandIn(unsigned threads) {
        for (unsigned i = 0; i < threads; ++i)
            threads_.emplace_back([](const std::stop_token& stop) {
                for (volatile double value = 1; !stop.stop_requested();) value = value * 1.0000001;
            });
    }

private:
    std::vector<std::jthread> threads_;
};

// Stripes that wander over a soft ground: neither still nor noise.
schemas::Picture moving_picture(int width, int height, int frame) {
    schemas::Picture picture = schemas::blank_picture(width, height);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            std::uint8_t* pixel = picture.pixel(x, y);
            pixel[0] = static_cast<std::uint8_t>((x + 3 * frame) * 255 / width);
            pixel[1] = static_cast<std::uint8_t>(((x * y) >> 7) + 2 * frame);
            pixel[2] = static_cast<std::uint8_t>((y + frame) % 64 < 32 ? 40 : 200);
            pixel[3] = 255;
        }
    return picture;
}

PlayedVideo written_video(const path& file, int seconds) {
    constexpr int rate = 30;
    storage::VideoWriterOptions options;
    options.width = 1280;
    options.height = 720;
    options.time_base_denominator = rate;
    options.declared_rate = schemas::FrameRate{rate, 1};
    options.b_frames = 2;
    options.preset = "veryfast";
    storage::VideoWriter writer(file, options);
    for (int frame = 0; frame < seconds * rate; ++frame)
        writer.add(moving_picture(options.width, options.height, frame), frame);
    writer.close();
    auto index = storage::scan_video(file, {}, [](double) {}, {});
    return {file, std::make_shared<const storage::VideoIndex>(std::move(*index)), {}};
}

path training_project(const path& folder, const JobContext& job) {
    synth::SynthOptions wanted;
    wanted.clips = 40;
    wanted.depth = synth::Recorded::none;
    synth::write_synthetic_dataset(folder / "recordings", wanted, storage::layout_named("msr20"), {}, job.stop);
    ProjectSession session = create_project(folder / "project", {}, {});
    IngestOptions options;
    options.paths = {folder / "recordings" / "clips"};
    options.name_pattern = "synth";
    ingest(session, options, job);
    return folder / "project";
}

double dropped_in(const PlaybackReport& report) {
    double dropped = 0;
    for (const PlaybackCounts& counts : report.videos) dropped += static_cast<double>(counts.dropped);
    return dropped;
}

}  // namespace

std::vector<BenchRow> bench_playback(const path& program, const JobContext& job) {
    constexpr int seconds = 10;
    const Workplace workplace;
    job.report({"Writing a video", 0, 0});
    const std::vector<PlayedVideo> videos(4, written_video(workplace.folder / "720p30.mp4", seconds));
    const auto played = [&](const std::string& beside) {
        const auto report = play_for(videos, {}, {.seconds = seconds}, job.stop);
        if (!report) throw std::runtime_error("playing was stopped");
        const std::string name =
            "4 streams of 720p30 play " + beside + ": frames dropped of " + std::to_string(4 * seconds * 30);
        return BenchRow{name, dropped_in(*report), "", std::nullopt, "none is to be"};
    };
    std::vector<BenchRow> rows{played("alone")};
    const unsigned threads = std::max(2U, std::thread::hardware_concurrency()) - 1;
    job.report({"Making a project to train on", 0, 0});
    Companion train(quoted(program.string()) + " train " + quoted(training_project(workplace.folder, job).string()) +
                    " --no-validation --steps 1000000 --threads " + std::to_string(threads));
    std::this_thread::sleep_for(5s);  // it reads its motions and opens LibTorch
    if (train.is_running()) {
        rows.push_back(played("while train runs"));
        if (train.is_running()) return rows;
        rows.pop_back();
    }
    const StandIn load(threads);
    rows.push_back(played("beside " + std::to_string(threads) + " busy threads, LibTorch being absent"));
    return rows;
}

}  // namespace annotator
