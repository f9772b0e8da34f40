#include "inference/torch/tcn_clip.h"

#include "inference/torch/motion_family.h"
#include "inference/torch/tcn_trainer.h"
#include "inference/torch/trained_tcn.h"

namespace inference {

namespace {

class TcnClip final : public NetworkKind {
public:
    [[nodiscard]] std::string name() const override { return "tcn_clip"; }
    [[nodiscard]] LearningOptions learning() const override { return {}; }
    [[nodiscard]] ShapeOptions shape() const override { return {}; }
    [[nodiscard]] std::unique_ptr<Learner> learner(const std::shared_ptr<const schemas::SkeletonLayout>& layout,
                                                   int classes, const ShapeOptions&,
                                                   const Place& place) const override {
        TcnShape shape;
        shape.joints = static_cast<int>(layout->size());
        shape.classes = classes;
        return tcn_learner(shape, place);
    }
    [[nodiscard]] std::shared_ptr<const TrainedNetwork> read(const Checkpoint& checkpoint) const override {
        return std::make_shared<TrainedTcn>(checkpoint);
    }
};

}  // namespace

std::unique_ptr<ModelFamily> tcn_clip_family() { return motion_family(std::make_unique<TcnClip>()); }

}  // namespace inference
