#include "annotator/workflows/name_pattern.h"

#include <doctest/doctest.h>

#include <stdexcept>

namespace annotator {
namespace {

std::string error_of(const std::string& pattern) {
    try {
        const NamePattern made(pattern);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("the msr pattern reads category, performer and take wherever they stand in a name") {
    const NamePattern pattern("msr");
    const auto world = pattern.facts("a01_s05_e03_skeleton3D").value();
    CHECK(world.key == "a01_s05_e03");
    CHECK(world.category == "01");
    CHECK(world.performer == "05");
    CHECK(world.take == "03");
    CHECK(pattern.facts("d_a01_s05_e03_sdepth").value() == world);
    CHECK(!pattern.facts("stream_s01_e01"));
    CHECK(!pattern.facts(""));
}

TEST_CASE("the cmu pattern reads performer and take, and where the performer stands in the key") {
    const auto facts = NamePattern("cmu").facts("xx 61_15").value();
    CHECK(facts.key == "61_15");
    CHECK(facts.performer == "61");
    CHECK(facts.take == "15");
    CHECK(facts.performer_at == 0);
    CHECK(!facts.category);
    CHECK(NamePattern("msr").facts("a01_s05_e03").value().performer_at == 5);
}

TEST_CASE("the hdm05 pattern reads categories that have digits and blanks of their own") {
    const auto facts = NamePattern("hdm05").facts("HDM_bd_kickRFront1Reps_012_120").value();
    CHECK(facts.performer == "bd");
    CHECK(facts.category == "kickRFront1Reps");
    CHECK(facts.take == "012");
}

TEST_CASE("the aist pattern reads view, performer, music and choreography") {
    const auto facts = NamePattern("aist").facts("gBR_sBM_cAll_d04_mBR0_ch02").value();
    CHECK(facts.view == "All");
    CHECK(facts.performer == "04");
    CHECK(facts.music == "BR0");
    CHECK(facts.choreography == "02");
    CHECK(!facts.take);
}

TEST_CASE("groups count by their parentheses: unnamed, passive, escaped and bracketed ones between") {
    const NamePattern pattern(R"((x|y)(?:_)\((?P<performer>[a-z()]+)\)[(](?<take>\d+))");
    const auto facts = pattern.facts("y_(an(na))(7").value();
    CHECK(facts.performer == "an(na)");
    CHECK(facts.take == "7");
    CHECK(facts.key == "y_(an(na))(7");
}

TEST_CASE("an optional group that does not take part is nobody") {
    const NamePattern pattern(R"((?<take>\d+)(_(?<performer>\w+))?)");
    CHECK(!pattern.facts("12").value().performer);
    CHECK(pattern.facts("12_ana").value().performer == "ana");
}

TEST_CASE("a pattern may be of any script") {
    const auto facts = NamePattern("(?<category>回転)_(?<take>[0-9]+)").facts("舞_回転_3").value();
    CHECK(facts.category == "回転");
    CHECK(facts.key == "回転_3");
}

TEST_CASE("a bad pattern is refused with what is wrong") {
    CHECK(error_of("(").find("'('") != std::string::npos);
    CHECK(error_of("(?<dancer>x)").find("there is no group 'dancer'; known are category") != std::string::npos);
    CHECK(error_of("[a-").find("regular expression") != std::string::npos);
    CHECK(error_of("*").find("regular expression") != std::string::npos);
    CHECK(error_of("msr").empty());
}

TEST_CASE("without a pattern streams of one take share what is left without the stream's word") {
    for (const char* name : {"walk", "walk_skeleton3D", "walk_depth", "walk-RGB", "walk.skeleton", "walk video", "walk.keypoints",
                             "walk_key-points", "walk.sound"})
        CHECK(facts_without_pattern(name).key == "walk");
    CHECK(facts_without_pattern("skeleton").key == "skeleton");
    CHECK(facts_without_pattern("dance_of_depths").key == "dance_of");
    CHECK(facts_without_pattern("舞蹈").key == "舞蹈");
}

}  // namespace annotator
