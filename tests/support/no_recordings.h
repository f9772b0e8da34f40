#pragma once

#include <doctest/doctest.h>

namespace tests {

inline void no_recordings() { MESSAGE("the real recordings are not here; see recording_files.h"); }

}  // namespace tests
