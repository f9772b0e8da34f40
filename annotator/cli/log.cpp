#include <chrono>
#include <ctime>
#include <memory>
#include <sstream>

#include "annotator/cli/verbs.h"
#include "storage/project/project_store.h"

namespace annotator {

namespace {

struct Options {
    std::string project;
    std::size_t last = 0;
};

std::string time_text(schemas::Timestamp time) {
    const std::time_t seconds = time / 1'000'000;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
    return text;
}

ExitCode show(const Options& options, Console& console) {
    const auto store = storage::ProjectStore::open(options.project, storage::Access::read_only);
    const auto entries = store.log().entries();
    const std::size_t first = options.last == 0 || options.last >= entries.size() ? 0 : entries.size() - options.last;
    nlohmann::json list = nlohmann::json::array();
    std::ostringstream text;
    for (std::size_t i = first; i < entries.size(); ++i) {
        const storage::LogEntry& entry = entries[i];
        const std::string kind(schemas::to_text(entry.kind));
        list.push_back({{"sequence", entry.sequence},
                        {"kind", kind},
                        {"title", entry.title},
                        {"author", entry.author.name},
                        {"author_kind", std::string(schemas::to_text(entry.author.kind))},
                        {"time", entry.time},
                        {"id", std::to_string(static_cast<std::int64_t>(entry.id))}});
        text << entry.sequence << "  " << time_text(entry.time) << "  " << entry.author.name << "  "
             << (entry.kind == schemas::LogKind::edit ? "" : kind + ": ") << entry.title << "\n";
    }
    console.result({{"entries", list}}, text.str());
    return ExitCode::done;
}

}  // namespace

void add_log(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("log", "Who changed what, and when (UTC)",
                              [options](Console& console) { return show(*options, console); });
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_option("--last", options->last, "only the last N entries");
}

}  // namespace annotator
