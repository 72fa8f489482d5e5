// SPDX-License-Identifier: MIT
/// A value of one of many types, made for lists of dozens of types: it compiles in a fraction of
/// std::variant's time, whose work grows with the square of the number of types.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <mend/core/config.hpp>

namespace mend {

namespace detail {

/// What has to be known of a type to keep values of it.
struct held_operations {
    void* (*make)();
    void* (*copy)(const void*);
    void (*destroy)(void*) noexcept;
    bool (*equal)(const void*, const void*);
};

template <class T>
void* make_held() {
    return new T();
}

template <class T>
void* copy_held(const void* value) {
    return new T(*static_cast<const T*>(value));
}

template <class T>
void destroy_held(void* value) noexcept {
    delete static_cast<T*>(value);
}

template <class T>
bool equal_held(const void* a, const void* b) {
    return *static_cast<const T*>(a) == *static_cast<const T*>(b);
}

template <class T>
inline constexpr held_operations operations_on = {
    &make_held<T>, &copy_held<T>, &destroy_held<T>, &equal_held<T>};

/// The part of one_of that no type takes part in.
class held_value {
public:
    held_value(const held_operations& how, std::size_t index, void* value) noexcept
        : how_(&how)
        , value_(value)
        , index_(index) {}

    held_value(const held_value& other)
        : how_(other.how_)
        , value_(other.value_ == nullptr ? nullptr : how_->copy(other.value_))
        , index_(other.index_) {}

    held_value(held_value&& other) noexcept
        : how_(other.how_)
        , value_(std::exchange(other.value_, nullptr))
        , index_(other.index_) {}

    held_value& operator=(const held_value& other) {
        held_value copy(other);
        return *this = std::move(copy);
    }

    held_value& operator=(held_value&& other) noexcept {
        std::swap(how_, other.how_);
        std::swap(value_, other.value_);
        std::swap(index_, other.index_);
        return *this;
    }

    ~held_value() {
        if (value_ != nullptr) {
            how_->destroy(value_);
        }
    }

    /// Position of the type in the list.
    [[nodiscard]] std::size_t index() const noexcept { return index_; }

    friend bool operator==(const held_value& a, const held_value& b) {
        return a.how_ == b.how_ &&
               (a.value_ == b.value_ ||
                (a.value_ != nullptr && b.value_ != nullptr && a.how_->equal(a.value_, b.value_)));
    }

    [[nodiscard]] const held_operations* operations() const noexcept { return how_; }

    [[nodiscard]] void* address() noexcept { return value_; }

    [[nodiscard]] const void* address() const noexcept { return value_; }

private:
    const held_operations* how_;
    void* value_; ///< owned; null once moved from
    std::size_t index_;
};

template <std::size_t Position, class T>
struct listed_type {};

template <class Positions, class... Types>
struct type_list;

template <std::size_t... Positions, class... Types>
struct type_list<std::index_sequence<Positions...>, Types...> : listed_type<Positions, Types>... {};

template <class T, std::size_t Position>
constexpr std::size_t position_in(const listed_type<Position, T>*) {
    return Position;
}

template <class Result, class Function, class T>
Result call_with(Function& f, const void* value) {
    return f(*static_cast<T*>(const_cast<void*>(value)));
}

} // namespace detail

/// A value of one of the types, on the heap: as cheap to move as a pointer, copied deeply. A
/// default-made one holds a default-made value of the first type. One that was moved from may only
/// be copied, compared, assigned and destroyed.
template <class First, class... Rest>
class one_of : public detail::held_value {
public:
    using types = detail::type_list<std::index_sequence_for<First, Rest...>, First, Rest...>;

    static constexpr std::size_t size = 1 + sizeof...(Rest);

    one_of()
        : one_of(at(0)) {}

    template <class T>

    requires requires(const types* all) { detail::position_in<std::remove_cvref_t<T>>(all); }

    one_of(T&& value)
        : held_value(
              detail::operations_on<std::remove_cvref_t<T>>,
              detail::position_in<std::remove_cvref_t<T>>(static_cast<const types*>(nullptr)),
              new std::remove_cvref_t<T>(std::forward<T>(value))
          ) {}

