// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/idx.hpp>

#include "scratch.hpp"

namespace io_idx_tests {

namespace {

std::string big(std::uint32_t number) {
    return {
        static_cast<char>(number >> 24U),
        static_cast<char>(number >> 16U),
        static_cast<char>(number >> 8U),
        static_cast<char>(number)};
}

std::string images(std::uint32_t count, std::uint32_t rows, std::uint32_t columns) {
    std::string text("\0\0\x08\x03", 4);
    text += big(count) + big(rows) + big(columns);
    for (std::uint32_t i = 0; i < count * rows * columns; ++i) {
        text.push_back(static_cast<char>(i * 51 % 256));
    }
    return text;
}

std::string labels(const std::string& digits) {
    std::string text("\0\0\x08\x01", 4);
    text += big(static_cast<std::uint32_t>(digits.size()));
    for (const char digit : digits) {
        text.push_back(static_cast<char>(digit - '0'));
    }
    return text;
}

// A small set under the usual names; a test then spoils one file.
struct small_mnist : scratch {
    small_mnist() {
        write("train-images-idx3-ubyte", images(3, 2, 4));
        write_gzip("train-labels-idx1-ubyte.gz", labels("907"));
        write_gzip("t10k-images.idx3-ubyte.gz", images(2, 2, 4));
        write("t10k-labels.idx1-ubyte", labels("12"));
    }

    [[nodiscard]] std::string mistake() const {
        return said<mend::data_error>(*this, [&] { return mend::read_mnist(path()); });
    }
};

} // namespace

TEST_CASE("idx: images and labels are read, gzipped or not, under both spellings of the names") {
    const small_mnist files;
    const mend::dataset data = mend::read_mnist(files.path());
    CHECK(data.classes == 10);
    CHECK_FALSE(data.pool);
    REQUIRE(data.train);
    REQUIRE(data.test);
    CHECK(data.sample() == mend::shape{2, 4, 1});
    CHECK(data.train->labels == std::vector<int>{9, 0, 7});
    CHECK(data.test->labels == std::vector<int>{1, 2});
    CHECK(data.train->dense[1] == 51.0F / 255.0F);
    CHECK(data.train->dense[5] == 1.0F);
    CHECK(data.train->dense[8] == (8 * 51 % 256) / 255.0F);
}

TEST_CASE("idx: raw pixels and a limit are as asked for") {
    const small_mnist files;
    const mend::dataset data = mend::read_mnist(files.path(), {.raw = true, .limit = 2});
    CHECK(data.train->rows() == 2);
    CHECK(data.train->labels == std::vector<int>{9, 0});
    CHECK(data.test->rows() == 2);
    CHECK(data.train->dense[1] == 51.0F);
}

TEST_CASE("idx: a broken file is named with the reason") {
    const small_mnist files;
    const auto spoil = [&](const std::string& name, const std::string& bytes) {
        files.write(name, bytes);
        return files.mistake();
    };
    const std::string name = "train-images-idx3-ubyte";
    const std::string good = images(3, 2, 4);
    CHECK(
        spoil(name, good.substr(0, good.size() - 1)) ==
        name + ": ends early: image 2 needs 8 bytes, 7 are left"
    );
    CHECK(
        spoil(name, good.substr(0, 6)) ==
        name + ": ends early: the IDX header needs 4 bytes, 2 are left"
    );
    CHECK(
        spoil(name, good + "x") == name + ": goes on after the elements that its header announces"
    );
    CHECK(
        spoil(name, "PK" + good.substr(2)) ==
        name + ": is not an IDX file (it does not begin with two zero bytes)"
    );
    CHECK(
        spoil(name, std::string("\0\0\x0D\x03", 4) + good.substr(4)) ==
        name + ": holds elements of type 0x0D, unsigned bytes are 0x08"
    );
    CHECK(
        spoil(name, std::string("\0\0\x08\x01", 4) + good.substr(4)) ==
        name + ": has 1 dimensions instead of 3"
    );
    CHECK(spoil(name, images(0, 2, 4)) == name + ": holds no samples");
    CHECK(
        spoil(name, std::string("\0\0\x08\x03", 4) + big(0xFFFFFFFF) + big(0xFFFF) + big(0xFFFF)) ==
        name + ": has extents (4294967295, 65535, 65535), more than the file can hold"
    );
    const std::string other = images(4, 2, 4);
    CHECK(
        spoil(name, other) ==
        "train-labels-idx1-ubyte.gz: holds 3 labels, but train-images-idx3-ubyte 4 images"
    );
    files.write(name, good);
    CHECK(files.mistake().empty());
    files.write_gzip("train-labels-idx1-ubyte.gz", labels("9:7"));
    CHECK(files.mistake() == "train-labels-idx1-ubyte.gz: label 10 of sample 1 is outside 0..9");
}

TEST_CASE("idx: parts of different shape do not go together") {
    const small_mnist files;
    files.write_gzip("t10k-images.idx3-ubyte.gz", images(2, 3, 3));
    CHECK(files.mistake().ends_with(
        " (test): samples have shape (3, 3, 1), those to train on (2, 4, 1)"
    ));
}

TEST_CASE("idx: a missing file is named") {
    const scratch files;
    const std::string text =
        said<mend::file_error>(files, [&] { return mend::read_mnist(files.path()); });
    CHECK(text.ends_with(": holds no train-images-idx3-ubyte (nor train-images-idx3-ubyte.gz)"));
}

// MNIST's published facts: 60,000 + 10,000 images, first labels 5 0 4 1 9 and 7 2 1 0 4, mean pixel
// 0.1307, deviation 0.3081.
TEST_CASE("idx: MNIST itself is read whole") {
    if (real_data().empty()) {
        MESSAGE("skipped: MEND_DATA_DIR holds no data");
        return;
    }
    const mend::dataset data = mend::read_mnist(real_data() + "/mnist");
    REQUIRE(data.train->rows() == 60'000);
    REQUIRE(data.test->rows() == 10'000);
    CHECK(data.sample() == mend::shape{28, 28, 1});
    const std::vector<int>& train = data.train->labels;
    const std::vector<int>& test = data.test->labels;
    CHECK(std::vector<int>(train.begin(), train.begin() + 5) == std::vector<int>{5, 0, 4, 1, 9});
    CHECK(std::vector<int>(test.begin(), test.begin() + 5) == std::vector<int>{7, 2, 1, 0, 4});
    double sum = 0;
    double squares = 0;
    for (const float pixel : data.train->dense.flat()) {
        sum += pixel;
        squares += static_cast<double>(pixel) * pixel;
    }
    const double count = 60'000.0 * 784;
    CHECK(sum / count == doctest::Approx(0.1307).epsilon(0.0005));
    CHECK(
        std::sqrt(squares / count - sum / count * sum / count) ==
        doctest::Approx(0.3081).epsilon(0.0005)
    );
}

} // namespace io_idx_tests
