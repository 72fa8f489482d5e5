// SPDX-License-Identifier: MIT
#include <string>

#include <doctest/doctest.h>

#include <mend/spec/document.hpp>

namespace spec_document_tests {

using namespace mend;

TEST_CASE("document: each kind holds its value") {
    CHECK(document().is_null());
    CHECK(document(nullptr).is_null());
    CHECK(document(true).as_bool());
    CHECK(document(true).is_bool());
    CHECK(document(7).as_integer() == 7);
    CHECK(document(7).is_integer());
    CHECK(document(7).as_number() == 7.0);
    CHECK(document(0.5F).as_number() == 0.5);
    CHECK(document(0.5).kind() == document_kind::real);
    CHECK(document("x").as_string() == "x");
    CHECK(document::array().is_array());
    CHECK(document::object().is_object());
    CHECK_THROWS_AS(static_cast<void>(document(1).as_string()), contract_violation);
    CHECK_THROWS_AS(static_cast<void>(document("1").as_number()), contract_violation);
    CHECK_THROWS_AS(document().push_back(1), contract_violation);
}

TEST_CASE("document: objects keep the order of their members and set in place") {
    document d = document::object();
    d.set("b", 1);
    d.set("a", document::array());
    d.set("b", "new");
    CHECK(d.size() == 2);
    CHECK(d.members()[0].key == "b");
    CHECK(d.find("b")->as_string() == "new");
    CHECK(d.find("c") == nullptr);
    CHECK(document(1).find("c") == nullptr);
    d.find("a")->push_back(2.5);
    CHECK(d.find("a")->items()[0] == document(2.5));
}

TEST_CASE("document: equality is exact and copies are deep") {
    CHECK(document(1) != document(1.0));
    CHECK(document() == document(nullptr));
    CHECK(document::array() != document::object());
    document a = document::object();
    a.set("x", document::array()).push_back(1);
    document b = a;
    CHECK(a == b);
    b.find("x")->push_back(2);
    CHECK(a != b);
    CHECK(a.find("x")->size() == 1);
}

} // namespace spec_document_tests
