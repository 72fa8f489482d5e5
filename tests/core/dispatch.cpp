// SPDX-License-Identifier: MIT
#include <string>
#include <utility>
#include <variant>

#include <doctest/doctest.h>

#include <mend/core/dispatch.hpp>

namespace core_dispatch_tests {

TEST_CASE("dispatch: calls with the alternative at hand, which it may change") {
    std::variant<int, std::string, double> v = std::string("ab");
    const auto size = [](const auto& held) { return sizeof(held); };
    CHECK(mend::dispatch(size, std::as_const(v)) == sizeof(std::string));
    mend::dispatch([](auto& held) { held += held; }, v);
    CHECK(std::get<std::string>(v) == "abab");
    v = 1.5;
    mend::dispatch([](auto& held) { held += held; }, v);
    CHECK(std::get<double>(v) == 3);
    const auto itself = [](auto&) -> std::variant<int, std::string, double>& {
        static std::variant<int, std::string, double> other;
        return other;
    };
    CHECK(&mend::dispatch(itself, v) == &mend::dispatch(itself, v));
}

} // namespace core_dispatch_tests
