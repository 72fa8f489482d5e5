// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/npy.hpp>
#include <mend/io/zip_builder.hpp>

#include "scratch.hpp"

namespace io_npy_tests {

namespace {

// An archive of one array with this header and these bytes of numbers.
std::string npz_of(const std::string& header, const std::string& bytes, char version = 1) {
    std::string content = "\x93NUMPY";
    content += version;
    content += '\0';
    for (int i = 0; i < (version == 1 ? 2 : 4); ++i) {
        content += static_cast<char>(header.size() >> (8 * i) & 0xFFU);
    }
    mend::detail::zip_builder builder;
    builder.add("a.npy", content + header + bytes);
    return std::move(builder).finish();
}

std::string header_of(const std::string& type, const std::string& extents, bool fortran = false) {
    return "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") +
           ", 'shape': (" + extents + "), }  \n";
}

mend::tensor<float> array_in(const std::string& path) {
    mend::detail::zip_archive archive(path);
    return mend::detail::npy_reader(archive, archive.entries().at(0)).read_all();
}

template <class Number>
std::string bytes_of(const std::vector<Number>& numbers, bool big) {
    std::string bytes;
    for (const Number number : numbers) {
        char buffer[sizeof number];
        std::memcpy(buffer, &number, sizeof number);
        for (std::size_t i = 0; i < sizeof number; ++i) {
            bytes += buffer[big ? sizeof number - 1 - i : i];
        }
    }
    return bytes;
}

template <class Number>
void check_type(const char* name, const std::vector<Number>& numbers) {
    CAPTURE(name);
    const scratch files;
    for (const bool big : {false, true}) {
        const std::string type = (big ? ">" : "<") + std::string(name);
        const std::string bytes = bytes_of(numbers, big);
        const auto read = array_in(files.write("a.npz", npz_of(header_of(type, "3,"), bytes)));
        REQUIRE(read.extents() == mend::shape{3});
        for (int i = 0; i < 3; ++i) {
            CHECK(read[i] == static_cast<float>(numbers[static_cast<std::size_t>(i)]));
        }
    }
}

std::string mistake(const std::string& header, const std::string& bytes, char version = 1) {
    const scratch files;
    const std::string path = files.write("x.npz", npz_of(header, bytes, version));
    return said<mend::data_error>(files, [&] { return array_in(path).size(); });
}

} // namespace

TEST_CASE("npy: numbers of every type and byte order are read") {
    check_type<std::uint8_t>("b1", {0, 1, 1});
    check_type<std::uint8_t>("u1", {0, 7, 255});
    check_type<std::uint16_t>("u2", {0, 258, 65535});
    check_type<std::uint32_t>("u4", {0, 70'000, 4'000'000'000});
    check_type<std::uint64_t>("u8", {0, 70'000, 1ULL << 63U});
    check_type<std::int8_t>("i1", {-128, 0, 127});
    check_type<std::int16_t>("i2", {-300, 0, 300});
    check_type<std::int32_t>("i4", {-70'000, 0, 70'000});
    check_type<std::int64_t>("i8", {-(1LL << 40), 0, 5});
    check_type<float>("f4", {-1.5F, 0.1F, 3e38F});
    check_type<double>("f8", {-1.5, 0.1, 1e300});
    const scratch files;
    const auto bytes =
        array_in(files.write("a.npz", npz_of(header_of("|u1", "2,"), std::string("\x01\x02"))));
    CHECK(bytes[1] == 2.0F);
}

// numpy.float16 of these numbers, by numpy.array([..], '<f2').tobytes().hex()
TEST_CASE("npy: half precision is read, the smallest and the largest too") {
    const scratch files;
    const std::string bits = from_hex("003c00c0ff7b01000004007c00fc3555");
    const auto read = array_in(files.write("a.npz", npz_of(header_of("<f2", "8,"), bits)));
    CHECK(read[0] == 1.0F);
    CHECK(read[1] == -2.0F);
    CHECK(read[2] == 65504.0F);
    CHECK(read[3] == 5.9604645e-8F);
    CHECK(read[4] == 6.1035156e-5F);
    CHECK(std::isinf(read[5]));
    CHECK(read[6] < 0);
    CHECK(read[7] == 83.3125F);
    CHECK(std::isnan(mend::detail::half_to_float(0x7E00)));
}

TEST_CASE("npy: Fortran order is turned to rows first") {
    const scratch files;
    // numpy.arange(6).reshape(2, 3, order='F') is [[0, 2, 4], [1, 3, 5]].
    const auto table = array_in(
        files.write("a.npz", npz_of(header_of("|u1", "2, 3", true), std::string("\0\1\2\3\4\5", 6)))
    );
    const std::vector<float> expected{0, 2, 4, 1, 3, 5};
    CHECK(std::equal(expected.begin(), expected.end(), table.data()));
    // .reshape(1, 3, 2, order='F') is [[[0, 3], [1, 4], [2, 5]]].
    const auto block = array_in(files.write(
        "a.npz", npz_of(header_of("|u1", "1, 3, 2", true), std::string("\0\1\2\3\4\5", 6))
    ));
    const std::vector<float> turned{0, 3, 1, 4, 2, 5};
    CHECK(block.extents() == mend::shape{1, 3, 2});
    CHECK(std::equal(turned.begin(), turned.end(), block.data()));
}

TEST_CASE("npy: versions 1 to 3, scalars and empty arrays are read") {
    const scratch files;
    for (const char version : {'\1', '\2', '\3'}) {
        const auto read =
            array_in(files.write("a.npz", npz_of(header_of("|i1", ""), "\x07", version)));
        CHECK(read.extents().rank() == 0);
        CHECK(read[0] == 7.0F);
    }
    CHECK(array_in(files.write("a.npz", npz_of(header_of("<f4", "0, 5"), ""))).empty());
}

TEST_CASE("npy: what is no array of numbers is named with the reason") {
    CHECK(
        mistake(header_of("<U10", "1,"), std::string(40, ' ')) ==
        "x.npz: a.npy: has elements of type <U10, which are no numbers"
    );
    CHECK(
        mistake("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "abcd") ==
        "x.npz: a.npy: has elements of type structure, which are no numbers"
    );
    CHECK(mistake(header_of("<c8", "1,"), "12345678").find("which are no numbers") < 100);
    CHECK(
        mistake(header_of("<f4", "2,"), "1234") ==
        "x.npz: a.npy: has 4 bytes of data, which is not what its shape takes"
    );
    CHECK(
        mistake(header_of("<f4", "99999999999999999999999, 4"), "1234").find("not what its shape") <
        100
    );
    CHECK(
        mistake(header_of("|u1", "1, 1, 1, 1, 1"), "1") ==
        "x.npz: a.npy: has more than four dimensions"
    );
    CHECK(
        mistake("{'fortran_order': False, 'shape': (1,), }", "1") ==
        "x.npz: a.npy: has a header without 'descr'"
    );
    CHECK(
        mistake(header_of("|u1", "1,"), "1", '\4') ==
        "x.npz: a.npy: is no NumPy array of version 1, 2 or 3"
    );
}

} // namespace io_npy_tests
