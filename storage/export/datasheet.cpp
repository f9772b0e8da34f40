#include "storage/export/datasheet.h"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>

#include "storage/export/export_tables.h"

namespace storage {
namespace {

struct Count {
    std::int64_t clips = 0, segments = 0, frames = 0;
};
using Counts = std::map<std::string, Count>;

// A cell of a Markdown table: no bars, no line ends.
std::string cell(const std::string& text) {
    std::string result;
    for (const char c : text) {
        if (c == '|') result += '\\';
        result += c == '\n' || c == '\r' ? ' ' : c;
    }
    return result;
}

std::string table(const std::string& title, const Counts& counts) {
    if (counts.empty()) return "";
    std::string text = "| " + title + " | clips | segments | frames |\n|---|---:|---:|---:|\n";
    for (const auto& [name, count] : counts)
        text += "| " + cell(name) + " | " + std::to_string(count.clips) + " | " + std::to_string(count.segments) +
                " | " + std::to_string(count.frames) + " |\n";
    return text + '\n';
}

class Tally {
public:
    explicit Tally(const Dataset& dataset) {
        for (const schemas::Label& label : dataset.labels)
            if (!label.deprecated) labels[find_track(dataset, label.track)->name + ": " + label.name];
        const Subsets subsets = subsets_of(dataset);
        for (const DatasetClip& clip : dataset.clips) {
            frames += clip.span.length();
            seconds += boundary_seconds(clip, clip.table.frames());
            for (const schemas::Performer& performer : clip.performers) add_clip(performers[performer.name], clip);
            for (const auto& [place, subset] : subsets)
                if (place.second == clip.id)
                    add_clip(
                        splits["fold " + std::to_string(place.first) + ", " + std::string(schemas::to_text(subset))],
                        clip);
            add_labels(dataset, clip);
            for (const StateRun& run : clip.states)
                state_runs[find_track(dataset, run.track)->name + ": " + std::string(schemas::to_text(run.state))]
                    .frames += run.span.length();
        }
    }

    Counts labels, states, performers, splits, state_runs;
    std::int64_t frames = 0, segments = 0, key_poses = 0;
    double seconds = 0;

private:
    static void add_clip(Count& count, const DatasetClip& clip) {
        ++count.clips;
        count.segments += static_cast<std::int64_t>(clip.segments.size());
        count.frames += clip.span.length();
    }

