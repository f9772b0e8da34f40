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
    return line.run(count, arguments);
}
