#include "inference/torch/course.h"

#include <span>

namespace inference {

Course::Course(const MotionSet& motions, const TrainingSet& set, const LearningOptions& options, Random& random)
    : motions_(motions), set_(set), options_(options), random_(random), curriculum_(set, options, random) {
    if (options.teaching && !set.untaught.samples.empty())
        teaching_.emplace(set.untaught, set.classes, set.mirrored_labels, *options.teaching, options.steps, random);
}

torch::Tensor Course::drawn(const std::vector<std::size_t>& samples, int frames, const Augmentation& augmentation,
                            std::vector<Side>& sides) {
    const auto stride = static_cast<std::size_t>(frames) * motions_.features();
    torch::Tensor views = torch::empty(
        {static_cast<std::int64_t>(samples.size()), frames, static_cast<std::int64_t>(motions_.features())});
    const std::span<float> values(views.data_ptr<float>(), samples.size() * stride);
    for (std::size_t i = 0; i < samples.size(); ++i)
        sides.push_back(motions_.draw(samples[i], frames, augmentation, random_, values.subspan(i * stride, stride)));
    return views;
}

StepViews Course::draw(int frames) {
    StepViews views;
    views.batch = curriculum_.batch();
    std::vector<std::size_t> samples;
    for (const std::size_t example : views.batch) samples.push_back(set_.samples[example]);
    views.seen = drawn(samples, frames, options_.weak, views.sides);
    if (!teaching_) return views;
    views.untaught = teaching_->batch(views.batch.size());
    samples.clear();
    for (const std::size_t place : views.untaught) samples.push_back(set_.untaught.samples[place]);
    Augmentation plain = options_.weak;
    plain.mirror_probability = 0;  // what the teacher says is of the motion as it is
    std::vector<Side> unchanged;
    views.asked = drawn(samples, frames, plain, unchanged);
    views.seen = torch::cat({views.seen, drawn(samples, frames, options_.teaching->strong, views.sides)});
    return views;
}

BatchLoss Course::loss(int step, const StepViews& views, std::span<const float> logits,
                       std::span<const float> teacher) {
    const std::size_t labelled = views.batch.size() * static_cast<std::size_t>(set_.classes);
    BatchLoss loss = curriculum_.loss(step, logits.first(labelled), views.batch, views.sides);
    if (!views.has_teacher()) return loss;
    const TaughtLoss taught = teaching_->loss(step, teacher, logits.subspan(labelled), views.untaught,
                                              std::span(views.sides).subspan(views.batch.size()));
    loss.total += taught.total;
    loss.unlabelled = taught.total;
    loss.sure = taught.sure;
    loss.gradient.insert(loss.gradient.end(), taught.gradient.begin(), taught.gradient.end());
    return loss;
}

std::size_t Course::sample(const StepViews& views, std::size_t row) const {
    return row < views.batch.size() ? set_.samples[views.batch[row]]
                                    : set_.untaught.samples[views.untaught[row - views.batch.size()]];
}

void Course::add_to(TrainingState& state) const {
    add(state, curriculum_);
    if (teaching_) add(state, *teaching_);
}

void Course::go_on_from(const TrainingState& state) {
    inference::go_on_from(state, curriculum_);
    if (teaching_) inference::go_on_from(state, *teaching_);
}

}  // namespace inference
