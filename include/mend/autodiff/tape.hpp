// SPDX-License-Identifier: MIT
/// The tape of reverse-mode differentiation: a flat vector of nodes, swept backwards by a loop.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <new>
#include <type_traits>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/tensor/arena.hpp>
#include <mend/tensor/shape.hpp>
#include <mend/tensor/sparse.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend {

/// A value on a tape: the index of its node. Valid until the tape is rewound.
struct variable {
    std::int32_t id = -1;

    [[nodiscard]] constexpr bool exists() const noexcept { return id >= 0; }

    friend constexpr bool operator==(variable, variable) noexcept = default;
};

/// What produced a node, as far as a later operation wants to know it: a loss goes through the
/// logits where its input came out of a softmax or sigmoid.
enum class operation : std::uint8_t { leaf, softmax, sigmoid, other };

/// Records operations while they run and propagates gradients back through them.
///
/// Memory comes from an arena that `rewind` empties without freeing, so that a step that repeats
/// the shapes of an earlier one allocates nothing. A gradient buffer is made when the first
/// contribution arrives, which overwrites it; later ones add. The backward function of a node may
/// use the gradient of that node as it likes (it is consumed), so `gradient` is meaningful for
/// leaves alone once `backward` has run.
template <class Scalar>
class tape {
public:
    /// Where a backward function puts its part of a gradient.
    struct contribution {
        Scalar* data;
        bool adds; ///< add to what is there; otherwise overwrite it
    };

    tape() = default;
    tape(const tape&) = delete;
    tape& operator=(const tape&) = delete;
    tape(tape&&) noexcept = default;
    tape& operator=(tape&&) noexcept = default;
    ~tape() = default;

    /// Forgets all nodes; keeps the memory.
    void rewind() noexcept {
        nodes_.clear();
        penalties_.clear();
        updates_.clear();
        memory_.rewind();
    }

    /// An input: no gradient flows into it. The numbers stay with the caller.
    variable constant(tensor_view<const Scalar> value) {
        return push(value.data(), value.extents(), operation::leaf, {}, false);
    }

    /// An input of sparse rows; only `affine` takes it. The view stays with the caller.
    variable constant(const sparse_view<Scalar>& rows) {
        const variable leaf =
            push(nullptr, shape{rows.rows, rows.width}, operation::leaf, {}, false);
        nodes_.back().sparse = &rows;
        return leaf;
    }

    /// A leaf that `affine` multiplies sparse rows by, and whose gradient it leaves as factors,
    /// which are valid until the tape is rewound.
    variable parameter(tensor_view<const Scalar> value, product_gradient<Scalar>& into) {
        const variable leaf = push(value.data(), value.extents(), operation::leaf, {}, true);
        nodes_.back().factors = &into;
        return leaf;
    }

    /// A leaf whose value and gradient live with the caller. `backward` overwrites the gradient,
    /// also where nothing depends on the leaf (with zeros).
    variable parameter(tensor_view<const Scalar> value, Scalar* gradient) {
        const variable leaf = push(value.data(), value.extents(), operation::leaf, {}, true);
        nodes_.back().gradient = gradient;
        nodes_.back().is_parameter = true;
        return leaf;
    }

    /// Room for a result or for what a backward function needs; lives until `rewind`.
    [[nodiscard]] Scalar* allocate(index count) { return memory_.take<Scalar>(count); }

    [[nodiscard]] arena& memory() noexcept { return memory_; }

    /// Bytes held, used or not.
    [[nodiscard]] std::size_t capacity() const noexcept { return memory_.capacity(); }

    /// Adds the node of an operation that has just computed `data`. `backward` is a trivially
    /// copyable callable `void(tape&, variable self)`; it is kept only where a gradient can flow.
    template <class Backward>
    variable record(
        const Scalar* data,
        const shape& extents,
        operation producer,
        std::initializer_list<variable> inputs,
        const Backward& backward
    ) {
        static_assert(std::is_trivially_copyable_v<Backward>);
        bool wanted = false;
        for (const variable input : inputs) {
            wanted = wanted || wants_gradient(input);
        }
        const variable self = push(data, extents, producer, inputs, wanted);
        if (wanted) {
            node& made = nodes_.back();
            made.closure = new (memory_.take<Backward>(1)) Backward(backward);
            made.run = [](const void* closure, tape& t, variable v) {
                (*static_cast<const Backward*>(closure))(t, v);
            };
        }
        return self;
    }

    [[nodiscard]] tensor_view<const Scalar> value(variable v) const noexcept {
        return {at(v).value, at(v).extents};
    }

    [[nodiscard]] const Scalar* data(variable v) const noexcept { return at(v).value; }

    [[nodiscard]] const shape& extents(variable v) const noexcept { return at(v).extents; }

