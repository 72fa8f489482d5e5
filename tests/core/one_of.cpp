// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <mend/core/config.hpp>
#include <mend/core/one_of.hpp>

namespace core_one_of_tests {

using mend::dispatch;
using mend::get;
using mend::get_if;
using mend::holds;

using value = mend::one_of<int, std::string, double>;

static_assert(std::is_constructible_v<value, const std::string&>);
static_assert(!std::is_constructible_v<value, float>);
static_assert(!std::is_constructible_v<value, const char*>);
static_assert(std::is_nothrow_move_constructible_v<value>);
static_assert(std::is_nothrow_move_assignable_v<value>);

TEST_CASE("one_of: holds a default-made value of the first type, or of the one at a position") {
    CHECK(get<int>(value()) == 0);
    CHECK(get<std::string>(value::at(1)).empty());
    CHECK(value::at(2).index() == 2);
    CHECK_THROWS_AS(static_cast<void>(value::at(value::size)), mend::contract_violation);
}

TEST_CASE("one_of: knows what it holds") {
    value v = std::string("ab");
    CHECK(v.index() == 1);
    CHECK(holds<std::string>(v));
    CHECK_FALSE(holds<int>(v));
    CHECK(get_if<double>(&v) == nullptr);
    *get_if<std::string>(&v) += "c";
    CHECK(get<std::string>(std::as_const(v)) == "abc");
    CHECK_THROWS_AS(static_cast<void>(get<int>(v)), mend::contract_violation);
}

TEST_CASE("one_of: copies are deep, and equal until one of them changes") {
    value v = std::string("a text that is too long to be kept without allocation");
    value copy = v;
    CHECK(copy == v);
    get<std::string>(copy) += "!";
    CHECK(copy != v);
    v = copy;
    CHECK(copy == v);
    v = 3;
    CHECK(v != copy);
    CHECK(v == value(3));
    CHECK(v != value(3.0));
}

TEST_CASE("one_of: what was moved from may be copied, compared and assigned") {
    value v = std::string("ab");
    value taken = std::move(v);
    CHECK(get<std::string>(taken) == "ab");
    const value copy = v; // NOLINT
    CHECK(copy == v);
    CHECK(copy != taken);
    v = 2;
    CHECK(get<int>(v) == 2);
    value& same = taken;
    taken = same;
    CHECK(get<std::string>(taken) == "ab");
}

TEST_CASE("one_of: dispatch calls with the value at hand, which it may change") {
    value v = std::string("ab");
    const auto size = [](const auto& held) { return sizeof(held); };
    CHECK(dispatch(size, std::as_const(v)) == sizeof(std::string));
    dispatch([](auto& held) { held += held; }, v);
    CHECK(get<std::string>(v) == "abab");
    v = 1.5;
    dispatch([](auto& held) { held += held; }, v);
    CHECK(get<double>(v) == 3);
    static int other = 7;
    CHECK(&dispatch([](auto&) -> int& { return other; }, v) == &other);
}

struct pointer_size {
    template <class T>
    std::size_t operator()(const T*) const {
        return sizeof(T);
    }
};

TEST_CASE("pointer_to_one_of: gives the pointer back under its own type alone") {
    std::vector<double> numbers{1, 2};
    bool flag = false;
    using pointer = mend::pointer_to_one_of<bool, std::vector<double>, std::int64_t>;
    const pointer to_numbers = &numbers;
    const pointer to_flag = &flag;
    CHECK(to_numbers.to<std::vector<double>>() == &numbers);
    CHECK(to_numbers.to<bool>() == nullptr);
    CHECK(to_flag.to<bool>() == &flag);
    CHECK(to_numbers.dispatch(pointer_size{}) == sizeof(numbers));
    CHECK(to_flag.dispatch(pointer_size{}) == sizeof(bool));
    static_assert(!std::is_constructible_v<pointer, float*>);
}

} // namespace core_one_of_tests
