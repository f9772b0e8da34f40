#include "inference/torch/learner.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "inference/torch/clip_learner.h"
#include "inference/torch/motion_classifier.h"
#include "inference/torch/sta_gcn_network.h"
#include "inference/torch/tcn_trainer.h"
#include "inference/torch/warm_start.h"
#include "tests/inference/motions.h"

// What both trainers do alike.

using namespace inference;

namespace {

struct Lessons {
    std::vector<Sample> samples = inference_tests::synthetic_set(3, 4, 5);
    MotionSet motions{samples, Heading::camera, 1};
    TrainingSet set;

    Lessons() {
        set.classes = 3;
        for (std::size_t i = 0; i < samples.size(); ++i) {
            if (i % 4 == 3) {
                set.untaught.samples.push_back(i);
                continue;
            }
            set.samples.push_back(i);
            set.weights.push_back(1);
            for (int label = 0; label < 3; ++label) set.targets.push_back(samples[i].label == label ? 1.0F : 0.0F);
        }
        set.untaught.labels_a_class = 3;
    }
};

LearningOptions in_steps(int steps) {
    LearningOptions options;
    options.steps = steps;
    options.batch = 3;
    return options;
}

MakeClipNetwork small_network() {
    return [](const ClipShape& wanted) {
        StaGcnShape shape;
        shape.classes = wanted.classes;
        shape.width = 8;
        return std::make_shared<StaGcnNetwork>(*wanted.layout, shape);
    };
}

const MakeClipNetwork small = small_network();

std::unique_ptr<Learner> tcn(std::shared_ptr<const WarmStart> warm = nullptr, int classes = 3) {
    TcnShape shape;
    shape.joints = 20;
    shape.classes = classes;
    return tcn_learner(shape, {torch::kCPU, nullptr, std::move(warm)});
}

std::unique_ptr<Learner> clip(std::shared_ptr<const WarmStart> warm = nullptr, int classes = 3) {
    return clip_learner(small, {inference_tests::msr_layout(), classes, {}}, {torch::kCPU, nullptr, std::move(warm)});
}

using MakeLearner = std::function<std::unique_ptr<Learner>(std::shared_ptr<const WarmStart>, int)>;
const std::vector<MakeLearner> learners{tcn, clip};

Checkpoint written(const TrainedNetwork& network) {
    Checkpoint checkpoint;
    network.write(checkpoint);
    return checkpoint;
}

bool equal(const Checkpoint& a, const Checkpoint& b) {
    return std::ranges::all_of(
        a.tensors, [&](const auto& entry) { return torch::equal(entry.second, b.tensors.at(entry.first)); });
}

}  // namespace

DOCTEST_TEST_CASE("the network that was best is kept, and a training ends when somebody wants it to") {
    const Lessons of;
    LearningOptions options = in_steps(12);
    options.patience = 1;
    for (const MakeLearner& make : learners) {
        const auto learner = make(nullptr, 3);
        Checkpoint at_four;
        int last = 0;
        const StepReport report = [&](int step, const BatchLoss&, TrainingAtWork& training) {
            last = step;
            if (step == 4) {
                at_four = written(*training.average());
                training.keep_as_best();
            }
            return step == 7 ? Going::to_end : Going::on;
        };
        const auto training = learner->train(of.motions, of.set, options, 1, report, nullptr, {});
        DOCTEST_CHECK(last == 7);
        DOCTEST_CHECK(equal(written(*training->network), at_four));
        const auto unwatched = learner->train(of.motions, of.set, options, 1, {}, nullptr, {});
        DOCTEST_CHECK_FALSE(equal(written(*unwatched->network), at_four));
    }
}

