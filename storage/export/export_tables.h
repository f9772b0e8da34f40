#pragma once

#include <map>
#include <string>

#include "storage/export/dataset.h"

// The tables of an export as CSV (RFC 4180, UTF-8, LF). Numbers are written with as many digits as give
// the same number back.
namespace storage {

using VideoIds = std::map<schemas::ClipId, std::string>;

std::string decimal_text(double value);

// index,pts,seconds,key: a row for each frame of the clip. `pts` as the reference medium has it, in ticks of the
// clip's time base; where it has none, the seconds in whole microseconds. `seconds` count from the first frame of the
// medium. `key` is 1 for frames that decode on their own.
std::string frames_csv(const DatasetClip& clip);

// A row for each clip: its video id and name, where it lies in its take, times, groups, and for each of its media,
// the reference first, the path, the SHA-256 and which stream of the file it is.
std::string clips_csv(const Dataset& dataset, const VideoIds& videos);

// A row for each segment: clip,track,performer,begin,end,begin_seconds,end_seconds,label,state. Frames and
// seconds count from the clip's first frame; our CSV label format reads it back.
std::string segments_csv(const Dataset& dataset);

// fold,subset,video,clip,id,sha256: the last is of the clip's reference medium.
std::string splits_csv(const Dataset& dataset, const VideoIds& videos);

// video,key,value: what must not straddle two subsets, and what else clips have in common.
std::string groups_csv(const Dataset& dataset, const VideoIds& videos);

}  // namespace storage
