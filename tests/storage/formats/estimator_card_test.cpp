#include "storage/formats/estimator_card.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <fstream>

#include "storage/skeleton/layout_registry.h"
#include "tests/storage/export/json_schema.h"
#include "tests/support/recording_files.h"
#include "tests/support/skeleton_measures.h"

namespace {

using nlohmann::json;
using schemas::EstimatorCard;
using tests::TemporaryFolder;

json small_card() {
    return {{"name", "dots"},
            {"input", {{"width", 64}, {"height", 48}}},
            {"output", {{"kind", "heat-maps"}}},
            {"layout", "coco17"}};
}

json whole_card() {
    return {{"name", "dots – 点"},
            {"input",
             {{"width", 64},
              {"height", 48},
              {"channels", "bgr"},
              {"scale", 1},
              {"mean", {1, 2, 3}},
              {"std", {4, 5, 6.5}},
              {"resize", "stretch"},
              {"padding", 114}}},
            {"output", {{"kind", "key-points"}, {"unit", "fraction"}, {"order", "yx"}, {"activation", "sigmoid"}}},
            {"layout", "coco17"},
            {"joints", {"nose", nullptr, "LeftWrist", "r_ankle", "LKnee", "hip-r"}},
            {"crop", {{"policy", "follow"}, {"margin", 0.5}, {"least_score", 0.1}}}};
}

EstimatorCard read(const TemporaryFolder& folder, const json& card) {
    return storage::read_estimator_card(tests::write_file(folder, "card.json", card.dump()));
}

std::string refusal_of(const TemporaryFolder& folder, const json& card) {
    return tests::read_error_of([&] { (void)read(folder, card); });
}

}  // namespace

TEST_CASE("a card says what an estimator is shown, and the rest is as usual") {
    const TemporaryFolder folder;
    const EstimatorCard card = read(folder, small_card());
    CHECK(card.width == 64);
    CHECK(card.height == 48);
    CHECK(card.channels == schemas::ChannelOrder::rgb);
    CHECK(card.scale == doctest::Approx(1.0 / 255));
    CHECK(card.resize == schemas::ResizePolicy::letterbox);
    CHECK(card.output == schemas::PoseOutput::heat_maps);
    CHECK(card.crop == schemas::CropPolicy::whole);
    REQUIRE(card.joint_of_channel.size() == 17);
    CHECK(card.joint_of_channel.back() == 16);
}

TEST_CASE("every field of a card is understood, and joints by names however they are written") {
    const TemporaryFolder folder;
    const EstimatorCard card = read(folder, whole_card());
    CHECK(card.name == "dots – 点");
    CHECK(card.channels == schemas::ChannelOrder::bgr);
    CHECK(card.scale == 1);
    CHECK(card.mean == std::array<double, 3>{1, 2, 3});
    CHECK(card.deviation == std::array<double, 3>{4, 5, 6.5});
    CHECK(card.resize == schemas::ResizePolicy::stretch);
    CHECK(card.padding == 114);
    CHECK(card.output == schemas::PoseOutput::key_points);
    CHECK(card.unit == schemas::KeyPointUnit::fraction);
    CHECK(card.order == schemas::KeyPointOrder::yx);
    CHECK(card.activation == schemas::ScoreActivation::sigmoid);
    CHECK(card.crop == schemas::CropPolicy::follow);
    CHECK(card.crop_margin == 0.5);
    CHECK(card.crop_least_score == 0.1);
    const auto layout = storage::layout_named("coco17");
    std::vector<std::string> names;
    for (const int joint : card.joint_of_channel)
        names.push_back(joint < 0 ? "" : layout->joints[static_cast<std::size_t>(joint)]);
    CHECK(names == std::vector<std::string>{"nose", "", "left_wrist", "right_ankle", "left_knee", "right_hip"});
}