DOCTEST_TEST_CASE("a training with a teacher and a best network goes on from its state to the same weights") {
    const Lessons of;
    LearningOptions options = in_steps(12);
    options.teaching.emplace();
    options.patience = 1;
    for (const Descent descent : {Descent::adamw, Descent::sgd, Descent::rmsprop}) {
        options.descent = descent;
        options.rate = descent == Descent::adamw ? 2e-3 : 1e-3;
        for (const MakeLearner& make : learners) {
            const auto learner = make(nullptr, 3);
            TrainingState at_six;
            std::vector<double> losses, again;
            const auto whole = learner->train(of.motions, of.set, options, 1,
                                              [&](int step, const BatchLoss& loss, TrainingAtWork& training) {
                                                  if (step == 5) at_six = training.state();
                                                  if (step > 5) losses.push_back(loss.total);
                                                  return Going::on;
                                              },
                                              nullptr, {});
            const auto rest = learner->train(of.motions, of.set, options, 1,
                                             [&](int step, const BatchLoss& loss, TrainingAtWork&) {
                                                 DOCTEST_CHECK(step > 5);
                                                 again.push_back(loss.total);
                                                 return Going::on;
                                             },
                                             &at_six, {});
            DOCTEST_CHECK(losses.size() == 6);
            DOCTEST_CHECK(losses == again);
            DOCTEST_CHECK(equal(written(*whole->network), written(*rest->network)));
        }
    }
}

DOCTEST_TEST_CASE("the state of a training that ended early keeps its best network, and it does not go on") {
    const Lessons of;
    LearningOptions options = in_steps(12);
    options.patience = 1;
    for (const MakeLearner& make : learners) {
        const auto learner = make(nullptr, 3);
        TrainingState ended;
        const auto first = learner->train(of.motions, of.set, options, 1,
                                          [&](int step, const BatchLoss&, TrainingAtWork& training) {
                                              if (step == 2) training.keep_as_best();
                                              if (step < 5) return Going::on;
                                              ended = training.state();
                                              mark_ended(ended);
                                              return Going::to_end;
                                          },
                                          nullptr, {});
        const auto second = learner->train(of.motions, of.set, options, 1,
                                           [&](int, const BatchLoss&, TrainingAtWork&) {
                                               DOCTEST_CHECK_MESSAGE(false, "it went on");
                                               return Going::on;
                                           },
                                           &ended, {});
        DOCTEST_CHECK(step_of(ended) == 6);
        DOCTEST_CHECK(equal(written(*first->network), written(*second->network)));
    }
}

DOCTEST_TEST_CASE("with a teacher every step learns from three unlabelled samples for each labelled one") {
    const Lessons of;
    LearningOptions options = in_steps(6);
    options.teaching.emplace();
    options.teaching->ramp = 0;
    for (const MakeLearner& make : learners) {
        std::size_t rows = 0;
        double unlabelled = 0;
        const auto learner = make(nullptr, 3);
        (void)learner->train(of.motions, of.set, options, 1,
                             [&](int, const BatchLoss& loss, TrainingAtWork&) {
                                 rows = loss.gradient.size() / 3;
                                 unlabelled += loss.unlabelled;
                                 return Going::on;
                             },
                             nullptr, {});
        DOCTEST_CHECK(rows == 3 + 9);
        DOCTEST_CHECK(unlabelled > 0);
    }
}

DOCTEST_TEST_CASE("a training begins with an earlier model's weights, and with its rows for the labels that it knew") {
    const Lessons of;
    LearningOptions options = in_steps(3);
    options.beginning = Beginning::earlier_weights;
    for (const MakeLearner& make : learners) {
        const auto learner = make(nullptr, 3);
        Checkpoint before = written(*learner->train(of.motions, of.set, options, 1, {}, nullptr, {})->network);
        before.labels = {"a", "b", "c"};
        // One label is gone, two changed places, one is new.
        const std::vector<std::string> labels{"c", "d", "a"};
        const auto warm = std::make_shared<WarmStart>(warm_start(before, labels));
        DOCTEST_CHECK(warm->rows == std::vector<int>{2, -1, 0});
        const auto warmed = make(warm, 3);
        const WarmFit fit = warmed->fit(*warm);
        DOCTEST_CHECK(fit.left_out.empty());
        // At a rate of nothing the network is what it began with.
        LearningOptions still = in_steps(1);
        still.rate = 0;
        still.beginning = Beginning::earlier_weights;
        const Checkpoint after = written(*warmed->train(of.motions, of.set, still, 1, {}, nullptr, {})->network);
        int same = 0;
        for (const auto& [name, tensor] : before.tensors) {
            // What is measured of batches goes on.
            if (name.find("running") != std::string::npos || name.find("num_batches") != std::string::npos) continue;
            const torch::Tensor& now = after.tensors.at(name);
            if (!name.ends_with("classes.weight")) {
                same += torch::allclose(tensor, now, 1e-5, 1e-7) ? 1 : 0;
                continue;
            }
            DOCTEST_CHECK(torch::allclose(now[0], tensor[2], 1e-5, 1e-7));
            DOCTEST_CHECK(torch::allclose(now[2], tensor[0], 1e-5, 1e-7));
            DOCTEST_CHECK_FALSE(torch::allclose(now[1], tensor[1], 1e-5, 1e-7));
        }
        DOCTEST_CHECK(same > 5);
        still.beginning = Beginning::nothing;
        const Checkpoint cold = written(*warmed->train(of.motions, of.set, still, 1, {}, nullptr, {})->network);
        DOCTEST_CHECK_FALSE(equal(cold, after));
        // A network of more classes takes the rest.
        const auto wider = make(nullptr, 5);
        const auto for_five = warm_start(before, {"a", "b", "c", "d", "e"});
        DOCTEST_CHECK(wider->fit(for_five).left_out.empty());
        const auto for_strangers = warm_start(before, {"x", "y", "z"});
        DOCTEST_CHECK(make(nullptr, 3)->fit(for_strangers).left_out.size() == 2);
    }
}

