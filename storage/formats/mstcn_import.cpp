#include "storage/formats/mstcn_import.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string_view>

#include "storage/formats/csv.h"
#include "storage/formats/mstcn.h"
#include "storage/formats/span_check.h"
#include "storage/text_file.h"

namespace storage {
namespace {

namespace fs = std::filesystem;

struct Bundle {
    fs::path root;
    std::vector<fs::path> files;  // of groundTruth, sorted
};

// What names.csv maps back.
struct Names {
    struct Video {
        std::string clip, performer;
    };
    std::map<std::string, Video, std::less<>> videos;
    std::map<std::string, std::string, std::less<>> labels;
};

Bundle bundle_at(const fs::path& path) {
    std::error_code error;
    if (fs::is_regular_file(path, error)) return {fs::absolute(path).parent_path().parent_path(), {path}};
    const bool inner = path.filename() == "groundTruth";
    Bundle bundle{inner ? fs::absolute(path).parent_path() : path, {}};
    for (const fs::directory_entry& entry : fs::directory_iterator(bundle.root / "groundTruth", error))
        if (entry.path().extension() == ".txt") bundle.files.push_back(entry.path());
    if (error) throw ReadError(path.string() + ": is no MS-TCN bundle: groundTruth: " + error.message());
    if (bundle.files.empty()) throw ReadError(path.string() + ": groundTruth: holds no .txt file");
    std::sort(bundle.files.begin(), bundle.files.end());
    return bundle;
}

void append(std::vector<ReadProblem>& all, std::vector<ReadProblem> more) {
    std::move(more.begin(), more.end(), std::back_inserter(all));
}

std::vector<std::string> read_mapping(const fs::path& file, std::vector<ReadProblem>& all) {
    ProblemList problems(file);
    std::vector<std::string> names;
    const std::string text = read_text(file);
    const std::vector<std::string_view> lines = lines_of(text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::vector<std::string_view> words = words_of(lines[i]);
        if (words.empty()) continue;
        if (words.size() != 2)
            problems.add(i + 1,
                         "expected 'id word', found " + in_quotes(lines[i]) + "; a label has no blanks here; left out");
        else if (integer_from(words[0]) != static_cast<std::int64_t>(names.size()))
            problems.add(i + 1, "expected id " + std::to_string(names.size()) + ", found " + in_quotes(words[0]) +
                                    "; the label is kept");
        if (words.size() == 2) names.emplace_back(words[1]);
    }
    append(all, problems.take());
    return names;
}

Names read_names(const fs::path& file, std::vector<ReadProblem>& all) {
    ProblemList problems(file);
    Names names;
    const std::string text = read_text(file);
    CsvReader reader(text);
    std::vector<std::string> fields;
    while (reader.next(fields)) {
        if (fields.size() != 5)
            problems.add(reader.line(), "expected 5 fields, found " + std::to_string(fields.size()) + "; left out");
        else if (fields[0] == "video")
            names.videos[fields[1]] = {fields[2], fields[3]};
        else if (fields[0] == "label")
            names.labels[fields[1]] = fields[2];
    }
    append(all, problems.take());
    return names;
}

// A side file that may be missing; one that cannot be read is listed.
template <class Value, class Read>
Value optional_file(const fs::path& file, std::vector<ReadProblem>& all, Read read) {
    std::error_code error;
    if (!fs::exists(file, error)) return {};
    try {
        return read(file, all);
    } catch (const ReadError& refused) {
        all.push_back({std::string(refused.what()) + "; the file was left out", {}});
        return {};
    }
}

std::vector<bool> read_mask(const fs::path& file, std::vector<ReadProblem>& all) {
    const std::string text = read_text(file);
    std::vector<bool> labelled;
    ProblemList problems(file);
    const std::vector<std::string_view> lines = lines_of(text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i] != "0" && lines[i] != "1")
            problems.add(i + 1, "expected 0 or 1, found " + in_quotes(lines[i]) + "; taken as 1");
        labelled.push_back(lines[i] != "0");
    }
    append(all, problems.take());
    return labelled;
}

class TruthReader {
public:
    TruthReader(const LabelImportOptions& options, std::set<std::string, std::less<>> known, const Names& names)
        : options_(options), known_(std::move(known)), names_(names) {}

