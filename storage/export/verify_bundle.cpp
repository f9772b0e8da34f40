#include "storage/export/verify_bundle.h"

#include <algorithm>
#include <set>

#include "storage/formats/mstcn.h"
#include "storage/text_file.h"

namespace storage {
namespace {

namespace fs = std::filesystem;

using Names = std::set<std::string, std::less<>>;

// Lines as the public readers take them: split('\n')[:-1].
std::vector<std::string_view> reference_lines(std::string_view text, const std::string& path, FindingList& findings) {
    if (!text.ends_with('\n') || text.ends_with("\n\n")) findings.error(path, "does not end with exactly one line end");
    if (text.find('\r') != std::string_view::npos) findings.error(path, "has line ends of Windows");
    std::vector<std::string_view> lines;
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    return lines;
}

Names verify_mapping(const fs::path& folder, FindingList& findings) {
    const std::string text = read_text(folder / "mapping.txt");
    Names words;
    std::size_t number = 0;
    for (const std::string_view line : lines_of(text)) {
        const std::vector<std::string_view> parts = words_of(line);
        if (parts.size() != 2 || integer_from(parts[0]) != static_cast<std::int64_t>(number))
            findings.error(at_line("mapping.txt", number + 1),
                           "expected '" + std::to_string(number) + " word', found " + in_quotes(line));
        else if (!words.emplace(parts[1]).second)
            findings.error(at_line("mapping.txt", number + 1), "label " + in_quotes(parts[1]) + " occurs twice");
        ++number;
    }
    return words;
}

void verify_count(const std::string& path, std::size_t found, schemas::FrameIndex frames, FindingList& findings) {
    if (static_cast<schemas::FrameIndex>(found) != frames)
        findings.error(path,
                       "has " + std::to_string(found) + " lines, its frame table " + std::to_string(frames) + " rows");
}

void verify_truth(const fs::path& folder, const std::string& video, schemas::FrameIndex frames, const Names& words,
                  FindingList& findings) {
    const std::string path = "groundTruth/" + video + ".txt", mask_path = "mask/" + video + ".txt";
    const std::string text = read_text(folder / path), mask_text = read_text(folder / mask_path);
    const std::vector<std::string_view> lines = reference_lines(text, path, findings),
                                        mask = reference_lines(mask_text, mask_path, findings);
    verify_count(path, lines.size(), frames, findings);
    verify_count(mask_path, mask.size(), frames, findings);
    for (std::size_t i = 0; i < lines.size(); ++i)
        if (!words.contains(lines[i])) {
            findings.error(at_line(path, i + 1), "label " + in_quotes(lines[i]) + " is not in mapping.txt");
            break;
        }
    for (std::size_t i = 0; i < std::min(mask.size(), lines.size()); ++i)
        if ((mask[i] != "0" && mask[i] != "1") || (mask[i] == "1" && lines[i] == unlabelled_word)) {
            findings.error(at_line(mask_path, i + 1),
                           "says " + in_quotes(mask[i]) + " of a frame that groundTruth calls " + in_quotes(lines[i]));
            break;
        }
}

void verify_features(const fs::path& folder, const std::string& video, schemas::FrameIndex frames,
                     FindingList& findings) {
    const std::string path = "features/" + video + ".npy";
    std::error_code error;
    if (!fs::exists(folder / path, error)) return;
    const std::string header = first_text(folder / path, 256);
    const std::string columns = ", " + std::to_string(frames) + "), }";
    if (!header.starts_with("\x93NUMPY")) return findings.error(path, "is no .npy file");
    if (header.find(columns) == std::string::npos)
        findings.error(path, "does not have a column for each of the " + std::to_string(frames) + " frames");
}

void verify_bundles(const fs::path& folder, const Names& videos, FindingList& findings) {
    std::error_code error;
    std::map<std::string, std::map<std::string, std::string>> subset_of;  // [split][file]
    for (const fs::directory_entry& entry : fs::directory_iterator(folder / "splits", error)) {
        const std::string name = entry.path().filename().string(), path = "splits/" + name;
        const std::size_t dot = name.find('.');
        if (!name.ends_with(".bundle") || dot == std::string::npos) continue;
        const std::string text = read_text(entry.path());
        for (const std::string_view line : lines_of(text)) {
            if (!line.ends_with(".txt") || !videos.contains(line.substr(0, line.size() - 4)))
                findings.error(path, "names " + in_quotes(line) + ", which is not in groundTruth");
            const auto [other, fresh] = subset_of[name.substr(dot)].emplace(line, name);
            if (!fresh) findings.error(path, in_quotes(line) + " is in " + other->second + " too");
        }
    }
}

}  // namespace

void verify_bundle(const fs::path& folder, const std::map<std::string, ExportedClip>& clips, FindingList& findings) {
    const Names words = verify_mapping(folder, findings);
    const Table names(folder, "names.csv", {"kind", "written", "name", "frames"}, findings);
    Names videos;
    for (std::size_t row = 0; row < names.rows(); ++row) try {
            if (names.text(row, "kind") != "video") continue;
            const std::string& video = names.text(row, "written");
            const std::string clip_video = fs::path(names.text(row, "frames")).stem().string();
            const auto clip = clips.find(clip_video);
            if (clip == clips.end() || video.find_first_of("/.\\") != std::string::npos)
                throw ReadError("video " + in_quotes(video) + " belongs to no clip of clips.csv");
            videos.insert(video);
            verify_truth(folder, video, clip->second.frames(), words, findings);
            verify_features(folder, video, clip->second.frames(), findings);
        } catch (const ReadError& error) {
            findings.error(names.place(row), error.what());
        }
    verify_bundles(folder, videos, findings);
}

}  // namespace storage
