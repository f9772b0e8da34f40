#include "storage/formats/cmu_segments.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <utility>

#include "storage/formats/span_check.h"
#include "storage/text_file.h"

namespace storage {
namespace {

using schemas::FrameIndex;
using WordList = std::vector<std::string_view>;

bool is_number_text(std::string_view word) {
    return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) { return '0' <= c && c <= '9'; });
}

bool is_header(const WordList& words) {
    return words.size() == 2 && is_number_text(words[0]) && is_number_text(words[1]);
}

struct Row {
    std::string_view label;
    FrameIndex earliest, best, latest;
};

std::optional<Row> row_from(const WordList& words) {
    if (words.size() != 4) return std::nullopt;
    std::array<FrameIndex, 3> frames{};
    for (std::size_t i = 0; i < 3; ++i) {
        const std::optional<std::int64_t> frame = integer_from(words[i + 1]);
        if (!frame) return std::nullopt;
        frames[i] = *frame;
    }
    return Row{words[0], frames[0], frames[1], frames[2]};
}

class Reader {
public:
    Reader(const std::filesystem::path& file, const LabelImportOptions& options) : problems_(file), options_(options) {}

    void read(std::string_view text) {
        for (const std::string_view line : lines_of(text)) {
            ++line_;
            const WordList words = words_of(line);
            if (words.empty())
                in_block_ = false;
            else if (is_header(words))
                open_block(words);
            else
                add(line, words);
        }
    }

    std::vector<ImportedClip> clips;
    std::vector<ReadProblem> take_problems() { return problems_.take(); }

private:
    void open_block(const WordList& words) {
        const std::string key = std::string(words[0]) + "_" + std::string(words[1]);
        in_block_ = true;
        skip_ = !keys_.insert(key).second;
        if (skip_) return problems_.add(line_, "trial " + key + " has a second block; the block was left out");
        clips.push_back({key, std::nullopt, std::nullopt, {}});
        frames_ = known_frames(options_, key);
        end_ = 0;
    }

    void add(std::string_view line, const WordList& words) {
        if (skip_ && in_block_) return;
        if (!in_block_)
            return problems_.add(
                line_, "expected 'subject trial' before the segments, found " + in_quotes(line) + "; left out");
        const std::optional<Row> row = row_from(words);
        if (!row)
            return problems_.add(line_,
                                 "expected 'label earliest best latest', found " + in_quotes(line) + "; left out");
        const auto [low, high] = std::minmax({row->earliest, row->best, row->latest});
        if (low != row->earliest || high != row->latest)
            problems_.add(line_, "earliest " + std::to_string(row->earliest) + ", best " + std::to_string(row->best) +
                                     ", latest " + std::to_string(row->latest) +
                                     " are not in order; the best was kept, the tolerance widened to all three");
        const auto span = fitted({end_, row->best}, frames_, line_, problems_);
        if (!span) return;
        clips.back().spans.push_back(
            {*span, std::string(row->label), {}, {}, BoundaryTolerance{std::max<FrameIndex>(low, 0), high}});
        end_ = span->end;
    }

    ProblemList problems_;
    const LabelImportOptions& options_;
    std::size_t line_ = 0;
    bool in_block_ = false, skip_ = false;
    std::set<std::string> keys_;
    std::optional<FrameIndex> frames_;  // of the block's clip
    FrameIndex end_ = 0;                // of the segment before
};

}  // namespace

bool looks_like_cmu_segments(const std::filesystem::path& path) {
    if (path.extension() != ".txt") return false;
    const std::string text = first_text(path, 4096);
    std::vector<WordList> rows;
    for (const std::string_view line : lines_of(text))
        if (WordList words = words_of(line); !words.empty()) rows.push_back(std::move(words));
    return rows.size() >= 2 && is_header(rows[0]) && row_from(rows[1]).has_value();
}

ImportedLabels read_cmu_segments(const std::filesystem::path& path, const LabelImportOptions& options) {
    const std::string text = read_text(path);
    Reader reader(path, options);
    reader.read(text);
    if (reader.clips.empty())
        throw ReadError(path.string() + ": holds no block 'subject trial' with rows 'label earliest best latest'");
    return {"cmu-segments", schemas::TrackKind::primitive, {}, std::move(reader.clips), reader.take_problems()};
}

}  // namespace storage