    ImportedClip read(const fs::path& file, const std::vector<bool>& mask, std::vector<ReadProblem>& all) {
        ProblemList problems(file);
        const std::string text = read_text(file);
        note_line_ends(text, problems);
        const std::vector<std::string_view> lines = lines_of(text);
        ImportedClip clip{clip_of(file).clip, static_cast<schemas::FrameIndex>(lines.size()), {}, {}};
        if (!mask.empty() && mask.size() != lines.size())
            problems.add("has " + std::to_string(lines.size()) + " lines, its mask " + std::to_string(mask.size()));
        const auto label_at = [&](std::size_t i) {
            return i < mask.size() && !mask[i] ? std::string_view() : label_in(lines[i], i + 1, problems);
        };
        const std::optional<schemas::FrameIndex> frames = known_frames(options_, clip.key);
        if (frames && *frames != *clip.frames)
            problems.add("has " + std::to_string(*clip.frames) + " lines, the clip has " + std::to_string(*frames) +
                         " frames");
        std::size_t begin = 0;
        std::string_view label = lines.empty() ? std::string_view() : label_at(0);
        for (std::size_t i = 1; i <= lines.size(); ++i) {
            const std::string_view next = i < lines.size() ? label_at(i) : std::string_view();
            if (i < lines.size() && next == label) continue;
            if (!label.empty())
                add_span(clip, file, {static_cast<schemas::FrameIndex>(begin), static_cast<schemas::FrameIndex>(i)},
                         label, frames, problems);
            begin = i;
            label = next;
        }
        append(all, problems.take());
        return clip;
    }

private:
    static void note_line_ends(std::string_view text, ProblemList& problems) {
        if (text.empty()) problems.add("is empty; the clip has no labels here");
        if (text.find("\r\n") != std::string_view::npos) problems.add("has line ends of Windows; read all the same");
        if (!text.empty() && text.back() != '\n')
            problems.add("does not end with a line end, so it may be cut off; its last line was read all the same");
    }

    Names::Video clip_of(const fs::path& file) const {
        const std::string stem = file.stem().string();
        const auto found = names_.videos.find(stem);
        return found == names_.videos.end() ? Names::Video{stem, ""} : found->second;
    }

    std::string_view label_in(std::string_view line, std::size_t number, ProblemList& problems) {
        const std::string_view label = trimmed(line);
        if (label.empty()) problems.add(number, "is empty, expected a label; the frame stays unlabelled");
        if (label.empty() || label == unlabelled_word) return {};
        if (!known_.empty() && !known_.contains(label)) {
            problems.add(number, "label " + in_quotes(label) + " is not in mapping.txt; kept (listed once)");
            known_.emplace(label);
        }
        return label;
    }

    void add_span(ImportedClip& clip, const fs::path& file, schemas::FrameSpan span, std::string_view word,
                  std::optional<schemas::FrameIndex> frames, ProblemList& problems) const {
        const std::optional<schemas::FrameSpan> inside =
            fitted(span, frames, static_cast<std::size_t>(span.begin + 1), problems);
        if (!inside) return;
        const auto name = names_.labels.find(word);
        ImportedSpan imported{*inside, name == names_.labels.end() ? std::string(word) : name->second, {}, {}, {}};
        if (const std::string performer = clip_of(file).performer; !performer.empty()) imported.performer = performer;
        clip.spans.push_back(std::move(imported));
    }

    const LabelImportOptions& options_;
    std::set<std::string, std::less<>> known_;  // words of mapping.txt
    const Names& names_;
};

// Videos of several performers of one clip are one clip again.
void add_clip(std::vector<ImportedClip>& clips, ImportedClip clip) {
    const auto same =
        std::find_if(clips.rbegin(), clips.rend(), [&](const ImportedClip& c) { return c.key == clip.key; });
    if (same == clips.rend()) return clips.push_back(std::move(clip));
    std::move(clip.spans.begin(), clip.spans.end(), std::back_inserter(same->spans));
}

}  // namespace

bool looks_like_mstcn(const fs::path& path) {
    std::error_code error;
    if (fs::is_directory(path / "groundTruth", error)) return true;
    if (path.filename() == "groundTruth") return fs::is_directory(path, error);
    return path.extension() == ".txt" && fs::absolute(path, error).parent_path().filename() == "groundTruth";
}

ImportedLabels read_mstcn(const fs::path& path, const LabelImportOptions& options) {
    const Bundle bundle = bundle_at(path);
    ImportedLabels labels{"mstcn", schemas::TrackKind::primitive, {}, {}, {}};
    const auto words =
        optional_file<std::vector<std::string>>(bundle.root / "mapping.txt", labels.problems, read_mapping);
    if (words.empty())
        labels.problems.push_back(
            {(bundle.root / "mapping.txt").string() + ": is missing or empty; labels are taken as they stand", {}});
    const auto names = optional_file<Names>(bundle.root / "names.csv", labels.problems, read_names);
    for (const std::string& word : words)
        if (word != unlabelled_word) {
            const auto name = names.labels.find(word);
            labels.label_order.push_back(name == names.labels.end() ? word : name->second);
        }
    TruthReader reader(options, {words.begin(), words.end()}, names);
    std::string refusal;
    for (const fs::path& file : bundle.files) try {
            const auto mask =
                optional_file<std::vector<bool>>(bundle.root / "mask" / file.filename(), labels.problems, read_mask);
            add_clip(labels.clips, reader.read(file, mask, labels.problems));
        } catch (const ReadError& refused) {
            refusal = refused.what();
            labels.problems.push_back({refusal + ". The file was left out.", {}});
        }
    if (labels.clips.empty()) throw ReadError(refusal);
    return labels;
}

}  // namespace storage
