// SPDX-License-Identifier: MIT
/// What may be set in guided (guided.hpp), and which of its parts may be switched off.
///
/// | option         | default | meaning                                                       |
/// |----------------|---------|---------------------------------------------------------------|
/// | width          | 4       | proposals that may be open                                    |
/// | first_fidelity | 1/9     | of the first rung; at least one epoch                         |
/// | first_steps    | 10      | updates of the first rung, at least; fewer tell nothing       |
/// | keep           | 3       | one in so many goes on to the next rung                       |
/// | first_share    | 0.45    | of the budget for the first race                              |
/// | reserve        | 0.3     | of the budget kept for confirmation and minimisation; in      |
/// |                |         | later brackets of what is left, if that is less               |
/// | confirmations  | 2       | fresh seeds per finalist                                      |
/// | long_from      | 0.6     | confidence of "few_updates" that calls for more epochs first  |
/// | long_share     | 0.8     | of the budget for these, at most                              |
#pragma once

namespace mend {

struct guided_options {
    int width = 4; ///< proposals that may be open
    double first_fidelity = 1.0 / 9;
    double first_steps = 10; ///< updates of the first rung, at least
    double keep = 3;
    double first_share = 0.45;
    double reserve = 0.3;
    int confirmations = 2;
    double long_from = 0.6;
    double long_share = 0.8;

    // Parts that can be switched off, to see what each is worth.
    bool diagnose = true;   ///< let findings order the steps
    bool pair_seeds = true; ///< race with the seed of trial 0
    bool race = true;       ///< else all candidates train to their end
    bool combine = true;    ///< more races around the winner
    bool surrogate = true;  ///< order combinations by what was learnt
    bool minimise = true;
    bool longer = true;   ///< train longer first where updates are few
    bool brackets = true; ///< race on, with more epochs, where nothing has learned
};

} // namespace mend
