#include "annotator/workflows/export_primitives.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <set>

#include "annotator/session/skeleton_picture.h"
#include "storage/export/atomic_folder.h"
#include "storage/export/export_tables.h"
#include "storage/formats/csv.h"
#include "storage/media/png_picture.h"
#include "storage/text_file.h"

namespace annotator {

namespace {

using nlohmann::json;
using schemas::FrameIndex;

constexpr const char* kind = "kinetograph primitive dictionary";
constexpr int frames_of_a_strip = 5;
constexpr int tile_pixels = 160;
constexpr std::uint8_t ground = 32;

std::optional<std::string> why_not_replaceable(const std::filesystem::path& folder) {
    try {
        if (json::parse(storage::read_text(folder / "dictionary.json")).value("kind", json()) == kind)
            return std::nullopt;
    } catch (const std::exception&) {
    }
    return "it is not empty and holds no exported dictionary of primitives";
}

// Which group each primitive belongs to, and how much of it each key frame has.
class GroupWeights {
public:
    explicit GroupWeights(const PrimitiveNaming& naming) {
        for (int primitive = 0; primitive < naming.size(); ++primitive)
            group_.push_back(naming.primitives[static_cast<std::size_t>(primitive)].merged_into.value_or(primitive));
    }
    // One a primitive; 0 for those that are merged into another.
    [[nodiscard]] std::vector<float> at(const inference::PrimitiveReading& reading, std::size_t key) const {
        std::vector<float> weights(group_.size());
        const auto row = reading.row(key);
        for (std::size_t i = 0; i < row.size(); ++i) weights[static_cast<std::size_t>(group_[i])] += row[i];
        return weights;
    }

private:
    std::vector<int> group_;
};

// Half-way to the neighbouring key frames that another group has, and no further than the sample goes.
schemas::FrameSpan span_around(const inference::PrimitiveReading& reading, const std::vector<int>& strongest,
                               std::size_t key, schemas::FrameSpan sample) {
    std::size_t first = key, last = key;
    while (first > 0 && strongest[first - 1] == strongest[key]) --first;
    while (last + 1 < strongest.size() && strongest[last + 1] == strongest[key]) ++last;
    schemas::FrameSpan span = sample;
    if (first > 0) span.begin = (reading.frames[first - 1] + reading.frames[first] + 1) / 2;
    if (last + 1 < strongest.size()) span.end = (reading.frames[last] + reading.frames[last + 1] + 1) / 2;
    // Key frames of a short motion may coincide.
    span.begin = std::min(span.begin, reading.frames[key]);
    span.end = std::max(span.end, reading.frames[key] + 1);
    return span;
}

std::vector<PrimitiveExample> candidates_of(const PrimitiveNaming& naming, const PrimitivePool& pool) {
    const GroupWeights groups(naming);
    std::vector<PrimitiveExample> candidates;
    for (std::size_t sample = 0; sample < pool.readings.size(); ++sample) {
        const auto& reading = pool.readings[sample];
        std::vector<int> strongest;
        std::vector<float> weights;
        for (std::size_t key = 0; key < reading.frames.size(); ++key) {
            const std::vector<float> own = groups.at(reading, key);
            const auto best = std::ranges::max_element(own);
            strongest.push_back(static_cast<int>(best - own.begin()));
            weights.push_back(*best);
        }
        std::map<int, std::size_t> best_key;  // of each group in this sample
        for (std::size_t key = 0; key < strongest.size(); ++key) {
            const auto [found, fresh] = best_key.try_emplace(strongest[key], key);
            if (!fresh && weights[key] > weights[found->second]) found->second = key;
        }
        for (const auto& [primitive, key] : best_key)
            candidates.push_back({primitive, 0, sample, reading.frames[key],
                                  span_around(reading, strongest, key, pool.snapshot.origins[sample].span),
                                  static_cast<double>(weights[key]), ""});
    }
    std::ranges::stable_sort(candidates, std::greater{}, &PrimitiveExample::weight);
    return candidates;
}

void paint_over(schemas::Picture& strip, const schemas::Picture& tile, int left) {
    for (int y = 0; y < tile.height; ++y)
        for (int x = 0; x < tile.width; ++x) {
            const std::uint8_t* from = tile.pixel(x, y);
            std::uint8_t* to = strip.pixel(left + x, y);
            for (int part = 0; part < 3; ++part)
                to[part] = static_cast<std::uint8_t>((from[part] * from[3] + to[part] * (255 - from[3]) + 127) / 255);
        }
}

// What the files say of one model.
class Writer {
public:
    Writer(ProjectSession& session, const PrimitiveNaming& naming, const PrimitivePool& pool,
           const std::vector<PrimitiveExample>& examples)
        : document_(session.document()), naming_(naming), pool_(pool), examples_(examples) {}

