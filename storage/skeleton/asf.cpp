#include "storage/skeleton/asf.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <optional>

#include "storage/media/file_probe.h"

namespace storage {

namespace {

constexpr std::size_t most_bones = 1000;
constexpr double metres_per_inch = 0.0254;

// What the file says of a bone, in its own units.
struct Record {
    std::string name;
    std::optional<Eigen::Vector3d> direction;
    std::optional<double> length;
    Eigen::Vector3d axis{0, 0, 0};
    std::string axis_order = "xyz";
    std::vector<AsfFreedom> freedoms;
};

AsfFreedom freedom_named(const TextFile& text, std::string_view word) {
    static const std::map<std::string, AsfFreedom> names = {
        {"tx", AsfFreedom::translate_x}, {"ty", AsfFreedom::translate_y}, {"tz", AsfFreedom::translate_z},
        {"rx", AsfFreedom::rotate_x},    {"ry", AsfFreedom::rotate_y},    {"rz", AsfFreedom::rotate_z},
        {"l", AsfFreedom::lengthen}};
    const auto found = names.find(lower_case(word));
    if (found == names.end())
        text.fail("expected degrees of freedom among tx ty tz rx ry rz l, found '" + std::string(word) + "'.");
    return found->second;
}

// Walks through the file's sections and keeps what they say.
class AsfParser {
public:
    explicit AsfParser(TextFile& text) : text_(text) {}

    AsfSkeleton parse() {
        while (text_.next_line()) {
            Words words(text_.line());
            const std::string word = lower_case(words.next());
            if (word.starts_with('#')) continue;
            if (word.starts_with(':'))
                section_ = word;
            else if (section_ == ":units")
                units(word, words);
            else if (section_ == ":root")
                root(word, words);
            else if (section_ == ":bonedata")
                bone(word, words);
            else if (section_ == ":hierarchy")
                hierarchy(words);
        }
        return skeleton();
    }

private:
    double finite(Words& words) const {
        const double value = text_.number(words.next());
        if (!std::isfinite(value) || std::abs(value) > 1e6) text_.fail("expected a number of ordinary size.");
        return value;
    }

    Eigen::Vector3d vector(Words& words) const {
        Eigen::Vector3d value;
        for (double& part : value) part = finite(words);
        return value;
    }

    std::vector<AsfFreedom> freedoms(Words& words) const {
        std::vector<AsfFreedom> read;
        for (auto word = words.next(); !word.empty(); word = words.next()) read.push_back(freedom_named(text_, word));
        return read;
    }

    std::string axis_order(std::string_view word) const {
        const std::string order = lower_case(word);
        std::string sorted = order;
        std::ranges::sort(sorted);
        if (sorted != "xyz") text_.fail("expected an order of axes such as XYZ, found '" + std::string(word) + "'.");
        return order;
    }

    void units(const std::string& word, Words& words) {
        if (word == "length") {
            length_unit_ = finite(words);
            if (length_unit_ <= 0) text_.fail("the unit of length must be above 0.");
        } else if (word == "angle") {
            const std::string unit = lower_case(words.next());
            if (!unit.starts_with("deg") && !unit.starts_with("rad"))
                text_.fail("expected the unit of angles deg or rad, found '" + unit + "'.");
            radians_per_unit_ = unit.starts_with("deg") ? std::numbers::pi / 180 : 1;
        }
    }

    void root(const std::string& word, Words& words) {
        if (word == "order") root_.freedoms = freedoms(words);
        if (word == "axis") root_.axis_order = axis_order(words.next());
        if (word == "position") root_.direction = vector(words);
        if (word == "orientation") root_.axis = vector(words);
    }

    void bone(const std::string& word, Words& words) {
        if (word == "begin") records_.emplace_back();
        if (records_.size() > most_bones) text_.fail("there are more than 1000 bones.");
        if (records_.empty()) text_.fail("expected 'begin', found '" + word + "'.");
        Record& record = records_.back();
        if (word == "name") record.name = std::string(words.next());
        if (word == "direction") record.direction = vector(words);
        if (word == "length") record.length = finite(words);
        if (word == "dof") record.freedoms = freedoms(words);
        if (word == "axis") {
            record.axis = vector(words);
            record.axis_order = axis_order(words.next());
        }
        if (word == "end") close_bone(record);
    }

