#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

// Frame numbers come from tables of presentation times. This walks the sources and fails on a statement that makes a
// whole number out of a time and a frame rate, which is how annotation tools get frame numbers wrong: use
// schemas::nearest_frame() or aligned_frame() with ProjectStore::frame_times() instead.

namespace {

namespace fs = std::filesystem;

using Tokens = std::vector<std::string>;

// Where whole numbers do come from a rate, and why none of them is the number of a frame that exists.
const std::map<std::string, std::string> exempt{
    {"storage/skeleton/frame_rate.cpp", "makes rates, from periods"},
    {"storage/media/depth_writer.cpp", "gives pts to the frames that it writes"},
    {"storage/media/audio_index.cpp", "counts samples of sound"},
    {"inference/audio_alignment.cpp", "counts rows of an onset envelope, which are evenly spaced"},
    {"inference/beats.cpp", "counts rows of an onset envelope, which are evenly spaced"},
    {"inference/onsets.cpp", "counts rows of an onset envelope, which are evenly spaced"},
    {"inference/change_points.cpp", "lengths of smoothing windows"},
};
// Recordings are made there, their times with them.
constexpr const char* made_up = "annotator/workflows/synth/";

// The code without comments, strings and preprocessor lines.
std::string bare(const std::string& code) {
    std::string result;
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (code.compare(i, 2, "//") == 0 || (code[i] == '#' && (i == 0 || code[i - 1] == '\n'))) {
            i = std::min(code.find('\n', i), code.size() - 1);
            result += '\n';
        } else if (code.compare(i, 2, "/*") == 0) {
            i = std::min(code.find("*/", i + 2), code.size() - 2) + 1;
        } else if (code.compare(i, 3, "R\"(") == 0) {
            i = std::min(code.find(")\"", i), code.size() - 2) + 1;
        } else if (code[i] == '"') {
            for (++i; i < code.size() && code[i] != '"'; ++i)
                if (code[i] == '\\') ++i;
        } else {
            result += code[i];
        }
    }
    return result;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Words and single signs, a list for each statement.
std::vector<Tokens> statements(const std::string& code) {
    std::vector<Tokens> found(1);
    for (std::size_t i = 0; i < code.size();) {
        std::size_t end = i + 1;
        while (is_word(code[i]) && end < code.size() && is_word(code[end])) ++end;
        const std::string token = code.substr(i, end - i);
        if (token == ";" || token == "{" || token == "}")
            found.emplace_back();
        else if (std::isspace(static_cast<unsigned char>(token.front())) == 0)
            found.back().push_back(token);
        i = end;
    }
    return found;
}

bool holds_any(const Tokens& statement, const std::set<std::string>& words) {
    return std::ranges::any_of(statement, [&](const std::string& token) { return words.contains(token); });
}

bool makes_a_whole_number(const Tokens& statement) {
    static const std::set<std::string> rounding{"llround", "lround", "round", "floor",  "ceil",
                                                "trunc",   "rint",   "lrint", "llrint", "nearbyint"};
    static const std::set<std::string> whole{"FrameIndex", "int",    "long",      "unsigned", "int32_t",
                                             "int64_t",    "size_t", "ptrdiff_t", "uint32_t", "uint64_t"};
    if (holds_any(statement, rounding)) return true;
    for (auto cast = statement.begin();; ++cast) {
        cast = std::find(cast, statement.end(), "static_cast");
        if (cast == statement.end()) return false;
        if (holds_any({cast, std::find(cast, statement.end(), ">")}, whole)) return true;
    }
}

const std::set<std::string> rates{"per_second",     "frames_per_second",
                                  "rate",           "fps",
                                  "frame_rate",     "period",
                                  "frame_seconds",  "frame_duration",
                                  "rate_numerator", "rate_denominator",
                                  "frame_interval", "average_rate",
                                  "declared_rate",  "nominal_rate"};

// A number that is named after nothing, but was set to a rate: `const double r = stream.rate().per_second();`
std::set<std::string> named_rates(const std::vector<Tokens>& code) {
    std::set<std::string> names;
    for (const Tokens& statement : code) {
        const auto equals = std::find(statement.begin(), statement.end(), "=");
        const bool number = holds_any(statement, {"double", "float", "auto"});
        if (number && equals != statement.begin() && equals != statement.end() &&
            holds_any({equals, statement.end()}, {"per_second", "frames_per_second", "fps"}))
            names.insert(*std::prev(equals));
    }
    return names;
}

// The statements that make frame numbers from times and rates.
std::vector<std::string> offences(const std::string& code) {
    const std::vector<Tokens> all = statements(bare(code));
    std::set<std::string> words = named_rates(all);
    words.insert(rates.begin(), rates.end());
    std::vector<std::string> found;
    for (const Tokens& statement : all) {
        if (!makes_a_whole_number(statement) || !holds_any(statement, words) || !holds_any(statement, {"*", "/"}))
            continue;
        std::string text;
        for (const std::string& token : statement) text += token + " ";
        found.push_back(text);
    }
    return found;
}

std::string code_of(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("no frame number is made from a time and a frame rate") {
    const fs::path root = KINETOGRAPH_SOURCE_DIR;
    std::set<std::string> exemptions_used;
    for (const char* layer : {"schemas", "storage", "inference", "annotator"})
        for (const auto& entry : fs::recursive_directory_iterator(root / layer)) {
            if (entry.path().extension() != ".h" && entry.path().extension() != ".cpp") continue;
            const std::string file = fs::relative(entry.path(), root).generic_string();
            if (file.starts_with(made_up)) continue;
            const auto found = offences(code_of(entry.path()));
            if (exempt.contains(file)) {
                if (!found.empty()) exemptions_used.insert(file);
                continue;
            }
            for (const std::string& statement : found)
                FAIL_CHECK(file << ": makes a whole number from a frame rate: " << statement);
        }
    for (const auto& [file, reason] : exempt) {
        INFO(file, " needs no exemption any more: ", reason);
        CHECK(exemptions_used.contains(file));
    }
}

TEST_CASE("the search for such frame numbers finds the usual ways to make them") {
    for (const char* code :
         {"frame = std::llround(time * stream.rate().per_second());",
          "const auto i = static_cast<schemas::FrameIndex>(seconds * fps + 0.5);",
          "return FrameIndex(std::floor(t / frame_seconds));",
          "const double r = clip.rate.per_second(); int n = 3; frame = static_cast<FrameIndex>(t * r);",
          "const auto at = static_cast<std::int64_t>(\n    seconds /  // of the clip\n    period);"}) {
        INFO(code);
        CHECK(offences(code).size() == 1);
    }
}

TEST_CASE("the search for such frame numbers lets other sums be") {
    for (const char* code :
         {"const auto frame = schemas::nearest_frame(table, seconds * clock_ratio);",
          "const double seconds = static_cast<double>(i) / rate.per_second();",
          "const auto percent = std::lround(100 * share);", "// frame = llround(t * fps);",
          "say(\"llround(t * fps)\");", "const auto sample = std::llround(seconds * sample_rate);"}) {
        INFO(code);
        CHECK(offences(code).empty());
    }
}
