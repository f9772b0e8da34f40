#include "storage/formats/mstcn.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <stdexcept>
#include <tuple>

#include "storage/export/export_names.h"
#include "storage/formats/csv.h"
#include "storage/formats/npy.h"

namespace storage {
namespace {

using schemas::LabelId;
using schemas::PerformerId;
using schemas::Segment;

constexpr int no_label = -1;

// One file of the bundle: a clip, or one performer of a clip.
struct Video {
    const DatasetClip* clip = nullptr;
    std::optional<PerformerId> performer;
    std::string id;
    std::string clip_id;       // of frames/<clip_id>.csv
    std::vector<int> classes;  // of each frame; no_label where no label stands
};

// Adds up what is lost, in the order in which kinds of loss were first met.
class Losses {
public:
    void add(const std::string& what, const std::string& where, std::int64_t count = 1) {
        const auto found =
            std::find_if(losses_.begin(), losses_.end(), [&](const Loss& loss) { return loss.what == what; });
        if (found != losses_.end())
            found->count += count;
        else
            losses_.push_back({"mstcn", what, where, count});
    }
    LossReport take() { return std::move(losses_); }

private:
    LossReport losses_;
};

class Writer {
public:
    Writer(const Dataset& dataset, const MstcnOptions& options, FileSink& sink)
        : dataset_(dataset), options_(options), sink_(sink), track_(find_track(dataset, options.track)) {
        if (track_ == nullptr) throw std::invalid_argument("MS-TCN export: the chosen track is not in the taxonomy");
    }

    LossReport write() {
        choose_classes();
        choose_videos();
        for (Video& video : videos_) paint(video);
        choose_words();
        for (const Video& video : videos_) write_video(video);
        write_mapping();
        write_splits();
        write_names();
        report_what_no_frame_can_hold();
        return losses_.take();
    }

private:
    void choose_classes();
    void choose_videos();
    void paint(Video& video);
    void choose_words();
    void write_video(const Video& video);
    void write_features(const Video& video);
    void write_mapping();
    void write_splits();
    void write_names();
    void report_what_no_frame_can_hold();

    LabelId written_label(LabelId label) const;
    std::vector<const Segment*> segments_of(const Video& video) const;

