#pragma once

// A challenge that was just minted, with all that the device must be told. The only place where the secret stands.

#include <boost/json/object.hpp>

#include "api/admin_api.h"
#include "api/shape.h"

namespace chancery::api {

[[nodiscard]] boost::json::object minted_challenge_json(const AdminServices& services,
                                                        const ca::MintedChallenge& minted);
[[nodiscard]] const Shape& minted_challenge_shape();

}  // namespace chancery::api
