#include "annotator/cli/verbs.h"

int main(int count, char** arguments) {
    annotator::CommandLine line;
    for (const auto add :
         {annotator::add_new,      annotator::add_import,   annotator::add_relink, annotator::add_labels,
          annotator::add_status,   annotator::add_apply,    annotator::add_undo,   annotator::add_log,
          annotator::add_train,    annotator::add_prelabel, annotator::add_queue,  annotator::add_evaluate,
          annotator::add_simulate, annotator::add_split,    annotator::add_export, annotator::add_verify,
          annotator::add_synth,    annotator::add_demo,     annotator::add_bench,  annotator::add_edit})
        add(line);
    using namespace annotator;
    CommandLine line;
    // clang-format off
    add_new(line);
    add_import(line);
    add_labels(line);
    add_status(line);
    add_apply(line);
    add_undo(line);
    add_log(line);
    add_train(line);
    add_prelabel(line);
    add_queue(line);
    add_evaluate(line);
    add_simulate(line);
    add_split(line);
    add_export(line);
    add_normalise(line);
    add_retime(line);
    add_verify(line);
    add_check(line);
    add_overlay(line);
    add_proxy(line);
    add_synth(line);
    add_demo(line);
    add_bench(line);
    add_edit(line);
    // clang-format on
    return line.run(count, arguments);
}
