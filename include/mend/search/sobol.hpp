// SPDX-License-Identifier: MIT
/// Sobol's low-discrepancy sequence, scrambled, and the search along it.
///
/// Directions of Joe and Kuo (2008), Owen's nested uniform scrambling (1995): every digit is
/// flipped by a hash of (seed, dimension, the digits before it), so that the points keep all their
/// balance, and each is uniform by itself. Beyond the 256 dimensions of the table they are used
/// again, each time with the order of points scrambled in the same manner (padding, as Burley:
/// "Practical hash-based Owen scrambling", JCGT 2020): such blocks of dimensions are independent of
/// each other.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/random.hpp>
#include <mend/record/trial.hpp>
#include <mend/search/history.hpp>
#include <mend/search/searcher.hpp>
#include <mend/search/sobol_numbers.hpp>
#include <mend/space/encoding.hpp>
#include <mend/space/space.hpp>

namespace mend {

/// Points of the unit cube in the order of the sequence, each computed by itself.
class sobol_sequence {
public:
    explicit sobol_sequence(std::size_t dimension, std::uint64_t seed, bool scrambled = true)
        : dimension_(dimension)
        , seed_(mix_bits(seed))
        , scrambled_(scrambled)
        , directions_(first_directions(std::min(dimension, detail::sobol_dimensions))) {}

    [[nodiscard]] std::size_t dimension() const noexcept { return dimension_; }

    /// Point `number`, every coordinate inside (0, 1) and of 32 digits; unscrambled the lower end
    /// of its cell instead, so that point 0 is the origin. Requires number < 2^32. The first 2^k
    /// points, and each next block of as many, are balanced. Cost: 0.1 microseconds per dimension.
    [[nodiscard]] std::vector<double> at(std::uint64_t number) const {
        MEND_EXPECTS(number >> 32U == 0, "the sequence has 2^32 points");
        std::vector<double> point(dimension_);
        auto place = static_cast<std::uint32_t>(number);
        for (std::size_t j = 0; j < dimension_; ++j) {
            const std::size_t column = j % detail::sobol_dimensions;
            if (column == 0 && j > 0) {
                place = scramble(static_cast<std::uint32_t>(number), mix_bits(~seed_ + j));
            }
            std::uint32_t digits = 0;
            for (std::uint32_t bits = place, k = 0; bits != 0; bits >>= 1U, ++k) {
                digits ^= (bits & 1U) != 0 ? directions_[column][k] : 0U;
            }
            point[j] = scrambled_ ? (scramble(digits, mix_bits(seed_ + j)) + 0.5) * 0x1p-32
                                  : digits * 0x1p-32;
        }
        return point;
    }

private:
    using directions = std::array<std::uint32_t, 32>; ///< v_1 .. v_32, the binary point on the left

    static std::vector<directions> first_directions(std::size_t count) {
        std::vector<directions> made(count);
        const std::uint16_t* initial = detail::sobol_initial_numbers.data();
        for (std::size_t j = 0; j < count; ++j) {
            directions& v = made[j];
            const std::uint32_t polynomial = j == 0 ? 1 : detail::sobol_polynomials[j - 1];
            std::size_t degree = 0;
            while (polynomial >> (degree + 1) != 0) {
                ++degree;
            }
            for (std::size_t k = 0; k < v.size(); ++k) {
                if (degree == 0 || k < degree) {
                    v[k] = (degree == 0 ? 1U : *initial++) << (31 - k);
                    continue;
                }
                v[k] = v[k - degree] ^ v[k - degree] >> degree;
                for (std::size_t i = 1; i < degree; ++i) {
                    v[k] ^= (polynomial >> (degree - i) & 1U) != 0 ? v[k - i] : 0U;
                }
            }
        }
        return made;
    }

    /// Flips each digit by a hash of those before it.
    static std::uint32_t scramble(std::uint32_t digits, std::uint64_t key) noexcept {
        std::uint32_t flips = 0;
        for (std::uint32_t k = 0; k < 32; ++k) {
            // A leading one tells prefixes of different lengths apart.
            const std::uint64_t prefix = (std::uint64_t{1} << 32U | digits) >> (32 - k);
            flips |= static_cast<std::uint32_t>(mix_bits(key ^ prefix) & 1U) << (31 - k);
        }
        return digits ^ flips;
    }

    std::size_t dimension_;
    std::uint64_t seed_;
    bool scrambled_;
    std::vector<directions> directions_;
};

/// Points of a space along the scrambled sequence, one coordinate per parameter of more than one
/// value.
class sobol_points {
public:
    sobol_points() = default;

    sobol_points(const space& over, std::uint64_t seed, bool scrambled = true)
        : over_(over) {
        for (std::size_t i = 0; i < over.size(); ++i) {
            if (over.parameters()[i].low != over.parameters()[i].high) {
                varied_.push_back(i);
            }
        }
        sequence_ = sobol_sequence(varied_.size(), seed, scrambled);
    }

    /// The next one that is not forbidden; one drawn from the stream where those are too rare.
    [[nodiscard]] point next(random_stream& stream) {
        const auto& parameters = over_.parameters();
        for (int tries = 0; tries < 10000; ++tries) {
            std::vector<double> raw;
            raw.reserve(parameters.size());
            for (const parameter& p : parameters) {
                raw.push_back(p.low);
            }
            const std::vector<double> unit = sequence_.at(index_++);
            for (std::size_t j = 0; j < unit.size(); ++j) {
                raw[varied_[j]] = from_unit(parameters[varied_[j]], unit[j]);
            }
            point made = over_.make_point(std::move(raw));
            if (over_.contains(made)) {
                return made;
            }
        }
        return over_.sample(stream);
    }

private:
    space over_;
    sobol_sequence sequence_{0, 0};
    std::vector<std::size_t> varied_; ///< parameters of more than one value
    std::uint64_t index_ = 0;
};

struct sobol_options {
    std::optional<std::uint64_t> seed{}; ///< instead of the study's
    bool scrambled = true;
    int width = 16; ///< proposals that may be open; changes no result
};

/// Search along the scrambled sequence: covers the space evenly, whenever it is ended. The default
/// point and those suggested come first; points of forbidden combinations are passed over. Failed
/// trials count as tried, no more.
class sobol {
public:
    sobol() = default;

    explicit sobol(sobol_options options)
        : options_(options) {
        MEND_EXPECTS(options.width > 0, "at least one proposal may be open");
    }

    void start(const space& over, std::uint64_t seed) {
        const std::uint64_t own = options_.seed.value_or(seed);
        ids_.start(over, own);
        points_ = sobol_points(over, own, options_.scrambled);
    }

    void suggest(const std::vector<point>& known) { ids_.suggest(known); }

    [[nodiscard]] std::optional<proposal> ask() {
        if (ids_.has_known()) {
            return ids_.propose_known();
        }
        random_stream stream = ids_.stream();
        return ids_.propose(points_.next(stream));
    }

    void tell(const trial&) noexcept { ids_.count_told(); }

    [[nodiscard]] int width() const noexcept { return options_.width; }

private:
    sobol_options options_;
    detail::proposer ids_;
    sobol_points points_;
};

static_assert(searcher<sobol>);

} // namespace mend
