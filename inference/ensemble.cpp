#include "inference/ensemble.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace inference {

namespace {

class Ensemble final : public Model {
public:
    explicit Ensemble(std::vector<std::unique_ptr<Model>> members) : members_(std::move(members)) {
        for (const auto& member : members_) {
            std::vector<std::size_t> places;
            for (const std::string& label : member->labels()) {
                const auto found = std::ranges::find(labels_, label);
                places.push_back(static_cast<std::size_t>(found - labels_.begin()));
                if (found == labels_.end()) labels_.push_back(label);
            }
            places_.push_back(std::move(places));
        }
    }

    [[nodiscard]] std::string_view family() const override { return "ensemble"; }
    [[nodiscard]] std::int64_t parameters() const override {
        std::int64_t sum = 0;
        for (const auto& member : members_) sum += member->parameters();
        return sum;
    }
    [[nodiscard]] const std::vector<std::string>& labels() const override { return labels_; }
    [[nodiscard]] const std::string& layout() const override { return members_.front()->layout(); }

    [[nodiscard]] std::optional<Prediction> predict(std::span<const Sample> samples, Hardness hardness,
                                                    std::stop_token stop) override {
        std::vector<Prediction> said;
        for (const auto& member : members_) {
            auto prediction = member->predict(samples, hardness, stop);
            if (!prediction) return std::nullopt;
            said.push_back(std::move(*prediction));
        }
        Prediction all;
        all.classes = static_cast<int>(labels_.size());
        for (const Prediction& one : said) all.features += one.features;
        all.probabilities.resize(samples.size() * labels_.size());
        all.embedding.reserve(samples.size() * static_cast<std::size_t>(all.features));
        if (hardness == Hardness::measure) all.hardness.resize(samples.size());
        const auto share = 1 / static_cast<float>(members_.size());
        for (std::size_t sample = 0; sample < samples.size(); ++sample)
            for (std::size_t member = 0; member < said.size(); ++member) add(all, said[member], member, sample, share);
        return all;
    }

    void save(const std::filesystem::path& file) const override {
        throw std::runtime_error(file.string() + ": an ensemble is not saved; its members are");
    }

private:
    void add(Prediction& all, const Prediction& one, std::size_t member, std::size_t sample, float share) const {
        const auto row = one.row(sample);
        for (std::size_t label = 0; label < row.size(); ++label)
            all.probabilities[sample * labels_.size() + places_[member][label]] += share * row[label];
        const auto width = static_cast<std::size_t>(one.features);
        for (std::size_t i = 0; i < width; ++i)
            all.embedding.push_back(std::sqrt(share) * one.embedding[sample * width + i]);
        if (!one.hardness.empty()) all.hardness[sample] += share * one.hardness[sample];
    }

    std::vector<std::unique_ptr<Model>> members_;
    std::vector<std::string> labels_;
    std::vector<std::vector<std::size_t>> places_;  // of each member's labels among all
};

}  // namespace

std::unique_ptr<Model> ensemble(std::vector<std::unique_ptr<Model>> members) {
    if (members.empty()) throw std::invalid_argument("an ensemble needs at least one model");
    for (const auto& member : members)
        if (member->layout() != members.front()->layout())
            throw std::invalid_argument("models of the skeleton layouts " + members.front()->layout() + " and " +
                                        member->layout() + " cannot be asked together");
    return std::make_unique<Ensemble>(std::move(members));
}

}  // namespace inference
