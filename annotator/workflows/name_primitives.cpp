#include "annotator/workflows/name_primitives.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <ranges>
#include <stdexcept>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/retrain.h"
#include "inference/agreement.h"
#include "inference/families.h"
#include "inference/segmentation_metrics.h"
#include "storage/hash.h"

namespace annotator {

namespace {

using schemas::Segment;

std::filesystem::path weights_of(ProjectSession& session, const schemas::ModelVersion& version) {
    return session.store().folder() / version.checkpoint;
}

// The units that key frames are looked up in.
class Units {
public:
    Units(const Document& document, const schemas::Track& track, const std::optional<std::string>& layer)
        : document_(document), track_(track.id) {
        if (layer) layer_ = require_layer(document, *layer).id;
        for (const schemas::Label& label : labels_of(document, track.id)) {
            index_of_[label.id] = static_cast<int>(names.size());
            names.push_back(label.name);
        }
    }

    // -1 where nobody labelled that frame.
    int at(const SampleOrigin& origin, schemas::FrameIndex frame) {
        const auto [found, fresh] = segments_.try_emplace(origin.clip);
        if (fresh) found->second = labels_of_clip(document_, origin.clip, track_, layer_);
        for (const Segment& segment : found->second) {
            if (!segment.span().contains(frame)) continue;
            if (segment.performer && origin.performer && segment.performer != origin.performer) continue;
            const auto index = index_of_.find(current_label(document_, segment.label));
            return index == index_of_.end() ? -1 : index->second;
        }
        return -1;
    }

