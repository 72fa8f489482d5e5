// SPDX-License-Identifier: MIT
#include <string>
#include <type_traits>

#include <doctest/doctest.h>

#include <mend/core/error.hpp>

namespace core_error_tests {

TEST_CASE("error: what() is where and why in one line") {
    const mend::spec_error mistake("/fit/batch_size", "must be at least 1, is 0");
    CHECK(std::string(mistake.what()) == "/fit/batch_size: must be at least 1, is 0");
    CHECK(mistake.where() == "/fit/batch_size");
    CHECK(mistake.why() == "must be at least 1, is 0");
}

TEST_CASE("error: every kind can be caught as mend::error") {
    CHECK(std::is_base_of_v<mend::error, mend::spec_error>);
    CHECK(std::is_base_of_v<mend::error, mend::data_error>);
    CHECK(std::is_base_of_v<mend::error, mend::file_error>);
    CHECK(std::is_base_of_v<mend::error, mend::usage_error>);
}

} // namespace core_error_tests
