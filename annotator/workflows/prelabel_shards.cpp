#include "annotator/workflows/prelabel_shards.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <stdexcept>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/retrain.h"
#include "storage/export/atomic_file.h"
#include "storage/hash.h"
#include "storage/text_file.h"

namespace annotator {

namespace {

using nlohmann::json;
using schemas::Proposal;

constexpr const char* kind = "kinetograph prelabel shard";
constexpr int version = 1;
constexpr std::size_t most_labels = 5;

template <class Id>
std::string text_of(Id id) {
    return std::to_string(static_cast<std::int64_t>(id));
}

// Copies of a project are the same project; no two others share their first edit.
std::string project_of(ProjectSession& session) {
    const auto entries = session.store().log().entries();
    return entries.empty() ? "" : text_of(entries.front().id);
}

// Everything that proposals follow from, but which clips they are about.
std::string pool_hash(ProjectSession& session, const PrelabelOptions& options, const PrelabelResult& result) {
    const Document& document = session.document();
    storage::Sha256 hash;
    const auto line = [&hash](const std::vector<std::string>& parts) {
        for (const std::string& part : parts) hash.add(std::to_string(part.size()) + ":" + part);
        hash.add("\n");
    };
    line({"track", text_of(result.track), options.pool.layer.value_or(""),
          options.pool.unit ? std::string(schemas::to_text(*options.pool.unit)) : "",
          options.pool.labels == PoolOptions::Labels::use ? "use" : "none"});
    line({options.pool.without_performers.begin(), options.pool.without_performers.end()});
    line({options.clips.begin(), options.clips.end()});
    line({"model", text_of(result.model.id), result.model.name, result.model.options,
          result.model.checkpoint.empty()
              ? ""
              : storage::sha256_of_file(session.store().folder() / result.model.checkpoint)});
    line({"streams", text_of(result.streams.id),
          result.streams.checkpoint.empty()
              ? ""
              : storage::sha256_of_file(session.store().folder() / result.streams.checkpoint),
          options.boundaries, std::to_string(options.grammar_weight)});
    for (const schemas::Clip* clip : clips_by_name(document)) {
        line({"clip", text_of(clip->id), clip->name, text_of(clip->take), interval_text(clip->span())});
        for (const schemas::Segment& segment : labels_of_clip(
                 document, clip->id, result.track,
                 options.pool.layer ? std::optional(require_layer(document, *options.pool.layer).id) : std::nullopt))
            line({"label", text_of(segment.label), interval_text(segment.span()),
                  segment.performer ? text_of(*segment.performer) : ""});
    }
    for (const auto& [id, stream] : document.rows<schemas::Stream>())
        if (stream.kind == schemas::StreamKind::skeleton) line({"stream", text_of(id), content_of(document, stream)});
    return hash.finish();
}

std::size_t clips_of_all(const Document& document, const PrelabelOptions& options) {
    return options.clips.empty() ? document.rows<schemas::Clip>().size() : options.clips.size();
}

json json_of(const Proposal& proposal) {
    json top = json::array();
    for (const schemas::LabelScore& entry : proposal.top) top.push_back({text_of(entry.label), entry.score});
    return {{"clip", text_of(proposal.clip)},
            {"performer", proposal.performer ? json(text_of(*proposal.performer)) : json(nullptr)},
            {"span", {proposal.begin_frame, proposal.end_frame}},
            {"boundary_score", proposal.boundary_score},
            {"top", std::move(top)}};
}

// One file while it is read.
class Reader {
public:
    explicit Reader(const std::filesystem::path& file) : file_(file) {}

    ShardFile read() {
        const std::string text = storage::read_text(file_);
        json root;
        try {
            root = json::parse(text);
        } catch (const json::exception& error) {
            fail(std::string("is damaged, or no shard of 'prelabel --out': ") + error.what());
        }
        if (!root.is_object() || root.value("kind", json()) != kind)
            fail("is no shard of 'prelabel --out'; expected a JSON object whose kind is \"" + std::string(kind) + "\"");
        if (root.value("version", json()) != version)
            fail("is of version " + root.value("version", json()).dump() + "; this program reads version " +
                 std::to_string(version));
        try {
            return shard_from(root);
        } catch (const json::exception& error) {
            fail(std::string("is damaged: ") + error.what());
        }
    }

private:
    [[noreturn]] void fail(const std::string& what) const {
        throw storage::ReadError(file_.string() + ": " + what + ". Nothing was taken from it.");
    }

    template <class Id>
    [[nodiscard]] Id id_from(const json& value, const char* what) const {
        const auto number = storage::integer_from(value.get<std::string>());
        if (!number || *number < 0) fail(value.dump() + " is no id of a " + what);
        return Id{*number};
    }

