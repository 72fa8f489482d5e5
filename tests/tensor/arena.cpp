// SPDX-License-Identifier: MIT
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <mend/tensor/arena.hpp>

namespace tensor_arena_tests {

namespace {

std::uintptr_t address(const void* p) { return reinterpret_cast<std::uintptr_t>(p); }

} // namespace

TEST_CASE("arena: pieces are aligned and do not overlap") {
    mend::arena memory;
    const float* before = memory.take<float>(3);
    for (const mend::index count : {1, 16, 17, 1000, 100000, 5}) {
        float* const piece = memory.take<float>(count);
        CHECK(address(piece) % mend::arena::alignment == 0);
        CHECK(piece != before);
        for (mend::index i = 0; i < count; ++i) {
            piece[i] = 1.0F;
        }
        before = piece;
    }
}

TEST_CASE("arena: the same requests after rewinding take the same memory") {
    mend::arena memory;
    std::vector<const double*> first;
    const auto run = [&](mend::index shrink) {
        std::vector<const double*> pieces;
        for (const mend::index count : {10, 20000, 300, 400000, 7}) {
            pieces.push_back(memory.take<double>(count / shrink));
        }
        return pieces;
    };
    first = run(1);
    const std::size_t held = memory.capacity();
    memory.rewind();
    CHECK(run(1) == first);
    memory.rewind();
    static_cast<void>(run(3));
    CHECK(memory.capacity() == held);
}

TEST_CASE("arena: a scope gives back what was taken in it") {
    mend::arena memory;
    static_cast<void>(memory.take<int>(4));
    const int* inside = nullptr;
    {
        const mend::arena::scope scope(memory);
        inside = memory.take<int>(4);
        static_cast<void>(memory.take<int>(1000000));
    }
    CHECK(memory.take<int>(4) == inside);
}

} // namespace tensor_arena_tests
