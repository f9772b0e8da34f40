#include <iomanip>
#include <memory>
#include <optional>
#include <sstream>

#include "annotator/cli/verbs.h"
#include "storage/formats/csv.h"
#include "storage/media/depth_reader.h"
#include "storage/media/video_index.h"

namespace annotator {

namespace {

using nlohmann::json;

struct Options {
    std::string path;
    std::optional<int> stream;
    bool thorough = false;
};

struct Listing {
    json document;
    std::string csv = "index,pts,seconds,key\n";
    std::vector<std::string> problems;
};

json optional_json(const std::optional<std::int64_t>& value) { return value ? json(*value) : json(); }

std::string seconds_text(double seconds) {
    std::ostringstream text;
    text << std::fixed << std::setprecision(6) << seconds;
    return text.str();
}

Listing listing_of(const storage::VideoIndex& index, const std::string& path) {
    Listing listing;
    const storage::VideoProperties& properties = index.properties;
    json frames = json::array(), undecoded = json::array();
    for (std::size_t place = 0; place < index.frames.size(); ++place) {
        const storage::IndexedFrame& frame = index.frames[place];
        const double seconds = index.seconds_from(frame.pts - index.frames.front().pts);
        listing.csv += storage::csv_row(
            {std::to_string(place), std::to_string(frame.pts), seconds_text(seconds), frame.key ? "1" : "0"});
        frames.push_back({{"index", place}, {"pts", frame.pts}, {"seconds", seconds}, {"key", frame.key}});
    }
    for (const storage::UndecodedPacket& packet : index.undecoded)
        undecoded.push_back({{"packet", packet.packet}, {"pts", optional_json(packet.pts)}, {"reason", packet.reason}});
    listing.document = {{"path", path},
                        {"stream", properties.stream},
                        {"container", properties.container},
                        {"codec", properties.codec},
                        {"width", properties.width},
                        {"height", properties.height},
                        {"rotation", properties.rotation_degrees},
                        {"mirrored", properties.mirrored},
                        {"time_base", {properties.time_base_numerator, properties.time_base_denominator}},
                        {"counts",
                         {{"declared", index.counts.declared},
                          {"packets", index.counts.packets},
                          {"decodable", index.counts.decodable}}},
                        {"method", index.method == storage::ScanMethod::packets ? "packets" : "decoding"},
                        {"sha256", index.sha256},
                        {"frames", frames},
                        {"undecoded", undecoded},
                        {"problems", index.problems}};
    listing.problems = index.problems;
    return listing;
}

// Depth recordings have no times of their own: the number of a frame stands for its pts.
Listing listing_of(const storage::DepthReader& depth, std::string_view format, const std::string& path) {
    Listing listing;
    json frames = json::array();
    for (schemas::FrameIndex frame = 0; frame < depth.frames(); ++frame) {
        listing.csv += storage::csv_row({std::to_string(frame), std::to_string(frame), "", "1"});
        frames.push_back({{"index", frame}, {"pts", frame}, {"seconds", nullptr}, {"key", true}});
    }
    for (const storage::ReadProblem& problem : depth.problems()) listing.problems.push_back(problem.what);
    const json count = depth.frames();
    listing.document = {{"path", path},
                        {"stream", 0},
                        {"container", format},
                        {"codec", format},
                        {"width", depth.width()},
                        {"height", depth.height()},
                        {"rotation", 0},
                        {"mirrored", false},
                        {"time_base", nullptr},
                        {"counts", {{"declared", count}, {"packets", count}, {"decodable", count}}},
                        {"frames", frames},
                        {"undecoded", json::array()},
                        {"problems", listing.problems}};
    return listing;
}

std::optional<Listing> read(const Options& options, const JobContext& job) {
    using Thoroughness = storage::ScanOptions::Thoroughness;
    const storage::DepthFormat* depth = storage::depth_format_of(options.path);
    // A video of depth has times, so it is listed as what it is.
    if (depth != nullptr && depth->name != "depth-video" && !options.stream)
        return listing_of(*depth->open(options.path), depth->name, options.path);
    storage::ScanOptions scan;
    scan.stream = options.stream;
    if (options.thorough) scan.thoroughness = Thoroughness::decode_everything;
    const auto index = storage::scan_video(
        options.path, scan,
        [&](double share) {
            job.report({"Reading frames", share, 1});
        },
        job.stop);
    if (!index) return std::nullopt;
    return listing_of(*index, options.path);
}

ExitCode list_frames(const Options& options, Console& console) {
    const auto listing = read(options, console.job());
    if (!listing) {
        console.note("Stopped.");
        return ExitCode::failed;
    }
    for (const std::string& problem : listing->problems) console.note(options.path + ": " + problem);
    console.result(listing->document, listing->csv);
    return listing->document.at("undecoded").empty() ? ExitCode::done : ExitCode::in_part;
}

}  // namespace

void add_frames(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("frames", "Every frame of a recording: index, pts, seconds and key, as CSV",
                              [options](Console& console) { return list_frames(*options, console); });
    verb->add_option("recording", options->path, "a video, or a depth recording")->required();
    verb->add_option("--stream", options->stream, "which one, where a file has several videos; counted from 0");
    verb->add_flag("--thorough", options->thorough, "decode every frame, also where the packets suffice");
}

}  // namespace annotator
