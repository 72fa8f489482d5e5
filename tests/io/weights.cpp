// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/weights.hpp>
#include <mend/nn/dense.hpp>

#include "scratch.hpp"

namespace io_weights_tests {

namespace {

mend::network<float> net() {
    mend::network<float> made({2}, {mend::dense{{.units = 3}}, mend::dense{{.units = 1}}});
    made.initialise(3);
    return made;
}

std::string refusal(const std::string& path) {
    try {
        static_cast<void>(mend::read_weights(path, net().parameters()));
    } catch (const mend::data_error& e) {
        return e.what();
    }
    return "";
}

} // namespace

TEST_CASE("weights: what is written is read again, under names that count the layers") {
    const scratch folder;
    const std::string path = folder.path("w.npz");
    const auto weights = net().weights();
    mend::write_weights(path, net().parameters(), weights);
    CHECK(mend::read_weights(path, net().parameters()) == weights);
    const auto arrays = mend::read_npz(path);
    REQUIRE(arrays.size() == 4);
    CHECK(arrays[0].name == "layers[0].kernel");
    CHECK(arrays[3].name == "layers[1].bias");
    mend::network<float> other = net();
    other.initialise(4);
    other.weights(weights);
    CHECK(other.weights() == weights);
}

TEST_CASE("weights: named arrays may come in any order, others in that of get_weights()") {
    const scratch folder;
    const std::string path = folder.path("w.npz");
    const auto weights = net().weights();
    mend::write_npz(
        path,
        {{"layers[1].bias", weights[3]},
         {"layers[0].bias", weights[1]},
         {"layers[1].kernel", weights[2]},
         {"layers[0].kernel", weights[0]}}
    );
    CHECK(mend::read_weights(path, net().parameters()) == weights);
    mend::write_npz(
        path,
        {{"arr_0", weights[0]}, {"arr_1", weights[1]}, {"arr_2", weights[2]}, {"arr_3", weights[3]}}
    );
    CHECK(mend::read_weights(path, net().parameters()) == weights);
}

TEST_CASE("weights: wrong counts, names and shapes are told in one line") {
    const scratch folder;
    const std::string path = folder.path("w.npz");
    const auto weights = net().weights();
    mend::write_npz(path, {{"arr_0", weights[0]}});
    CHECK(refusal(path) == path + ": holds 1 arrays, the model has 4 weights");
    mend::write_npz(
        path,
        {{"arr_0", weights[1]}, {"arr_1", weights[1]}, {"arr_2", weights[2]}, {"arr_3", weights[3]}}
    );
    CHECK(refusal(path) == path + ": arr_0 has shape (3), layers[0].kernel has (2, 3)");
    mend::write_npz(
        path,
        {{"layers[0].kernel", weights[0]},
         {"layers[0].bias", weights[1]},
         {"layers[1].kernel", weights[2]},
         {"layers[2].bias", weights[3]}}
    );
    CHECK(refusal(path) == path + ": holds no array layers[1].bias");
}

} // namespace io_weights_tests
