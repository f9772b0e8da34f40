#include "annotator/cli/verbs.h"

int main(int count, char** arguments) {
    annotator::CommandLine line;
    annotator::add_new(line);
    annotator::add_import(line);
    annotator::add_status(line);
    annotator::add_apply(line);
    annotator::add_undo(line);
    annotator::add_log(line);
    return line.run(count, arguments);
}
