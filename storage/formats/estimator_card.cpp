#include "storage/formats/estimator_card.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "storage/formats/json_file.h"
#include "storage/media/file_probe.h"
#include "storage/skeleton/layout_registry.h"

namespace storage {

namespace {

using nlohmann::json;

constexpr int smallest_side = 8, largest_side = 4096;
constexpr std::size_t most_channels = 1024;

std::string number_text(double value) { return json(value).dump(); }

// One object of a card and where it stands in it.
class Fields {
public:
    Fields(const std::string& file, std::string place, const json& object, const std::set<std::string>& known)
        : file_(file), place_(std::move(place)), object_(object) {
        if (!object.is_object()) fail_here("expected an object, found " + shown(object));
        std::string names;
        for (const std::string& name : known) names += (names.empty() ? "" : ", ") + name;
        for (const auto& [name, value] : object.items())
            if (!known.contains(name)) fail(name, "is no field of a card; here it may have " + names);
    }

    [[nodiscard]] const json* find(const std::string& name) const {
        const auto found = object_.find(name);
        return found == object_.end() ? nullptr : &*found;
    }
    [[nodiscard]] const json& required(const std::string& name, const std::string& expected) const {
        const json* found = find(name);
        if (found == nullptr) fail(name, "is missing; expected " + expected);
        return *found;
    }

    [[nodiscard]] std::string text(const std::string& name, const std::string& expected) const {
        const json& value = required(name, expected);
        if (!value.is_string() || value.get_ref<const std::string&>().empty())
            fail(name, "expected " + expected + ", found " + shown(value));
        return value.get<std::string>();
    }

    [[nodiscard]] int side(const std::string& name) const {
        const std::string expected =
            "a whole number from " + std::to_string(smallest_side) + " to " + std::to_string(largest_side);
        const json& value = required(name, expected);
        if (!value.is_number_integer() || value < smallest_side || value > largest_side)
            fail(name, "expected " + expected + ", found " + shown(value));
        return value.get<int>();
    }

    void number(const std::string& name, double smallest, double largest, double& into) const {
        if (const json* value = find(name)) into = number_of(*value, name, smallest, largest);
    }

    void three(const std::string& name, double smallest, std::array<double, 3>& into) const {
        const json* value = find(name);
        if (value == nullptr) return;
        if (!value->is_array() || value->size() != into.size())
            fail(name, "expected three numbers, found " + shown(*value));
        for (std::size_t i = 0; i < into.size(); ++i)
            into[i] = number_of((*value)[i], name + "[" + std::to_string(i) + "]", smallest, 1e6);
    }

    template <schemas::NamedEnum Enum>
    bool choice(const std::string& name, Enum& into) const {
        const json* value = find(name);
        if (value == nullptr) return false;
        const auto found =
            value->is_string() ? schemas::enum_from<Enum>(value->get_ref<const std::string&>()) : std::nullopt;
        if (!found) {
            std::string names;
            for (const std::string_view known : schemas::EnumNames<Enum>::names)
                names += (names.empty() ? "" : " or ") + in_quotes(known);
            fail(name, "expected " + names + ", found " + shown(*value));
        }
        into = *found;
        return true;
    }

    [[noreturn]] void fail(const std::string& name, const std::string& what) const {
        throw ReadError(file_ + ": " + (place_.empty() ? "" : place_ + ".") + name + ": " + what + ".");
    }

    static std::string shown(const json& value) {
        const std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
        return text.size() <= 60 ? text : "something longer";
    }

private:
    [[noreturn]] void fail_here(const std::string& what) const {
        throw ReadError(file_ + ": " + (place_.empty() ? "" : place_ + ": ") + what + ".");
    }

    [[nodiscard]] double number_of(const json& value, const std::string& name, double smallest, double largest) const {
        const double number = value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN();
        if (!(number >= smallest && number <= largest))
            fail(name, "expected a number from " + number_text(smallest) + " to " + number_text(largest) + ", found " +
                           shown(value));
        return number;
    }

