#pragma once

#include "storage/db/connection.h"

namespace storage {

// Rolls back unless commit() is reached, so an exception on the way leaves the
// database as it was.
//
// Thread: the one that owns the connection.
class Transaction {
public:
    explicit Transaction(Connection& connection);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    void commit();

private:
    Connection& connection_;
    bool open_ = true;
};

}  // namespace storage
