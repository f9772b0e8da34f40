#pragma once

#include <string_view>

namespace schemas {

// Of the program; exports and model records carry it.
inline constexpr std::string_view version = "0.1.0";

}  // namespace schemas
