// SPDX-License-Identifier: MIT
#include <algorithm>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/npz.hpp>

#include "scratch.hpp"

namespace io_npz_tests {

namespace {

mend::tensor<float> numbers(const mend::shape& extents, const std::vector<float>& values) {
    mend::tensor<float> made;
    made.resize(extents);
    std::copy(values.begin(), values.end(), made.data());
    return made;
}

mend::tensor<float> column(const std::vector<float>& values) {
    return numbers(mend::shape{static_cast<mend::index>(values.size())}, values);
}

// np.savez_compressed(f, x=np.asfortranarray([[1, 2, 3], [4, 5, 6.5]]),
//                     y=np.array([[1], [0]], '>i2'), extra=np.float32(7))
const char* const packed_by_numpy =
    "504b030414000000080000002100894556e959000000b000000005001400782e6e707901001000b000000000"
    "00000059000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9366a1aea3a09e965f5452"
    "9498179f5f94920a120f292a4d050a17672416a402b91a463a0ac69a3a0ab50ae4032e0630f8600fa1051c20"
    "3403941681d21c505aca0100504b030414000000080000002100fdbf83d74a0000008400000005001400792e"
    "6e70790100100084000000000000004a000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a0"
    "6e9769a4aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a463a0a869a3a0ab5"
    "0a64032e0646060600504b0304140000000800000021002a5bd8084600000084000000090014006578747261"
    "2e6e707901001000840000000000000046000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5"
    "a06e9366a2aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a9a3a0ab50a1401"
    "2e0686070e00504b0102140314000000080000002100894556e959000000b000000005000000000000000000"
    "0000800100000000782e6e7079504b0102140314000000080000002100fdbf83d74a00000084000000050000"
    "000000000000000000800190000000792e6e7079504b01021403140000000800000021002a5bd80846000000"
    "8400000009000000000000000000000080011101000065787472612e6e7079504b050600000000030003009d"
    "000000920100000000";

// np.savez(f, w=np.arange(6, dtype=np.float16).reshape(1, 2, 3) / 4)
const char* const stored_by_numpy =
    "504b03041400000000000000210015c9a0768c0000008c00000005001400772e6e7079010010008c00000000"
    "0000008c00000000000000934e554d5059010076007b276465736372273a20273c6632272c2027666f727472"
    "616e5f6f72646572273a2046616c73652c20277368617065273a2028312c20322c2033292c207d2020202020"
    "2020202020202020202020202020202020202020202020202020202020202020202020202020202020202020"
    "2020202020200a000000340038003a003c003d504b010214031400000000000000210015c9a0768c0000008c"
    "000000050000000000000000000000800100000000772e6e7079504b0506000000000100010033000000c300"
    "00000000";

} // namespace

TEST_CASE("npz: what NumPy wrote is read, stored or packed") {
    const scratch files;
    const auto packed = mend::read_npz(files.write("a.npz", from_hex(packed_by_numpy)));
    REQUIRE(packed.size() == 3);
    CHECK(packed[0] == mend::named_array{"x", numbers(mend::shape{2, 3}, {1, 2, 3, 4, 5, 6.5F})});
    CHECK(packed[1] == mend::named_array{"y", numbers(mend::shape{2, 1}, {1, 0})});
    CHECK(packed[2] == mend::named_array{"extra", numbers(mend::shape{}, {7})});
    const auto stored = mend::read_npz(files.write("b.npz", from_hex(stored_by_numpy)));
    REQUIRE(stored.size() == 1);
    CHECK(
        stored[0] ==
        mend::named_array{"w", numbers(mend::shape{1, 2, 3}, {0, 0.25F, 0.5F, 0.75F, 1, 1.25F})}
    );
}

TEST_CASE("npz: what was written reads back, and nothing is left beside it") {
    const scratch files;
    const std::vector<mend::named_array> weights{
        {"dense/kernel:0", numbers(mend::shape{2, 3}, {1, -2, 3, 4e-20F, 5, 6})},
        {"dense/bias:0", numbers(mend::shape{3}, {0, 0, 0.1F})},
        {"scalar", numbers(mend::shape{}, {2.5F})},
        {"kernel4", numbers(mend::shape{1, 1, 2, 1}, {8, 9})}};
    mend::write_npz(files.path("w.npz"), weights);
    CHECK(mend::read_npz(files.path("w.npz")) == weights);
    mend::write_npz(files.path("w.npz"), {});
    CHECK(mend::read_npz(files.path("w.npz")).empty());
    CHECK(std::distance(std::filesystem::directory_iterator(files.path()), {}) == 1);
    CHECK_THROWS_AS(mend::write_npz(files.path("none/w.npz"), weights), const mend::file_error&);
}

TEST_CASE("npz: a file damaged or cut anywhere is an error or reads the same") {
    const scratch files;
    const std::string whole = from_hex(packed_by_numpy);
    const auto right = mend::read_npz(files.write("a.npz", whole));
    const auto check = [&](const std::string& bytes) {
        const std::string path = files.write("bad.npz", bytes);
        try {
            for (const auto& array : mend::read_npz(path)) {
                // A changed byte may rename an array, or hide it; numbers are never wrong.
                const bool known = std::any_of(right.begin(), right.end(), [&](const auto& other) {
                    return other.values == array.values;
                });
                CHECK(known);
            }
        } catch (const mend::data_error&) {
        }
    };
    for (std::size_t length = 0; length < whole.size(); ++length) {
        check(whole.substr(0, length));
    }
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const char flip : {'\x01', '\x80', '\xFF'}) {
            std::string bytes = whole;
            bytes[at] = static_cast<char>(bytes[at] ^ flip);
            check(bytes);
        }
    }
}