    std::vector<std::string> names;

private:
    const Document& document_;
    schemas::TrackId track_;
    std::optional<schemas::LayerId> layer_;
    std::map<schemas::LabelId, int> index_of_;
    std::map<schemas::ClipId, std::vector<Segment>> segments_;
};

const schemas::Track& track_to_count(const Document& document, const NamingOptions& options,
                                     const std::string& learnt) {
    if (!options.track.empty()) return require_track(document, options.track);
    std::optional<schemas::LayerId> layer;
    if (options.layer) layer = require_layer(document, *options.layer).id;
    const schemas::Track* best = nullptr;
    std::size_t most = 0;
    for (const auto& [id, track] : document.rows<schemas::Track>()) {
        if (track.kind != schemas::TrackKind::primitive) continue;
        std::size_t labelled = 0;
        for (const schemas::Clip* clip : clips_by_name(document))
            labelled += labels_of_clip(document, clip->id, id, layer).size();
        if (labelled > most) best = &track, most = labelled;
    }
    return best != nullptr ? *best : require_track(document, learnt);
}

// A classifier of motions, the only kind that may have a dictionary.
bool reads_motions(const schemas::ModelVersion& model) {
    return !model.checkpoint.empty() &&
           std::ranges::any_of(inference::family_cards, [&](const auto& card) { return card.name == model.family; });
}

int strongest(std::span<const float> weights) {
    return static_cast<int>(std::ranges::max_element(weights) - weights.begin());
}

}  // namespace

std::optional<PrimitivePool> read_primitive_pool(ProjectSession& session, const schemas::ModelVersion& version,
                                                 inference::Model& model, const NamingOptions& options,
                                                 const JobContext& job) {
    inference::PrimitiveReader* reader = inference::primitive_reader(model);
    if (reader == nullptr)
        throw std::invalid_argument("model '" + version.name + "' is of the family " + version.family +
                                    ", which has no dictionary of primitives; train one with --model estgcn");
    const auto motions = load_motions(session, job);
    if (!motions) return std::nullopt;
    PoolOptions pool;
    pool.track = learnt_track(version);
    pool.without_performers = options.without_performers;
    pool.unit = schemas::enum_from<LabelUnit>(nlohmann::json::parse(version.options).value("unit", ""));
    auto snapshot = training_snapshot(session, *motions, pool, job);
    if (!snapshot) return std::nullopt;
    if (snapshot->samples.empty()) throw std::invalid_argument("no clip has a motion to read primitives in");
    job.report({"Reading primitives", 0, 0});
    auto readings = reader->read_primitives(snapshot->samples, job.stop);
    if (!readings) return std::nullopt;
    return PrimitivePool{std::move(*snapshot), std::move(*readings)};
}

PrimitiveNaming counted_naming(ProjectSession& session, const schemas::ModelVersion& version, const PrimitivePool& pool,
                               const NamingOptions& options) {
    const Document& document = session.document();
    const schemas::Track& track = track_to_count(document, options, learnt_track(version));
    Units units(document, track, options.layer);
    PrimitiveNaming naming;
    naming.model = version.id;
    naming.weights = storage::sha256_of_file(weights_of(session, version));
    naming.pool = pool.snapshot.hash;
    naming.track = track.name;
    naming.units = units.names;
    naming.samples = pool.readings.size();
    std::size_t size = 0;
    for (const auto& reading : pool.readings)
        if (!reading.frames.empty()) size = reading.row(0).size();
    if (size == 0) throw std::invalid_argument("no motion shows anything to read primitives in");
    naming.primitives.resize(size);
    naming.appearances.resize(size);
    naming.counts.resize(size * units.names.size());

    // Of each sample the primitives and units at its key frames. A short motion's key frames repeat, and count once.
    std::vector<std::vector<std::pair<int, int>>> seen(pool.readings.size());
    std::vector<int> all_primitives, all_units;
    for (std::size_t sample = 0; sample < pool.readings.size(); ++sample) {
        const auto& reading = pool.readings[sample];
        for (std::size_t key = 0; key < reading.frames.size(); ++key) {
            const int primitive = strongest(reading.row(key));
            if (key > 0 && reading.frames[key] == reading.frames[key - 1] && primitive == all_primitives.back())
                continue;
            const int unit = units.at(pool.snapshot.origins[sample], reading.frames[key]);
            ++naming.appearances[static_cast<std::size_t>(primitive)];
            all_primitives.push_back(primitive);
            all_units.push_back(unit);
            if (unit < 0) continue;
            ++naming.counts[static_cast<std::size_t>(primitive) * units.names.size() + static_cast<std::size_t>(unit)];
            seen[sample].emplace_back(primitive, unit);
        }
    }
    naming.unit.assign(size, -1);
    if (!units.names.empty())
        naming.unit =
            inference::names_of_primitives(naming.counts, static_cast<int>(size), static_cast<int>(units.names.size()))
                .unit;
    naming.mutual_information = inference::normalised_mutual_information(all_primitives, all_units);
    for (const auto& pairs : seen) {
        if (pairs.empty()) continue;
        std::vector<int> named, labelled;
        for (const auto& [primitive, unit] : pairs) {
            named.push_back(naming.unit[static_cast<std::size_t>(primitive)]);
            labelled.push_back(unit);
        }
        naming.sequence_match += inference::sequence_match(named, labelled);
        ++naming.labelled_samples;
    }
    if (naming.labelled_samples > 0) naming.sequence_match /= static_cast<double>(naming.labelled_samples);
    name_after_units(naming);
    return naming;
}

std::vector<std::string> units_at(const Document& document, const std::string& track,
                                  const std::optional<std::string>& layer,
                                  const std::vector<std::pair<SampleOrigin, schemas::FrameIndex>>& places) {
    Units units(document, require_track(document, track), layer);
    std::vector<std::string> found;
    for (const auto& [origin, frame] : places) {
        const int unit = units.at(origin, frame);
        found.push_back(unit < 0 ? "" : units.names[static_cast<std::size_t>(unit)]);
    }
    return found;
}

std::optional<PrimitiveNaming> naming_of(ProjectSession& session, const schemas::ModelVersion& version,
                                         const NamingOptions& options, Counting counting, const JobContext& job) {
    const auto file = naming_file(session.store().folder(), version.id);
    std::optional<PrimitiveNaming> present;
    if (std::filesystem::exists(file)) {
        present = read_naming(file);
        if (present->model != version.id)
            throw std::runtime_error(file.string() + ": names the primitives of another model");
        if (counting == Counting::where_missing) return present;
    }
    const auto model = inference::engine().load(weights_of(session, version));
    const auto pool = read_primitive_pool(session, version, *model, options, job);
    if (!pool) return std::nullopt;
    PrimitiveNaming naming = counted_naming(session, version, *pool, options);
    if (present && present->size() == naming.size()) {
        naming.history = present->history;
        naming.history.push_back({NamingChange::Kind::change, "count again, on track '" + naming.track + "'",
                                  session.author().name, session.now(), present->primitives});
        for (int i = 0; i < naming.size(); ++i) {
            const NamedPrimitive& old = present->primitives[static_cast<std::size_t>(i)];
            NamedPrimitive& fresh = naming.primitives[static_cast<std::size_t>(i)];
            fresh.merged_into = old.merged_into;
            fresh.by_person = old.by_person;
            if (old.by_person) fresh.name = old.name;
        }
        name_after_units(naming);
    }
    if (present) naming.read_from = present->read_from;
    write_naming(naming, file);
    return read_naming(file);
}

void name_after_training(ProjectSession& session, const schemas::ModelVersion& version, inference::Model& model,
                         const TrainingSnapshot& snapshot, const std::optional<std::string>& layer,
                         const JobContext& job, std::vector<std::string>& notes) {
    try {
        inference::PrimitiveReader* reader = inference::primitive_reader(model);
        if (reader == nullptr) return;
        job.report({"Reading primitives", 0, 0});
        auto readings = reader->read_primitives(snapshot.samples, job.stop);
        if (!readings) return;
        NamingOptions options;
        options.layer = layer;
        write_naming(counted_naming(session, version, {snapshot, std::move(*readings)}, options),
                     naming_file(session.store().folder(), version.id));
    } catch (const std::exception& error) {
        notes.push_back(std::string("its primitives were not named: ") + error.what());
    }
}

schemas::ModelVersion model_with_primitives(ProjectSession& session, const std::string& id_or_name) {
    const auto models = session.store().models();
    for (const schemas::ModelVersion& model : models | std::views::reverse) {
        const bool named =
            std::to_string(static_cast<std::int64_t>(model.id)) == id_or_name || model.name == id_or_name;
        if (named && !reads_motions(model))
            throw std::invalid_argument("model '" + model.name + "' is of the family " + model.family +
                                        ", which has no dictionary of primitives; train one with --model estgcn");
        if (named) return model;
        if (!id_or_name.empty() || !reads_motions(model)) continue;
        if (std::filesystem::exists(naming_file(session.store().folder(), model.id))) return model;
        const auto weights = weights_of(session, model);
        if (std::filesystem::exists(weights) && inference::primitive_reader(*inference::engine().load(weights)))
            return model;
    }
    if (!id_or_name.empty())
        throw std::invalid_argument("there is no model '" + id_or_name + "'; 'kinetograph status' lists them");
    throw std::invalid_argument(
        "no model of this project has a dictionary of primitives; train one with 'kinetograph train --model estgcn'");
}

void require_same_weights(ProjectSession& session, const schemas::ModelVersion& version,
                          const PrimitiveNaming& naming) {
    const auto weights = weights_of(session, version);
    if (storage::sha256_of_file(weights) != naming.weights)
        throw std::runtime_error(weights.string() +
                                 ": is not the file that its primitives were counted with; count again with "
                                 "'kinetograph primitives list --again'");
}

}  // namespace annotator
