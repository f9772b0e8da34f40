#include "annotator/workflows/simulate.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

#include "annotator/document/queries.h"
#include "annotator/workflows/motion_source.h"
#include "annotator/workflows/review_queue.h"
#include "annotator/workflows/simulation_pool.h"
#include "inference/families.h"
#include "storage/hash.h"

namespace annotator {

namespace {

using inference::Strategy;

constexpr const char* every_label = "all";
constexpr const char* change_points_alone = "change-points";

// All known motions of a project.
struct KnownMotions {
    LabelUnit unit = LabelUnit::clip;
    std::vector<std::string> labels;
    std::vector<KnownMotion> motions;
    std::vector<std::string> notes;
};

KnownMotions known_motions(const Document& document, const Motions& motions, const TrainingSnapshot& snapshot) {
    KnownMotions known;
    known.unit = snapshot.unit;
    known.labels = snapshot.labels;
    known.notes = motions.notes;
    std::map<std::pair<schemas::ClipId, const schemas::SkeletonSequence*>, std::size_t> place;
    for (const std::size_t i : snapshot.labelled()) {
        const SampleOrigin& origin = snapshot.origins[i];
        const auto& clip = document.at<schemas::Clip>(origin.clip);
        const auto [found, fresh] =
            place.try_emplace({origin.clip, snapshot.samples[i].skeleton.get()}, known.motions.size());
        if (fresh) {
            KnownMotion motion{clip.name,
                               {},
                               snapshot.samples[i].skeleton,
                               clip.span(),
                               reference_stream(document, clip.take)->rate().per_second(),
                               {}};
            for (const schemas::PerformerId id : performers_of(document, clip.take))
                motion.performers.insert(document.at<schemas::Performer>(id).name);
            known.motions.push_back(std::move(motion));
        }
        known.motions[found->second].truth.push_back({origin.span, snapshot.samples[i].label});
    }
    for (KnownMotion& motion : known.motions) {
        std::ranges::sort(motion.truth, {}, [](const auto& each) { return each.span.begin; });
        motion.span = {motion.truth.front().span.begin, motion.truth.back().span.end};
    }
    return known;
}

struct Fold {
    std::string name;
    std::vector<KnownMotion> pool, unseen;
};

std::vector<Fold> folds_of(const KnownMotions& known, const std::vector<std::string>& test_performers) {
    std::set<std::string> all;
    for (const KnownMotion& motion : known.motions) all.insert(motion.performers.begin(), motion.performers.end());
    std::vector<std::set<std::string>> held_out;
    for (const std::string& name : test_performers)
        if (!all.contains(name)) throw std::invalid_argument("no labelled clip has a performer '" + name + "'");
    if (!test_performers.empty())
        held_out.emplace_back(test_performers.begin(), test_performers.end());
    else if (all.size() > 1)
        for (const std::string& name : all) held_out.push_back({name});
    else
        held_out.emplace_back();
    std::vector<Fold> folds;
    for (const auto& test : held_out) {
        Fold fold;
        for (const std::string& name : test) fold.name += (fold.name.empty() ? "" : ",") + name;
        for (const KnownMotion& motion : known.motions) {
            const bool out =
                std::ranges::any_of(motion.performers, [&](const std::string& name) { return test.contains(name); });
            (out ? fold.unseen : fold.pool).push_back(motion);
        }
        if (!fold.pool.empty()) folds.push_back(std::move(fold));
    }
    if (folds.empty()) throw std::invalid_argument("nothing is left to label when these performers are held out");
    return folds;
}

bool chooses_by_model(Strategy strategy) {
    return strategy != Strategy::random && strategy != Strategy::balanced_random && strategy != Strategy::facility;
}

// One strategy with one seed on one fold.
class Loop {
public:
    Loop(const SimulateOptions& options, const std::vector<std::string>& labels, std::uint64_t seed,
         const JobContext& job)
        : options_(options), labels_(labels), seed_(seed), job_(job) {}

