#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

// Walks the #include lines of the project and fails on one that does not fit the layers.

namespace {

namespace fs = std::filesystem;

const fs::path root = KINETOGRAPH_SOURCE_DIR;

struct Include {
    std::string file;  // relative to the root
    std::string target;
    bool quoted = false;
};

std::vector<fs::path> sources(const std::string& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder))
        if (entry.path().extension() == ".h" || entry.path().extension() == ".cpp") files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

std::vector<Include> includes_of(const std::string& folder) {
    std::vector<Include> found;
    for (const fs::path& file : sources(folder)) {
        std::ifstream stream(file);
        for (std::string line; std::getline(stream, line);) {
            if (!line.starts_with("#include ")) continue;
            const auto begin = line.find_first_of("<\"");
            const auto end = line.find_last_of(">\"");
            found.push_back({fs::relative(file, root).generic_string(), line.substr(begin + 1, end - begin - 1),
                             line[begin] == '"'});
        }
    }
    return found;
}

std::string layer_of(const std::string& path) { return path.substr(0, path.find('/')); }

const std::map<std::string, std::set<std::string>> may_include{
    {"schemas", {"schemas"}},
    {"storage", {"schemas", "storage"}},
    {"inference", {"schemas", "inference"}},
    {"annotator", {"schemas", "storage", "inference", "annotator"}},
};

}  // namespace

TEST_CASE("each layer includes only itself and the layers below") {
    for (const auto& [layer, allowed] : may_include)
        for (const Include& include : includes_of(layer)) {
            if (!include.quoted) continue;
            INFO(include.file, " includes ", include.target);
            CHECK(allowed.contains(layer_of(include.target)));
        }
}

TEST_CASE("includes of our own are named from the root and exist") {
    for (const auto& [layer, allowed] : may_include)
        for (const Include& include : includes_of(layer)) {
            if (!include.quoted) continue;
            INFO(include.file, " includes ", include.target);
            CHECK(fs::exists(root / include.target));
        }
}

TEST_CASE("only storage/db knows the SQL engine") {
    for (const auto& [layer, allowed] : may_include)
        for (const Include& include : includes_of(layer)) {
            INFO(include.file);
            if (include.target.starts_with("sqlite3")) CHECK(include.file.starts_with("storage/db/"));
        }
}

TEST_CASE("LibTorch is known only in inference/torch, and to the tests and benchmarks of what is there") {
    for (const std::string folder : {"schemas", "storage", "inference", "annotator", "tests"})
        for (const Include& include : includes_of(folder)) {
            INFO(include.file);
            if (include.target.starts_with("torch/") || include.target.starts_with("ATen/") ||
                include.target.starts_with("c10/"))
                CHECK(include.file.starts_with("inference/torch/"));
            if (folder == "tests" && include.target.starts_with("inference/torch/"))
                CHECK((include.file.starts_with("tests/inference/torch/") ||
                       include.file.starts_with("tests/benchmarks/torch/")));
        }
}

TEST_CASE("schemas needs nothing but the standard library and Eigen") {
    for (const Include& include : includes_of("schemas"))
        if (!include.quoted) {
            INFO(include.file, " includes ", include.target);
            CHECK((include.target.find('.') == std::string::npos || include.target.starts_with("Eigen/")));
        }
}

TEST_CASE("annotator/document knows no storage, no inference and no thread") {
    for (const Include& include : includes_of("annotator/document")) {
        INFO(include.file, " includes ", include.target);
        CHECK_FALSE(include.target.starts_with("storage/"));
        CHECK_FALSE(include.target.starts_with("inference/"));
        CHECK_FALSE(std::set<std::string>{"thread", "mutex", "future"}.contains(include.target));
    }
}

TEST_CASE("no folder is called utils, common or helpers") {
    for (const auto& [layer, allowed] : may_include)
        for (const auto& entry : fs::recursive_directory_iterator(root / layer))
            if (entry.is_directory())
                CHECK_FALSE(
                    std::set<std::string>{"utils", "common", "helpers"}.contains(entry.path().filename().string()));
}
