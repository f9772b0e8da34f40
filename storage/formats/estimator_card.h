#pragma once

#include <filesystem>

#include "schemas/estimator_card.h"
#include "storage/read_error.h"

namespace storage {

// The card of a pose estimator, by schemas/json/estimator.schema.json. Joints are found by the layout's names for them,
// however these are written ("LeftWrist", "l_wrist", "LWrist"). Throws ReadError that names the field, what was
// expected and what was found: "card.json: input.width: expected a whole number from 8 to 4096, found "wide"."
//
// Thread: any.
schemas::EstimatorCard read_estimator_card(const std::filesystem::path& file);

}  // namespace storage
