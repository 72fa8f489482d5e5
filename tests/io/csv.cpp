// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/csv.hpp>

#include "scratch.hpp"

namespace io_csv_tests {

namespace {

// Reads a table of this text, with the column "y" as its target.
mend::dataset table(const scratch& files, const std::string& text, mend::csv_options options = {}) {
    if (options.target.empty()) {
        options.target = "y";
    }
    return mend::read_csv(files.write("a.csv", text), options);
}

std::string mistake(const std::string& text, const mend::csv_options& options = {}) {
    const scratch files;
    return said<mend::data_error>(files, [&] { return table(files, text, options); });
}

} // namespace

TEST_CASE("csv: columns beside the target are features, in their order") {
    const scratch files;
    const mend::dataset data = table(files, "a,y,b\n1,0.5,2\n-3e2, 1.5 ,+.25\n");
    CHECK(data.classes == 0);
    CHECK(data.sample() == mend::shape{2});
    REQUIRE(data.pool->rows() == 2);
    CHECK(data.pool->dense[0] == 1.0F);
    CHECK(data.pool->dense[1] == 2.0F);
    CHECK(data.pool->dense[2] == -300.0F);
    CHECK(data.pool->dense[3] == 0.25F);
    CHECK(data.pool->targets[1] == 1.5F);
}

TEST_CASE("csv: words are classes in order of appearance, also where some look like numbers") {
    const scratch files;
    const mend::dataset data = table(files, "a,y\n1,setosa\n2,virginica\n3,setosa\n4,7\n");
    CHECK(data.classes == 3);
    CHECK(data.class_names == std::vector<std::string>{"setosa", "virginica", "7"});
    CHECK(data.pool->labels == std::vector<int>{0, 1, 0, 2});
}

TEST_CASE("csv: quotes, line ends, a byte order mark and empty lines are as in RFC 4180") {
    const scratch files;
    const mend::dataset data = table(
        files,
        "\xEF\xBB\xBF\"first, \"\"a\"\"\",y\r\n\"1\",\"two\nlines\"\r\n\r\n2,\"say "
        "\"\"hi\"\"\"\r\n3, x "
    );
    CHECK(data.class_names == std::vector<std::string>{"two\nlines", "say \"hi\"", "x"});
    CHECK(data.pool->dense[2] == 3.0F);
    const mend::dataset quoted =
        table(files, "\xEF\xBB\xBF\"first, \"\"a\"\"\",y\n1,0.5\n", {.target = "first, \"a\""});
    CHECK(quoted.pool->dense[0] == 0.5F);
    const mend::dataset other =
        table(files, "\xEF\xBE\x83,y\n1e-50,0.5\n", {.target = "\xEF\xBE\x83"});
    CHECK(other.pool->dense[0] == 0.5F);
    CHECK(table(files, "a,y\n1e-50,u\n").pool->dense[0] == 0.0F);
}

TEST_CASE("csv: a gzipped table and a limit") {
    const scratch files;
    const std::string path = files.write_gzip("a.csv.gz", "a,y\n1,0\n2,1\n3,1\n4,zero\n");
    const mend::dataset data = mend::read_csv(path, {.target = "y", .limit = 3});
    CHECK(data.pool->rows() == 3);
    CHECK(data.classes == 2);
}

TEST_CASE("csv: numbers are labels by the rule, or as the task says") {
    const scratch files;
    const std::string text = "a,y\n1,3\n2,1\n3,1\n4,3\n";
    const mend::dataset data = table(files, text);
    CHECK(data.class_names == std::vector<std::string>{"1", "3"});
    CHECK(data.pool->labels == std::vector<int>{1, 0, 0, 1});
    CHECK(table(files, text, {.kind = mend::target_kind::regression}).classes == 0);
    CHECK(
        mistake("a,y\n1,0.5\n", {.kind = mend::target_kind::classification}) ==
        "a.csv: 0.5 is no class label"
    );
    CHECK(
        mistake("a,y\n1,1\n2,red\n", {.kind = mend::target_kind::regression}) ==
        "a.csv: row 2, column \"y\": \"red\" is not a finite number"
    );
}

TEST_CASE("csv: a target that is blank, or text among numbers, is named by its row") {
    CHECK(mistake("a,y\n1,red\n2, \n") == "a.csv: row 2, column \"y\": is empty");
    CHECK(
        mistake("a,y\n1,0.5\n2,n/a\n3,0.25\n") ==
        "a.csv: row 2, column \"y\": \"n/a\" is not a finite number"
    );
    const scratch files;
    const mend::csv_options asked{.kind = mend::target_kind::classification};
    CHECK(table(files, "a,y\n1,1\n2,n/a\n3,2\n", asked).classes == 3);
}

TEST_CASE("csv: text in a feature is named by row and column") {
    CHECK(
        mistake("a,b,y\n1,2,0\n\n1,x,0\n") ==
        "a.csv: row 2 (line 4), column \"b\": \"x\" is not a finite number"
    );
    CHECK(
        mistake("a,y\n,0\n") == "a.csv: row 1 (line 2), column \"a\": \"\" is not a finite number"
    );
    for (const char* const word : {"nan", "inf", "1e999", "0x10", "1 2", "+-1", "1,5"}) {
        CAPTURE(word);
        CHECK_FALSE(mistake("a,y\n" + std::string(word) + ",0\n").empty());
    }
}

TEST_CASE("csv: a table that is no table is named with the reason") {
    CHECK(mistake("") == "a.csv: is empty; it needs a header line");
    CHECK(mistake("a,y\n") == "a.csv: holds no samples, only a header");
    CHECK(mistake("a,b\n1,2\n") == "a.csv: has no column \"y\"; it has: a, b");
    CHECK(mistake("y,a,y\n1,2,3\n") == "a.csv: has two columns \"y\"");
    CHECK(mistake("y\n1\n") == "a.csv: has no column beside the target");
    CHECK(mistake("a,y\n1,0\n1\n") == "a.csv: row 2 (line 3) has 1 fields, the header 2");
    CHECK(mistake("a,y\n1,\"0\n1,0\n") == "a.csv: ends within the quotes of line 2");
    const scratch files;
    files.write("a.csv", "a,y\n1,0\n");
    CHECK(said<mend::usage_error>(files, [&] {
              return mend::read_csv(files.path("a.csv"), {});
          }).ends_with("needs #target=COLUMN, the column to predict"));
}

} // namespace io_csv_tests