    /// A default-made value of the type at that position.
    [[nodiscard]] static one_of at(std::size_t position) {
        static constexpr const detail::held_operations* all[] = {
            &detail::operations_on<First>, &detail::operations_on<Rest>...};
        MEND_EXPECTS(position < size, "the list has such a type");
        return one_of(*all[position], position);
    }

    friend bool operator==(const one_of& a, const one_of& b) {
        return static_cast<const held_value&>(a) == static_cast<const held_value&>(b);
    }

private:
    one_of(const detail::held_operations& how, std::size_t position)
        : held_value(how, position, how.make()) {}
};

/// The value if it is of that type, else nullptr: `get_if<dense_spec>(&layer.kind)`.
template <class T>
[[nodiscard]] T* get_if(detail::held_value* value) noexcept {
    const bool is = value->operations() == &detail::operations_on<T>;
    return is ? static_cast<T*>(value->address()) : nullptr;
}

template <class T>
[[nodiscard]] const T* get_if(const detail::held_value* value) noexcept {
    const bool is = value->operations() == &detail::operations_on<T>;
    return is ? static_cast<const T*>(value->address()) : nullptr;
}

/// Whether the value is of that type.
template <class T>
[[nodiscard]] bool holds(const detail::held_value& value) noexcept {
    return value.operations() == &detail::operations_on<T>;
}

/// The value. Requires that it is of that type.
template <class T>
[[nodiscard]] T& get(detail::held_value& value) {
    MEND_EXPECTS(holds<T>(value), "the value is of that type");
    return *static_cast<T*>(value.address());
}

template <class T>
[[nodiscard]] const T& get(const detail::held_value& value) {
    MEND_EXPECTS(holds<T>(value), "the value is of that type");
    return *static_cast<const T*>(value.address());
}

/// f of the value. What f returns for the first type, it returns for all.
template <class Function, class First, class... Rest>
decltype(auto) dispatch(Function&& f, one_of<First, Rest...>& value) {
    using result = decltype(f(std::declval<First&>()));
    using function = std::remove_reference_t<Function>;
    static constexpr result (*table[])(function&, const void*) = {
        &detail::call_with<result, function, First>, &detail::call_with<result, function, Rest>...};
    return table[value.index()](f, value.address());
}

template <class Function, class First, class... Rest>
decltype(auto) dispatch(Function&& f, const one_of<First, Rest...>& value) {
    using result = decltype(f(std::declval<const First&>()));
    using function = std::remove_reference_t<Function>;
    static constexpr result (*table[])(function&, const void*) = {
        &detail::call_with<result, function, const First>,
        &detail::call_with<result, function, const Rest>...};
    return table[value.index()](f, value.address());
}

/// A pointer to an object of one of the types.
template <class... Types>
class pointer_to_one_of {
public:
    using types = detail::type_list<std::index_sequence_for<Types...>, Types...>;

    template <class T>

    requires requires(const types* all) { detail::position_in<T>(all); }

    pointer_to_one_of(T* object) noexcept
        : object_(object)
        , index_(detail::position_in<T>(static_cast<const types*>(nullptr))) {}

    /// The pointer if it is to an object of that type, else nullptr.
    template <class T>
    [[nodiscard]] T* to() const noexcept {
        constexpr std::size_t wanted = detail::position_in<T>(static_cast<const types*>(nullptr));
        return index_ == wanted ? static_cast<T*>(object_) : nullptr;
    }

    /// f of the pointer. What f returns for the first type, it returns for all.
    template <class Function>
    decltype(auto) dispatch(Function&& f) const {
        return call<Types...>(f);
    }

private:
    template <class First, class... Rest, class Function>
    decltype(auto) call(Function& f) const {
        using result = decltype(f(std::declval<First*>()));
        static constexpr result (*table[])(Function&, void*) = {
            &call_as<result, First, Function>, &call_as<result, Rest, Function>...};
        return table[index_](f, object_);
    }

    template <class Result, class T, class Function>
    static Result call_as(Function& f, void* object) {
        return f(static_cast<T*>(object));
    }

    void* object_;
    std::size_t index_;
};

} // namespace mend
