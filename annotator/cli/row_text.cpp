#include "annotator/cli/row_text.h"

namespace annotator {

nlohmann::json top_json(const Document& document, const std::vector<schemas::LabelScore>& top) {
    nlohmann::json list = nlohmann::json::array();
    for (const auto& [label, score] : top)
        list.push_back({{"label", document.at<schemas::Label>(label).name}, {"score", score}});
    return list;
}

std::string top_text(const Document& document, const std::vector<schemas::LabelScore>& top, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < top.size() && i < count; ++i)
        text += (i == 0 ? "" : ", ") + document.at<schemas::Label>(top[i].label).name + " " +
                std::to_string(static_cast<int>(100 * top[i].score + 0.5)) + " %";
    return text;
}

}  // namespace annotator
