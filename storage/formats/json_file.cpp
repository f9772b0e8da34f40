#include "storage/formats/json_file.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace storage {
namespace {

std::size_t line_at(std::string_view text, std::size_t offset) {
    const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size()));
    return 1 + static_cast<std::size_t>(std::count(text.begin(), end, '\n'));
}

ReadError refusal(const std::filesystem::path& file, std::size_t line, const std::string& what) {
    return ReadError(file.string() + ": line " + std::to_string(line) + ": " + what);
}

void require_shallow(const std::filesystem::path& file, std::string_view text) {
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\') ++i;
            if (c == '"') in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > deepest_json)
                throw refusal(file, line_at(text, i),
                              "is nested deeper than " + std::to_string(deepest_json) + " levels");
        } else if ((c == '}' || c == ']') && depth > 0) {
            --depth;
        }
    }
}

// Notes the keys of each open object while the parser walks the text.
class DuplicateKeys {
public:
    explicit DuplicateKeys(ProblemList& problems) : problems_(problems) {}

    bool operator()(int, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
        using Event = nlohmann::json::parse_event_t;
        if (event == Event::object_start) open_.emplace_back();
        if (event == Event::object_end) open_.pop_back();
        if (event == Event::key && !open_.back().insert(parsed.get<std::string>()).second)
            problems_.add("field " + in_quotes(parsed.get<std::string>()) +
                          " stands twice in one object; the last one counts");
        return true;
    }

private:
    ProblemList& problems_;
    std::vector<std::set<std::string>> open_;
};

}  // namespace

nlohmann::json read_json(const std::filesystem::path& file, ProblemList& problems) {
    const std::string text = read_text(file);
    require_shallow(file, text);
    DuplicateKeys duplicates(problems);
    try {
        return nlohmann::json::parse(text, std::ref(duplicates));
    } catch (const nlohmann::json::parse_error& error) {
        throw refusal(file, line_at(text, error.byte == 0 ? 0 : error.byte - 1),
                      "is not JSON here; is the file cut off?");
    } catch (const nlohmann::json::exception& error) {
        throw ReadError(file.string() + ": is not usable JSON: " + error.what());
    }
}

std::string json_text(const nlohmann::json& value) {
    return value.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

}  // namespace storage
