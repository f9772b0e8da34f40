#pragma once

#include <memory>
#include <vector>

#include "inference/model_family.h"

namespace inference {

// The families whose networks are trained with automatic gradients; in brackets, with their usual values, what of their
// shape can be chosen among the options of training:
//   estgcn    paper 003 [size 0: xs 0, s 1, m 2, l 3; literal_ids 0; seg_skip 1]
//   lift_sta  the ST-GCN with attention of paper 004, on skeletons as they are
//             [width 32, of which 64 is the paper's; channels 9; frames 48; attention 1: off 0, convolution 1, graph 2]
//   lstm_cnn  papers 000 and 001, on skeletons [frames 48]
std::vector<std::unique_ptr<ModelFamily>> clip_families();

}  // namespace inference
