#pragma once

#include <map>
#include <string>
#include <vector>

#include "schemas/tensor.h"

namespace inference {

// What a trained model consists of, as values: the tensors of its network by the names of its layers, and what belongs
// to them. The motions that it compares with, which are recordings of people, are not among them.
struct ModelWeights {
    std::string family;
    std::string layout;  // of the skeletons that it takes
    std::vector<std::string> labels;
    std::map<std::string, double> options;
    std::map<std::string, schemas::Tensor> tensors;
};

// What a training begins with.
struct StartingWeights {
    // whole: tensors that the network lacks, lacks among these or has in another shape, and labels that they do not
    // know, are an error that lists the first of them. partly: what fits is used, and the rest is listed; at least one
    // must fit.
    enum class Fit { whole, partly };

    std::map<std::string, schemas::Tensor> tensors;
    std::vector<std::string> labels;  // of their classes, in order; none: not known
    std::string layout;               // of the skeletons that they were learnt on; empty: not known
    Fit fit = Fit::whole;
};

}  // namespace inference
