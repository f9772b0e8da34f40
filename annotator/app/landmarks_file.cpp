#include "annotator/app/landmarks_file.h"

#include <nlohmann/json.hpp>

#include <utility>

#include "storage/export/atomic_file.h"

namespace annotator {

void LandmarksFile::follow_picture() {
    if (file_.empty() || now_.all() == written_.all()) return now_.clear();
    nlohmann::json all = nlohmann::json::object();
    for (const auto& [name, place] : now_.all()) all[name] = {place.low.x, place.low.y, place.high.x, place.high.y};
    storage::AtomicFile file(file_);
    file.write(all.dump() + "\n");
    file.commit();
    written_ = std::exchange(now_, {});
}

}  // namespace annotator
