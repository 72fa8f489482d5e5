// SPDX-License-Identifier: MIT
#include <limits>
#include <string>

#include <doctest/doctest.h>

#include <mend/spec/document_text.hpp>

namespace spec_document_text_tests {

using namespace mend;

TEST_CASE("document_text: reals are shortest and stay reals, what JSON lacks becomes null") {
    CHECK(to_json(document(0.1)) == "0.1");
    CHECK(to_json(document(1.0)) == "1.0");
    CHECK(to_json(document(1)) == "1");
    CHECK(to_json(document(1e-7)) == "1e-07");
    CHECK(to_json(document(1e22)) == "1e+22");
    CHECK(to_json(document(std::numeric_limits<double>::infinity())) == "null");
    CHECK(to_json(document(std::numeric_limits<double>::quiet_NaN())) == "null");
    CHECK(to_json(document(std::numeric_limits<std::int64_t>::min())) == "-9223372036854775808");
}

TEST_CASE("document_text: strings are escaped") {
    CHECK(
        to_json(document("a\"b\\c\n\t\r\x01 \xC3\xA9")) ==
        "\"a\\\"b\\\\c\\n\\t\\r\\u0001 \xC3\xA9\""
    );
}

TEST_CASE("document_text: indented text keeps flat lists on one line") {
    document shape = document::array();
    shape.push_back(nullptr);
    shape.push_back(2);
    document rows = document::array();
    rows.push_back(shape);
    document d = document::object();
    d.set("shape", shape);
    d.set("rows", rows);
    d.set("empty", document::object());
    CHECK(to_json(d) == R"({"shape": [null, 2], "rows": [[null, 2]], "empty": {}})");
    CHECK(to_json(d, 2) == R"({
  "shape": [null, 2],
  "rows": [
    [null, 2]
  ],
  "empty": {}
}
)");
}

TEST_CASE("document_text: messages show strings bare and floats as floats") {
    CHECK(plain_text("relu") == "relu");
    CHECK(plain_text(0.0010000000474974513) == "0.001"); // float 0.001 as Keras writes it
    CHECK(plain_text(0.001) == "0.001");
    CHECK(plain_text(0.00392156862745098) == "0.00392156862745098");
    CHECK(plain_text(1.0) == "1");
    CHECK(plain_text(32) == "32");
    CHECK(plain_text(true) == "true");
}

} // namespace spec_document_text_tests
