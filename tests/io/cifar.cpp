// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/cifar.hpp>

#include "scratch.hpp"

namespace io_cifar_tests {

namespace {

// An image of one colour, its first pixel black.
std::string record(int label, int red, int green, int blue) {
    std::string text(1, static_cast<char>(label));
    for (const int colour : {red, green, blue}) {
        text.push_back('\0');
        text.append(1023, static_cast<char>(colour));
    }
    return text;
}

} // namespace

TEST_CASE("cifar: colour planes become pixels of three colours, batches follow each other") {
    const scratch files;
    files.write("data_batch_1.bin", record(3, 255, 51, 0) + record(9, 1, 2, 3));
    files.write_gzip("data_batch_2.bin.gz", record(0, 10, 20, 30));
    files.write_gzip("test_batch.bin.gz", record(5, 0, 0, 255));
    const mend::dataset data = mend::read_cifar10(files.path());
    CHECK(data.train->labels == std::vector<int>{3, 9, 0});
    CHECK(data.test->labels == std::vector<int>{5});
    CHECK(data.sample() == mend::shape{32, 32, 3});
    CHECK(data.class_names.at(3) == "cat");
    const auto first = data.train->dense.row(0);
    CHECK(first[0] == 0.0F);
    CHECK(first[3] == 1.0F);
    CHECK(first[4] == 0.2F);
    CHECK(first[3071] == 0.0F);
    const mend::dataset raw = mend::read_cifar10(files.path(), {.raw = true, .limit = 3});
    CHECK(raw.train->dense.row(2)[5] == 30.0F);
    CHECK(mend::read_cifar10(files.path(), {.limit = 1}).train->rows() == 1);
}

TEST_CASE("cifar: a broken file is named with the reason") {
    const scratch files;
    const auto mistake = [&] {
        return said<mend::data_error>(files, [&] { return mend::read_cifar10(files.path()); });
    };
    const std::string good = record(3, 1, 2, 3);
    files.write("data_batch_1.bin", good);
    files.write("test_batch.bin", good + good.substr(0, 100));
    CHECK(mistake() == "test_batch.bin: ends within image 1: after 100 of its 3073 bytes");
    files.write("test_batch.bin", "");
    CHECK(mistake() == "test_batch.bin: holds no samples");
    files.write("test_batch.bin", good);
    CHECK(mistake().empty());
    files.write("data_batch_2.bin", good + record(10, 0, 0, 0));
    CHECK(mistake() == "data_batch_2.bin: label 10 of image 1 is outside 0..9");
    std::filesystem::remove(files.path("test_batch.bin"));
    std::filesystem::remove(files.path("data_batch_2.bin"));
    CHECK(said<mend::file_error>(files, [&] {
              return mend::read_cifar10(files.path());
          }).ends_with(": holds no test_batch.bin (nor test_batch.bin.gz)"));
}

TEST_CASE("cifar: the real tenth of CIFAR-10 is read whole") {
    if (real_data().empty()) {
        MESSAGE("skipped: MEND_DATA_DIR holds no data");
        return;
    }
    const mend::dataset data = mend::read_cifar10(real_data() + "/cifar10");
    REQUIRE(data.train->rows() == 10'000);
    REQUIRE(data.test->rows() == 2000);
    for (int label = 0; label < 10; ++label) {
        CHECK(std::count(data.train->labels.begin(), data.train->labels.end(), label) == 1000);
        CHECK(std::count(data.test->labels.begin(), data.test->labels.end(), label) == 200);
    }
    // All of CIFAR-10: mean 0.4914, 0.4822, 0.4465 of red, green and blue.
    double sums[3] = {};
    const auto pixels = data.train->dense.flat();
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        sums[i % 3] += pixels[i] / (10'000.0 * 1024);
    }
    CHECK(sums[0] == doctest::Approx(0.4914).epsilon(0.01));
    CHECK(sums[1] == doctest::Approx(0.4822).epsilon(0.01));
    CHECK(sums[2] == doctest::Approx(0.4465).epsilon(0.01));
}

} // namespace io_cifar_tests
