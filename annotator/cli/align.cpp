#include <cstdio>
#include <memory>

#include "annotator/cli/verbs.h"
#include "annotator/workflows/align_takes.h"

namespace annotator {

namespace {

struct Options {
    std::string project, take, stream, by, author;
    std::optional<double> offset, ratio;
    double confidence = AlignOptions().least_confidence;
};

AlignOptions wanted_from(const Options& options) {
    if (options.ratio && !options.offset) throw CLI::ValidationError("--ratio", "goes with --offset");
    if (options.offset && !options.by.empty()) throw CLI::ValidationError("--offset", "does not go with --by");
    AlignOptions wanted;
    wanted.take = options.take;
    wanted.stream = options.stream;
    wanted.least_confidence = options.confidence;
    if (!options.by.empty()) wanted.by = schemas::enum_from<AlignBy>(options.by);
    if (options.offset) {
        if (options.stream.empty()) throw CLI::ValidationError("--offset", "is of one stream; name it with --stream");
        wanted.by = AlignBy::hand;
        wanted.hand = {options.ratio.value_or(1), *options.offset};
    }
    return wanted;
}

std::string line_of(const AlignmentFound& found) {
    char clock[160];
    std::snprintf(clock, sizeof clock, "offset %.4f s, clock ratio %.7f, confidence %.2f", found.clock.offset_seconds,
                  found.clock.clock_ratio, found.confidence);
    const bool aligned = found.outcome == AlignmentFound::Outcome::aligned;
    return found.take + ": " + found.path + ": " + (found.confidence > 0 ? std::string(clock) + ", " : "") +
           found.note + (aligned ? "" : "; left as it was, set it with --offset SECONDS") + "\n";
}

ExitCode run(const Options& options, Console& console) {
    const AlignOptions wanted = wanted_from(options);
    const JobContext job = console.job();
    SessionOptions who;
    who.author.name = options.author;
    ProjectSession session(options.project, std::move(who));
    const auto result = align_takes(session, wanted, job);
    if (!result) {
        console.note("Stopped; nothing was changed.");
        return ExitCode::failed;
    }
    nlohmann::json list = nlohmann::json::array();
    std::string text;
    std::size_t aligned = 0;
    for (const AlignmentFound& found : *result) {
        const bool done = found.outcome == AlignmentFound::Outcome::aligned;
        aligned += done ? 1 : 0;
        list.push_back({{"take", found.take},
                        {"stream", found.path},
                        {"by", std::string(schemas::to_text(found.by))},
                        {"offset_seconds", found.clock.offset_seconds},
                        {"clock_ratio", found.clock.clock_ratio},
                        {"confidence", found.confidence},
                        {"note", found.note},
                        {"aligned", done}});
        text += line_of(found);
    }
    if (result->empty()) text = "No take has a second file with sound or time stamps to be aligned by.";
    console.result({{"alignments", list}}, text);
    if (aligned == result->size()) return ExitCode::done;
    return aligned > 0 ? ExitCode::in_part : ExitCode::failed;
}

}  // namespace

void add_align(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("align", "Align the recordings of a take to its reference, by time stamps, sound or hand",
                              [options](Console& console) { return run(*options, console); });
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_option("--take", options->take, "one take; all of them unless given");
    verb->add_option("--stream", options->stream, "one recording: its path or file name, #N for stream N of the file");
    verb->add_option("--by", options->by, "audio or timestamps; time stamps, then sound, unless given")
        ->check(CLI::IsMember({"audio", "timestamps"}));
    verb->add_option("--offset", options->offset,
                     "set by hand: what the recording's clock shows with the reference's first frame, in seconds");
    verb->add_option("--ratio", options->ratio, "with --offset: seconds of the recording in a second of the reference");
    verb->add_option("--least-confidence", options->confidence, "refuse matches that are weaker")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    verb->add_option("--author", options->author, "who does it; the user of this machine unless given");
}

}  // namespace annotator
