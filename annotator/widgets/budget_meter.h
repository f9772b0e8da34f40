#pragma once

#include "annotator/widgets/theme.h"

namespace annotator {

// How much of the labelling that is meant to be done by hand has been done, as a bar with a mark at the budget and in
// words: "12 % labelled by hand", "8 % left to label". Shares of 1. Fills `width`; two lines of text high.
void budget_meter(const Theme& theme, double labelled, double budget, float width);

}  // namespace annotator
