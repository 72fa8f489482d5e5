// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/zip.hpp>
#include <mend/io/zip_builder.hpp>

#include "scratch.hpp"

namespace io_zip_tests {

namespace {

std::string content_of(const std::string& path, std::size_t number) {
    mend::detail::zip_archive archive(path);
    mend::detail::zip_reader reader(archive, archive.entries().at(number));
    std::vector<std::uint8_t> bytes(reader.left());
    reader.read(bytes);
    return {bytes.begin(), bytes.end()};
}

} // namespace

// Written by Python: 40 times 'a' deflated as "a", 'b' stored as "b", by zipfile.ZipFile.writestr.
TEST_CASE("zip: entries that another program packed are read") {
    const scratch files;
    const std::string path = files.write(
        "ab.zip",
        from_hex("504b030414000000080000002100258a5bc9060000002800000001000000614b4c240e0000504b03"
                 "0414000000000000002100f9efbe710100000001000000010000006262504b010214031400000008"
                 "0000002100258a5bc9060000002800000001000000000000000000000080010000000061504b0102"
                 "140314000000000000002100f9efbe71010000000100000001000000000000000000000080012500"
                 "000062504b050600000000020002005e000000450000000000")
    );
    const mend::detail::zip_archive archive(path);
    REQUIRE(archive.entries().size() == 2);
    CHECK(archive.entries()[0].name == "a");
    CHECK(archive.entries()[0].deflated);
    CHECK_FALSE(archive.entries()[1].deflated);
    CHECK(content_of(path, 0) == std::string(40, 'a'));
    CHECK(content_of(path, 1) == "b");
}

TEST_CASE("zip: what is no archive, or has lost its end, is said to be so") {
    const scratch files;
    const auto open = [&](const std::string& bytes) {
        return said<mend::data_error>(files, [&] {
            return mend::detail::zip_archive(files.write("x.npz", bytes)).path();
        });
    };
    CHECK(open("no archive at all") == "x.npz: is no npz (zip) file, or has lost its end");
    CHECK(open("") == "x.npz: is no npz (zip) file, or has lost its end");
    mend::detail::zip_builder builder;
    builder.add("name", "content");
    const std::string whole = std::move(builder).finish();
    CHECK(open(whole).empty());
    CHECK(open(whole.substr(0, whole.size() - 1)).ends_with("or has lost its end"));
    CHECK(open(whole.substr(10)) == "x.npz: has a damaged zip directory");
}

TEST_CASE("zip: a wrong checksum is an error at the last byte") {
    const scratch files;
    mend::detail::zip_builder builder;
    builder.add("name", "content");
    std::string bytes = std::move(builder).finish();
    bytes[bytes.find("content")] = 'C';
    const std::string path = files.write("x.npz", bytes);
    CHECK(said<mend::data_error>(files, [&] {
              return content_of(path, 0);
          }) == "x.npz: name: is damaged (its checksum is wrong)");
}

} // namespace io_zip_tests
