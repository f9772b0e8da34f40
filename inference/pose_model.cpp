#include "inference/pose_model.h"

#include <cmath>
#include <map>
#include <stdexcept>

namespace inference {

void set_option(PoseTrainOptions& options, const std::string& name, double value) {
    PoseAugmentation& augmentation = options.augmentation;
    const std::map<std::string, double*> known{{"rate", &options.rate},
                                               {"decay", &options.decay},
                                               {"warm_up", &options.warm_up},
                                               {"dropout", &options.dropout},
                                               {"longest_gradient", &options.longest_gradient},
                                               {"average_decay", &options.average_decay},
                                               {"beta", &options.beta},
                                               {"heat_maps", &options.heat_maps},
                                               {"bones", &options.bones},
                                               {"mirror", &augmentation.mirror_probability},
                                               {"turn", &augmentation.turn_degrees},
                                               {"scale", &augmentation.scale},
                                               {"shift", &augmentation.shift},
                                               {"depth_scale", &augmentation.depth_scale},
                                               {"depth_shift", &augmentation.depth_shift},
                                               {"slant", &augmentation.slant},
                                               {"depth_noise", &augmentation.depth_noise},
                                               {"holes", &augmentation.holes}};
    if (!std::isfinite(value)) throw std::invalid_argument("the option '" + name + "' must be a number");
    if (const auto found = known.find(name); found != known.end())
        *found->second = value;
    else if (name == "frames" && value >= 1 && value <= 4096)
        options.frames = static_cast<int>(value);
    else if (name == "frames")
        throw std::invalid_argument("a window has 1 to 4096 frames");
    else
        throw std::invalid_argument("networks for key-points have no option '" + name + "'");
}

}  // namespace inference
