// SPDX-License-Identifier: MIT
/// Points of a space as the rows of numbers that HEBO's genetic algorithm varies and as those its
/// model sees.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <mend/core/random.hpp>
#include <mend/space/encoding.hpp>
#include <mend/space/neighbours.hpp>
#include <mend/space/parameter.hpp>
#include <mend/space/space.hpp>

namespace mend::detail {

/// How a gene is varied.
enum class gene_kind : std::uint8_t { real, stepped, category };

/// A gene per parameter of more than one value: reals, integers and ordinals in [0, 1], the
/// discrete ones at the middles of their cells, categoricals and booleans by index; NaN where the
/// parameter does not exist.
///
/// Features are the numeric genes in order, then those of the categories: each one index, or one
/// number per choice (one-hot). A numeric parameter that does not exist stands at 0.5, a category
/// that does not is a choice of its own, at index -1 or with zeros throughout.
class gene_map {
public:
    gene_map() = default;

    gene_map(const space& over, bool one_hot)
        : code_(over)
        , one_hot_(one_hot) {
        for (const encoded_column& column : code_.columns()) {
            const parameter& p = over.parameters()[column.parameter];
            kinds_.push_back(
                column.levels > 0 ? gene_kind::category
                : p.is_discrete() ? gene_kind::stepped
                                  : gene_kind::real
            );
            levels_.push_back(column.levels);
            numeric_ += column.levels == 0 ? 1 : 0;
            categories_ += column.levels > 0 ? 1 : 0;
            choices_ += column.levels;
        }
        for (const parameter& p : over.parameters()) {
            conditional_ = conditional_ || !p.conditions.empty();
        }
    }

    /// Number of genes.
    [[nodiscard]] std::size_t size() const noexcept { return kinds_.size(); }

    [[nodiscard]] gene_kind kind(std::size_t gene) const noexcept { return kinds_[gene]; }

    /// Choices of a category.
    [[nodiscard]] std::size_t levels(std::size_t gene) const noexcept { return levels_[gene]; }

    /// Numeric features that come from numeric parameters.
    [[nodiscard]] std::size_t numeric() const noexcept { return numeric_; }

    /// Numeric features that come from categories.
    [[nodiscard]] std::size_t one_hot() const noexcept { return one_hot_ ? choices_ : 0; }

    /// Categorical features.
    [[nodiscard]] std::size_t categorical() const noexcept { return one_hot_ ? 0 : categories_; }

    /// Number of features.
    [[nodiscard]] std::size_t width() const noexcept {
        return numeric() + one_hot() + categorical();
    }

    [[nodiscard]] std::vector<double> encode(const point& p) const { return code_.encode(p); }

    [[nodiscard]] point decode(std::span<const double> genes) const { return code_.decode(genes); }

    /// Makes a row one of a point: discrete genes go to the middle of their cell, what cannot exist
    /// becomes NaN, what newly exists is drawn. False where the point is forbidden.
    [[nodiscard]] bool settle(std::span<double> genes, random_stream& stream) const {
        const space& over = code_.over();
        std::vector<double> raw = code_.decode_raw(genes);
        if (!conditional_) {
            for (std::size_t g = 0; g < size(); ++g) {
                if (kinds_[g] == gene_kind::stepped) {
                    const std::size_t at = code_.columns()[g].parameter;
                    genes[g] = to_unit(over.parameters()[at], raw[at]);
                }
            }
            return over.contains(over.make_point(std::move(raw)));
        }
        for (std::size_t g = 0; g < size(); ++g) {
            if (std::isnan(genes[g])) {
                raw[code_.columns()[g].parameter] = parameter::absent;
            }
        }
        const auto made = complete_point(over, std::move(raw), stream);
        if (made) {
            const std::vector<double> settled = code_.encode(*made);
            for (std::size_t g = 0; g < size(); ++g) {
                // A real that was there keeps its digits.
                const bool kept = kinds_[g] == gene_kind::real && !std::isnan(genes[g]) &&
                                  !std::isnan(settled[g]);
                genes[g] = kept ? genes[g] : settled[g];
            }
        }
        return made.has_value();
    }

    /// Writes width() numbers.
    void write_features(std::span<const double> genes, double* to) const noexcept {
        double* category = to + numeric_;
        for (std::size_t g = 0; g < size(); ++g) {
            const bool exists = !std::isnan(genes[g]);
            if (kinds_[g] != gene_kind::category) {
                *to++ = exists ? genes[g] : 0.5;
            } else if (one_hot_) {
                std::fill(category, category + levels_[g], 0.0);
                if (exists) {
                    category[static_cast<std::size_t>(genes[g])] = 1;
                }
                category += levels_[g];
            } else {
                *category++ = exists ? genes[g] : -1;
            }
        }
    }

private:
    encoding code_{space{}};
    bool one_hot_ = false;
    bool conditional_ = false;
    std::vector<gene_kind> kinds_;
    std::vector<std::size_t> levels_;
    std::size_t numeric_ = 0;
    std::size_t categories_ = 0;
    std::size_t choices_ = 0; ///< of all categories together
};

} // namespace mend::detail
