#include "storage/db/transaction.h"

#include <sqlite3.h>

namespace storage {

// IMMEDIATE takes the write lock at once: a deferred transaction that reads first can be
// refused the lock later, without the busy timeout being waited for.
Transaction::Transaction(Connection& connection) : connection_(connection) { connection_.execute("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
    // Some errors (a full disk) have rolled back already.
    if (open_ && sqlite3_get_autocommit(connection_.handle()) == 0)
        sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
    connection_.execute("COMMIT");
    open_ = false;
}

}  // namespace storage
