#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// schemas/skeletons/joint_rules.json: the names that layouts share and how a joint that a
// layout lacks is made from those it has. A stand-in lies within about 10 cm of the joint
// itself; where there is none, the joint is absent.
namespace storage {

inline constexpr std::string_view joint_rules_file = "joint_rules.json";  // among schemas::embedded_skeletons()

using WeightedJoints = std::map<std::string, double>;  // weights sum to 1
using Synonyms = std::vector<std::pair<std::string, std::vector<std::string>>>;

struct JointRules {
    std::map<std::string, std::vector<WeightedJoints>> stand_ins;  // the first that can be made is used
    Synonyms middle_names;  // shared name, what files call it; in the order in which joints are claimed
    Synonyms side_names;    // the same without left_ and right_
};

// Thread: any.
const JointRules& joint_rules();

}  // namespace storage
