// SPDX-License-Identifier: MIT
/// What a diagnosis says: one suspicion with its evidence, its place and the patches that it
/// suggests.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/record/signals.hpp>
#include <mend/spec/diff.hpp>
#include <mend/spec/patch.hpp>
#include <mend/spec/pointer.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/read.hpp>

namespace mend {

/// A suspicion. Its confidence says how much it alone would explain a training that goes badly; it
/// is no probability over all findings.
struct finding {
    std::string code{};         ///< "learning_rate": one word per kind, stable
    std::string what{};         ///< one sentence for people
    signals evidence{};         ///< the numbers behind it
    std::string path{};         ///< JSON pointer into the problem as it was given; "" for the data
    std::vector<patch> fixes{}; ///< of the problem as it was given, most promising first
    double confidence = 0.5;    ///< in (0, 1)
    bool dynamic = false;       ///< seen in a training, not in the problem itself

    friend bool operator==(const finding&, const finding&) = default;
};

/// Most confident first; equals keep their order.
inline void rank(std::vector<finding>& findings) {
    std::stable_sort(findings.begin(), findings.end(), [](const finding& a, const finding& b) {
        return a.confidence > b.confidence;
    });
}

namespace detail {

/// Collects findings about one problem and makes patches and paths for them.
class finding_list {
public:
    explicit finding_list(const problem& faulty)
        : faulty_(&faulty) {
        layout_ = read_tree(document_of(faulty)).layout;
    }

    [[nodiscard]] const problem& faulty() const noexcept { return *faulty_; }

    /// Adds a finding; the confidence is kept within 0.01 .. 0.99.
    finding& add(std::string code, double confidence, std::string path, std::string what) {
        finding made;
        made.code = std::move(code);
        made.confidence = std::clamp(confidence, 0.01, 0.99);
        made.path = std::move(path);
        made.what = std::move(what);
        return found_.emplace_back(std::move(made));
    }

    /// Suggests the change that `edit(problem&)` makes; nothing where it changes nothing, makes no
    /// problem or has been suggested already.
    template <class Edit>
    void suggest(finding& to, const Edit& edit) const {
        problem changed = *faulty_;
        edit(changed);
        add_fix(to, changed);
    }

    [[nodiscard]] std::string layer(std::size_t i) const {
        return pointer_to(layout_.layers, layout_.offset + i);
    }

    [[nodiscard]] std::string layer(std::size_t i, std::string_view key) const {
        return pointer_to(layer(i), "config") + "/" + std::string(key);
    }

    [[nodiscard]] std::string optimizer(std::string_view key = {}) const {
        return key.empty() ? layout_.optimizer : layout_.optimizer + "/config/" + std::string(key);
    }

    [[nodiscard]] const std::string& loss() const noexcept { return layout_.loss; }

    [[nodiscard]] std::string fit(std::string_view key) const {
        return layout_.fit + "/" + std::string(key);
    }

    [[nodiscard]] std::vector<finding> take() && { return std::move(found_); }

private:
    void add_fix(finding& to, problem& changed) const {
        if (changed == *faulty_ || !infer_shapes(changed.model).why.empty()) {
            return;
        }
        patch made = diff(*faulty_, changed);
        if (std::find(to.fixes.begin(), to.fixes.end(), made) == to.fixes.end()) {
            to.fixes.push_back(std::move(made));
        }
    }

    const problem* faulty_;
    problem_layout layout_;
    std::vector<finding> found_;
};

/// Findings about layers in a sentence: "layer 3 (Dense)".
[[nodiscard]] inline std::string layer_text(const problem& p, std::size_t i) {
    return "layer " + std::to_string(i) + " (" + std::string(p.model.layers[i].class_name()) + ")";
}

} // namespace detail

} // namespace mend
