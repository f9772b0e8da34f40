#include "annotator/cli/verbs.h"

int main(int count, char** arguments) {
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
    add_align(line);
    add_relink(line);
    add_train(line);
    add_promote(line);
    add_weights(line);
    add_prelabel(line);
    add_primitives(line);
    add_keypoints(line);
    add_queue(line);
    add_evaluate(line);
    add_simulate(line);
    add_split(line);
    add_export(line);
    add_normalise(line);
    add_retime(line);
    add_verify(line);
    add_check(line);
    add_frame(line);
    add_frames(line);
    add_sound(line);
    add_overlay(line);
    add_proxy(line);
    add_pose(line);
    add_synth(line);
    add_demo(line);
    add_demo_project(line);
    add_bench(line);
    add_edit(line);
    // clang-format on
    return line.run(count, arguments);
}
