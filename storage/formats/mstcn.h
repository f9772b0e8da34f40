#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "storage/export/dataset.h"
#include "storage/export/file_sink.h"
#include "storage/export/loss_report.h"

namespace storage {

// The word that stands for frames without a label, unless they are to be background.
inline constexpr const char* unlabelled_word = "unlabelled";

// What groundTruth says of frames without a label. A frame that nobody looked at is not background:
// by its own name it is a class that a loss can leave out, and mask/ marks it in either case.
// `background` is for readers that know no mask.
enum class UnlabelledFrames { own_name, background };

// Values [d * frames + t] of D features for every frame of a clip.
struct FeatureMatrix {
    std::int64_t dimensions = 0, frames = 0;
    std::vector<float> values;
};

// The features of a clip (of one of its performers, where a track is kept for each); nullopt where
// there are none.
using FeatureSource =
    std::function<std::optional<FeatureMatrix>(const DatasetClip&, std::optional<schemas::PerformerId>)>;

struct MstcnOptions {
    schemas::TrackId track{};
    UnlabelledFrames unlabelled = UnlabelledFrames::own_name;
    FeatureSource features;  // may be empty
};

// Writes one track as the bundle that MS-TCN and its successors read
// (https://github.com/yabufarha/ms-tcn, batch_gen.py and eval.py):
//   groundTruth/<video>.txt      line n is the label of frame n - 1 of the clip; the last line ends too
//   mapping.txt                  "id word", ids from 0 without gaps, in the order of the taxonomy; the
//                                word for frames without a label comes last, and only if there are such
//   mask/<video>.txt             1 where a label stands (of any state), else 0; our addition
//   splits/train|val|test.splitK.bundle   groundTruth file names; fold k is split k + 1
//   features/<video>.npy         float32 (D, frames), where there are features
//   names.csv                    words back to names, and which clip and performer a video is
// Words have no white space and are unique; video ids moreover have no dots and no characters
// that paths cannot hold. On a track that is kept for each performer, a clip of several
// performers becomes one video for each.
// Labels that were merged are written as what they were merged into. Where labels overlap, the one that
// begins later is written, of two that begin together the shorter one.
//
// Throws std::invalid_argument if the track is unknown or features have another number of frames
// than their clip (readers would cut both to the shorter one and hide the error); WriteError.
LossReport write_mstcn(const Dataset& dataset, const MstcnOptions& options, FileSink& sink);

}  // namespace storage
