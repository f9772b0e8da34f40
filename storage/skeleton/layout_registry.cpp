#include "storage/skeleton/layout_registry.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>

#include "schemas/embedded.h"
#include "storage/skeleton/joint_names.h"
#include "storage/skeleton/joint_rules.h"

namespace storage {

namespace {

// A layout of schemas/skeletons with what its file says beyond the layout itself.
struct KnownLayout {
    LayoutPtr layout;
    std::vector<std::string> shared;                 // shared name of each joint
    std::map<std::string, WeightedJoints> virtuals;  // shared name: mean of own joints, by own names
};

std::string text_of(const nlohmann::json& value) { return value.get<std::string>(); }

KnownLayout parse_layout(std::string_view text) {
    const nlohmann::json json = nlohmann::json::parse(text);
    schemas::SkeletonLayout layout;
    KnownLayout known;
    layout.name = text_of(json.at("name"));
    for (const nlohmann::json& joint : json.at("joints")) {
        layout.joints.push_back(text_of(joint.at("name")));
        known.shared.push_back(joint.value("is", layout.joints.back()));
    }
    const auto index = [&layout](const nlohmann::json& joint) {
        const std::optional<int> found = layout.joint_named(text_of(joint));
        if (!found) throw std::logic_error(layout.name + ".json names the unknown joint " + text_of(joint));
        return *found;
    };
    for (const nlohmann::json& joint : json.at("joints"))
        layout.parents.push_back(joint.at("parent").is_null() ? -1 : index(joint.at("parent")));
    for (const nlohmann::json& pair : json.at("pairs")) layout.pairs.emplace_back(index(pair.at(0)), index(pair.at(1)));
    layout.centre = index(json.at("centre"));
    layout.neck = index(json.at("neck"));
    layout.left_shoulder = index(json.at("shoulders").at(0));
    layout.right_shoulder = index(json.at("shoulders").at(1));
    if (json.contains("virtual")) json.at("virtual").get_to(known.virtuals);
    known.layout = std::make_shared<const schemas::SkeletonLayout>(std::move(layout));
    return known;
}

const std::vector<KnownLayout>& known_layouts() {
    static const std::vector<KnownLayout> layouts = [] {
        std::vector<KnownLayout> parsed;
        for (const schemas::EmbeddedFile& file : schemas::embedded_skeletons())
            if (file.name != joint_rules_file) parsed.push_back(parse_layout(file.text));
        return parsed;
    }();
    return layouts;
}

const KnownLayout* known_layout(std::string_view name) {
    const auto found =
        std::ranges::find(known_layouts(), name, [](const KnownLayout& known) { return known.layout->name; });
    return found == known_layouts().end() ? nullptr : &*found;
}

// The joints of an ASF are the ends of its bones, and bones of one name end alike.
std::vector<std::string> shared_names_of_bone_ends(const std::vector<std::string>& bones) {
    const KnownLayout& cmu = *known_layout("cmu31");
    std::vector<std::string> shared;
    for (const std::string& bone : bones) {
        const std::optional<int> joint = cmu.layout->joint_named(bone);
        shared.push_back(joint ? cmu.shared[static_cast<std::size_t>(*joint)] : "");
    }
    return shared;
}

std::vector<std::string> read_off(std::string_view kind, const std::vector<std::string>& joints) {
    return kind.starts_with("asf") ? shared_names_of_bone_ends(joints) : shared_names(joints);
}

bool same_bones(const schemas::SkeletonLayout& known, const std::vector<std::string>& joints,
                const std::vector<int>& parents) {
    if (known.size() != joints.size()) return false;
    for (std::size_t joint = 0; joint < joints.size(); ++joint) {
        const std::optional<int> same = known.joint_named(joints[joint]);
        if (!same) return false;
        const int parent = known.parents[static_cast<std::size_t>(*same)];
        const bool agrees = parent == -1 || parents[joint] == -1 ? parent == parents[joint]
                                                                 : known.joints[static_cast<std::size_t>(parent)] ==
                                                                       joints[static_cast<std::size_t>(parents[joint])];
        if (!agrees) return false;
    }
    return true;
}

// What a layout says about its joints: from its file, or read off their names.
KnownLayout described(const LayoutPtr& layout) {
    if (const KnownLayout* known = known_layout(layout->name)) return *known;
    return {layout, read_off(layout->name, layout->joints), {}};
}

// Finds one joint of a source layout; remembers what it is looking for, so that rules that
// refer to each other end.
class Finder {
public:
    explicit Finder(KnownLayout source) : source_(std::move(source)) {}