    void add_labels(const Dataset& dataset, const DatasetClip& clip) {
        std::set<std::string> met;
        const auto add = [&](Count& count, const std::string& name, std::int64_t length) {
            if (met.insert(name).second) ++count.clips;
            ++count.segments;
            count.frames += length;
        };
        for (const schemas::Segment& segment : clip.segments) {
            const std::string label =
                find_track(dataset, segment.track)->name + ": " + find_label(dataset, segment.label)->name;
            const std::string state(schemas::to_text(segment.state));
            add(labels[label], "label " + label, segment.span().length());
            add(states[state], "state " + state, segment.span().length());
        }
        for (const schemas::KeyPose& pose : clip.key_poses) {
            const std::string label =
                find_track(dataset, pose.track)->name + ": " + find_label(dataset, pose.label)->name;
            add(labels[label], "label " + label, 1);
        }
        segments += static_cast<std::int64_t>(clip.segments.size());
        key_poses += static_cast<std::int64_t>(clip.key_poses.size());
    }
};

std::string percent(double share) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f %%", share * 100);
    return text.data();
}

std::string composition(const Dataset& dataset, const Tally& tally) {
    return "## What is in it\n\n" + std::to_string(dataset.clips.size()) + " clips, " + std::to_string(tally.frames) +
           " frames, " + decimal_text(std::round(tally.seconds * 10) / 10) + " seconds; " +
           std::to_string(tally.segments) + " labelled segments and " + std::to_string(tally.key_poses) +
           " key poses. Counts of frames add up segments, so that overlaps count twice.\n\n" +
           table("label", tally.labels) + table("performer", tally.performers) +
           table("state of the segments", tally.states) + table("frames by track and state", tally.state_runs) +
           (dataset.split ? table("split " + dataset.split->name, tally.splits) : "There is no split.\n\n");
}

std::string collection(const Dataset& dataset, const ExportOptions& options, const Tally& tally) {
    std::string text = "## How the labels were made\n\nLayer `" + dataset.layer +
                       "`. People label; a model may only propose, and a proposal becomes a label when a person "
                       "accepts or corrects it. "
                       "The states say which happened: `drawn` without a proposal, `accepted` as proposed, `corrected` "
                       "after a proposal, "
                       "`imported` from a file, `verified` by a second person, `disputed`. Frames without a label are "
                       "unlabelled, which is not background.\n\n";
    text += "People were asked to label " + percent(options.budget) + " of the frames.\n\n";
    if (!dataset.state_frames.empty()) {
        text += "| state in the whole project | frames |\n|---|---:|\n";
        for (const auto& [state, count] : dataset.state_frames)
            text += "| " + cell(state) + " | " + std::to_string(count) + " |\n";
        text += '\n';
    }
    if (dataset.models.empty()) return text + (tally.segments > 0 ? "No model took part.\n\n" : "");
    text += "| model that proposed | what it is |\n|---|---|\n";
    for (const auto& [name, what] : dataset.models) text += "| " + cell(name) + " | " + cell(what) + " |\n";
    return text + '\n';
}

std::string splitting(const Dataset& dataset) {
    if (!dataset.split) return "";
    return "## Split\n\n`" + dataset.split->name + "`, scheme " + dataset.split->scheme + ", seed " +
           std::to_string(dataset.split->seed) +
           (dataset.split->grouped.empty()
                ? ". Clips were not grouped, so that takes of one performer may be on both sides.\n\n"
                : ". Clips of one " + dataset.split->grouped + " are never in two subsets of a fold.\n\n");
}

std::string losses_text(const LossReport& losses) {
    if (losses.empty()) return "";
    std::string text =
        "## What the formats cannot hold\n\nlabels.json holds all of it.\n\n| format | what | first at | how often "
        "|\n|---|---|---|---:|\n";
    for (const Loss& loss : losses)
        text += "| " + cell(loss.format) + " | " + cell(loss.what) + " | " + cell(loss.where) + " | " +
                std::to_string(loss.count) + " |\n";
    return text + '\n';
}

constexpr const char* conventions = R"(## How to read it

- Frames count from 0 over the frames that the reference medium actually decodes to; spans are half-open `[begin, end)`.
- `frames/<video>.csv` has a row for each frame of a clip: index, pts in ticks of the clip's `time_base`, seconds from the medium's first frame, key frame. `clips.csv` says which frames of its take a clip is, and names the time base and the media with their SHA-256.
- `kinetograph verify --media FOLDER` reads the media again and compares them with these tables, row by row.
- `labels.json` counts frames in the take, all other files in the clip. Seconds in `segments.csv` and ActivityNet files count from the clip's first frame.
- `sha256sum --check SHA256SUMS` verifies the files; `kinetograph verify` also checks that they agree.

)";

}  // namespace

std::string utc_text(schemas::Timestamp time) {
    using namespace std::chrono;
    const sys_time<microseconds> point{microseconds{time}};
    const auto day = floor<days>(point);
    const year_month_day date{day};
    const hh_mm_ss clock{floor<seconds>(point - day)};
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    return text.data();
}

std::string datasheet_from(const Dataset& dataset, const ExportOptions& options, const LossReport& losses) {
    const Tally tally(dataset);
    std::string text = "# " + dataset.name + "\n\n";
    if (!dataset.description.empty()) text += dataset.description + "\n\n";
    text += "Exported by Kinetograph " + dataset.tool_version + " from the state of " +
            utc_text(dataset.snapshot_time) + ", snapshot `" + dataset.snapshot + "`.\n\n";
    text += "## Why it was made\n\n";
    text += options.motivation.empty() ? "The makers of " + dataset.name + " have not said so yet.\n\n"
                                       : options.motivation + "\n\n";
    text += composition(dataset, tally) + collection(dataset, options, tally) + splitting(dataset) + conventions +
            losses_text(losses);
    text += "## Licence\n\n";
    text += options.licence.empty() ? "NO LICENCE HAS BEEN CHOSEN. Without one nobody may use this dataset; choose one "
                                      "before you pass it on. The recordings may have terms of their own.\n"
                                    : options.licence + "\n\nThe recordings may have terms of their own.\n";
    return text;
}

}  // namespace storage
