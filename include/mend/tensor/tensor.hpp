// SPDX-License-Identifier: MIT
/// The owning dense tensor and its non-owning view; row-major, aligned for vector loads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

#include <mend/core/config.hpp>
#include <mend/tensor/pages.hpp>
#include <mend/tensor/shape.hpp>

namespace mend {

/// A view of contiguous numbers with a shape. `Scalar` may be const. Does not own, may be copied.
template <class Scalar>
class tensor_view {
public:
    constexpr tensor_view() noexcept = default;

    constexpr tensor_view(Scalar* data, const shape& extents) noexcept
        : data_(data)
        , shape_(extents) {}

    /// A mutable view serves where a const one is asked for.
    constexpr operator tensor_view<const Scalar>() const noexcept
        requires(!std::is_const_v<Scalar>) {
        return {data_, shape_};
    }

    [[nodiscard]] constexpr Scalar* data() const noexcept { return data_; }

    [[nodiscard]] constexpr const shape& extents() const noexcept { return shape_; }

    [[nodiscard]] constexpr index size() const noexcept { return shape_.size(); }

    [[nodiscard]] constexpr index rows() const noexcept { return shape_[0]; }

    [[nodiscard]] constexpr index row_size() const noexcept { return shape_.row_size(); }

    [[nodiscard]] constexpr Scalar& operator[](index i) const noexcept { return data_[i]; }

    /// One entry of the first dimension.
    [[nodiscard]] constexpr std::span<Scalar> row(index i) const noexcept {
        return {data_ + i * row_size(), static_cast<std::size_t>(row_size())};
    }

    [[nodiscard]] constexpr std::span<Scalar> flat() const noexcept {
        return {data_, static_cast<std::size_t>(size())};
    }

    /// The same numbers under another shape of the same size.
    [[nodiscard]] constexpr tensor_view reshaped(const shape& extents) const {
        MEND_EXPECTS(extents.size() == size(), "a reshape keeps the number of elements");
        return {data_, extents};
    }

    /// Rows first .. first + count - 1 of the first dimension.
    [[nodiscard]] constexpr tensor_view slice(index first, index count) const {
        MEND_EXPECTS(first >= 0 && count >= 0 && first + count <= rows(), "rows out of range");
        shape part = shape_;
        part[0] = count;
        return {data_ + first * row_size(), part};
    }

private:
    Scalar* data_ = nullptr;
    shape shape_;
};

/// Owns its numbers, aligned to 64 bytes. A regular type: copies are deep, == compares shape and
/// numbers.
template <class Scalar>
class tensor {
public:
    static constexpr std::size_t alignment = 64;

    tensor() noexcept = default;

    /// Of this shape, all numbers `value`.
    explicit tensor(const shape& extents, Scalar value = Scalar{}) {
        resize(extents);
        std::fill_n(data(), size(), value);
    }

    tensor(const tensor& other) {
        resize(other.shape_);
        std::copy_n(other.data(), other.size(), data());
    }

    tensor(tensor&& other) noexcept
        : data_(std::move(other.data_))
        , capacity_(std::exchange(other.capacity_, 0))
        , shape_(std::exchange(other.shape_, shape{0})) {}

    tensor& operator=(const tensor& other) {
        if (this != &other) {
            resize(other.shape_);
            std::copy_n(other.data(), other.size(), data());
        }
        return *this;
    }

    tensor& operator=(tensor&& other) noexcept {
        data_ = std::move(other.data_);
        capacity_ = std::exchange(other.capacity_, 0);
        shape_ = std::exchange(other.shape_, shape{0});
        return *this;
    }

    ~tensor() = default;

    /// Takes this shape. Allocates only to grow; the numbers are unspecified afterwards.
    void resize(const shape& extents) {
        const index count = extents.size();
        if (count > capacity_) {
            const std::size_t bytes = static_cast<std::size_t>(count) * sizeof(Scalar);
            data_.reset(static_cast<Scalar*>(::operator new (bytes, std::align_val_t{alignment})));
            detail::prefer_large_pages(data_.get(), bytes);
            capacity_ = count;
        }
        shape_ = extents;
    }

    [[nodiscard]] Scalar* data() noexcept { return data_.get(); }

    [[nodiscard]] const Scalar* data() const noexcept { return data_.get(); }

    [[nodiscard]] const shape& extents() const noexcept { return shape_; }

    [[nodiscard]] index size() const noexcept { return shape_.size(); }

    [[nodiscard]] bool empty() const noexcept { return size() == 0; }

    [[nodiscard]] index rows() const noexcept { return shape_[0]; }

    [[nodiscard]] index row_size() const noexcept { return shape_.row_size(); }

    [[nodiscard]] Scalar& operator[](index i) noexcept { return data()[i]; }

    [[nodiscard]] const Scalar& operator[](index i) const noexcept { return data()[i]; }

    [[nodiscard]] std::span<Scalar> flat() noexcept { return view().flat(); }

    [[nodiscard]] std::span<const Scalar> flat() const noexcept { return view().flat(); }

    [[nodiscard]] std::span<Scalar> row(index i) noexcept { return view().row(i); }

    [[nodiscard]] std::span<const Scalar> row(index i) const noexcept { return view().row(i); }

    [[nodiscard]] tensor_view<Scalar> view() noexcept { return {data(), shape_}; }

    [[nodiscard]] tensor_view<const Scalar> view() const noexcept { return {data(), shape_}; }

    friend bool operator==(const tensor& a, const tensor& b) noexcept {
        return a.shape_ == b.shape_ && std::equal(a.data(), a.data() + a.size(), b.data());
    }

private:
    struct release {
        void operator()(Scalar* data) const noexcept {
            ::operator delete (data, std::align_val_t{alignment});
        }
    };

    std::unique_ptr<Scalar, release> data_;
    index capacity_ = 0;
    shape shape_{0}; // an empty tensor, not a scalar
};

} // namespace mend
