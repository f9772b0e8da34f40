#pragma once

#include "storage/skeleton/asf.h"

namespace storage {

// An adult of 1.72 m with the bones, axes and degrees of freedom that the recordings of CMU
// have in common, for motion whose own skeleton file is lost. The lengths are round values
// in the proportions of Drillis and Contini (1966).
//
// Thread: any.
const AsfSkeleton& stand_in_skeleton();

}  // namespace storage
