#pragma once

// What SQLite's result codes mean to a caller.

#include <sqlite3.h>

#include <string_view>

#include "base/error.h"

namespace chancery::sql {

// The error that the last call on `database` ended with, as result code `code`. `sql` is what was run; its text is told
// only where it explains something, and never holds a value.
Error sqlite_error(int code, sqlite3* database, std::string_view sql);

}  // namespace chancery::sql
