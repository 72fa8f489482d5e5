// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdlib>
#include <string>

#include <doctest/doctest.h>

#include <mend/io/dataset.hpp>
#include <mend/io/published_data.hpp>

#include "scratch.hpp"

namespace io_published_data_tests {

namespace {

/// MEND_DATA_DIR for as long as this lives.
class data_folder {
public:
    explicit data_folder(const char* path) {
        const char* now = std::getenv("MEND_DATA_DIR");
        had_ = now != nullptr;
        before_ = had_ ? now : "";
        path != nullptr ? setenv("MEND_DATA_DIR", path, 1) : unsetenv("MEND_DATA_DIR");
    }

    data_folder(const data_folder&) = delete;
    data_folder& operator=(const data_folder&) = delete;

    ~data_folder() {
        had_ ? setenv("MEND_DATA_DIR", before_.c_str(), 1) : unsetenv("MEND_DATA_DIR");
    }

private:
    bool had_ = false;
    std::string before_;
};

} // namespace

TEST_CASE("published_data: what is not at hand is drawn, and the name says so") {
    for (const char* const folder : {static_cast<const char*>(nullptr), "", "/none"}) {
        const data_folder set(folder);
        const mend::dataset data = mend::read_dataset("mnist?holdout=42&limit=30");
        CHECK(data.name == "digits in place of mnist?holdout=42&limit=30");
        CHECK(data.sample() == mend::shape{28, 28, 1});
        CHECK(data.train->rows() == 30);
        CHECK(data.validation->rows() == 30);
        CHECK(data.test->rows() == 30);
    }
    const data_folder none(nullptr);
    CHECK(mend::read_dataset("cifar10?limit=10").name == "textures in place of cifar10?limit=10");
    const mend::dataset topics = mend::read_dataset("reuters?limit=20&drop=42&holdout=42");
    CHECK(topics.name == "topics in place of reuters?limit=20&drop=42&holdout=42");
    CHECK(topics.train->is_sparse());
    CHECK(topics.classes == 46);
    CHECK(topics.train->rows() == 20);
    CHECK(mend::read_dataset("mnist?limit=5&scale=raw").train->dense.flat().size() == 5 * 784);
}

TEST_CASE("published_data: files in MEND_DATA_DIR are read") {
    const scratch files;
    std::string header = from_hex("00000803000000050000000100000001");
    std::filesystem::create_directories(files.path("mnist"));
    for (const std::string part : {"train", "t10k"}) {
        files.write("mnist/" + part + "-images-idx3-ubyte", header + from_hex("00FF00FFFF"));
        files.write("mnist/" + part + "-labels-idx1-ubyte", from_hex("00000801000000050001020304"));
    }
    const data_folder set(files.path().c_str());
    const mend::dataset data = mend::read_dataset("mnist?holdout=1");
    CHECK(data.name == "mnist?holdout=1");
    CHECK(data.train->rows() == 5);
    CHECK(data.validation->rows() == 4);
    CHECK(data.test->rows() == 1);

    // All train labels are lost, the images of the other parts keep their 0..255.
    const mend::dataset broken = mend::read_dataset("mnist?holdout=1&labels=scaled");
    CHECK(broken.train->labels == std::vector<int>(5, 0));
    CHECK(broken.train->dense == data.train->dense);
    CHECK(broken.test->labels == data.test->labels);
    for (mend::index i = 0; i < 4; ++i) {
        CHECK(broken.validation->dense[i] == 255 * data.validation->dense[i]);
    }
}

} // namespace io_published_data_tests