    void close_bone(const Record& record) {
        if (record.name.empty()) text_.fail("the bone that ends here has no name.");
        if (!record.direction || !record.length) text_.fail("bone " + record.name + " has no direction or no length.");
        if (record.name == "root" || !record_of_.emplace(record.name, records_.size() - 1).second)
            text_.fail("a second bone is called " + record.name + ".");
    }

    void hierarchy(Words& words) {
        Words line(text_.line());
        const std::string parent(line.next());
        if (parent == "begin" || parent == "end") return;
        known(parent);
        for (auto word = words.next(); !word.empty(); word = words.next()) {
            const std::string child(word);
            known(child);
            if (child == "root" || !parent_of_.emplace(child, parent).second)
                text_.fail("bone " + child + " already hangs from another.");
            children_[parent].push_back(child);
        }
    }

    void known(const std::string& bone) const {
        if (bone != "root" && !record_of_.contains(bone)) text_.fail("there is no bone called '" + bone + "'.");
    }

    [[nodiscard]] AsfBone bone_from(const Record& record) const {
        AsfBone bone;
        bone.name = record.name;
        bone.axis = rotation_in_order(record.axis_order, record.axis * radians_per_unit_);
        bone.freedoms = record.freedoms;
        bone.direction = record.direction.value_or(Eigen::Vector3d::Zero());
        bone.offset = bone.direction * record.length.value_or(1) * metres_per_inch / length_unit_;
        return bone;
    }

    // Depth first, so that parents come before their children.
    void add_with_children(AsfSkeleton& skeleton, const std::string& name, int parent) const {
        skeleton.bones.push_back(bone_from(name == "root" ? root_ : records_[record_of_.at(name)]));
        skeleton.bones.back().parent = parent;
        const int index = static_cast<int>(skeleton.bones.size()) - 1;
        if (const auto children = children_.find(name); children != children_.end())
            for (const std::string& child : children->second) add_with_children(skeleton, child, index);
    }

    AsfSkeleton skeleton() {
        AsfSkeleton skeleton;
        skeleton.name = text_.name();
        skeleton.metres_per_unit = metres_per_inch / length_unit_;
        root_.name = "root";
        if (root_.freedoms.empty()) text_.fail_whole("its :root has no order.");
        if (records_.empty()) text_.fail_whole("it has no bones.");
        add_with_children(skeleton, "root", -1);
        if (skeleton.bones.size() != records_.size() + 1)
            text_.fail_whole(std::to_string(records_.size() + 1 - skeleton.bones.size()) +
                             " of its bones do not hang from the root.");
        return skeleton;
    }

    TextFile& text_;
    std::string section_;
    double length_unit_ = 1;
    double radians_per_unit_ = std::numbers::pi / 180;
    Record root_;
    std::vector<Record> records_;
    std::map<std::string, std::size_t> record_of_;
    std::map<std::string, std::string> parent_of_;
    std::map<std::string, std::vector<std::string>> children_;
};

}  // namespace

AsfSkeleton read_asf(TextFile& text) {
    AsfSkeleton skeleton = AsfParser(text).parse();
    give_layout(skeleton);
    return skeleton;
}

AsfSkeleton read_asf(const std::filesystem::path& file) {
    TextFile text(file);
    return read_asf(text);
}

void give_layout(AsfSkeleton& skeleton) {
    std::vector<std::string> names;
    std::vector<int> parents;
    for (const AsfBone& bone : skeleton.bones) {
        names.push_back(bone.name);
        parents.push_back(bone.parent);
    }
    skeleton.layout = layout_from_file("asf", names, parents);
    for (const std::string& name : names)
        skeleton.joint_of_bone.push_back(static_cast<std::size_t>(*skeleton.layout->joint_named(name)));
}

Eigen::Matrix3d rotation_about(int axis, double radians) {
    return Eigen::AngleAxisd(radians, Eigen::Vector3d::Unit(axis)).toRotationMatrix();
}

Eigen::Matrix3d rotation_in_order(std::string_view order, const Eigen::Vector3d& angles) {
    Eigen::Matrix3d rotation = Eigen::Matrix3d::Identity();
    for (const char letter : order) rotation = rotation_about(letter - 'x', angles[letter - 'x']) * rotation;
    return rotation;
}

}  // namespace storage