    // nullopt when stopped. Points of a curve where everything is labelled are left out, unless that is the strategy.
    std::optional<std::vector<PoolOutcome>> run(const std::string& strategy, SimulationPool& pool,
                                                const std::vector<KnownMotion>& unseen,
                                                const inference::DistanceMatrix& distances) {
        std::vector<PoolOutcome> outcomes;
        if (strategy == every_label) {
            pool.label_everything();
            if (!judge(pool, unseen, outcomes)) return std::nullopt;
            return outcomes;
        }
        const std::size_t samples = pool.candidates().size();
        const auto rounds = rounds_of(require_strategy(strategy), samples);
        for (const inference::Round& round : rounds) {
            if (!choose(round, pool, distances)) return std::nullopt;
            const bool shown = options_.points.empty() ? options_.curve || &round == &rounds.back()
                                                       : is_point(round.labelled, samples);
            if (shown && !judge(pool, unseen, outcomes)) return std::nullopt;
        }
        if (options_.points.empty() && rounds.empty() && !judge(pool, unseen, outcomes)) return std::nullopt;
        return outcomes;
    }

    // The accuracy on a fifth of the pool, drawn at random, of a model that has all labels of the rest: what the rest
    // of the pool would be at where nothing of it is left. Outer nullopt when stopped, inner where the pool is too
    // small.
    std::optional<std::optional<double>> accuracy_of_all(SimulationPool& pool) {
        const inference::Pool state{pool.candidates().size()};
        for (const inference::Pick& pick : inference::select(Strategy::random, state, state.samples, seed_)) {
            if (pool.labelled_share() >= 0.8) break;
            pool.label(pick.sample);
        }
        if (pool.labelled_share() >= 1) return std::optional<double>();
        std::vector<PoolOutcome> outcomes;
        if (!judge(pool, {}, outcomes)) return std::nullopt;
        return outcomes.front().pool_accuracy;
    }

private:
    [[nodiscard]] std::vector<inference::Round> rounds_of(Strategy strategy, std::size_t samples) const {
        if (options_.points.empty()) return inference::schedule(strategy, samples, options_.budget);
        std::vector<double> points;
        for (const double point : options_.points)
            if (point < 1) points.push_back(point);
        return inference::schedule_through(strategy, samples, points);
    }

    [[nodiscard]] bool is_point(std::size_t labelled, std::size_t samples) const {
        return std::ranges::any_of(options_.points, [&](double point) {
            return std::max<std::size_t>(
                       1, static_cast<std::size_t>(std::lround(point * static_cast<double>(samples)))) == labelled;
        });
    }

    // What is hard shows soonest to a model that has seen the labels alone.
    enum class Learn { labels, everything };

    std::unique_ptr<inference::Model> train(const SimulationPool& pool, int steps, Learn from) {
        inference::TrainOptions training;
        training.seed = seed_ * 1000 + ++trainings_;
        training.steps = steps;
        training.threads = options_.threads;
        training.semi_supervised = from == Learn::everything && options_.semi_supervised;
        auto result = inference::engine()
                          .family(options_.family)
                          .train(pool.training_samples(), labels_, training, {}, job_.stop);
        return result ? std::move(result->model) : nullptr;
    }

    std::unique_ptr<inference::StreamModel> train_boundaries(const std::vector<inference::LabelledStream>& streams) {
        inference::StreamTrainOptions training;
        training.seed = seed_ * 1000 + ++trainings_;
        training.steps = options_.boundary_steps;
        training.threads = options_.threads;
        auto result =
            inference::engine().stream_family(options_.boundaries).train(streams, labels_, training, {}, job_.stop);
        return result ? std::move(result->model) : nullptr;
    }

    bool judge(const SimulationPool& pool, const std::vector<KnownMotion>& unseen, std::vector<PoolOutcome>& outcomes) {
        const auto model = train(pool, options_.steps, Learn::everything);
        if (!model) return false;
        std::unique_ptr<inference::StreamModel> boundaries;
        if (const auto streams = pool.training_streams();
            inference::is_stream_family(options_.boundaries) && !streams.empty()) {
            boundaries = train_boundaries(streams);
            if (!boundaries) return false;
        }
        auto outcome = pool.outcome({*model, boundaries.get(), options_.grammar_weight}, unseen, job_);
        if (!outcome) return false;
        outcome->parts = pool.labelled_parts();
        outcomes.push_back(std::move(*outcome));
        return true;
    }

