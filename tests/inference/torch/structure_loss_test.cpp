#include "inference/torch/structure_loss.h"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

using namespace inference;

namespace {

const std::vector<std::vector<int>> in_order{{0, 1, 2}, {0, 1, 2}, {0, 1, 2}};

// 1 x 3 x times: certain of every unit.
torch::Tensor certain(const std::vector<std::int64_t>& units) {
    return torch::one_hot(torch::tensor(units), 3).to(torch::kFloat).t().unsqueeze(0);
}

double loss_of(const std::vector<std::int64_t>& units, SequenceEnds ends = SequenceEnds::open) {
    return grammar_loss(certain(units), bigram_transitions(in_order, 3).log(), ends).item<double>();
}

}  // namespace

DOCTEST_TEST_CASE("transitions are counted from start to end, each once more than it was seen") {
    const std::vector<std::vector<int>> one{{0, 1}};
    const torch::Tensor transitions = bigram_transitions(one, 2);
    const torch::Tensor expected = torch::tensor({{1.0F, 2.0F, 1.0F}, {1.0F, 1.0F, 2.0F}, {2.0F, 1.0F, 1.0F}}) / 4;
    DOCTEST_CHECK(torch::allclose(transitions, expected));
}

DOCTEST_TEST_CASE("without sequences every transition is as likely") {
    const torch::Tensor transitions = bigram_transitions(std::vector<std::vector<int>>{{}, {}}, 4);
    DOCTEST_CHECK(torch::allclose(transitions, torch::full({5, 5}, 0.2F)));
}

DOCTEST_TEST_CASE("a sequence that follows the grammar costs less than one that does not") {
    DOCTEST_CHECK(loss_of({0, 1, 2}) < loss_of({2, 1, 0}));
    DOCTEST_CHECK(loss_of({0, 1, 2}) < loss_of({0, 2, 1}));
}

DOCTEST_TEST_CASE("the loss is the mean surprise of the transitions") {
    // 0 to 1 was seen three times and may be any of four: (3 + 1) / (3 + 4).
    DOCTEST_CHECK(loss_of({0, 1, 2}) == doctest::Approx(-std::log(4.0 / 7)));
    DOCTEST_CHECK(loss_of({0, 1, 1}) == doctest::Approx(-(std::log(4.0 / 7) + std::log(1.0 / 7)) / 2));
}

DOCTEST_TEST_CASE("whole sequences begin and end by the grammar too") {
    DOCTEST_CHECK(loss_of({0, 1}, SequenceEnds::whole) > loss_of({0, 1, 2}, SequenceEnds::whole));
    DOCTEST_CHECK(loss_of({0, 1}) == doctest::Approx(loss_of({0, 1, 2})));
    DOCTEST_CHECK(loss_of({2}, SequenceEnds::whole) < loss_of({1}, SequenceEnds::whole));
}

DOCTEST_TEST_CASE("an uncertain frame learns from its neighbours what it is") {
    torch::Tensor logits = torch::zeros({1, 3, 3});
    logits[0][0][0] = 20;
    logits[0][2][2] = 20;
    logits.requires_grad_();
    grammar_loss(torch::softmax(logits, 1), bigram_transitions(in_order, 3).log()).backward();
    const torch::Tensor slope = logits.grad()[0].select(1, 1);
    DOCTEST_CHECK(slope.argmin().item<std::int64_t>() == 1);
    DOCTEST_CHECK(slope[1].item<float>() < 0);
}

DOCTEST_TEST_CASE("a single frame has no transition") { DOCTEST_CHECK(loss_of({1}) == 0); }

DOCTEST_TEST_CASE("a unit that does not exist cannot be counted") {
    const std::vector<std::vector<int>> foreign{{0, 3}};
    DOCTEST_CHECK_THROWS_AS(bigram_transitions(foreign, 3), std::invalid_argument);
}