    [[nodiscard]] ShardFile shard_from(const json& root) const {
        ShardFile read;
        read.file = file_;
        read.shard = {root.at("shard").get<std::size_t>(), root.at("of").get<std::size_t>()};
        if (read.shard.number < 1 || read.shard.number > read.shard.count)
            fail("says that it is shard " + std::to_string(read.shard.number) + " of " +
                 std::to_string(read.shard.count));
        read.project = root.at("project").get<std::string>();
        read.pool = root.at("pool").get<std::string>();
        read.clips = root.at("clips_of_all_shards").get<std::size_t>();
        read.result.model.id = id_from<schemas::ModelId>(root.at("model").at("id"), "model");
        read.result.model.name = root.at("model").at("name").get<std::string>();
        read.result.track = id_from<schemas::TrackId>(root.at("track"), "track");
        std::set<schemas::ClipId> clips;
        for (const json& clip : root.at("clips")) {
            read.result.clips.push_back(id_from<schemas::ClipId>(clip, "clip"));
            if (!clips.insert(read.result.clips.back()).second) fail("names the clip " + clip.dump() + " twice");
        }
        for (const json& entry : root.at("proposals")) {
            read.result.proposals.push_back(proposal_from(entry, read.result));
            if (!clips.contains(read.result.proposals.back().clip))
                fail("proposes for the clip " + entry.at("clip").dump() + ", which is none of its own");
        }
        for (const json& note : root.at("notes")) read.result.notes.push_back(note.get<std::string>());
        return read;
    }

    [[nodiscard]] Proposal proposal_from(const json& entry, const PrelabelResult& result) const {
        Proposal proposal;
        proposal.model = result.model.id;
        proposal.track = result.track;
        proposal.clip = id_from<schemas::ClipId>(entry.at("clip"), "clip");
        if (!entry.at("performer").is_null())
            proposal.performer = id_from<schemas::PerformerId>(entry.at("performer"), "performer");
        proposal.begin_frame = entry.at("span").at(0).get<schemas::FrameIndex>();
        proposal.end_frame = entry.at("span").at(1).get<schemas::FrameIndex>();
        if (proposal.begin_frame < 0 || proposal.begin_frame >= proposal.end_frame)
            fail("has a span " + entry.at("span").dump() + "; expected [begin, end) with begin before end");
        proposal.boundary_score = share_from(entry.at("boundary_score"));
        for (const json& score : entry.at("top"))
            proposal.top.push_back({id_from<schemas::LabelId>(score.at(0), "label"), share_from(score.at(1))});
        if (proposal.top.size() > most_labels)
            fail("proposes " + std::to_string(proposal.top.size()) + " labels for one span; expected at most " +
                 std::to_string(most_labels));
        return proposal;
    }

    [[nodiscard]] double share_from(const json& value) const {
        const double share = value.get<double>();
        if (!(share >= 0 && share <= 1)) fail("has a score of " + value.dump() + "; expected 0 to 1");
        return share;
    }

    std::filesystem::path file_;
};

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& what) {
    throw std::invalid_argument(file.string() + ": " + what + ". Nothing was stored.");
}

std::string place_of(const Shard& shard) {
    return "shard " + std::to_string(shard.number) + " of " + std::to_string(shard.count);
}

// All of one run: each number once, the same pool, no clip twice, none missing.
void require_one_run(const std::vector<ShardFile>& shards) {
    const ShardFile& first = shards.front();
    std::map<std::size_t, const ShardFile*> by_number;
    std::map<schemas::ClipId, const ShardFile*> owner;
    for (const ShardFile& each : shards) {
        if (each.shard.count != first.shard.count)
            refuse(each.file, "is " + place_of(each.shard) + ", and " + first.file.string() + " is " +
                                  place_of(first.shard) + "; expected all shards of one run");
        const auto [known, fresh] = by_number.try_emplace(each.shard.number, &each);
        if (!fresh)
            refuse(each.file,
                   "is " + place_of(each.shard) + ", as is " + known->second->file.string() + "; expected each once");
        if (each.pool != first.pool || each.result.model.id != first.result.model.id ||
            each.result.track != first.result.track || each.clips != first.clips)
            refuse(each.file, "was made from other labels, recordings, options or another model than " +
                                  first.file.string() +
                                  "; expected shards of one state of the project. Make them again");
        for (const schemas::ClipId clip : each.result.clips)
            if (const auto [other, is_new] = owner.try_emplace(clip, &each); !is_new)
                refuse(each.file, "has a clip that " + other->second->file.string() + " has, too; expected it in one");
    }
    std::string missing;
    for (std::size_t number = 1; number <= first.shard.count && missing.size() < 60; ++number)
        if (!by_number.contains(number)) missing += (missing.empty() ? "" : ", ") + std::to_string(number);
    if (!missing.empty())
        refuse(first.file, "is " + place_of(first.shard) + "; the shards " + missing + " were not given");
    if (owner.size() != first.clips)
        refuse(first.file, "says that all shards have " + std::to_string(first.clips) + " clips, and they have " +
                               std::to_string(owner.size()));
}

schemas::ModelVersion model_of(ProjectSession& session, const ShardFile& shard) {
    for (schemas::ModelVersion& model : session.store().models())
        if (model.id == shard.result.model.id) return std::move(model);
    refuse(shard.file, "was made with the model '" + shard.result.model.name + "' (" + text_of(shard.result.model.id) +
                           "), which this project does not have");
}

// What the file speaks of is in the project.
void require_known(const Document& document, const ShardFile& shard) {
    for (const schemas::ClipId clip : shard.result.clips)
        if (document.find<schemas::Clip>(clip) == nullptr)
            refuse(shard.file, "has proposals for the clip " + text_of(clip) + ", which this project does not have");
    for (const Proposal& proposal : shard.result.proposals) {
        const auto& clip = document.at<schemas::Clip>(proposal.clip);
        if (proposal.begin_frame < clip.begin_frame || proposal.end_frame > clip.end_frame)
            refuse(shard.file, "proposes for the frames " + interval_text(proposal.span()) + " of " + clip.name +
                                   ", which has " + interval_text(clip.span()));
        if (proposal.performer && document.find<schemas::Performer>(*proposal.performer) == nullptr)
            refuse(shard.file, "names the performer " + text_of(*proposal.performer) + ", who is not in this project");
        for (const schemas::LabelScore& entry : proposal.top) {
            const auto* label = document.find<schemas::Label>(entry.label);
            if (label == nullptr || label->track != shard.result.track)
                refuse(shard.file, "proposes the label " + text_of(entry.label) + ", which its track does not have");
        }
    }
}

// Labels that were merged since are what they were merged into; each counts once.
void bring_up_to_date(const Document& document, Proposal& proposal) {
    std::vector<schemas::LabelScore> top;
    for (schemas::LabelScore entry : proposal.top) {
        entry.label = current_label(document, entry.label);
        const auto known = std::ranges::find(top, entry.label, &schemas::LabelScore::label);
        if (known == top.end())
            top.push_back(entry);
        else
            known->score = std::min(1.0, known->score + entry.score);
    }
    std::ranges::stable_sort(top, std::greater{}, &schemas::LabelScore::score);
    proposal.top = std::move(top);
    drop_rejected(document, proposal);
}

}  // namespace

