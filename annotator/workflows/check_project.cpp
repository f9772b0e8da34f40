#include "annotator/workflows/check_project.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "annotator/workflows/measure_media.h"
#include "annotator/workflows/media_findings.h"
#include "inference/near_duplicates.h"
#include "schemas/alignment.h"

namespace annotator {

namespace {

using schemas::Stream;
using storage::Finding;
using storage::Severity;
using Findings = std::vector<Finding>;

std::string place_of(const Document& document, const Stream& stream) {
    const std::string track = stream.container_stream > 0 ? ", stream " + std::to_string(stream.container_stream) : "";
    return "take " + document.at<schemas::Take>(stream.take).name + " (" + stream.path + track + ")";
}

VideoFacts facts_of(ProjectSession& session, const Stream& stream, const schemas::FrameTable& times,
                    const schemas::MediaMeasures& measures) {
    VideoFacts facts{place_of(session.document(), stream), {}, times, measures};
    if (const auto media = session.store().media(stream.id))
        facts.size =
            shown_size({static_cast<int>(media->width), static_cast<int>(media->height)}, media->rotation_degrees,
                       media->sample_aspect_numerator, media->sample_aspect_denominator);
    return facts;
}

class MediaCheck {
public:
    explicit MediaCheck(ProjectSession& session) : session_(session) {
        for (const auto& [id, stream] : session.document().rows<Stream>())
            if (stream.kind == schemas::StreamKind::video) videos_.push_back(stream);
    }

    bool run(const JobContext& job, Findings& findings) {
        const bool measured =
            measure_streams(session_, videos_, job, [&](MeasuredStream each) { judge(each, findings); });
        return measured && compare(job, findings);
    }

private:
    void judge(const MeasuredStream& video, Findings& findings) {
        const std::string where = place_of(session_.document(), video.stream);
        if (!video.problem.empty()) {
            findings.push_back({Severity::error, video.problem, where});
            return;
        }
        const schemas::FrameTable times = session_.store().frame_times(video.stream);
        if (times.seconds.size() != video.measures.frames.size()) {
            findings.push_back({Severity::error,
                                "has " + std::to_string(video.measures.frames.size()) + " frames, not " +
                                    std::to_string(times.seconds.size()) + " as at import; verify the project",
                                where});
            return;
        }
        std::ranges::move(media_findings(facts_of(session_, video.stream, times, video.measures)),
                          std::back_inserter(findings));
        sketches_[video.stream.id] = inference::sketch_of({video.measures.frames, times.seconds});
    }

    bool compare(const JobContext& job, Findings& findings) {
        job.report({"Comparing recordings", 0, 0});
        const Document& document = session_.document();
        std::vector<Stream> videos;
        std::vector<inference::RecordingSketch> sketches;
        for (auto& [id, sketch] : sketches_) {
            videos.push_back(document.at<Stream>(id));
            sketches.push_back(std::move(sketch));
        }
        const auto found = inference::near_duplicates(sketches, job.stop);
        if (!found) return false;
        for (const inference::NearDuplicate& pair : found->pairs) {
            const Stream &shorter = videos[pair.shorter], &longer = videos[pair.longer];
            const auto frame = schemas::nearest_frame(session_.store().frame_times(longer), pair.begin_seconds);
            findings.push_back({Severity::warning,
                                "shows the same as " + place_of(document, longer) + " from about frame " +
                                    std::to_string(frame) + " on (" + std::to_string(std::lround(100 * pair.likeness)) +
                                    " % alike)",
                                place_of(document, shorter)});
        }
        if (found->not_compared > 0)
            findings.push_back({Severity::warning,
                                std::to_string(found->not_compared) +
                                    " pairs of recordings look alike and were not compared: there are too many",
                                "project"});
        return true;
    }

    ProjectSession& session_;
    std::vector<Stream> videos_;
    std::map<schemas::StreamId, inference::RecordingSketch> sketches_;  // of those that could be measured
};

bool check_media(ProjectSession& session, const JobContext& job, Findings& findings) {
    return MediaCheck(session).run(job, findings);
}

// Each adds what it finds and is false when stopped. Checks of labels and balance belong here as well.
using Check = bool (*)(ProjectSession&, const JobContext&, Findings&);
constexpr Check checks[] = {check_media};

}  // namespace

std::optional<Findings> check_project(ProjectSession& session, const JobContext& job) {
    Findings findings;
    for (const Check check : checks)
        if (!check(session, job, findings)) return std::nullopt;
    std::ranges::stable_sort(findings, {}, &Finding::where);
    return findings;
}

}  // namespace annotator
