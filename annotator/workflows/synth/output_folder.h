#pragma once

#include <filesystem>
#include <string_view>

namespace annotator::synth {

// Makes `folder` ready for a fresh data set, and writes `readme` as its README.txt. An
// earlier output, known by a README.txt that begins with the same line, is removed:
// those files that such an output consists of, and no others.
//
// Throws std::runtime_error when the folder holds anything else, is a file or cannot be
// written; then nothing has been touched.
void claim_output_folder(const std::filesystem::path& folder, std::string_view readme);

}  // namespace annotator::synth