TEST_CASE("a wrong field of a card is named with what was expected") {
    const TemporaryFolder folder;
    struct Wrong {
        std::string place;  // a JSON pointer
        json value;
        std::string says;
    };
    const std::vector<Wrong> cases{
        {"/name", "", "card.json: name: expected what to call the estimator, found \"\""},
        {"/input", 7, "card.json: input: expected an object, found 7"},
        {"/input/width", "wide", "input.width: expected a whole number from 8 to 4096, found \"wide\""},
        {"/input/width", 7, "input.width: expected a whole number"},
        {"/input/height", 48.5, "input.height: expected a whole number"},
        {"/input/height", 1e12, "input.height: expected a whole number"},
        {"/input/widht", 64, "input.widht: is no field of a card; here it may have channels, height"},
        {"/input/channels", "hsv", "input.channels: expected 'rgb' or 'bgr', found \"hsv\""},
        {"/input/scale", 0, "input.scale: expected a number from 1e-06"},
        {"/input/mean", {1, 2}, "input.mean: expected three numbers"},
        {"/input/mean", {1, 2, "x"}, "input.mean[2]: expected a number"},
        {"/input/std", {1, 0, 1}, "input.std[1]: expected a number"},
        {"/input/resize", 3, "input.resize: expected 'stretch' or 'letterbox', found 3"},
        {"/input/padding", 256, "input.padding: expected a number from 0.0 to 255.0, found 256"},
        {"/output/kind", "boxes", "output.kind: expected 'heat-maps' or 'key-points'"},
        {"/output/unit", "fraction", "output.unit: belongs to key-points"},
        {"/output/order", "xy", "output.order: belongs to key-points"},
        {"/output/grid", "cells", "output.grid: expected 'middles' or 'multiples'"},
        {"/output/activation", "softmax", "output.activation: expected 'none' or 'sigmoid'"},
        {"/layout", "coco18", "layout: is no known skeleton layout, but 'coco18'; known are"},
        {"/joints", "nose", "joints: expected a list"},
        {"/joints", json::array(), "joints: expected a list"},
        {"/joints", {"nose", 3}, "joints[1]: expected a name or null, found 3"},
        {"/joints", {"nose", "tail"}, "joints[1]: \"tail\" is no joint of coco17; its joints are nose"},
        {"/joints", {"nose", "left_ear", "Nose"}, "joints[2]: is nose, which an earlier one is already"},
        {"/joints", json::array({nullptr}), "joints: names no joint at all"},
        {"/crop", {{"margin", 1}}, "crop.policy: is missing"},
        {"/crop", {{"policy", "follow"}, {"margin", -1}}, "crop.margin: expected a number from 0.0 to 4.0, found -1"},
        {"/crop", {{"policy", "follow"}, {"least_score", 2}}, "crop.least_score: expected a number"},
        {"/code", "import os", "code: is no field of a card"},
    };
    for (const Wrong& wrong : cases) {
        json card = small_card();
        card[json::json_pointer(wrong.place)] = wrong.value;
        const std::string message = refusal_of(folder, card);
        CAPTURE(wrong.place);
        CAPTURE(message);
        CHECK(message.starts_with("card.json: "));
        CHECK(message.find(wrong.says) != std::string::npos);
    }
    for (const char* field : {"name", "input", "output", "layout"}) {
        json card = small_card();
        card.erase(field);
        CHECK(refusal_of(folder, card).find(std::string(field) + ": is missing") != std::string::npos);
    }
    json maps = whole_card();
    maps["output"]["grid"] = "middles";
    CHECK(refusal_of(folder, maps).find("output.grid: belongs to heat-maps") != std::string::npos);
}

TEST_CASE("a card that is cut off, no object, or has a field twice is refused") {
    const TemporaryFolder folder;
    const std::string whole = whole_card().dump();
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const auto file = tests::write_file(folder, "cut.json", whole.substr(0, length));
        CHECK_FALSE(tests::read_error_of([&] { (void)storage::read_estimator_card(file); }).empty());
    }
    CHECK(refusal_of(folder, json::array()).find("expected an object") != std::string::npos);
    const auto twice = tests::write_file(folder, "twice.json", R"({"name": "a", "name": "b"})");
    CHECK(tests::read_error_of([&] { (void)storage::read_estimator_card(twice); }).find("twice") != std::string::npos);
}

TEST_CASE("the published layout of cards allows what is read and names every layout") {
    const json document = json::parse(std::ifstream(KINETOGRAPH_SOURCE_DIR "/schemas/json/estimator.schema.json"));
    tests::JsonSchema schema(document);
    CHECK(schema.violations(small_card()).empty());
    CHECK(schema.violations(whole_card()).empty());
    json wrong = small_card();
    wrong["input"]["widht"] = 3;
    CHECK_FALSE(schema.violations(wrong).empty());
    std::vector<std::string> layouts;
    for (const auto& layout : storage::all_layouts()) layouts.push_back(layout->name);
    auto listed = document.at("properties").at("layout").at("enum").get<std::vector<std::string>>();
    std::ranges::sort(layouts);
    std::ranges::sort(listed);
    CHECK(layouts == listed);
}