    [[nodiscard]] std::string dictionary(const schemas::ModelVersion& version,
                                         const inference::PrimitiveTable& table) const {
        json primitives = json::array();
        for (const PrimitiveGroup& group : groups_of(naming_))
            primitives.push_back({{"primitive", group.primitive},
                                  {"name", group.name},
                                  {"named_by_person", group.by_person},
                                  {"merged", group.merged},
                                  {"unit", unit_name(group.unit)},
                                  {"purity", group.purity},
                                  {"appearances", group.appearances},
                                  {"labelled", group.labelled},
                                  {"usage", group.usage}});
        json rows = json::array();
        for (int row = 0; row < table.primitives; ++row) {
            const auto begin = table.rows.begin() + static_cast<std::ptrdiff_t>(row) * table.features;
            rows.push_back(std::vector<float>(begin, begin + table.features));
        }
        json examples = json::array();
        for (const PrimitiveExample& each : examples_)
            examples.push_back({{"primitive", each.primitive},
                                {"rank", each.rank},
                                {"clip", clip_of(each).name},
                                {"performer", performer_of(each)},
                                {"key_frame", each.key_frame},
                                {"span", {each.span.begin, each.span.end}},
                                {"weight", each.weight},
                                {"unit", each.unit}});
        const json root{{"kind", kind},
                        {"version", 1},
                        {"model", version.name},
                        {"family", version.family},
                        {"weights_sha256", naming_.weights},
                        {"pool_sha256", naming_.pool},
                        {"units_of_track", naming_.track},
                        {"units", naming_.units},
                        {"counts", naming_.counts},
                        {"sequence_match", naming_.sequence_match},
                        {"mutual_information", naming_.mutual_information},
                        {"primitives", std::move(primitives)},
                        {"rows", std::move(rows)},
                        {"examples", std::move(examples)}};
        return root.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
    }

    [[nodiscard]] std::string primitives_csv() const {
        std::string text = storage::csv_row(
            {"primitive", "name", "unit", "purity", "appearances", "labelled", "usage", "merged", "named_by_person"});
        for (const PrimitiveGroup& group : groups_of(naming_)) {
            std::string merged;
            for (const int other : group.merged) merged += (merged.empty() ? "" : " ") + std::to_string(other);
            text += storage::csv_row({std::to_string(group.primitive), group.name,
                                      group.unit < 0 ? "" : naming_.units[static_cast<std::size_t>(group.unit)],
                                      storage::decimal_text(group.purity), std::to_string(group.appearances),
                                      std::to_string(group.labelled), storage::decimal_text(group.usage), merged,
                                      group.by_person ? "1" : "0"});
        }
        return text;
    }

    [[nodiscard]] std::string examples_csv(ProjectSession& session, bool pictures) const {
        std::string text =
            storage::csv_row({"primitive", "rank", "clip", "performer", "key_frame", "begin_frame", "end_frame",
                              "begin_seconds", "key_seconds", "last_seconds", "weight", "unit", "picture"});
        for (const PrimitiveExample& each : examples_) {
            const schemas::Clip& clip = clip_of(each);
            const auto times = session.store().frame_times(*reference_stream(document_, clip.take));
            const std::string performer = performer_of(each).is_null() ? "" : performer_of(each).get<std::string>();
            const auto second = [&](FrameIndex frame) {
                return storage::decimal_text(times.seconds.at(static_cast<std::size_t>(frame)));
            };
            text += storage::csv_row({std::to_string(each.primitive), std::to_string(each.rank), clip.name, performer,
                                      std::to_string(each.key_frame), std::to_string(each.span.begin),
                                      std::to_string(each.span.end), second(each.span.begin), second(each.key_frame),
                                      second(each.span.end - 1), storage::decimal_text(each.weight), each.unit,
                                      pictures ? picture_name(each) : ""});
        }
        return text;
    }

    static std::string picture_name(const PrimitiveExample& example) {
        return "pictures/" + std::to_string(example.primitive) + "-" + std::to_string(example.rank) + ".png";
    }

private:
    [[nodiscard]] const SampleOrigin& origin_of(const PrimitiveExample& example) const {
        return pool_.snapshot.origins[example.sample];
    }
    [[nodiscard]] const schemas::Clip& clip_of(const PrimitiveExample& example) const {
        return document_.at<schemas::Clip>(origin_of(example).clip);
    }
    [[nodiscard]] json performer_of(const PrimitiveExample& example) const {
        const auto performer = origin_of(example).performer;
        return performer ? json(document_.at<schemas::Performer>(*performer).name) : json(nullptr);
    }
    [[nodiscard]] json unit_name(int unit) const {
        return unit < 0 ? json(nullptr) : json(naming_.units[static_cast<std::size_t>(unit)]);
    }

