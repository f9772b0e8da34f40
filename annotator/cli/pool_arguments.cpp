#include "annotator/cli/pool_arguments.h"

namespace annotator {

void PoolArguments::add_to(CLI::App& verb) {
    verb.add_option("--track", track, "the track of labels that it is about")->capture_default_str();
    verb.add_option("--layer", layer, "learn from this layer alone; from all but hidden truth unless given");
    verb.add_option("--unit", unit,
                    "clip: clips are labelled whole; frame: spans within them; as the labels show unless given")
        ->check(CLI::IsMember({"clip", "frame"}));
    verb.add_option("--without-performers", without_performers, "leave out clips of these performers")->delimiter(',');
}

PoolOptions PoolArguments::pool() const {
    PoolOptions options;
    options.track = track;
    if (!layer.empty()) options.layer = layer;
    if (!unit.empty()) options.unit = schemas::enum_from<LabelUnit>(unit);
    options.without_performers.insert(without_performers.begin(), without_performers.end());
    return options;
}

}  // namespace annotator
