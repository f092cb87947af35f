// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "simulation/written.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/text.hpp"

namespace abscopal {
namespace {

template <class Info>
std::vector<std::string> names_of(const std::vector<Info>& infos) {
    std::vector<std::string> names;
    for (const auto& info : infos) names.push_back(info.id);
    return names;
}

// Names in a model that are near, ids first and then display names.
template <class Info>
std::string suggestion(std::string_view name, const std::vector<Info>& infos) {
    std::vector<std::string> names = names_of(infos);
    if constexpr (requires { infos.front().name; })
        for (const auto& info : infos)
            if (!info.name.empty()) names.push_back(info.name);
    return did_you_mean(name, names);
}

/// The words of one dose, read from left to right.
class DoseReader {
  public:
    DoseReader(const Model& model, std::string_view text, FaultList& faults)
        : model_(model), text_(text), faults_(faults) {
        for (const auto& word : split(text, ' '))
            if (!trim(word).empty()) words_.emplace_back(trim(word));
    }

    void read(std::vector<Action>& actions) {
        const auto target = read_target();
        if (!target) return;
        Action action;
        action.target = *target;
        if (!read_number("an amount", action.value)) return;
        if (take("over") && !read_number("a duration", action.duration)) return;
        if (action.duration > 0.0) action.kind = ActionKind::infuse;
        if (!take("at")) return complain("expected 'at' and a time");
        double interval = 0.0, times = 1.0;
        if (!read_number("a time", action.time)) return;
        if (take("every")) {
            if (!read_number("an interval", interval)) return;
            if (!take("times") || !read_number("a number of doses", times))
                return complain("expected 'times' and a number");
        }
        if (next_ < words_.size()) return complain("'" + words_[next_] + "' is one word too many");
        if (action.value < 0.0 || action.duration < 0.0 || (times > 1.0 && !(interval > 0.0)) ||
            !(times >= 1.0) || times != std::floor(times) || times > 1e6)
            return complain(
                "amounts and durations are not negative, intervals are greater than 0, doses are counted "
                "from 1");
        for (int i = 0; i < static_cast<int>(times); ++i) {
            actions.push_back(action);
            actions.back().time = action.time + i * interval;
        }
    }

  private:
    // The target is every word before the first number that "over" or "at" follows: display names may hold
    // spaces.
    std::optional<Slot> read_target() {
        std::string name;
        while (next_ < words_.size() && !amount_stands_at(next_))
            name += (name.empty() ? "" : " ") + words_[next_++];
        if (name.empty() || next_ == words_.size()) {
            complain("expected 'species amount at time'");
            return std::nullopt;
        }
        if (const auto state = find_state(model_, name)) return model_.states[*state].slot;
        const auto observable = find_observable(model_, name);
        faults_.add("unknown-target", observable ? "'" + name + "' cannot be dosed: it is not integrated"
                                                 : "unknown species '" + name + "' in dose '" + text_ + "'" +
                                                       suggestion(name, model_.states));
        return std::nullopt;
    }

    bool amount_stands_at(std::size_t i) const {
        return to_double(words_[i]) && i + 1 < words_.size() &&
               (words_[i + 1] == "at" || words_[i + 1] == "over");
    }

    bool read_number(const std::string& what, double& value) {
        const auto number = next_ < words_.size() ? to_double(words_[next_]) : std::nullopt;
        if (!number || !std::isfinite(*number)) {
            complain("expected " + what + (next_ < words_.size() ? ", found '" + words_[next_] + "'" : ""));
            return false;
        }
        value = *number;
        ++next_;
        return true;
    }

    bool take(std::string_view word) {
        const bool is_next = next_ < words_.size() && words_[next_] == word;
        if (is_next) ++next_;
        return is_next;
    }

    void complain(const std::string& message) {
        faults_.add("bad-dose", "dose '" + text_ + "': " + message, {},
                    {"a dose is written 'species amount [over duration] at time [every interval times n]'"});
    }

    const Model& model_;
    std::string text_;
    FaultList& faults_;
    std::vector<std::string> words_;
    std::size_t next_ = 0;
};

}  // namespace

std::vector<std::pair<std::size_t, double>> parse_settings(const Model& model,
                                                           const std::vector<std::string>& items) {
    FaultList faults;
    std::vector<std::pair<std::size_t, double>> settings;
    for (const auto& item : items) {
        const auto sign = item.rfind('=');
        const std::string name(trim(item.substr(0, sign)));
        const auto value = sign == std::string::npos ? std::nullopt : to_double(item.substr(sign + 1));
        const auto settable = find_settable(model, name);
        if (!value || !std::isfinite(*value))
            faults.add("bad-setting", "'" + item + "' is not of the form id=number");
        else if (settable)
            settings.emplace_back(*settable, *value);
        else if (find_observable(model, name))
            faults.add("not-settable", "'" + name + "' cannot be set: the model computes it");
        else
            faults.add("unknown-name", "unknown name '" + name + "'" + suggestion(name, model.settables));
    }
    faults.throw_if_any();
    return settings;
}

std::vector<Action> parse_doses(const Model& model, const std::vector<std::string>& texts) {
    FaultList faults;
    std::vector<Action> actions;
    for (const auto& text : texts)
        for (const auto& dose : split(text, ',')) DoseReader(model, trim(dose), faults).read(actions);
    faults.throw_if_any();
    std::ranges::stable_sort(actions, {}, &Action::time);
    return actions;
}

std::vector<std::size_t> parse_selection(const Model& model, const std::vector<std::string>& ids) {
    FaultList faults;
    std::vector<std::size_t> selection;
    for (const auto& id : ids) {
        if (const auto observable = find_observable(model, id))
            selection.push_back(*observable);
        else
            faults.add("unknown-name", "unknown name '" + id + "'" + suggestion(id, model.observables));
    }
    faults.throw_if_any();
    return selection;
}

}  // namespace abscopal
