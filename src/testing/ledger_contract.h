#pragma once

// What every hub::Ledger must do. A test file includes this and says, in namespace chancery::testing,
//   INSTANTIATE_TEST_SUITE_P(Sqlite, LedgerContract, ::testing::Values(&make_sqlite_ledger));
//   INSTANTIATE_TEST_SUITE_P(Sqlite, FleetContract, ::testing::Values(&make_sqlite_ledger));
// Only one file of a test program may include it.

#include "testing/ledger_contract_ca.h"
#include "testing/ledger_contract_certificate_lists.h"
#include "testing/ledger_contract_challenges.h"
#include "testing/ledger_contract_clusters.h"
#include "testing/ledger_contract_crls.h"
#include "testing/ledger_contract_fixture.h"
#include "testing/ledger_contract_fleet.h"
#include "testing/ledger_contract_foreign.h"
#include "testing/ledger_contract_hub.h"
#include "testing/ledger_contract_orders.h"
#include "testing/ledger_contract_users.h"
