#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace storage {

// Something of a dataset that a format cannot hold. labels.json of the same export always holds
// it. An exporter lists every kind of loss once, with how often it happened.
struct Loss {
    std::string format;      // "mstcn" …
    std::string what;        // "key poses are left out: the format has spans only"
    std::string where;       // the first place: "clip salsa_1, track arms, frames [10, 40)"; may be empty
    std::int64_t count = 1;  // of what is lost: frames, segments, key poses …

    bool operator==(const Loss&) const = default;
};

using LossReport = std::vector<Loss>;

}  // namespace storage
