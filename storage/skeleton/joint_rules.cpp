#include "storage/skeleton/joint_rules.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>

#include "schemas/embedded.h"

namespace storage {

const JointRules& joint_rules() {
    static const JointRules rules = [] {
        const auto files = schemas::embedded_skeletons();
        const auto file = std::ranges::find(files, joint_rules_file, &schemas::EmbeddedFile::name);
        if (file == files.end()) throw std::logic_error("joint_rules.json is not part of this program");
        const nlohmann::json json = nlohmann::json::parse(file->text);
        return JointRules{json.at("virtual"), json.at("middle_names"), json.at("side_names")};
    }();
    return rules;
}

}  // namespace storage