std::optional<PrelabelResult> prelabel_to_file(ProjectSession& session, const PrelabelOptions& options,
                                               const std::filesystem::path& file, const JobContext& job) {
    auto result = proposals_for(session, options, job);
    if (!result) return std::nullopt;
    json clips = json::array(), proposals = json::array();
    for (const schemas::ClipId clip : result->clips) clips.push_back(text_of(clip));
    for (const Proposal& proposal : result->proposals) proposals.push_back(json_of(proposal));
    const json root{{"kind", kind},
                    {"version", version},
                    {"shard", options.shard.number},
                    {"of", options.shard.count},
                    {"project", project_of(session)},
                    {"pool", pool_hash(session, options, *result)},
                    {"clips_of_all_shards", clips_of_all(session.document(), options)},
                    {"model", {{"id", text_of(result->model.id)}, {"name", result->model.name}}},
                    {"track", text_of(result->track)},
                    {"clips", std::move(clips)},
                    {"proposals", std::move(proposals)},
                    {"notes", result->notes}};
    storage::write_file_atomically(file, root.dump(1, ' ', false, json::error_handler_t::replace) + "\n");
    return result;
}

ShardFile read_shard(const std::filesystem::path& file) { return Reader(file).read(); }

PrelabelResult merge_shards(ProjectSession& session, const std::vector<std::filesystem::path>& files) {
    if (files.empty()) throw std::invalid_argument("there is no shard to merge");
    std::vector<ShardFile> shards;
    for (const auto& file : files) shards.push_back(read_shard(file));
    const Document& document = session.document();
    for (const ShardFile& each : shards)
        if (each.project != project_of(session))
            refuse(each.file, "is of another project; expected one whose first edit is " + project_of(session) +
                                  ", found " + each.project);
    require_one_run(shards);

    PrelabelResult merged;
    const ShardFile& first = shards.front();
    merged.track = first.result.track;
    if (document.find<schemas::Track>(merged.track) == nullptr)
        refuse(first.file, "is about the track " + text_of(merged.track) + ", which this project does not have");
    merged.model = first.result.model.id == schemas::ModelId{} ? stand_in_model(session) : model_of(session, first);
    std::set<std::string> notes;
    for (const ShardFile& each : shards) {
        require_known(document, each);
        merged.clips.insert(merged.clips.end(), each.result.clips.begin(), each.result.clips.end());
        for (Proposal proposal : each.result.proposals) {
            proposal.id = session.ids().fresh<schemas::ProposalId>();
            proposal.model = merged.model.id;
            bring_up_to_date(document, proposal);
            merged.proposals.push_back(std::move(proposal));
        }
        for (const std::string& note : each.result.notes)
            if (notes.insert(note).second) merged.notes.push_back(note);
    }
    sort_proposals(document, merged.proposals);
    store_proposals(session, merged);
    return merged;
}

}  // namespace annotator
