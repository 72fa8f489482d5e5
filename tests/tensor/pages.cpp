// SPDX-License-Identifier: MIT
#include <vector>

#include <doctest/doctest.h>

#include <mend/tensor/pages.hpp>

namespace tensor_pages_tests {

TEST_CASE("pages: asking for large ones leaves contents as they are") {
    std::vector<unsigned char> memory(std::size_t{5} << 20U, 7);
    mend::detail::prefer_large_pages(memory.data() + 3, memory.size() - 3);
    CHECK(memory == std::vector<unsigned char>(memory.size(), 7));
}

} // namespace tensor_pages_tests