    const Dataset& dataset_;
    const MstcnOptions& options_;
    FileSink& sink_;
    const schemas::Track* track_;
    std::vector<const schemas::Label*> classes_;  // in the order of their ids
    std::map<LabelId, int> class_of_;
    std::vector<std::string> words_;  // of classes_, then the word for no label if it has no class of its own
    std::size_t no_label_word_ = 0;   // its index in words_, or words_.size() where it is not needed
    std::vector<Video> videos_;
    Losses losses_;
};

LabelId Writer::written_label(LabelId label) const {
    const schemas::Label* last = find_label(dataset_, final_label(dataset_, label));
    return last != nullptr && last->track == track_->id ? last->id : label;
}

void Writer::choose_classes() {
    std::set<LabelId> used;
    for (const DatasetClip& clip : dataset_.clips)
        for (const Segment& segment : clip.segments) {
            if (segment.track != track_->id) continue;
            const LabelId label = written_label(segment.label);
            used.insert(label);
            if (label != segment.label)
                losses_.add("segments carry the name of the label that theirs was merged into", "clip " + clip.name);
        }
    for (const schemas::Label& label : dataset_.labels) {
        const bool current = !label.deprecated && written_label(label.id) == label.id;
        if (label.track == track_->id && (current || used.contains(label.id))) classes_.push_back(&label);
    }
    std::sort(classes_.begin(), classes_.end(), [](const schemas::Label* a, const schemas::Label* b) {
        return std::tie(a->position, a->name, a->id) < std::tie(b->position, b->name, b->id);
    });
    for (std::size_t i = 0; i < classes_.size(); ++i) class_of_.emplace(classes_[i]->id, static_cast<int>(i));
}

void Writer::choose_videos() {
    const std::map<schemas::ClipId, std::string> ids = video_ids_of(dataset_);
    std::vector<std::string> words, originals;
    for (const DatasetClip& clip : dataset_.clips) {
        const std::string& clip_id = ids.at(clip.id);
        if (!track_->per_performer || clip.performers.size() < 2) {
            videos_.push_back({&clip, std::nullopt, {}, clip_id, {}});
            words.push_back(clip_id);
            originals.push_back(clip_id);
            continue;
        }
        for (const schemas::Performer& performer : clip.performers) {
            videos_.push_back({&clip, performer.id, {}, clip_id, {}});
            words.push_back(clip_id + "_" + video_id_from(performer.name));
            originals.push_back(clip.name + "/" + performer.name);
        }
    }
    const std::vector<std::string> unique = unique_words(words, originals, LetterCase::folded);
    for (std::size_t i = 0; i < videos_.size(); ++i) videos_[i].id = unique[i];
    std::sort(videos_.begin(), videos_.end(), [](const Video& a, const Video& b) { return a.id < b.id; });
}

// In the order of painting: what comes later is seen.
std::vector<const Segment*> Writer::segments_of(const Video& video) const {
    std::vector<const Segment*> segments;
    for (const Segment& segment : video.clip->segments)
        if (segment.track == track_->id &&
            (!video.performer || !segment.performer || segment.performer == video.performer))
            segments.push_back(&segment);
    std::sort(segments.begin(), segments.end(), [](const Segment* a, const Segment* b) {
        return std::tuple(a->begin_frame, -a->end_frame, a->id) < std::tuple(b->begin_frame, -b->end_frame, b->id);
    });
    return segments;
}

void Writer::paint(Video& video) {
    video.classes.assign(static_cast<std::size_t>(video.clip->span.length()), no_label);
    int before = no_label;
    for (const Segment* segment : segments_of(video)) {
        const schemas::FrameSpan span = local_span(*video.clip, segment->span());
        const int painted = class_of_.at(written_label(segment->label));
        const auto first = video.classes.begin() + span.begin, last = video.classes.begin() + span.end;
        const auto covered = std::count_if(first, last, [&](int c) { return c != no_label; });
        if (covered > 0)
            losses_.add("frames with overlapping labels keep only the one that begins later",
                        "clip " + video.clip->name + ", frame " + std::to_string(span.begin), covered);
        else if (span.begin > 0 && *(first - 1) == painted && before == painted)
            losses_.add("boundaries between touching segments of one label vanish",
                        "clip " + video.clip->name + ", frame " + std::to_string(span.begin));
        std::fill(first, last, painted);
        before = painted;
    }
}

void Writer::choose_words() {
    std::vector<std::string> words, names;
    for (const schemas::Label* label : classes_) {
        names.push_back(label->name);
        words.push_back(label_word_from(label->name));
    }
    const bool as_background = options_.unlabelled == UnlabelledFrames::background;
    const std::string no_label_word = as_background ? "background" : unlabelled_word;
    const auto own = std::find(names.begin(), names.end(), no_label_word);
    const bool shares_class = as_background && own != names.end();
    words_ = unique_words(words, names, LetterCase::distinct,
                          shares_class ? std::vector<std::string>{} : std::vector{no_label_word});
    for (std::size_t i = 0; i < names.size(); ++i)
        if (words_[i] != names[i])
            losses_.add("label names are changed to unique single words (names.csv maps back)", "label " + names[i]);

    const bool needed = std::any_of(videos_.begin(), videos_.end(), [](const Video& video) {
        return std::find(video.classes.begin(), video.classes.end(), no_label) != video.classes.end();
    });
    no_label_word_ = shares_class ? static_cast<std::size_t>(own - names.begin()) : words_.size();
    if (needed && !shares_class) words_.push_back(no_label_word);
}

void Writer::write_video(const Video& video) {
    std::string truth, mask;
    for (const int painted : video.classes) {
        truth += words_[painted == no_label ? no_label_word_ : static_cast<std::size_t>(painted)] + '\n';
        mask += painted == no_label ? "0\n" : "1\n";
    }
    sink_.write("groundTruth/" + video.id + ".txt", truth);
    sink_.write("mask/" + video.id + ".txt", mask);
    const auto unlabelled = std::count(video.classes.begin(), video.classes.end(), no_label);
    if (unlabelled > 0 && options_.unlabelled == UnlabelledFrames::background)
        losses_.add("frames without a label are written as background (mask/ tells them apart)", "video " + video.id,
                    unlabelled);
    if (unlabelled == video.clip->span.length())
        losses_.add("videos without any label (the public evaluation fails on a test video of background only)",
                    "video " + video.id);
    write_features(video);
}

void Writer::write_features(const Video& video) {
    if (!options_.features) return;
    const std::optional<FeatureMatrix> features = options_.features(*video.clip, video.performer);
    if (!features) return losses_.add("videos without features", "video " + video.id);
    if (features->frames != video.clip->span.length())
        throw std::invalid_argument("clip " + video.clip->name + ": features cover " +
                                    std::to_string(features->frames) + " frames, the clip has " +
                                    std::to_string(video.clip->span.length()));
    sink_.write("features/" + video.id + ".npy", npy_from(features->values, features->dimensions, features->frames));
}

void Writer::write_mapping() {
    std::string mapping;
    for (std::size_t i = 0; i < words_.size(); ++i) mapping += std::to_string(i) + ' ' + words_[i] + '\n';
    sink_.write("mapping.txt", mapping);
}

void Writer::write_splits() {
    if (!dataset_.split) return losses_.add("no split was chosen, so there are no split bundles", "splits/");
    const Subsets subsets = subsets_of(dataset_);
    int number = 0;
    for (const std::int64_t fold : folds_of(dataset_)) {
        std::map<schemas::Subset, std::string> bundles{{schemas::Subset::train, ""}, {schemas::Subset::test, ""}};
        for (const Video& video : videos_) {
            const auto subset = subsets.find({fold, video.clip->id});
            if (subset == subsets.end())
                losses_.add("videos are in no subset of the split", "video " + video.id);
            else
                bundles[subset->second] += video.id + ".txt\n";
        }
        ++number;
        for (const auto& [subset, text] : bundles) {
            const std::string name =
                subset == schemas::Subset::validation ? "val" : std::string(schemas::to_text(subset));
            sink_.write("splits/" + name + ".split" + std::to_string(number) + ".bundle", text);
        }
    }
}

void Writer::write_names() {
    std::string names = csv_row({"kind", "written", "name", "performer", "frames"});
    for (const Video& video : videos_) {
        const schemas::Performer* performer = video.performer ? find_performer(*video.clip, *video.performer) : nullptr;
        names += csv_row({"video", video.id, video.clip->name, performer == nullptr ? "" : performer->name,
                          "frames/" + video.clip_id + ".csv"});
    }
    for (std::size_t i = 0; i < classes_.size(); ++i) names += csv_row({"label", words_[i], classes_[i]->name, "", ""});
    sink_.write("names.csv", names);
}

void Writer::report_what_no_frame_can_hold() {
    for (const DatasetClip& clip : dataset_.clips) {
        const std::string where = "clip " + clip.name;
        for (const Segment& segment : clip.segments) {
            if (segment.track != track_->id)
                losses_.add("segments of other tracks are left out", where);
            else
                losses_.add("states, authors and models of segments are left out", where);
            if (segment.track == track_->id && segment.performer && !track_->per_performer)
                losses_.add("performers of segments are left out", where);
        }
        if (!clip.key_poses.empty())
            losses_.add("key poses are left out: the format labels every frame", where,
                        static_cast<std::int64_t>(clip.key_poses.size()));
    }
}

}  // namespace

LossReport write_mstcn(const Dataset& dataset, const MstcnOptions& options, FileSink& sink) {
    return Writer(dataset, options, sink).write();
}

}  // namespace storage
