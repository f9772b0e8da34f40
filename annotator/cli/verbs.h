#pragma once

#include "annotator/cli/command_line.h"

namespace annotator {

// One function a verb, each in the file of its name.
void add_new(CommandLine& line);
void add_import(CommandLine& line);
void add_align(CommandLine& line);
void add_relink(CommandLine& line);
void add_labels(CommandLine& line);
void add_status(CommandLine& line);
void add_apply(CommandLine& line);
void add_undo(CommandLine& line);  // undo and redo
void add_log(CommandLine& line);
void add_train(CommandLine& line);
void add_promote(CommandLine& line);
void add_weights(CommandLine& line);
void add_prelabel(CommandLine& line);
void add_primitives(CommandLine& line);
void add_keypoints(CommandLine& line);
void add_queue(CommandLine& line);
void add_evaluate(CommandLine& line);
void add_simulate(CommandLine& line);
void add_split(CommandLine& line);
void add_export(CommandLine& line);
void add_verify(CommandLine& line);
void add_overlay(CommandLine& line);
void add_check(CommandLine& line);
void add_normalise(CommandLine& line);
void add_retime(CommandLine& line);
void add_frame(CommandLine& line);
void add_frames(CommandLine& line);
void add_synth(CommandLine& line);
void add_demo(CommandLine& line);
void add_demo_project(CommandLine& line);
void add_bench(CommandLine& line);
void add_proxy(CommandLine& line);
void add_pose(CommandLine& line);
void add_sound(CommandLine& line);
void add_edit(CommandLine& line);

}  // namespace annotator
