#include "storage/formats/csv_labels.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <map>
#include <set>
#include <tuple>

#include "storage/formats/csv.h"
#include "storage/formats/nearest_boundary.h"
#include "storage/formats/span_check.h"
#include "storage/text_file.h"

namespace storage {
namespace {

using Fields = std::vector<std::string>;

constexpr std::array<std::string_view, 8> known_columns{"clip", "track",         "performer",   "begin",
                                                        "end",  "begin_seconds", "end_seconds", "label"};

char separator_of(std::string_view header) {
    const auto count = [&](char c) { return std::count(header.begin(), header.end(), c); };
    if (count(';') > count(',') && count(';') >= count('\t')) return ';';
    return count('\t') > count(',') ? '\t' : ',';
}

std::string lower(std::string_view text) {
    std::string result(trimmed(text));
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

// Column indices by lower-case name.
std::map<std::string, std::size_t> columns_of(const Fields& header) {
    std::map<std::string, std::size_t> columns;
    for (std::size_t i = 0; i < header.size(); ++i) columns.emplace(lower(header[i]), i);
    return columns;
}

bool has_all(const std::map<std::string, std::size_t>& columns, std::initializer_list<const char*> names) {
    return std::all_of(names.begin(), names.end(), [&](const char* name) { return columns.contains(name); });
}

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

class Reader {
public:
    Reader(const std::filesystem::path& file, const LabelImportOptions& options)
        : file_(file), problems_(file), options_(options) {}

    ImportedLabels read(std::string_view text) {
        CsvReader rows(text, separator_of(first_line(text)));
        Fields fields;
        if (!rows.next(fields))
            throw ReadError(file_.string() + ": is empty, expected a header with clip, begin, end, label");
        take_header(fields);
        while (const auto row = rows.next(fields)) {
            line_ = rows.line();
            if (*row == CsvReader::Row::unterminated_quote)
                problems_.add(line_, "a quote is opened and never closed; everything from here was left out");
            else if (fields.size() != width_)
                problems_.add(line_, "expected " + std::to_string(width_) + " fields, found " +
                                         std::to_string(fields.size()) + decimal_comma_hint(fields.size()) +
                                         "; left out");
            else
                add(fields);
        }
        for (auto& [key, converter] : converters_)
            if (converter.value) converter.value->report("clip " + in_quotes(key) + ": ", problems_);
        return {"csv", std::nullopt, {}, std::move(clips_), problems_.take()};
    }

private:
    struct Converter {
        std::optional<KnownClip> clip;
        std::optional<SecondsConverter> value;  // refers to `clip`
    };

    void take_header(const Fields& header) {
        columns_ = columns_of(header);
        width_ = header.size();
        in_frames_ = has_all(columns_, {"begin", "end"});
        if (!has_all(columns_, {"clip", "label"}) ||
            (!in_frames_ && !has_all(columns_, {"begin_seconds", "end_seconds"})))
            throw ReadError(
                file_.string() +
                ": line 1: expected a header with clip, label, and begin, end (frames) or begin_seconds, end_seconds");
        if (columns_.size() != header.size())
            throw ReadError(file_.string() + ": line 1: two columns have the same name");
        for (const auto& [name, index] : columns_)
            if (std::find(known_columns.begin(), known_columns.end(), name) == known_columns.end())
                problems_.add(1, "column " + in_quotes(name) + " is not known and was ignored");
    }

    std::string decimal_comma_hint(std::size_t found) const {
        return found > width_ && !in_frames_ ? " (a decimal comma? write 1.5, not 1,5)" : "";
    }

    const std::string& field(const Fields& fields, const char* column) const { return fields[columns_.at(column)]; }

    std::optional<std::string> optional_field(const Fields& fields, const char* column) const {
        if (!columns_.contains(column)) return std::nullopt;
        const std::string_view value = trimmed(field(fields, column));
        return value.empty() ? std::nullopt : std::optional<std::string>(value);
    }

    void add(const Fields& fields) {
        const std::optional<std::string> clip = optional_field(fields, "clip"), label = optional_field(fields, "label");
        if (!clip || !label)
            return problems_.add(line_,
                                 std::string("field ") + (clip ? "label" : "clip") + " is empty; the row was left out");
        const std::optional<schemas::FrameSpan> span =
            in_frames_ ? frames_in(fields, *clip) : seconds_in(fields, *clip);
        if (!span) return;
        ImportedSpan imported{*span, *label, optional_field(fields, "track"), optional_field(fields, "performer"), {}};
        if (!seen_.emplace(*clip, span->begin, span->end, *label, imported.track, imported.performer).second)
            return problems_.add(line_, "repeats an earlier row; left out", *span);
        clip_named(*clip).spans.push_back(std::move(imported));
    }

    template <class Number>
    std::optional<Number> number(const Fields& fields, const char* column,
                                 std::optional<Number> (*parse)(std::string_view), const char* expected) {
        const std::string_view text = trimmed(field(fields, column));
        const std::optional<Number> value = parse(text);
        if (!value) {
            const char* hint = text.find(',') == std::string_view::npos ? "" : " (write 1.5, not 1,5)";
            problems_.add(line_, std::string("field ") + column + ": expected " + expected + ", found " +
                                     in_quotes(text) + hint + "; the row was left out");
        }
        return value;
    }

    std::optional<schemas::FrameSpan> frames_in(const Fields& fields, const std::string& clip) {
        const auto begin = number(fields, "begin", integer_from, "a whole number of frames");
        const auto end = begin ? number(fields, "end", integer_from, "a whole number of frames") : std::nullopt;
        if (!end) return std::nullopt;
        return fitted({*begin, *end}, frames_of(clip), line_, problems_);
    }

    std::optional<schemas::FrameIndex> frames_of(const std::string& clip) {
        const Converter& known = converter_for(clip);
        return known.clip ? std::optional(static_cast<schemas::FrameIndex>(known.clip->seconds.size())) : std::nullopt;
    }

    std::optional<schemas::FrameSpan> seconds_in(const Fields& fields, const std::string& clip) {
        const auto begin = number(fields, "begin_seconds", decimal_from, "seconds with a decimal point");
        const auto end =
            begin ? number(fields, "end_seconds", decimal_from, "seconds with a decimal point") : std::nullopt;
        if (!end) return std::nullopt;
        Converter& converter = converter_for(clip);
        if (!converter.value) {
            problems_.add(
                line_, "clip " + in_quotes(clip) + " is not in the project, so its seconds have no frames; left out");
            return std::nullopt;
        }
        return converter.value->span_from(*begin, *end, line_, "", problems_);
    }

    // std::map keeps its nodes in place, so that a converter may refer to its clip.
    Converter& converter_for(const std::string& clip) {
        const auto [entry, fresh] = converters_.try_emplace(clip);
        if (fresh && options_.clip_named) {
            entry->second.clip = options_.clip_named(clip);
            if (entry->second.clip && !entry->second.clip->seconds.empty())
                entry->second.value.emplace(*entry->second.clip);
        }
        return entry->second;
    }

    ImportedClip& clip_named(const std::string& key) {
        const auto [entry, fresh] = index_.try_emplace(key, clips_.size());
        if (fresh) clips_.push_back({key, std::nullopt, std::nullopt, {}});
        return clips_[entry->second];
    }

    using Key = std::tuple<std::string, schemas::FrameIndex, schemas::FrameIndex, std::string,
                           std::optional<std::string>, std::optional<std::string>>;

    std::filesystem::path file_;
    ProblemList problems_;
    const LabelImportOptions& options_;
    std::map<std::string, std::size_t> columns_;
    std::size_t width_ = 0, line_ = 0;
    bool in_frames_ = false;
    std::map<std::string, Converter> converters_;
    std::map<std::string, std::size_t> index_;
    std::set<Key> seen_;
    std::vector<ImportedClip> clips_;
};

}  // namespace

bool looks_like_csv_labels(const std::filesystem::path& path) {
    if (path.extension() != ".csv" && path.extension() != ".tsv" && path.extension() != ".txt") return false;
    const std::string text = first_text(path, 4096);
    CsvReader reader(text, separator_of(first_line(text)));
    Fields header;
    if (!reader.next(header)) return false;
    const auto columns = columns_of(header);
    return has_all(columns, {"clip", "label"}) &&
           (has_all(columns, {"begin", "end"}) || has_all(columns, {"begin_seconds", "end_seconds"}));
}

ImportedLabels read_csv_labels(const std::filesystem::path& path, const LabelImportOptions& options) {
    const std::string text = read_text(path);
    return Reader(path, options).read(text);
}

}  // namespace storage
