#include "storage/skeleton/bvh_hierarchy.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>
#include <string_view>

#include "storage/media/file_probe.h"

namespace storage {

namespace {

constexpr std::size_t most_joints = 1000;

// The words of the hierarchy, whatever the lines they stand on.
class HierarchyParser {
public:
    explicit HierarchyParser(TextFile& text) : text_(text) {}

    std::vector<BvhJoint> parse() {
        if (lower_case(word()) != "hierarchy") text_.fail("expected HIERARCHY.");
        for (std::string_view next = word(); lower_case(next) != "motion"; next = word()) read(next);
        if (!open_.empty()) text_.fail("MOTION begins before the hierarchy is closed.");
        if (joints_.empty()) text_.fail("there is no ROOT.");
        return std::move(joints_);
    }

private:
    std::string_view word() {
        for (;;) {
            if (const std::string_view next = words_.next(); !next.empty()) return next;
            if (!text_.next_line()) text_.fail("the file ends before MOTION.");
            words_ = Words(text_.line());
        }
    }

    void read(std::string_view next) {
        const std::string keyword = lower_case(next);
        if (keyword == "root" || keyword == "joint") return open_joint(joint_name());
        if (keyword == "end") {
            word();
            if (open_.empty()) text_.fail("End Site stands outside a joint.");
            return open_joint(joints_[open_.back()].name + "_end");
        }
        if (open_.empty()) text_.fail("expected ROOT or MOTION, found '" + std::string(next.substr(0, 40)) + "'.");
        if (keyword == "}")
            open_.pop_back();
        else if (keyword == "offset")
            for (double& part : joints_[open_.back()].offset) part = offset_part();
        else if (keyword == "channels")
            read_channels(joints_[open_.back()]);
        else
            text_.fail("expected OFFSET, CHANNELS, JOINT, End Site or }, found '" + std::string(next.substr(0, 40)) +
                       "'.");
    }

    // Names with blanks reach to the line's end or to the brace.
    std::string joint_name() {
        std::string name(word());
        brace_read_ = false;
        for (std::string_view more = words_.next(); !more.empty(); more = words_.next()) {
            brace_read_ = more == "{";
            if (brace_read_) break;
            name += ' ' + std::string(more);
        }
        return name;
    }

    void open_joint(const std::string& name) {
        if (open_.empty() && !joints_.empty()) text_.fail("a second ROOT; split the file into one for each skeleton.");
        if (joints_.size() == most_joints) text_.fail("there are more than 1000 joints.");
        if (!brace_read_ && word() != "{") text_.fail("expected { after the name of a joint.");
        brace_read_ = false;
        std::string unique = name;
        for (int copy = 2; !names_.insert(unique).second; ++copy) unique = name + "_" + std::to_string(copy);
        joints_.push_back({unique, open_.empty() ? -1 : static_cast<int>(open_.back()), {0, 0, 0}, {}});
        open_.push_back(joints_.size() - 1);
    }

    double offset_part() {
        const double value = text_.number(word());
        if (!std::isfinite(value) || std::abs(value) > 1e6) text_.fail("expected an offset of ordinary size.");
        return value;
    }

    void read_channels(BvhJoint& joint) {
        const double count = text_.number(word());
        if (!(count >= 0 && count <= 12) || count != std::floor(count))
            text_.fail("expected a number of channels up to 12.");
        for (int channel = 0; channel < static_cast<int>(count); ++channel)
            joint.channels.push_back(channel_named(word()));
    }

    BvhChannel channel_named(std::string_view name) const {
        static constexpr std::array<std::string_view, 6> names = {"xposition", "yposition", "zposition",
                                                                  "xrotation", "yrotation", "zrotation"};
        const auto found = std::ranges::find(names, lower_case(name));
        if (found == names.end())
            text_.fail("expected a channel such as Zrotation, found '" + std::string(name.substr(0, 40)) + "'.");
        return static_cast<BvhChannel>(found - names.begin());
    }

    TextFile& text_;
    Words words_{""};
    std::vector<BvhJoint> joints_;
    std::set<std::string> names_;
    std::vector<std::size_t> open_;
    bool brace_read_ = false;
};

}  // namespace

std::vector<BvhJoint> read_bvh_hierarchy(TextFile& text) { return HierarchyParser(text).parse(); }

}  // namespace storage
