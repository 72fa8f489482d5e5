// SPDX-License-Identifier: MIT
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/input_file.hpp>

#include "scratch.hpp"

namespace io_input_file_tests {

namespace {

std::string all_of(mend::input_file& file) {
    std::string text;
    std::vector<std::uint8_t> block(1000);
    for (std::size_t got = file.read_some(block); got > 0; got = file.read_some(block)) {
        text.append(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(got));
    }
    return text;
}

} // namespace

TEST_CASE("input_file: plain and gzipped files read alike") {
    const scratch files;
    std::string content;
    for (int i = 0; i < 50'000; ++i) {
        content += std::to_string(i * 7919 % 10'007);
    }
    mend::input_file plain(files.write("a", content));
    mend::input_file packed(files.write_gzip("a.gz", content));
    CHECK_FALSE(plain.at_end());
    CHECK(all_of(plain) == content);
    CHECK(all_of(packed) == content);
    CHECK(plain.at_end());
    CHECK(packed.at_end());
    CHECK(packed.most_bytes() >= content.size());
}

TEST_CASE("input_file: what cannot be opened says why") {
    const scratch files;
    CHECK(said<mend::file_error>(files, [&] {
              return mend::input_file(files.path("none")).path();
          }) == "none: No such file or directory");
    const std::string folder = files.path();
    CHECK_THROWS_WITH_AS(mend::input_file{folder}, (folder + ": is a directory").c_str(), const mend::file_error&);
}

TEST_CASE("input_file: a file that ends early says what was to be read") {
    const scratch files;
    mend::input_file file(files.write("a", "abc"));
    std::array<std::uint8_t, 5> bytes{};
    CHECK(said<mend::data_error>(files, [&] {
              return file.read(bytes, "the header"), 0;
          }) == "a: ends early: the header needs 5 bytes, 3 are left");
}

TEST_CASE("input_file: gzip data cut short or damaged anywhere is an error or reads the same") {
    const scratch files;
    const std::string content = "one two three two one two three";
    files.write_gzip("whole.gz", content);
    mend::input_file whole(files.path("whole.gz"));
    std::string packed;
    {
        std::ifstream file(files.path("whole.gz"), std::ios::binary);
        packed.assign(std::istreambuf_iterator<char>(file), {});
    }
    for (std::size_t length = 2; length < packed.size(); ++length) {
        CAPTURE(length);
        files.write("cut.gz", packed.substr(0, length));
        mend::input_file cut(files.path("cut.gz"));
        CHECK_THROWS_AS(all_of(cut), const mend::data_error&);
    }
    for (std::size_t at = 2; at < packed.size(); ++at) {
        CAPTURE(at);
        std::string damaged = packed;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
        files.write("bad.gz", damaged);
        mend::input_file bad(files.path("bad.gz"));
        std::string read = content; // where the flip is in the time stamp and the like
        try {
            read = all_of(bad);
        } catch (const mend::data_error&) {
        }
        CHECK(read == content);
    }
}

TEST_CASE("input_file: files are found by any of their names, gzipped or not") {
    const scratch files;
    const std::string packed = files.write_gzip("two.bin.gz", "x");
    CHECK(mend::find_file(files.path(), {"one.bin", "two.bin"}) == packed);
    CHECK(mend::find_file(files.path(), {"one.bin"}).empty());
    CHECK(mend::require_file(files.path(), {"two.bin"}) == packed);
    const std::string missing = said<mend::file_error>(files, [&] {
        return mend::require_file(files.path(), {"one.bin"});
    });
    CHECK(missing.ends_with(": holds no one.bin (nor one.bin.gz)"));
    CHECK(said<mend::file_error>(files, [&] {
              return mend::require_file(files.path("none"), {"one.bin"});
          }) == "none: is not a folder");
}

} // namespace io_input_file_tests
