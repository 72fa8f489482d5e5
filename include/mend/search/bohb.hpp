// SPDX-License-Identifier: MIT
/// BOHB (Falkner, Klein, Hutter: "BOHB: robust and efficient hyperparameter optimization at scale",
/// ICML 2018): the brackets of Hyperband, whose configurations a kernel density model proposes.
///
/// Brackets, promotion, failures and width as in halving.hpp, the model and its deviations from
/// HpBandSter as in kde.hpp; the options are theirs. Every result, on whatever rung, teaches the
/// model of its fidelity. Asynchronous (ASHA) brackets are an option that HpBandSter does not have.
#pragma once

#include <cstdint>
#include <optional>

#include <mend/search/brackets.hpp>
#include <mend/search/halving.hpp>
#include <mend/search/kde.hpp>
#include <mend/search/searcher.hpp>

namespace mend {

struct bohb_options {
    std::optional<std::uint64_t> seed{}; ///< instead of the study's
    double eta = 3;
    double min_fidelity = 0.01; ///< 1: no halving, the model alone
    std::int64_t brackets = 0;  ///< 0: without end; synchronous only
    halving_mode mode = halving_mode::synchronous;
    int min_points = 0; ///< good, and bad, trials that a model needs; 0: parameters + 1
    double good_share = 0.15;
    int candidates = 64;
    double random_fraction = 1.0 / 3;
    double bandwidth_factor = 3;
    double min_bandwidth = 1e-3;
    int width = 1; ///< new configurations that may be open; promotions are beyond it
};

class bohb : public halving_search<kde_search> {
public:
    explicit bohb(const bohb_options& options = {})
        : halving_search<kde_search>(
              kde_search(
                  {options.seed,
                   options.min_points,
                   options.good_share,
                   options.candidates,
                   options.random_fraction,
                   options.bandwidth_factor,
                   options.min_bandwidth,
                   options.width}
              ),
              hyperband_brackets(options.eta, options.min_fidelity),
              options.eta,
              options.brackets,
              options.mode,
              options.width
          ) {}
};

static_assert(searcher<bohb>);

} // namespace mend