    const Document& document_;
    const PrimitiveNaming& naming_;
    const PrimitivePool& pool_;
    const std::vector<PrimitiveExample>& examples_;
};

}  // namespace

std::vector<PrimitiveExample> examples_of(const PrimitiveNaming& naming, const PrimitivePool& pool, int most) {
    std::map<int, std::vector<PrimitiveExample>> by_primitive;
    for (PrimitiveExample& each : candidates_of(naming, pool)) by_primitive[each.primitive].push_back(std::move(each));
    std::vector<PrimitiveExample> examples;
    for (auto& [primitive, list] : by_primitive) {
        // Of each clip the best one first, then the others.
        std::set<schemas::ClipId> shown;
        std::vector<PrimitiveExample> ordered, others;
        for (PrimitiveExample& each : list) {
            const bool first = shown.insert(pool.snapshot.origins[each.sample].clip).second;
            (first ? ordered : others).push_back(std::move(each));
        }
        ordered.insert(ordered.end(), others.begin(), others.end());
        ordered.resize(std::min(ordered.size(), static_cast<std::size_t>(std::max(most, 0))));
        for (std::size_t i = 0; i < ordered.size(); ++i) {
            ordered[i].rank = static_cast<int>(i) + 1;
            examples.push_back(std::move(ordered[i]));
        }
    }
    return examples;
}

schemas::Picture motion_strip(const std::shared_ptr<const schemas::SkeletonSequence>& skeleton, schemas::FrameSpan span,
                              int frames, int tile) {
    schemas::Picture strip = schemas::blank_picture(frames * tile, tile);
    for (std::size_t i = 0; i < strip.rgba.size(); ++i) strip.rgba[i] = i % 4 == 3 ? 255 : ground;
    const SkeletonPictures pictures({skeleton});
    for (int i = 0; i < frames; ++i) {
        const FrameIndex frame = span.begin + (frames > 1 ? (span.length() - 1) * i / (frames - 1) : 0);
        paint_over(strip, pictures.picture(frame, tile, tile), i * tile);
    }
    return strip;
}

std::optional<ExportedPrimitives> export_primitives(ProjectSession& session, const schemas::ModelVersion& version,
                                                    const std::filesystem::path& folder,
                                                    const ExportPrimitivesOptions& options, const JobContext& job) {
    storage::require_replaceable(folder, why_not_replaceable);
    const auto naming = naming_of(session, version, options.naming, Counting::where_missing, job);
    if (!naming) return std::nullopt;
    require_same_weights(session, version, *naming);
    const auto model = inference::engine().load(session.store().folder() / version.checkpoint);
    const auto pool = read_primitive_pool(session, version, *model, options.naming, job);
    if (!pool) return std::nullopt;
    std::vector<PrimitiveExample> examples = examples_of(*naming, *pool, options.examples);
    std::vector<std::pair<SampleOrigin, FrameIndex>> places;
    for (const PrimitiveExample& each : examples)
        places.emplace_back(pool->snapshot.origins[each.sample], each.key_frame);
    const auto units = units_at(session.document(), naming->track, options.naming.layer, places);
    for (std::size_t i = 0; i < examples.size(); ++i) examples[i].unit = units[i];

    const Writer writer(session, *naming, *pool, examples);
    storage::AtomicFolder sink(folder, why_not_replaceable);
    sink.write("dictionary.json", writer.dictionary(version, inference::primitive_reader(*model)->primitive_table()));
    sink.write("primitives.csv", writer.primitives_csv());
    const bool draw = options.pictures == ExportPrimitivesOptions::Pictures::draw;
    sink.write("examples.csv", writer.examples_csv(session, draw));
    for (std::size_t i = 0; draw && i < examples.size(); ++i) {
        if (job.stop.stop_requested()) return std::nullopt;
        job.report({"Drawing examples", static_cast<double>(i + 1), static_cast<double>(examples.size())});
        const auto& skeleton = pool->snapshot.samples[examples[i].sample].skeleton;
        sink.write(Writer::picture_name(examples[i]),
                   storage::png_from(motion_strip(skeleton, examples[i].span, frames_of_a_strip, tile_pixels)));
    }
    sink.commit();
    return ExportedPrimitives{sink.files(), examples.size()};
}

}  // namespace annotator
