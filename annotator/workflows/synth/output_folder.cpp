#include "annotator/workflows/synth/output_folder.h"

#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "annotator/workflows/synth/msr_files.h"

namespace annotator::synth {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view readme_name = "README.txt";

bool is_earlier_output(const fs::path& folder, std::string_view readme) {
    std::ifstream stream(folder / readme_name);
    std::string line;
    return std::getline(stream, line) && line == readme.substr(0, readme.find('\n'));
}

bool is_recording(const fs::path& file) {
    const std::string name = file.filename().string();
    return name.ends_with(skeleton_suffix) || name.ends_with(depth_suffix) || name.ends_with(video_suffix);
}

bool is_truth(const fs::path& file) {
    const std::string name = file.filename().string();
    return name == "categories.csv" || name == "primitives.csv" || name == "key_poses.csv" || name == "beats.csv";
}

void remove_files(const fs::path& folder, bool (*belongs)(const fs::path&)) {
    if (!fs::is_directory(folder)) return;
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder))
        if (entry.is_regular_file() && belongs(entry.path())) files.push_back(entry.path());
    for (const fs::path& file : files) fs::remove(file);
}

}  // namespace

void claim_output_folder(const fs::path& folder, std::string_view readme) {
    if (fs::exists(folder) && !fs::is_directory(folder))
        throw std::runtime_error(folder.string() + ": is a file; name a folder that is new or empty");
    if (fs::exists(folder) && !fs::is_empty(folder)) {
        if (!is_earlier_output(folder, readme))
            throw std::runtime_error(folder.string() +
                                     ": is not empty and holds no earlier data set of this kind; name another folder");
        remove_files(folder / "clips", is_recording);
        remove_files(folder / "streams", is_recording);
        remove_files(folder / "truth", is_truth);
    }
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem) throw std::runtime_error(folder.string() + ": cannot be made: " + problem.message());
    write_text(folder / readme_name, readme);
}

}  // namespace annotator::synth