    [[nodiscard]] operation producer(variable v) const noexcept { return at(v).producer; }

    /// The first input of the operation that made v.
    [[nodiscard]] variable input(variable v) const noexcept { return at(v).input; }

    /// The rows of a sparse input; null for every other variable.
    [[nodiscard]] const sparse_view<Scalar>* sparse(variable v) const noexcept {
        return at(v).sparse;
    }

    /// Where the gradient of v goes as factors; null where it goes as numbers.
    [[nodiscard]] product_gradient<Scalar>* factors(variable v) const noexcept {
        return at(v).factors;
    }

    /// Whether a gradient flows into v. False for a variable that does not exist.
    [[nodiscard]] bool wants_gradient(variable v) const noexcept {
        return v.exists() && at(v).wants_gradient;
    }

    /// The gradient that has arrived at v; without data where none has.
    [[nodiscard]] tensor_view<Scalar> gradient(variable v) noexcept {
        node& n = at(v);
        return {n.has_gradient ? n.gradient : nullptr, n.extents};
    }

    /// For backward functions: where to put a part of the gradient of `input`, which must want one.
    [[nodiscard]] contribution contribute(variable input) {
        node& n = at(input);
        const bool adds = n.has_gradient;
        if (n.gradient == nullptr) {
            n.gradient = memory_.take<Scalar>(n.extents.size());
        }
        n.has_gradient = true;
        return {n.gradient, adds};
    }

    /// For backward functions: hands a finished gradient over. The buffer, which must live on this
    /// tape, becomes the gradient of `input` where it is the first contribution, else it is added.
    void hand_over(variable input, Scalar* buffer) {
        node& n = at(input);
        if (n.gradient == nullptr) {
            n.gradient = buffer;
            n.has_gradient = true;
            return;
        }
        const contribution part = contribute(input);
        const index count = n.extents.size();
        for (index i = 0; i < count; ++i) {
            part.data[i] = part.adds ? part.data[i] + buffer[i] : buffer[i];
        }
    }

    /// A scalar that belongs to the loss besides the loss of the data: a regulariser's term.
    void penalise(variable scalar) { penalties_.push_back(scalar); }

    [[nodiscard]] const std::vector<variable>& penalties() const noexcept { return penalties_; }

    /// What a leaf is to become once the step is done: moving statistics.
    struct update {
        variable leaf;
        const Scalar* value; ///< as many numbers as the leaf has; lives on this tape
    };

    /// Notes an update; whoever owns the leaf carries it out.
    void update_later(variable leaf, const Scalar* value) { updates_.push_back({leaf, value}); }

    [[nodiscard]] const std::vector<update>& updates() const noexcept { return updates_; }

    /// Propagates d loss / d everything back from a scalar. Once per recording.
    void backward(variable loss) {
        MEND_EXPECTS(at(loss).extents.size() == 1, "gradients start at one number");
        if (wants_gradient(loss)) {
            *contribute(loss).data = Scalar{1};
        }
        for (std::int32_t id = loss.id; id >= 0; --id) {
            const node& n = at({id});
            if (n.has_gradient && n.run != nullptr) {
                n.run(n.closure, *this, {id});
            }
        }
        for (node& n : nodes_) {
            if (n.is_parameter && !n.has_gradient) {
                std::fill_n(n.gradient, n.extents.size(), Scalar{});
                n.has_gradient = true;
            }
        }
    }

private:
    using backward_function = void (*)(const void* closure, tape&, variable self);

    struct node {
        const Scalar* value = nullptr;
        Scalar* gradient = nullptr;
        const void* closure = nullptr;
        backward_function run = nullptr;
        const sparse_view<Scalar>* sparse = nullptr;
        product_gradient<Scalar>* factors = nullptr;
        shape extents;
        variable input;
        operation producer = operation::leaf;
        bool wants_gradient = false;
        bool has_gradient = false;
        bool is_parameter = false;
    };

    [[nodiscard]] node& at(variable v) noexcept { return nodes_[static_cast<std::size_t>(v.id)]; }

    [[nodiscard]] const node& at(variable v) const noexcept {
        return nodes_[static_cast<std::size_t>(v.id)];
    }

    variable push(
        const Scalar* data,
        const shape& extents,
        operation producer,
        std::initializer_list<variable> inputs,
        bool wanted
    ) {
        node& made = nodes_.emplace_back();
        made.value = data;
        made.extents = extents;
        made.producer = producer;
        made.wants_gradient = wanted;
        if (inputs.size() > 0) {
            made.input = *inputs.begin();
        }
        return {static_cast<std::int32_t>(nodes_.size() - 1)};
    }

    std::vector<node> nodes_;
    std::vector<variable> penalties_;
    std::vector<update> updates_;
    arena memory_;
};

} // namespace mend
