#pragma once

#include <span>

#include "schemas/embedded.h"
#include "storage/db/connection.h"

namespace storage {

// Brings the database up to the newest of `migrations`, each in a transaction of its own.
// Before an existing project is changed it is copied to <file>.v<version>.backup. A
// database of a newer version, or one that is no Kinetograph project, is refused by name.
void migrate(Connection& connection, std::span<const schemas::EmbeddedFile> migrations);

// How many migrations the database has seen.
int schema_version(Connection& connection);

}  // namespace storage
