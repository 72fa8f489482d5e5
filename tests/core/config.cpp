// SPDX-License-Identifier: MIT
#include <string>

#include <doctest/doctest.h>

#include <mend/core/config.hpp>

#include "../build_facts.hpp"

namespace core_config_tests {

TEST_CASE("config: the library and the build state the same version") {
    CHECK(mend::version == build_facts::project_version);
}

TEST_CASE("config: a broken contract names the condition and the reason") {
    const int rows = -1;
    try {
        MEND_EXPECTS(rows >= 0, "rows are counted");
        FAIL("nothing was thrown");
    } catch (const mend::contract_violation& violation) {
        CHECK(std::string(violation.what()) == "broken contract: rows >= 0: rows are counted");
    }
}

} // namespace core_config_tests
