#pragma once

#include <string>

#include "annotator/session/editor_model.h"
#include "annotator/session/intents.h"

namespace annotator {

// What "Make the split" makes and "Export" writes: what the forms say, and until they are touched what most people
// want: parts by performer and take, with the labels of the first track in each; every format, beside the project,
// with the split that was made last.
MakeSplit split_to_make(const EditorModel& model);
ExportDataset dataset_to_write(const EditorModel& model);

// A list with commas between.
bool has_word(const std::string& list, const std::string& word);
void set_word(std::string& list, const std::string& word, bool there);

}  // namespace annotator
