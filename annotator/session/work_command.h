#pragma once

#include <string>
#include <vector>

#include "annotator/document/document.h"
#include "annotator/jobs/job_runner.h"
#include "annotator/session/editor_state.h"

// Long work as a verb of the command line, and its answer as the editor shows it. Pure.
namespace annotator {

struct WorkCommand {
    JobKind kind = JobKind::train;
    std::string title;
    std::vector<std::string> arguments;  // of the program: the verb first
    Lane lane = Lane::compute;           // one at a time in each
    std::filesystem::path folder = {};   // of an export
};

// Each throws std::invalid_argument, with a sentence, for what cannot be asked for. `project` is the folder's full
// path.
WorkCommand command_for(const ImportRecordings& wanted, const std::filesystem::path& project);
// Training leaves one core to the window.
WorkCommand command_for(const StartTraining& wanted, const Document& document, const std::filesystem::path& project);
WorkCommand command_for(const Prelabel& wanted, const Document& document, const std::filesystem::path& project);
WorkCommand command_for(const BuildQueue& wanted, const Document& document, const std::filesystem::path& project);
WorkCommand command_for(const CheckProject& wanted, const std::filesystem::path& project);
WorkCommand command_for(const MakeSplit& wanted, const std::filesystem::path& project);
WorkCommand command_for(const ExportDataset& wanted, const std::filesystem::path& project);

// Reads a line of a verb's standard error: progress and figures go into the view, anything else is returned as it is;
// "" for progress.
std::string read_line(const std::string& line, JobView& view);

// Reads the answer of a verb that ended well, or in part: what came of it in one sentence, and in `outcomes`.
std::string read_answer(const WorkCommand& command, const std::string& json, WorkOutcomes& outcomes);

// Whether the verb did what it was for: checks that find errors did.
bool did_its_work(const WorkCommand& command, int exit_code, const std::string& answer);

// What must be read again after it.
enum class ReadAgain { nothing, model_output, everything };
ReadAgain read_again_after(JobKind kind);

// The words of a list with commas between, without spaces around.
std::vector<std::string> words_of(const std::string& list);

}  // namespace annotator