DOCTEST_TEST_CASE(
    "pre-training learns where left-out joints are, and what is learnt of labels begins with its weights") {
    const Lessons of;
    for (const MakeLearner& make : learners) {
        const auto learner = make(nullptr, 3);
        std::vector<double> errors;
        LearningOptions options = in_steps(3);
        options.batch = 6;
        const auto report = [&](int step, double error) {
            DOCTEST_CHECK(step == static_cast<int>(errors.size()));
            errors.push_back(error);
        };
        const auto learnt = learner->pretrained(of.motions, options, {60, 0.4}, 1, report, {});
        DOCTEST_REQUIRE(learnt.has_value());
        DOCTEST_REQUIRE(errors.size() == 60);
        const auto mean = [&](std::size_t from) {
            double sum = 0;
            for (std::size_t i = from; i < from + 10; ++i) sum += errors[i] / 10;
            return sum;
        };
        DOCTEST_CHECK(mean(50) < 0.5 * mean(0));
        DOCTEST_CHECK(equal(*learnt, *learner->pretrained(of.motions, options, {60, 0.4}, 1, {}, {})));
        const WarmStart warm{*learnt, {-1, -1, -1}};
        // All but the last layer, which is about labels.
        DOCTEST_CHECK(learner->fit(warm).left_out.size() == 2);
        std::stop_source stop;
        stop.request_stop();
        DOCTEST_CHECK_FALSE(learner->pretrained(of.motions, options, {60, 0.4}, 1, {}, stop.get_token()).has_value());
    }
}

DOCTEST_TEST_CASE("mirrored motions teach the label of the other side") {
    // The left arm and the left leg are seen; the right arm, whose label is the left one's partner, never is.
    std::vector<Sample> seen, right;
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
        seen.push_back(inference_tests::synthetic_motion(0, seed));
        seen.push_back(inference_tests::synthetic_motion(2, seed + 50));
        right.push_back(inference_tests::synthetic_motion(1, seed + 100));
    }
    const MotionSet motions(seen, Heading::camera, 1), others(right, Heading::camera, 1);
    TrainingSet set;
    set.classes = 3;
    for (std::size_t i = 0; i < seen.size(); ++i) {
        set.samples.push_back(i);
        set.weights.push_back(1);
        set.targets.insert(set.targets.end(), {i % 2 == 0 ? 1.0F : 0.0F, 0.0F, i % 2 == 0 ? 0.0F : 1.0F});
    }
    LearningOptions options = in_steps(120);
    options.batch = 6;
    options.weak.mirror_probability = 0.5;
    const auto taken_for_right = [&] {
        const auto training = tcn()->train(motions, set, options, 1, {}, nullptr, {});
        const auto said = MotionClassifier{training->network, 3, {}, 1}.whole(others, {});
        int count = 0;
        for (std::size_t i = 0; i < right.size(); ++i) {
            const auto* row = &said->logits[3 * i];
            count += std::max_element(row, row + 3) - row == 1 ? 1 : 0;
        }
        return count;
    };
    DOCTEST_CHECK(taken_for_right() == 0);
    set.mirrored_labels = {1, 0, 2};
    DOCTEST_CHECK(taken_for_right() >= 5);
}
