#include <memory>

#include "annotator/cli/pool_arguments.h"
#include "annotator/cli/row_text.h"
#include "annotator/cli/verbs.h"
#include "annotator/workflows/review_queue.h"

namespace annotator {

namespace {

struct Options {
    std::string project;
    QueueOptions queue;
    PoolArguments pool;
};

ExitCode rank(const Options& options, Console& console) {
    const JobContext job = console.job();
    ProjectSession session(options.project, {});
    QueueOptions wanted = options.queue;
    wanted.pool = options.pool.pool();
    const auto result = build_review_queue(session, wanted, job);
    if (!result) {
        console.note("Stopped; the earlier queue stands.");
        return ExitCode::failed;
    }
    const Document& document = session.document();
    nlohmann::json items = nlohmann::json::array();
    std::string text;
    for (const schemas::QueueItem& item : result->items) {
        const std::string& clip = document.at<schemas::Clip>(item.clip).name;
        items.push_back({{"clip", clip},
                         {"span", {item.span.begin, item.span.end}},
                         {"score", item.score},
                         {"reasons", item.reasons},
                         {"top", top_json(document, item.top)}});
        text += clip + " [" + std::to_string(item.span.begin) + ", " + std::to_string(item.span.end) + ")";
        for (const std::string& reason : item.reasons) text += "  " + reason;
        if (!item.top.empty()) text += "  — " + top_text(document, item.top, 2);
        text += "\n";
    }
    for (const std::string& note : result->notes) text += note + "\n";
    console.result({{"strategy", result->strategy}, {"items", items}, {"notes", result->notes}}, text);
    return ExitCode::done;
}

}  // namespace

void add_queue(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("queue", "What to label next, hardest and most telling first, and why",
                              [options](Console& console) { return rank(*options, console); });
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_option("--top", options->queue.top, "how many")->check(CLI::PositiveNumber)->capture_default_str();
    verb->add_option(
        "--strategy", options->queue.strategy,
        "random entropy margin ohem coreset facility diverse-hard; the last unless given, facility without a model");
    verb->add_option("--model", options->queue.model, "a model's id or name; the promoted one unless given");
    verb->add_option("--seed", options->queue.seed, "of random")->capture_default_str();
    options->pool.add_to(*verb);
}

}  // namespace annotator