TEST_CASE("npz: x and y are a pool of rows") {
    const scratch files;
    mend::write_npz(
        files.path("a.npz"),
        {{"x", numbers(mend::shape{4, 1, 2}, {0, 1, 2, 3, 4, 5, 6, 7})},
         {"y", numbers(mend::shape{4, 1}, {1, 0, 1, 2})},
         {"other", column({1})}}
    );
    const mend::dataset data = mend::read_npz_dataset(files.path("a.npz"));
    REQUIRE(data.pool);
    CHECK(data.classes == 0); // three different numbers in four rows: not enough for labels
    CHECK(data.pool->targets == numbers(mend::shape{4, 1}, {1, 0, 1, 2}));
    const auto kind = mend::target_kind::classification;
    const mend::dataset labelled = mend::read_npz_dataset(files.path("a.npz"), {.target = kind});
    CHECK(labelled.classes == 3);
    CHECK(labelled.sample() == mend::shape{1, 2});
    CHECK(labelled.pool->labels == std::vector<int>{1, 0, 1, 2});
}

TEST_CASE("npz: given parts stay parts, and a limit counts in each") {
    const scratch files;
    mend::write_npz(
        files.path("a.npz"),
        {{"x_train", column({1, 2, 3, 4})},
         {"y_train", column({0.5F, 1, 2, 3})},
         {"x_val", column({5, 6})},
         {"y_val", column({1, 1})},
         {"x_test", column({7})},
         {"y_test", column({3})}}
    );
    const mend::dataset data = mend::read_npz_dataset(files.path("a.npz"), {.limit = 2});
    CHECK(data.train->rows() == 2);
    CHECK(data.validation->rows() == 2);
    CHECK(data.test->rows() == 1);
    CHECK(data.classes == 0);
    CHECK(data.sample() == mend::shape{1});
    CHECK(data.train->targets == numbers(mend::shape{2, 1}, {0.5F, 1}));
    CHECK(data.test->dense[0] == 7.0F);
}

TEST_CASE("npz: one-hot rows become labels, other rows of several columns targets") {
    const scratch files;
    mend::write_npz(
        files.path("a.npz"),
        {{"x", column({1, 2})}, {"y", numbers(mend::shape{2, 3}, {0, 0, 1, 1, 0, 0})}}
    );
    CHECK(mend::read_npz_dataset(files.path("a.npz")).pool->labels == std::vector<int>{2, 0});
    const auto kind = mend::target_kind::regression;
    CHECK(mend::read_npz_dataset(files.path("a.npz"), {.target = kind}).outputs() == 3);
}

TEST_CASE("npz: wide tables that are mostly zero stay sparse, others do not") {
    const scratch files;
    for (const mend::index filled : {10, 100}) {
        mend::tensor<float> x(mend::shape{3, 300});
        for (mend::index i = 0; i < 3 * filled; ++i) {
            x[(i * 7) % 900] = static_cast<float>(i + 1);
        }
        mend::write_npz(files.path("a.npz"), {{"x", x}, {"y", column({0, 1, 0})}});
        const mend::dataset data = mend::read_npz_dataset(files.path("a.npz"));
        CHECK(data.pool->is_sparse() == (filled == 10));
        mend::tensor<float> read(mend::shape{3, 300});
        mend::gather_features(*data.pool, std::vector<mend::index>{0, 1, 2}, read.view());
        CHECK(read == x);
    }
}

