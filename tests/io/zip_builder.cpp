// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/zip.hpp>
#include <mend/io/zip_builder.hpp>

#include "scratch.hpp"

namespace io_zip_builder_tests {

TEST_CASE("zip_builder: what was added reads back, in order") {
    const scratch files;
    mend::detail::zip_builder builder;
    const std::vector<std::pair<std::string, std::string>> parts{
        {"one", "first"}, {"empty", ""}, {"two", std::string(100'000, '\xAB')}};
    for (const auto& part : parts) {
        builder.add(part.first, part.second);
    }
    CHECK(builder.fits(1000));
    CHECK_FALSE(builder.fits(std::size_t{0xFFFFFFFF}));
    mend::detail::zip_archive archive(files.write("x.zip", std::move(builder).finish()));
    REQUIRE(archive.entries().size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(archive.entries()[i].name == parts[i].first);
        mend::detail::zip_reader reader(archive, archive.entries()[i]);
        std::vector<std::uint8_t> bytes(reader.left());
        reader.read(bytes);
        CHECK(std::string(bytes.begin(), bytes.end()) == parts[i].second);
    }
}

TEST_CASE("zip_builder: equal content gives equal bytes") {
    const auto build = [] {
        mend::detail::zip_builder builder;
        builder.add("name", "content");
        return std::move(builder).finish();
    };
    CHECK(build() == build());
    CHECK(build().size() == 30 + 46 + 22 + 2 * 4 + 7);
}

} // namespace io_zip_builder_tests