    // Weights over the source's joints, nothing where the joint cannot be made.
    std::optional<Eigen::RowVectorXf> weights(const std::string& shared) {
        if (const auto own = std::ranges::find(source_.shared, shared); own != source_.shared.end())
            return unit(own - source_.shared.begin());
        if (const auto own = source_.virtuals.find(shared); own != source_.virtuals.end())
            return mean(own->second, [this](const std::string& joint) { return own_joint(joint); });
        const auto rules = joint_rules().stand_ins.find(shared);
        if (rules == joint_rules().stand_ins.end() || !sought_.insert(shared).second) return std::nullopt;
        std::optional<Eigen::RowVectorXf> found;
        for (const WeightedJoints& rule : rules->second)
            if ((found = mean(rule, [this](const std::string& joint) { return weights(joint); }))) break;
        sought_.erase(shared);
        return found;
    }

private:
    [[nodiscard]] Eigen::RowVectorXf unit(std::ptrdiff_t joint) const {
        return Eigen::RowVectorXf::Unit(static_cast<Eigen::Index>(source_.layout->size()), joint);
    }

    [[nodiscard]] std::optional<Eigen::RowVectorXf> own_joint(const std::string& name) const {
        const std::optional<int> joint = source_.layout->joint_named(name);
        return joint ? std::optional(unit(*joint)) : std::nullopt;
    }

    template <class Find>
    std::optional<Eigen::RowVectorXf> mean(const WeightedJoints& joints, Find find) const {
        Eigen::RowVectorXf sum = Eigen::RowVectorXf::Zero(static_cast<Eigen::Index>(source_.layout->size()));
        for (const auto& [joint, weight] : joints) {
            const std::optional<Eigen::RowVectorXf> part = find(joint);
            if (!part) return std::nullopt;
            sum += static_cast<float>(weight) * *part;
        }
        return sum;
    }

    KnownLayout source_;
    std::set<std::string> sought_;
};

}  // namespace

LayoutPtr layout_named(std::string_view name) {
    if (const KnownLayout* known = known_layout(name)) return known->layout;
    std::string names;
    for (const KnownLayout& known : known_layouts()) names += " " + known.layout->name;
    throw std::out_of_range("There is no skeleton layout '" + std::string(name) + "'; there are" + names + ".");
}

std::vector<LayoutPtr> all_layouts() {
    std::vector<LayoutPtr> layouts;
    for (const KnownLayout& known : known_layouts()) layouts.push_back(known.layout);
    return layouts;
}

LayoutPtr layout_from_file(std::string_view kind, const std::vector<std::string>& joints,
                           const std::vector<int>& parents) {
    for (const KnownLayout& known : known_layouts())
        if (same_bones(*known.layout, joints, parents)) return known.layout;
    return std::make_shared<const schemas::SkeletonLayout>(
        described_layout(kind, joints, parents, read_off(kind, joints)));
}

schemas::JointMap joint_map(const LayoutPtr& source, const LayoutPtr& target) {
    const auto rows = static_cast<Eigen::Index>(target->size());
    const auto columns = static_cast<Eigen::Index>(source->size());
    schemas::JointMap map{source, target, Eigen::MatrixXf::Zero(rows, columns)};
    if (source->joints == target->joints) {
        map.weights.setIdentity();
        return map;
    }
    Finder finder(described(source));
    const std::vector<std::string> wanted = described(target).shared;
    for (Eigen::Index row = 0; row < rows; ++row) {
        const std::string& shared = wanted[static_cast<std::size_t>(row)];
        if (shared.empty()) continue;
        if (const auto weights = finder.weights(shared)) map.weights.row(row) = *weights;
    }
    return map;
}

}  // namespace storage
