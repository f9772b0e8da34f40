#pragma once

#include <string>
#include <vector>

#include "annotator/session/editor_model.h"

// What is said of a thing under the mouse: who, when, from which proposal of which model. Lines of text; pure.
namespace annotator {

std::vector<std::string> facts_of(const EditorModel& model, const schemas::Segment& segment);
std::vector<std::string> facts_of(const EditorModel& model, const schemas::Proposal& proposal);
std::vector<std::string> facts_of(const EditorModel& model, const schemas::KeyPose& pose);
std::vector<std::string> facts_of(const EditorModel& model, const schemas::Comment& comment);

}  // namespace annotator
