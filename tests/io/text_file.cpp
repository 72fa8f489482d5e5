// SPDX-License-Identifier: MIT
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <thread>

#include <doctest/doctest.h>

#include <mend/io/text_file.hpp>

#include "scratch.hpp"

namespace io_text_file_tests {

namespace fs = std::filesystem;

TEST_CASE("text_file: what was written reads back, and nothing is left beside it") {
    const scratch files;
    mend::write_text_file(files.path("a"), "one");
    mend::write_text_file(files.path("a"), "two\n");
    CHECK(mend::read_text_file(files.path("a")) == "two\n");
    CHECK(std::distance(fs::directory_iterator(files.path()), fs::directory_iterator()) == 1);
}

TEST_CASE("text_file: a link stays a link, and what it leads to is written") {
    const scratch files;
    files.write("target", "old");
    fs::create_symlink("target", files.path("link"));
    mend::write_text_file(files.path("link"), "new");
    CHECK(fs::is_symlink(files.path("link")));
    CHECK(mend::read_text_file(files.path("target")) == "new");
}

TEST_CASE("text_file: a pipe and a device are written, not replaced") {
    const scratch files;
    REQUIRE(mkfifo(files.path("pipe").c_str(), 0600) == 0);
    std::string got;
    std::thread reader([&] { got = mend::read_text_file(files.path("pipe")); });
    mend::write_text_file(files.path("pipe"), "through");
    reader.join();
    CHECK(got == "through");
    CHECK(fs::is_fifo(files.path("pipe")));
}

TEST_CASE("text_file: what can not be read or written is named") {
    const scratch files;
    CHECK(said<mend::file_error>(files, [&] {
              return mend::read_text_file(files.path());
          }).ends_with("is a directory"));
    CHECK_THROWS_AS(mend::write_text_file(files.path(), "x"), const mend::file_error&);
    CHECK_THROWS_AS(mend::write_text_file(files.path("none/a"), "x"), const mend::file_error&);
}

} // namespace io_text_file_tests
