#pragma once

#include <memory>

#include "inference/model_family.h"

namespace inference {

// `tcn_clip` of models.md 2.4: classifies clips by their motion, and is small enough to be
// trained from scratch while a person waits.
std::unique_ptr<ModelFamily> tcn_clip_family();

}  // namespace inference
