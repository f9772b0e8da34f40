#include "annotator/session/pose_controller.h"
#include "inference/pose_smoothing.h"

namespace annotator {

namespace {

constexpr float trust_step = 0.25F;
// A quarter of an hour at 30 frames a second takes about a third of a second.
constexpr schemas::FrameIndex most_frames = 30'000;

}  // namespace

void PoseController::smooth() {
    const auto found = require_active();
    if (!found || !model_.media) return;
    float& trust = model_.state.smoothing_trust;
    if (smoothing_ && model_.state.pose_preview) {
        trust = trust > 0 ? std::max(0.0F, trust - trust_step) : 1 - trust_step;
        return offer_smoothing();
    }
    const auto within = own_span(*found, model_.media->span);
    if (!within) return;
    auto span = within;
    if (const auto chosen = chosen_span()) span = own_span(*found, *chosen);
    if (!span) return;
    span = schemas::FrameSpan{std::max(span->begin, within->begin), std::min(span->end, within->end)};
    if (span->length() > most_frames) return advise("That is long; mark the frames to smooth with I and O.");
    model_.state.joints.stream = found->skeleton.stream;
    smoothing_ = Smoothing{found->skeleton.stream, *span, *within, joints()};
    offer_smoothing();
}

void PoseController::offer_smoothing() {
    const auto found = active(smoothing_->stream);
    if (!found) return;
    inference::SmoothingOptions options;
    options.most_trust = model_.state.smoothing_trust;
    const auto values = inference::smoothed(*found->motion, smoothing_->span, smoothing_->within, options);
    model_.state.pose_preview =
        PosePreview{PosePreview::Kind::offer,
                    taken_over(found->of(), "Smooth key-points", values, smoothing_->span, smoothing_->joints)};
}

}  // namespace annotator
