// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/genes.hpp>

namespace search_genes_tests {

using namespace mend;
using detail::gene_kind;
using detail::gene_map;

namespace {

using numbers = std::vector<double>;

/// Genes: x, n, batch, kind, slope (of kind "c" alone), flag; "only" has one value.
space tree() {
    space s;
    s.real("x", 0, 10)
        .integer("n", 1, 4)
        .ordinal("batch", {16, 32})
        .categorical("kind", {"a", "b", "c"})
        .real("slope", 0, 1)
        .only_if("kind", {"c"})
        .boolean("flag")
        .real("only", 3, 3);
    s.forbid({{"kind", {"a"}}, {"flag", {"true"}}});
    return s;
}

numbers features(const gene_map& map, const numbers& genes) {
    numbers made(map.width());
    map.write_features(genes, made.data());
    return made;
}

} // namespace

TEST_CASE("genes: one for each parameter of more than one value, of its kind") {
    const gene_map map(tree(), false);
    REQUIRE(map.size() == 6);
    CHECK(map.kind(0) == gene_kind::real);
    CHECK(map.kind(1) == gene_kind::stepped);
    CHECK(map.kind(2) == gene_kind::stepped);
    CHECK(map.kind(3) == gene_kind::category);
    CHECK(map.levels(3) == 3);
    CHECK(map.kind(5) == gene_kind::category);
    CHECK(map.width() == 6);
    CHECK(map.numeric() == 4);
    CHECK(map.categorical() == 2);
    CHECK(gene_map(tree(), true).width() == 4 + 3 + 2);
}

TEST_CASE("genes: settled rows are those of points, and come back from them") {
    for (const bool conditional : {true, false}) {
        space over;
        if (conditional) {
            over = tree();
        } else {
            over.real("x", 0, 10).integer("n", 1, 4).categorical("kind", {"a", "b", "c"});
            over.forbid({{"kind", {"a"}}, {"n", {"1"}}});
        }
        const gene_map map(over, false);
        random_stream stream(1, 0, purpose::search);
        int forbidden = 0;
        for (int i = 0; i < 300; ++i) {
            numbers genes(map.size());
            for (std::size_t g = 0; g < genes.size(); ++g) {
                genes[g] = map.kind(g) == gene_kind::category
                               ? static_cast<double>(stream.below(map.levels(g)))
                               : stream.uniform();
            }
            if (!map.settle(genes, stream)) {
                ++forbidden;
                continue;
            }
            const point made = map.decode(genes);
            REQUIRE(over.contains(made));
            const numbers again = map.encode(made);
            for (std::size_t g = 0; g < genes.size(); ++g) {
                REQUIRE(std::isnan(again[g]) == std::isnan(genes[g]));
                REQUIRE((std::isnan(again[g]) || std::abs(again[g] - genes[g]) < 1e-12));
            }
        }
        CHECK(forbidden > 0);
    }
}

TEST_CASE("genes: what cannot exist is dropped, what newly exists is drawn, the rest is kept") {
    const gene_map map(tree(), false);
    random_stream stream(2, 0, purpose::search);
    numbers genes{0.123456789, 0.3, 0.9, 1, 0.7, 0};
    REQUIRE(map.settle(genes, stream));
    CHECK(genes[0] == 0.123456789);
    CHECK(genes[1] == doctest::Approx(0.375)); // the middle of the second of four cells
    CHECK(genes[2] == doctest::Approx(0.75));
    CHECK(std::isnan(genes[4])); // no slope but for "c"
    genes[3] = 2;
    REQUIRE(map.settle(genes, stream));
    CHECK(genes[4] >= 0);
    CHECK(genes[4] <= 1);
}

TEST_CASE("genes: features of what exists, and of what does not") {
    const double none = std::nan("");
    const numbers genes{0.2, 0.375, 0.75, 1, none, 0};
    CHECK(features(gene_map(tree(), false), genes) == numbers{0.2, 0.375, 0.75, 0.5, 1, 0});
    CHECK(features(gene_map(tree(), true), genes) == numbers{0.2, 0.375, 0.75, 0.5, 0, 1, 0, 1, 0});
    space s;
    s.boolean("on").categorical("kind", {"a", "b"}).only_if("on", {"true"});
    CHECK(features(gene_map(s, false), {0, none}) == numbers{0, -1});
    CHECK(features(gene_map(s, true), {1, none}) == numbers{0, 1, 0, 0});
}

} // namespace search_genes_tests
