#include "storage/features/media_measures_cache.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/temporary_folder.h"

using storage::MediaMeasuresCache;
using tests::TemporaryFolder;

namespace {

const std::string hash(64, 'a');

schemas::MediaMeasures measures() {
    schemas::MediaMeasures all;
    all.frames.resize(3);
    all.frames[1].signature = 0xfedcba9876543210;
    all.frames[1].sharpness = 412.5F;
    all.frames[2].thumbnail.fill(7);
    all.undecodable = {0};
    return all;
}

std::filesystem::path file_in(const TemporaryFolder& project) {
    return project.path() / "cache" / "measures" / (hash + "-0.measures");
}

}  // namespace

TEST_CASE("measures come back as they were stored") {
    const TemporaryFolder project;
    const MediaMeasuresCache cache(project.path());
    cache.store(hash, 0, measures());
    CHECK(cache.load(hash, 0) == measures());
}

TEST_CASE("measures of another stream of the same file are others") {
    const TemporaryFolder project;
    const MediaMeasuresCache cache(project.path());
    cache.store(hash, 0, measures());
    CHECK_FALSE(cache.load(hash, 1));
}

TEST_CASE("measures cut off or altered anywhere are not there") {
    const TemporaryFolder project;
    const MediaMeasuresCache cache(project.path());
    cache.store(hash, 0, measures());
    const auto size = std::filesystem::file_size(file_in(project));
    {
        std::fstream file(file_in(project), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(size / 2));
        file.put('\x55');
    }
    CHECK_FALSE(cache.load(hash, 0));
    for (const std::uintmax_t length : {size - 1, size / 2, std::uintmax_t{9}, std::uintmax_t{0}}) {
        cache.store(hash, 0, measures());
        std::filesystem::resize_file(file_in(project), length);
        CHECK_FALSE(cache.load(hash, 0));
    }
}

TEST_CASE("what is no hash names no file of measures") {
    const TemporaryFolder project;
    const MediaMeasuresCache cache(project.path());
    cache.store("../escape", 0, measures());
    CHECK_FALSE(cache.load("../escape", 0));
    CHECK_FALSE(std::filesystem::exists(project.path() / "cache"));
}