    // In a stream one answer can settle several candidates, so picks are taken one after
    // another until the share of the round is labelled.
    bool choose(const inference::Round& round, SimulationPool& pool, const inference::DistanceMatrix& distances) {
        const auto& candidates = pool.candidates();
        const auto truth = pool.truth_of_candidates();
        std::optional<inference::Prediction> prediction;
        if (chooses_by_model(round.strategy)) {
            const auto model = train(pool, options_.round_steps, Learn::labels);
            if (!model) return false;
            prediction = model->predict(candidates, inference::Hardness::measure, job_.stop);
            if (!prediction) return false;
        }
        const double wanted = static_cast<double>(round.labelled) / static_cast<double>(candidates.size());
        const auto chosen = pool.labelled_candidates();
        const std::set<std::size_t> before(chosen.begin(), chosen.end());
        const inference::Pool state{
            candidates.size(), chosen, &distances, prediction ? &*prediction : nullptr, truth, {}};
        for (const inference::Pick& pick :
             inference::select(round.strategy, state, candidates.size() - before.size(), seed_)) {
            if (pool.labelled_share() + 0.5 / static_cast<double>(candidates.size()) > wanted) break;
            pool.label(pick.sample);
        }
        return !job_.stop.stop_requested();
    }

    const SimulateOptions& options_;
    const std::vector<std::string>& labels_;
    std::uint64_t seed_;
    const JobContext& job_;
    std::uint64_t trainings_ = 0;
};

SimulationRow row_of(const PoolOutcome& outcome) {
    const inference::KeystrokeModel keystrokes;
    SimulationRow row;
    row.labels = outcome.labels;
    row.labelled = outcome.labelled;
    row.pool_accuracy = outcome.pool_accuracy;
    row.unseen_accuracy = outcome.unseen_accuracy;
    row.corpus_accuracy = outcome.corpus_accuracy;
    row.operations = static_cast<double>(outcome.actions.operations());
    row.operations_scratch = static_cast<double>(outcome.actions_scratch.operations());
    row.seconds = keystrokes.seconds(outcome.actions);
    row.seconds_scratch = keystrokes.seconds(outcome.actions_scratch);
    row.operations_inherited = static_cast<double>(outcome.actions_inherited.operations());
    row.seconds_inherited = keystrokes.seconds(outcome.actions_inherited);
    std::string lines;
    for (const GivenLabel& part : outcome.parts)
        lines += part.clip + "\t" + std::to_string(part.span.begin) + "\t" + std::to_string(part.span.end) + "\n";
    row.parts = outcome.parts;
    row.parts_sha256 = storage::sha256_of(lines);
    const auto share = [](const inference::Share& of) {
        return of.total > 0 ? std::optional(of.value()) : std::nullopt;
    };
    if (const auto& rest = outcome.rest; rest && rest->frames.total > 0) {
        row.boundary_f1 = rest->boundaries.f1();
        row.reclassified_accuracy = share(rest->segments);
        row.frames_alone = share(rest->frames_alone);
    }
    if (const auto& unseen = outcome.unseen; unseen && unseen->frames.total > 0) {
        row.unseen_boundary_f1 = unseen->boundaries.f1();
        row.unseen_frames_alone = share(unseen->frames_alone);
        row.unseen_operations = static_cast<double>(unseen->reclassified.operations());
        row.unseen_operations_inherited = static_cast<double>(unseen->inherited.operations());
        row.unseen_operations_scratch = static_cast<double>(unseen->scratch.operations());
    }
    return row;
}

}  // namespace

schemas::Layer known_layer(const Document& document, const std::string& wanted) {
    if (!wanted.empty()) return require_layer(document, wanted);
    std::map<schemas::LayerId, std::size_t> sizes;
    for (const auto& [id, segment] : document.rows<schemas::Segment>()) ++sizes[segment.layer];
    const schemas::Layer* best = nullptr;
    for (const auto& [id, layer] : document.rows<schemas::Layer>()) {
        const auto rank = [&](const schemas::Layer& each) {
            return std::pair(each.kind == schemas::LayerKind::truth, sizes[each.id]);
        };
        if (sizes[id] > 0 && (best == nullptr || rank(layer) > rank(*best))) best = &layer;
    }
    if (best == nullptr)
        throw std::invalid_argument(
            "a simulation needs known labels, and the project has none; import some with 'kinetograph labels --truth'");
    return *best;
}

std::optional<SimulationResult> simulate(ProjectSession& session, const SimulateOptions& options,
                                         const JobContext& job) {
    for (const std::string& strategy : options.strategies)
        if (strategy != every_label) (void)require_strategy(strategy);
    if (options.boundaries != change_points_alone && !inference::is_stream_family(options.boundaries))
        throw std::invalid_argument("boundaries come from " + std::string(change_points_alone) +
                                    " or from a family that reads streams, " + inference::stream_family_names() +
                                    "; there is no '" + options.boundaries + "'");
    for (const double point : options.points)
        if (!(point > 0 && point <= 1))
            throw std::invalid_argument("a point of the curve is more than 0 and at most 100 %, not " +
                                        std::to_string(100 * point));
    const auto motions = load_motions(session, job);
    if (!motions) return std::nullopt;
    PoolOptions pool_options;
    pool_options.track = options.track;
    pool_options.layer = known_layer(session.document(), options.truth).name;
    const auto snapshot = training_snapshot(session, *motions, pool_options, job);
    if (!snapshot) return std::nullopt;
    const KnownMotions known = known_motions(session.document(), *motions, *snapshot);
    if (known.motions.empty())
        throw std::invalid_argument("layer '" + *pool_options.layer + "' has no labels on track '" + options.track +
                                    "'");

    SimulationResult result{known.unit, {}, known.notes};
    const auto folds = folds_of(known, options.test_performers);
    const bool to_all = std::ranges::any_of(options.points, [](double point) { return point >= 1; });
    const double runs = static_cast<double>(folds.size() * options.strategies.size()) * options.seeds;
    double done = 0;
    for (const Fold& fold : folds) {
        const auto fresh_pool = [&] {
            return known.unit == LabelUnit::clip ? clip_pool(fold.pool) : stream_pool(fold.pool, job);
        };
        const auto first = fresh_pool();
        if (!first) return std::nullopt;
        const auto distances = inference::dtw_distances(first->candidates(), {}, job.stop);
        if (!distances) return std::nullopt;
        std::map<std::uint64_t, PoolOutcome> of_all;  // what all labels reach, by seed
        // False when stopped.
        const auto train_on_all = [&](std::uint64_t seed) {
            if (of_all.contains(seed)) return true;
            const auto pool = fresh_pool(), part = fresh_pool();
            if (!pool || !part) return false;
            Loop loop(options, known.labels, seed, job);
            auto outcomes = loop.run(every_label, *pool, fold.unseen, *distances);
            if (!outcomes) return false;
            std::optional<std::optional<double>> held_out(std::in_place);
            if (to_all) held_out = loop.accuracy_of_all(*part);
            if (!held_out) return false;
            if (*held_out) outcomes->front().pool_accuracy = *held_out;
            of_all.emplace(seed, std::move(outcomes->front()));
            return true;
        };
        for (const std::string& strategy : options.strategies)
            for (int n = 0; n < options.seeds; ++n) {
                const std::uint64_t seed = options.first_seed + static_cast<std::uint64_t>(n);
                job.report(
                    {"Simulating " + strategy + (fold.name.empty() ? "" : ", without " + fold.name), done++, runs});
                std::optional<std::vector<PoolOutcome>> outcomes(std::in_place);
                if (strategy != every_label) {
                    const auto pool = fresh_pool();
                    outcomes =
                        pool ? Loop(options, known.labels, seed, job).run(strategy, *pool, fold.unseen, *distances)
                             : std::nullopt;
                }
                if (!outcomes) return std::nullopt;
                if (to_all || strategy == every_label) {
                    if (!train_on_all(seed)) return std::nullopt;
                    outcomes->push_back(of_all.at(seed));
                }
                for (const PoolOutcome& outcome : *outcomes) {
                    SimulationRow row = row_of(outcome);
                    row.strategy = strategy;
                    row.seed = seed;
                    row.test_performers = fold.name;
                    result.rows.push_back(std::move(row));
                }
            }
    }
    return result;
}

}  // namespace annotator
