#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <memory>

#include "annotator/cli/verbs.h"
#include "annotator/workflows/sound_summary.h"

namespace annotator {

namespace {

using nlohmann::json;

struct Options {
    std::string file;
    std::optional<int> stream;
    int peaks = 72;
};

json json_of(const SoundSummary& summary, int peaks) {
    const storage::AudioIndex& index = summary.index;
    json beats = json::array(), parts = json::array(), waveform = json::array();
    for (std::size_t i = 0; i < summary.beats.seconds.size(); ++i) {
        json beat{{"seconds", summary.beats.seconds[i]}};
        if (!summary.beat_frames.empty())
            beat["frame"] = summary.beat_frames[i] ? json(*summary.beat_frames[i]) : json();
        beats.push_back(std::move(beat));
    }
    for (const inference::TempoPart& part : summary.beats.parts)
        parts.push_back({{"seconds", part.begin_seconds}, {"beats_per_minute", part.beats_per_minute}});
    for (const storage::Peak& peak : summary.waveform.peaks(0, index.samples, peaks))
        waveform.push_back({peak.low, peak.high, peak.rms});
    return {{"stream", index.stream},
            {"codec", index.codec},
            {"sample_rate", index.sample_rate},
            {"channels", index.channels},
            {"samples", index.samples},
            {"duration_seconds", index.duration_seconds()},
            {"start_seconds", index.start_seconds},
            {"tempo",
             {{"beats_per_minute", summary.beats.beats_per_minute},
              {"confidence", summary.beats.confidence},
              {"parts", parts}}},
            {"beats", beats},
            {"peaks", waveform},
            {"problems", index.problems}};
}

std::string number_text(double value, int digits) {
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    return text.data();
}

// Two lines of bars as high as the sound is loud, and below them the beats.
std::string picture_of(const SoundSummary& summary, int columns) {
    constexpr std::array<const char*, 9> bars{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    const std::vector<storage::Peak> peaks = summary.waveform.peaks(0, summary.index.samples, columns);
    float loudest = 1e-6F;
    for (const storage::Peak& peak : peaks) loudest = std::max({loudest, peak.high, -peak.low});
    std::string upper, lower, beats;
    for (const storage::Peak& peak : peaks) {
        const int height = static_cast<int>(std::lround(16 * std::max(peak.high, -peak.low) / loudest));
        upper += bars[static_cast<std::size_t>(std::clamp(height - 8, 0, 8))];
        lower += bars[static_cast<std::size_t>(std::clamp(height, 1, 8))];
    }
    std::string marks(static_cast<std::size_t>(columns), ' ');
    for (const double seconds : summary.beats.seconds) {
        const auto column = static_cast<std::size_t>(seconds / summary.index.duration_seconds() * columns);
        if (column < marks.size()) marks[column] = '\'';
    }
    return "  " + upper + "\n  " + lower + "\n" + (summary.beats.seconds.empty() ? "" : "  " + marks + "\n");
}

std::string text_of(const SoundSummary& summary, const Options& options) {
    const storage::AudioIndex& index = summary.index;
    std::string text = options.file + ": stream " + std::to_string(index.stream) + ", " + index.codec + ", " +
                       std::to_string(index.sample_rate) + " Hz, " + std::to_string(index.channels) +
                       (index.channels == 1 ? " channel, " : " channels, ") + number_text(index.duration_seconds(), 3) +
                       " s from " + number_text(index.start_seconds, 3) + " s on\n";
    if (options.peaks > 0) text += picture_of(summary, options.peaks);
    const inference::Beats& beats = summary.beats;
    if (beats.seconds.empty())
        text += "No beats\n";
    else
        text += std::to_string(beats.seconds.size()) + " beats, " + number_text(beats.beats_per_minute, 1) +
                " a minute (confidence " + number_text(beats.confidence, 2) + ")\n";
    if (beats.parts.size() > 1)
        for (const inference::TempoPart& part : beats.parts)
            text += "  " + number_text(part.beats_per_minute, 1) + " a minute from " +
                    number_text(part.begin_seconds, 1) + " s\n";
    if (!summary.beat_frames.empty() && !beats.seconds.empty()) {
        text += "On frames";
        for (const auto& frame : summary.beat_frames)
            if (frame) text += " " + std::to_string(*frame);
        text += "\n";
    }
    for (const std::string& problem : index.problems) text += "Problem: " + problem + "\n";
    return text;
}

ExitCode show(const Options& options, Console& console) {
    const auto summary = summarise_sound(options.file, options.stream, console.job());
    if (!summary) {
        console.note("Stopped.");
        return ExitCode::failed;
    }
    console.result(json_of(*summary, options.peaks), text_of(*summary, options));
    return ExitCode::done;
}

}  // namespace

void add_sound(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("sound", "The sound of a recording: its length, waveform, tempo, and beats on frames",
                              [options](Console& console) { return show(*options, console); });
    verb->add_option("path", options->file, "a recording with sound")->required();
    verb->add_option("--stream", options->stream, "of the file, counted from 0 (else the best)");
    verb->add_option("--peaks", options->peaks, "columns of the waveform")
        ->check(CLI::Range(0, 100000))
        ->capture_default_str();
}

}  // namespace annotator