    const std::string& file_;
    std::string place_;
    const json& object_;
};

void read_input(const Fields& fields, schemas::EstimatorCard& card) {
    card.width = fields.side("width");
    card.height = fields.side("height");
    fields.choice("channels", card.channels);
    fields.number("scale", 1e-6, 1e6, card.scale);
    fields.three("mean", -1e6, card.mean);
    fields.three("std", 1e-6, card.deviation);
    fields.choice("resize", card.resize);
    fields.number("padding", 0, 255, card.padding);
}

void read_output(const Fields& fields, schemas::EstimatorCard& card) {
    if (!fields.choice("kind", card.output)) fields.fail("kind", "is missing; expected 'heat-maps' or 'key-points'");
    const bool of_maps = card.output == schemas::PoseOutput::heat_maps;
    if (fields.choice("grid", card.grid) && !of_maps) fields.fail("grid", "belongs to heat-maps, not to key-points");
    if (fields.choice("unit", card.unit) && of_maps) fields.fail("unit", "belongs to key-points, not to heat-maps");
    if (fields.choice("order", card.order) && of_maps) fields.fail("order", "belongs to key-points, not to heat-maps");
    fields.choice("activation", card.activation);
}

void read_crop(const Fields& fields, schemas::EstimatorCard& card) {
    if (!fields.choice("policy", card.crop)) fields.fail("policy", "is missing; expected 'whole' or 'follow'");
    fields.number("margin", 0, 4, card.crop_margin);
    fields.number("least_score", 0, 1, card.crop_least_score);
}

LayoutPtr layout_of(const Fields& fields) {
    const std::string name = fields.text("layout", "the name of a skeleton layout");
    try {
        return layout_named(name);
    } catch (const std::out_of_range&) {
        std::string known;
        for (const LayoutPtr& layout : all_layouts()) known += (known.empty() ? "" : ", ") + layout->name;
        fields.fail("layout", "is no known skeleton layout, but " + in_quotes(name) + "; known are " + known);
    }
}

std::string letters_and_digits(std::string_view name) {
    std::string kept = lower_case(name);
    std::erase_if(kept, [](char c) { return c == '_' || c == '-' || c == ' ' || c == '.'; });
    return kept;
}

// "LWrist", "l_wrist" and "wrist.r" say their side by one letter.
std::optional<std::string> side_written_out(const std::string& name) {
    const auto side = [](char letter) { return letter == 'l' || letter == 'L' ? "left" : "right"; };
    const auto is_side = [](char letter) { return std::string_view("lLrR").find(letter) != std::string_view::npos; };
    const auto parts = [](char c) { return c == '_' || c == '-' || c == ' ' || c == '.'; };
    if (name.size() < 3) return std::nullopt;
    const bool next_is_capital = 'A' <= name[1] && name[1] <= 'Z';
    if (is_side(name.front()) && (parts(name[1]) || next_is_capital)) return side(name.front()) + name.substr(1);
    if (is_side(name.back()) && parts(name[name.size() - 2]))
        return side(name.back()) + name.substr(0, name.size() - 2);
    return std::nullopt;
}

// By the layout's own name, else by one that is written otherwise.
std::optional<int> joint_called(const schemas::SkeletonLayout& layout, const std::string& name) {
    if (const auto own = layout.joint_named(name)) return own;
    for (const std::string& written : {name, side_written_out(name).value_or(name)})
        for (std::size_t joint = 0; joint < layout.size(); ++joint)
            if (letters_and_digits(layout.joints[joint]) == letters_and_digits(written)) return static_cast<int>(joint);
    return std::nullopt;
}

std::vector<int> joints_of(const Fields& fields, const schemas::SkeletonLayout& layout) {
    std::vector<int> joints;
    const json* list = fields.find("joints");
    if (list == nullptr) {
        for (std::size_t joint = 0; joint < layout.size(); ++joint) joints.push_back(static_cast<int>(joint));
        return joints;
    }
    if (!list->is_array() || list->empty() || list->size() > most_channels)
        fields.fail("joints", "expected a list of 1 to " + std::to_string(most_channels) +
                                  " names, one for each point of the answer, found " + Fields::shown(*list));
    std::set<int> taken;
    for (std::size_t i = 0; i < list->size(); ++i) {
        const json& name = (*list)[i];
        const std::string place = "joints[" + std::to_string(i) + "]";
        if (name.is_null()) {
            joints.push_back(-1);
            continue;
        }
        if (!name.is_string()) fields.fail(place, "expected a name or null, found " + Fields::shown(name));
        const auto joint = joint_called(layout, name.get<std::string>());
        if (!joint) {
            std::string known;
            for (const std::string& each : layout.joints) known += " " + each;
            fields.fail(place, Fields::shown(name) + " is no joint of " + layout.name + "; its joints are" + known);
        }
        if (!taken.insert(*joint).second)
            fields.fail(place,
                        "is " + layout.joints[static_cast<std::size_t>(*joint)] + ", which an earlier one is already");
        joints.push_back(*joint);
    }
    if (taken.empty()) fields.fail("joints", "names no joint at all");
    return joints;
}

}  // namespace

schemas::EstimatorCard read_estimator_card(const std::filesystem::path& file) {
    ProblemList problems(file);
    const json document = read_json(file, problems);
    if (const auto found = problems.take(); !found.empty()) throw ReadError(found.front().what);
    const std::string name = file.filename().string();
    const Fields card_fields(name, "", document, {"name", "input", "output", "layout", "joints", "crop"});
    schemas::EstimatorCard card;
    card.name = card_fields.text("name", "what to call the estimator");
    read_input(Fields(name, "input", card_fields.required("input", "what the network is shown"),
                      {"width", "height", "channels", "scale", "mean", "std", "resize", "padding"}),
               card);
    read_output(Fields(name, "output", card_fields.required("output", "what the answer means"),
                       {"kind", "grid", "unit", "order", "activation"}),
                card);
    const LayoutPtr layout = layout_of(card_fields);
    card.layout = layout->name;
    card.joint_of_channel = joints_of(card_fields, *layout);
    if (const json* crop = card_fields.find("crop"))
        read_crop(Fields(name, "crop", *crop, {"policy", "margin", "least_score"}), card);
    return card;
}

}  // namespace storage
