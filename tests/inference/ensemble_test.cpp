#include "inference/ensemble.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <utility>

using namespace inference;

namespace {

// Says the same about every sample.
class Certain final : public Model {
public:
    Certain(std::vector<std::string> labels, std::vector<float> probabilities, std::string layout = "msr20")
        : labels_(std::move(labels)), probabilities_(std::move(probabilities)), layout_(std::move(layout)) {}

    [[nodiscard]] std::string_view family() const override { return "certain"; }
    [[nodiscard]] std::int64_t parameters() const override { return 7; }
    [[nodiscard]] const std::vector<std::string>& labels() const override { return labels_; }
    [[nodiscard]] const std::string& layout() const override { return layout_; }
    [[nodiscard]] std::optional<Prediction> predict(std::span<const Sample> samples, Hardness hardness,
                                                    std::stop_token stop) override {
        if (stop.stop_requested()) return std::nullopt;
        Prediction prediction;
        prediction.classes = static_cast<int>(labels_.size());
        prediction.features = 2;
        for (std::size_t i = 0; i < samples.size(); ++i) {
            prediction.probabilities.insert(prediction.probabilities.end(), probabilities_.begin(),
                                            probabilities_.end());
            prediction.embedding.insert(prediction.embedding.end(), {0.6F, 0.8F});
            if (hardness == Hardness::measure) prediction.hardness.push_back(probabilities_[0]);
        }
        return prediction;
    }
    void save(const std::filesystem::path&) const override {}

private:
    std::vector<std::string> labels_;
    std::vector<float> probabilities_;
    std::string layout_;
};

template <class... Members>
std::unique_ptr<Model> together(Members... members) {
    std::vector<std::unique_ptr<Model>> list;
    (list.push_back(std::make_unique<Certain>(std::move(members))), ...);
    return ensemble(std::move(list));
}

const std::vector<Sample> two(2);

}  // namespace

TEST_CASE("an ensemble says the mean of what its members say, label by label") {
    const auto model = together(Certain({"a", "b"}, {0.9F, 0.1F}), Certain({"b", "a"}, {0.3F, 0.7F}));
    CHECK(model->labels() == std::vector<std::string>{"a", "b"});
    CHECK(model->parameters() == 14);
    const Prediction said = *model->predict(two, Hardness::measure, {});
    for (std::size_t sample = 0; sample < 2; ++sample) {
        CHECK(said.row(sample)[0] == doctest::Approx(0.8));
        CHECK(said.row(sample)[1] == doctest::Approx(0.2));
        CHECK(said.hardness[sample] == doctest::Approx(0.6));
    }
    CHECK(said.features == 4);
    double length = 0;
    for (std::size_t i = 0; i < 4; ++i) length += static_cast<double>(said.embedding[i] * said.embedding[i]);
    CHECK(length == doctest::Approx(1));
    CHECK(model->predict(two, Hardness::skip, {})->hardness.empty());
}

TEST_CASE("a label that a member does not know has what the others say of it, and rows still sum to 1") {
    const auto model = together(Certain({"a", "b"}, {0.5F, 0.5F}), Certain({"a", "c"}, {0.2F, 0.8F}));
    CHECK(model->labels() == std::vector<std::string>{"a", "b", "c"});
    const Prediction said = *model->predict(two, Hardness::skip, {});
    CHECK(said.row(1)[0] == doctest::Approx(0.35));
    CHECK(said.row(1)[1] == doctest::Approx(0.25));
    CHECK(said.row(1)[2] == doctest::Approx(0.4));
}

TEST_CASE("an ensemble stops with its members, and neither none nor those of two layouts are one") {
    std::stop_source stop;
    stop.request_stop();
    CHECK_FALSE(together(Certain({"a"}, {1.0F}))->predict(two, Hardness::skip, stop.get_token()).has_value());
    CHECK_THROWS_AS((void)ensemble({}), std::invalid_argument);
    CHECK_THROWS_WITH_AS((void)together(Certain({"a"}, {1.0F}), Certain({"a"}, {1.0F}, "coco17")),
                         "models of the skeleton layouts msr20 and coco17 cannot be asked together",
                         std::invalid_argument);
    CHECK_THROWS_AS(together(Certain({"a"}, {1.0F}))->save("x.pt"), std::runtime_error);
}