TEST_CASE("npz: arrays that are missing or do not agree are named") {
    const scratch files;
    const auto mistake = [&](const std::vector<mend::named_array>& arrays) {
        mend::write_npz(files.path("a.npz"), arrays);
        return said<mend::data_error>(files, [&] {
            return mend::read_npz_dataset(files.path("a.npz"));
        });
    };
    const auto two = column({0, 1});
    CHECK(mistake({{"a", two}}) == "a.npz: holds neither arrays x, y nor x_train, y_train");
    CHECK(mistake({{"x", two}}) == "a.npz: holds no array y");
    CHECK(mistake({{"y_train", two}}) == "a.npz: holds no array x_train");
    CHECK(
        mistake({{"x", two}, {"y", two}, {"x_train", two}, {"y_train", two}}) ==
        "a.npz: holds both x and x_train; give one"
    );
    CHECK(
        mistake({{"x", two}, {"y", two}, {"x_test", two}, {"y_test", two}}) ==
        "a.npz: holds x, a pool of all rows, beside parts"
    );
    CHECK(
        mistake({{"x", two}, {"y", column({1, 2, 3})}}) ==
        "a.npz: y.npy: has shape (3) where 2 samples need as many labels or rows of targets"
    );
    CHECK(mistake({{"x", column({})}, {"y", column({})}}) == "a.npz: x.npy: holds no samples");
    CHECK(mistake({{"x_train", two},
                   {"y_train", two},
                   {"x_test", numbers(mend::shape{1, 2}, {1, 2})},
                   {"y_test", column({0})}}
    ).ends_with(" (test): samples have shape (2), those to train on (1)"));
    CHECK(
        mistake(
            {{"x_train", two},
             {"y_train", two},
             {"x_test", two},
             {"y_test", numbers(mend::shape{2, 2}, {1, 2, 3, 4})}}
        ) == "a.npz: has targets of different widths in its parts"
    );
    const float nan = std::numeric_limits<float>::quiet_NaN();
    CHECK(
        mistake({{"x", numbers(mend::shape{2, 2}, {1, 2, 3, nan})}, {"y", two}}) ==
        "a.npz: x.npy: row 1 (from 0) holds nan, which is not a finite number"
    );
    CHECK(
        mistake({{"x", two}, {"y", column({0.5F, -std::numeric_limits<float>::infinity()})}}) ==
        "a.npz: y.npy: row 1 (from 0) holds -inf, which is not a finite number"
    );
    files.write("text.npz", "no archive");
    CHECK(said<mend::data_error>(files, [&] {
              return mend::read_npz_dataset(files.path("text.npz"));
          }) == "text.npz: is no npz (zip) file, or has lost its end");
}

TEST_CASE("npz: the real Reuters bags are read sparse") {
    if (real_data().empty()) {
        MESSAGE("skipped: MEND_DATA_DIR holds no data");
        return;
    }
    const mend::dataset data = mend::read_npz_dataset(real_data() + "/reuters46/reuters46.npz");
    CHECK(data.classes == 46);
    REQUIRE(data.train->is_sparse());
    REQUIRE(data.test->is_sparse());
    CHECK(data.train->rows() + data.test->rows() == 9108);
    CHECK(data.sample() == mend::shape{10'000});
    const double ones = static_cast<double>(data.train->sparse.columns.size());
    CHECK(
        ones / (static_cast<double>(data.train->rows()) * 1e4) ==
        doctest::Approx(0.007).epsilon(0.05)
    );
    const auto& values = data.train->sparse.values;
    CHECK(std::all_of(values.begin(), values.end(), [](float v) { return v == 1.0F; }));
    CHECK(data.train->sparse.row_columns(5).front() == 1); // every text has its start mark
}

TEST_CASE("npz: sample_weight says what each row counts, in every part") {
    const scratch folder;
    const std::string path = folder.path("data.npz");
    mend::write_npz(
        path,
        {{"x", numbers(mend::shape{3, 2}, {1, 2, 3, 4, 5, 6})},
         {"y", column({0, 1, 1})},
         {"sample_weight", column({0.5F, 1, 2})}}
    );
    CHECK(mend::read_npz_dataset(path).pool->weights == std::vector<float>{0.5F, 1, 2});
    CHECK(mend::read_npz_dataset(path, {.limit = 2}).pool->weights == std::vector<float>{0.5F, 1});
    mend::write_npz(
        path,
        {{"x", numbers(mend::shape{3, 2}, {1, 2, 3, 4, 5, 6})},
         {"y", column({0, 1, 1})},
         {"sample_weight", column({1, 2})}}
    );
    CHECK_THROWS_WITH_AS(
        static_cast<void>(mend::read_npz_dataset(path)),
        (path + ": sample_weight.npy: has shape (2) where 3 samples need a weight each").c_str(),
        mend::data_error
    );
}

} // namespace io_npz_tests
