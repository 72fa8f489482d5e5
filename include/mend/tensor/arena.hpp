// SPDX-License-Identifier: MIT
/// Memory that is taken piece by piece and given back all at once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <vector>

#include <mend/tensor/shape.hpp>

namespace mend {

/// A stack of large chunks. Taking memory moves an offset; rewinding keeps the chunks, so that
/// repeating the same requests, or the same requests with smaller sizes, allocates nothing.
class arena {
public:
    static constexpr std::size_t alignment = 64;

    /// A place to return to with `release`.
    struct mark {
        std::size_t chunk;
        std::size_t offset;
    };

    /// Gives back on leaving the scope all that was taken in it.
    class scope {
    public:
        explicit scope(arena& memory) noexcept
            : memory_(memory)
            , start_(memory.here()) {}

        scope(const scope&) = delete;
        scope& operator=(const scope&) = delete;

        ~scope() { memory_.release(start_); }

    private:
        arena& memory_;
        mark start_;
    };

    /// Room for `count` values, aligned to 64 bytes, contents unspecified. The room reaches to a
    /// multiple of 64 bytes, so that a vector that holds the last value may be loaded and stored.
    template <class Value>
    [[nodiscard]] Value* take(index count) {
        const std::size_t bytes =
            (static_cast<std::size_t>(count) * sizeof(Value) + alignment - 1) & ~(alignment - 1);
        if (chunk_ == chunks_.size() || offset_ + bytes > chunks_[chunk_].bytes) {
            next_chunk(bytes);
        }
        std::byte* const start = chunks_[chunk_].memory.get() + offset_;
        offset_ += bytes;
        return reinterpret_cast<Value*>(start);
    }

    [[nodiscard]] mark here() const noexcept { return {chunk_, offset_}; }

    void release(mark place) noexcept {
        chunk_ = place.chunk;
        offset_ = place.offset;
    }

    void rewind() noexcept { release({0, 0}); }

    /// Bytes held, used or not.
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

private:
    struct free_chunk {
        void operator()(std::byte* memory) const noexcept {
            ::operator delete (memory, std::align_val_t{alignment});
        }
    };

    struct chunk {
        std::unique_ptr<std::byte, free_chunk> memory;
        std::size_t bytes;
    };

    void next_chunk(std::size_t bytes) {
        std::size_t next = chunk_ == chunks_.size() ? chunk_ : chunk_ + 1;
        while (next < chunks_.size() && chunks_[next].bytes < bytes) {
            ++next;
        }
        if (next == chunks_.size()) {
            constexpr std::size_t smallest = std::size_t{1} << 16U;
            constexpr std::size_t largest = std::size_t{1} << 23U;
            const std::size_t size = std::max(bytes, std::clamp(capacity_, smallest, largest));
            chunks_.push_back(
                {std::unique_ptr<std::byte, free_chunk>(
                     static_cast<std::byte*>(::operator new (size, std::align_val_t{alignment}))
                 ),
                 size}
            );
            capacity_ += size;
        }
        chunk_ = next;
        offset_ = 0;
    }

    std::vector<chunk> chunks_;
    std::size_t chunk_ = 0;
    std::size_t offset_ = 0;
    std::size_t capacity_ = 0;
};

} // namespace mend
