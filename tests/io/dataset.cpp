// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/dataset.hpp>

#include "scratch.hpp"

namespace io_dataset_tests {

TEST_CASE("dataset: every built-in kind is drawn, with n, noise, seed, limit and split") {
    for (const char* const kind :
         {"blobs", "circles", "moons", "spirals", "line", "digits", "textures", "topics"}) {
        const std::string word = std::string(kind) + "?n=30&noise=0.01&seed=4&limit=20&split=3";
        const mend::dataset data = mend::read_dataset(word);
        CHECK(data.name == word);
        CHECK(data.pool->rows() == 20);
        CHECK(data.split.seed == 3);
        CHECK_FALSE(data.split.keras);
        mend::check_dataset(data);
        CHECK(mend::read_dataset(std::string(kind) + "?split=keras&n=3").split.keras);
    }
    CHECK(
        *mend::read_dataset("moons?n=50&seed=2&noise=0.3").pool ==
        *mend::make_moons({.n = 50, .noise = 0.3, .seed = 2}).pool
    );
    CHECK(*mend::read_dataset("topics?n=50").pool == *mend::make_topics({.n = 50}).pool);
}

TEST_CASE("dataset: a limit keeps the first rows, of sparse tables and of targets too") {
    const mend::dataset topics = mend::read_dataset("topics?n=9&limit=4");
    CHECK(*topics.pool == *mend::make_topics({.n = 4}).pool);
    const mend::dataset line = mend::read_dataset("line?n=9&limit=4");
    CHECK(*line.pool == *mend::make_line({.n = 4}).pool);
    CHECK(mend::read_dataset("line?n=9&limit=40").pool->rows() == 9);
}

TEST_CASE("dataset: files are read by their kind") {
    const scratch files;
    const std::string csv = files.write("a.csv", "a,y\n1,red\n2,blue\n3,red\n");
    const std::string word = "csv:" + csv + "#target=y?limit=2&split=7";
    const mend::dataset table = mend::read_dataset(word);
    CHECK(table.name == word);
    CHECK(table.pool->rows() == 2);
    CHECK(table.class_names.at(1) == "blue");
    CHECK(table.split.seed == 7);

    mend::tensor<float> numbers(mend::shape{4}, 1.0F);
    numbers[0] = 0;
    const std::string npz = files.path("a.npz");
    mend::write_npz(npz, {{"x", numbers}, {"y", numbers}});
    CHECK(mend::read_dataset("npz:" + npz).classes == 2);
    CHECK(mend::read_dataset("npz:" + npz + "?task=regression").classes == 0);
    CHECK(mend::read_dataset("npz:" + npz + "?task=classification&limit=3").pool->rows() == 3);

    std::string record(3073, '\xFF');
    record[0] = '\3';
    files.write("data_batch_1.bin", record);
    files.write("test_batch.bin", record);
    CHECK(mend::read_dataset("cifar10:" + files.path()).train->dense[0] == 1.0F);
    CHECK(mend::read_dataset("cifar10:" + files.path() + "?scale=raw").train->dense[0] == 255.0F);
    CHECK_THROWS_AS(static_cast<void>(mend::read_dataset("mnist:" + files.path())), const mend::file_error&);
}

TEST_CASE("dataset: whole numbers are no labels where a problem predicts a number") {
    const scratch files;
    const std::string word =
        "csv:" + files.write("a.csv", "a,y\n1,3\n2,4\n3,5\n4,3\n5,4\n6,5\n") + "#target=y";
    mend::problem p;
    p.model.input_shape = {1};
    p.model.layers = {{mend::dense_spec{}}};
    p.compile.loss.name = "mean_squared_error";
    p.compile.metrics = {"mae"};
    CHECK(mend::predicts_number(p));
    CHECK(mend::read_dataset(word, p).classes == 0);
    CHECK(mend::read_dataset(word + "?task=classification", p).classes == 3);
    CHECK(mend::read_dataset(word).classes == 3);
    mend::problem accurate = p;
    accurate.compile.metrics = {"accuracy"};
    CHECK(mend::read_dataset(word, accurate).classes == 3);
    mend::problem sigmoid = p;
    mend::get<mend::dense_spec>(sigmoid.model.layers[0].kind).activation = "sigmoid";
    CHECK_FALSE(mend::predicts_number(sigmoid));
    CHECK_FALSE(mend::predicts_number({}));
}

TEST_CASE("dataset: a wrong word is a usage error, before anything is read") {
    for (const char* const word :
         {"",
          "mist",
          "digits:somewhere",
          "digits?scale=raw",
          "digits?limit=0",
          "digits?split=-1",
          "digits?split=first",
          "digits?noise=-1",
          "topics?noise=1.5",
          "mnist:",
          "mnist?labels=wrong",
          "mnist?labels=scaled&scale=raw",
          "iris?n=10",
          "iris:file",
          "squares?holdout=x",
          "reuters?noise=1",
          "mnist:none?n=3",
          "mnist:none?scale=2",
          "mnist:none#target=y",
          "npz:none?task=clustering",
          "npz:none?seed=1",
          "csv:none"}) {
        CAPTURE(word);
        CHECK_THROWS_AS(static_cast<void>(mend::read_dataset(word)), const mend::usage_error&);
    }
    const scratch files;
    CHECK(
        said<mend::usage_error>(files, [] { return mend::read_dataset("digit?n=3"); }) ==
        "digit?n=3: there is no kind \"digit\"; possible: blobs, circles, moons, spirals, line, "
        "digits, textures, topics, constant_vectors, threshold, squares, fivefold, remainders, "
        "parabola, iris, reuters, mnist[:FOLDER], cifar10[:FOLDER], npz:FILE, "
        "csv:FILE#target=COLUMN"
    );
    CHECK_THROWS_AS(static_cast<void>(mend::read_dataset("npz:/none")), const mend::file_error&);
}

} // namespace io_dataset_tests
