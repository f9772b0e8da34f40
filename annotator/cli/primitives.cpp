#include <functional>
#include <memory>
#include <stdexcept>

#include "annotator/cli/text_table.h"
#include "annotator/cli/verbs.h"
#include "annotator/workflows/export_primitives.h"

namespace annotator {

namespace {

using nlohmann::json;

struct Options {
    std::string project, model, author, layer, name, folder;
    NamingOptions naming;
    int primitive = 0;
    std::vector<int> others;
    int examples = 3;
    bool again = false, no_pictures = false;
    std::function<ExitCode(Console&)> run;
};

json unit_json(const PrimitiveNaming& naming, int unit) {
    return unit < 0 ? json(nullptr) : json(naming.units[static_cast<std::size_t>(unit)]);
}

json json_of(const PrimitiveNaming& naming, const std::string& model) {
    json primitives = json::array(), history = json::array();
    for (const PrimitiveGroup& group : groups_of(naming))
        primitives.push_back({{"primitive", group.primitive},
                              {"name", group.name},
                              {"named_by_person", group.by_person},
                              {"merged", group.merged},
                              {"unit", unit_json(naming, group.unit)},
                              {"purity", group.purity},
                              {"appearances", group.appearances},
                              {"labelled", group.labelled},
                              {"usage", group.usage}});
    for (const NamingChange& change : naming.history)
        history.push_back({{"what", change.what}, {"author", change.author}, {"time", change.time}});
    return {{"model", model},
            {"track", naming.track},
            {"units", naming.units},
            {"samples", naming.samples},
            {"labelled_samples", naming.labelled_samples},
            {"sequence_match", naming.sequence_match},
            {"mutual_information", naming.mutual_information},
            {"primitives", std::move(primitives)},
            {"history", std::move(history)}};
}

std::string text_of(const PrimitiveNaming& naming, const std::string& model) {
    TextTable table({"primitive", "name", "unit of '" + naming.track + "'", "purity", "usage", "merged"});
    std::size_t unused = 0;
    for (const PrimitiveGroup& group : groups_of(naming)) {
        if (group.appearances == 0 && !group.by_person) {
            ++unused;
            continue;
        }
        std::string merged;
        for (const int other : group.merged) merged += (merged.empty() ? "" : " ") + std::to_string(other);
        table.add({std::to_string(group.primitive), group.name + (group.by_person ? "" : " *"),
                   group.unit < 0 || group.labelled == 0 ? "–" : naming.units[static_cast<std::size_t>(group.unit)],
                   group.labelled > 0 ? percent_figure(group.purity) : "–", percent_figure(group.usage), merged});
    }
    std::string text = table.text() + model + ": " + std::to_string(naming.size()) + " primitives in " +
                       std::to_string(naming.samples) + " motions, " + std::to_string(unused) +
                       " of them never strongest; purity and usage in %; * named after the unit it met most.\n";
    if (naming.labelled_samples > 0)
        text += "On the labels that they are named after, sequences match by " + percent_figure(naming.sequence_match) +
                " %, and primitives and units share " + percent_figure(naming.mutual_information) +
                " % of their information.\n";
    else
        text +=
            "Nobody labelled a frame of track '" + naming.track + "' that was read; primitives have numbers only.\n";
    return text;
}

ProjectSession opened(const Options& options) {
    SessionOptions how;
    how.access = storage::Access::read_only;
    how.author.name = options.author;
    return {options.project, std::move(how)};
}

NamingOptions naming_options(const Options& options) {
    NamingOptions naming = options.naming;
    if (!options.layer.empty()) naming.layer = options.layer;
    return naming;
}

ExitCode stopped(Console& console) {
    console.note("Stopped; nothing was written.");
    return ExitCode::failed;
}

ExitCode list(const Options& options, Console& console) {
    const JobContext job = console.job();
    ProjectSession session = opened(options);
    const auto version = model_with_primitives(session, options.model);
    const auto naming = naming_of(session, version, naming_options(options),
                                  options.again ? Counting::again : Counting::where_missing, job);
    if (!naming) return stopped(console);
    console.result(json_of(*naming, version.name), text_of(*naming, version.name));
    return ExitCode::done;
}

// Changes the names and shows them.
ExitCode change(const Options& options, Console& console,
                const std::function<std::string(PrimitiveNaming&, const Naming&)>& how) {
    const JobContext job = console.job();
    ProjectSession session = opened(options);
    const auto version = model_with_primitives(session, options.model);
    auto naming = naming_of(session, version, naming_options(options), Counting::where_missing, job);
    if (!naming) return stopped(console);
    const std::string done = how(*naming, {session.author().name, session.now()});
    write_naming(*naming, naming_file(session.store().folder(), version.id));
    json document = json_of(*naming, version.name);
    document["done"] = done;
    console.result(document, done);
    return ExitCode::done;
}

ExitCode rename(const Options& options, Console& console) {
    return change(options, console, [&](PrimitiveNaming& naming, const Naming& by) {
        rename_primitive(naming, options.primitive, options.name, by);
        return "Primitive " + std::to_string(options.primitive) + " is called '" + options.name + "'";
    });
}

ExitCode merge(const Options& options, Console& console) {
    return change(options, console, [&](PrimitiveNaming& naming, const Naming& by) {
        merge_primitives(naming, options.primitive, options.others, by);
        std::string others;
        for (const int other : options.others) others += (others.empty() ? "" : ", ") + std::to_string(other);
        return others + " merged into primitive " + std::to_string(options.primitive);
    });
}

ExitCode undo(const Options& options, Console& console) {
    return change(options, console, [&](PrimitiveNaming& naming, const Naming& by) {
        const auto what = undo_naming(naming, by);
        if (!what) throw std::invalid_argument("there is nothing to undo about the primitives of this model");
        return "Undone: " + *what;
    });
}

ExitCode write(const Options& options, Console& console) {
    const JobContext job = console.job();
    ProjectSession session = opened(options);
    const auto version = model_with_primitives(session, options.model);
    ExportPrimitivesOptions wanted;
    wanted.examples = options.examples;
    wanted.naming = naming_options(options);
    if (options.no_pictures) wanted.pictures = ExportPrimitivesOptions::Pictures::leave_out;
    const auto written = export_primitives(session, version, options.folder, wanted, job);
    if (!written) return stopped(console);
    json files = json::object();
    for (const auto& [path, file] : written->files) files[path] = {{"bytes", file.bytes}, {"sha256", file.sha256}};
    console.result({{"model", version.name},
                    {"folder", options.folder},
                    {"examples", written->examples},
                    {"files", std::move(files)}},
                   "Wrote the dictionary of " + version.name + " with " + std::to_string(written->examples) +
                       " examples to " + options.folder);
    return ExitCode::done;
}

}  // namespace

void add_primitives(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("primitives", "The latent motion primitives that a model learnt: list, rename, export …",
                              [options](Console& console) { return options->run(console); });
    verb->require_subcommand(1);
    const auto add = [&](const std::string& name, const std::string& help, ExitCode (*run)(const Options&, Console&)) {
        CLI::App* action = verb->add_subcommand(name, help);
        action->callback([options, run] {
            options->run = [chosen = options.get(), run](Console& console) { return run(*chosen, console); };
        });
        action->add_option("project", options->project, "the project's folder")->required();
        action->add_option("--model", options->model, "a model's id or name; the newest with primitives unless given");
        action->add_option("--track", options->naming.track,
                           "whose units are counted; the motion units that are labelled most unless given");
        action->add_option("--layer", options->layer,
                           "count this layer's labels alone; all but hidden truth unless given");
        action
            ->add_option("--without-performers", options->naming.without_performers,
                         "leave out clips of these performers")
            ->delimiter(',');
        return action;
    };
    CLI::App* of_list = add("list", "names, the units they came together with, purity and usage", list);
    of_list->add_flag("--again", options->again, "count again, on the labels of today; names given by people stay");
    const auto of_author = [&](CLI::App* action) {
        action->add_option("--author", options->author, "who does it; the user of this machine unless given");
    };
    CLI::App* of_rename = add("rename", "call a primitive by another name", rename);
    of_rename->add_option("primitive", options->primitive, "its number")->required();
    of_rename->add_option("name", options->name, "the new name")->required();
    of_author(of_rename);
    CLI::App* of_merge = add("merge", "treat primitives as one", merge);
    of_merge->add_option("primitive", options->primitive, "the number of the one that stays")->required();
    of_merge->add_option("others", options->others, "the numbers of those that become part of it")->required();
    of_author(of_merge);
    of_author(add("undo", "take the last renaming, merge or count back", undo));
    CLI::App* of_export = add("export", "write the dictionary with the clips that show each primitive best", write);
    of_export->add_option("folder", options->folder, "where to; only an earlier export of a dictionary is replaced")
        ->required();
    of_export->add_option("--examples", options->examples, "of each primitive, at most")
        ->check(CLI::Range(0, 1000))
        ->capture_default_str();
    of_export->add_flag("--no-pictures", options->no_pictures, "leave the pictures out");
}

}  // namespace annotator
