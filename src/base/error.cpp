// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "abscopal/error.hpp"

#include <algorithm>
#include <fstream>

#include "base/text.hpp"

namespace abscopal {
namespace {

constexpr std::size_t max_faults = 20;

std::string head_line(const Fault& fault) {
    std::string head = fault.place.file;
    if (fault.place.line > 0) head += ":" + std::to_string(fault.place.line);
    if (fault.place.line > 0 && fault.place.column > 0) head += ":" + std::to_string(fault.place.column);
    if (!head.empty()) head += ": ";
    return head + fault.message;
}

std::string all_heads(const std::vector<Fault>& faults) {
    std::string text;
    for (const auto& fault : faults) text += (text.empty() ? "" : "\n") + head_line(fault);
    return text;
}

/// Edit distance, with the swap of two neighbours as one edit (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = std::min(now[j], before[j - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, now);
    }
    return last[b.size()];
}

/// What a terminal would take as a command, or a reader as the end, is shown as \xNN.
std::string printable(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string shown;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_control = (byte < 0x20 && c != '\t' && c != '\n') || byte == 0x7f;
        if (is_control)
            shown += {'\\', 'x', digits[byte >> 4], digits[byte & 15u]};
        else
            shown += c;
    }
    return shown;
}

std::string underlined(const Place& place) {
    std::ifstream file(place.file);
    std::string line;
    for (int i = 0; i < place.line && std::getline(file, line); ++i) {
    }
    if (!file || place.line < 1 || line.size() > 400 || !is_valid_utf8(line)) return {};
    if (line.ends_with('\r')) line.pop_back();
    const std::string number = std::to_string(place.line);
    const std::string margin(number.size(), ' ');
    std::string text = "\n" + margin + " |\n" + number + " | " + line;
    if (place.column > 0) {
        const auto length = static_cast<std::size_t>(std::max(1, place.length));
        text += "\n" + margin + " | " + std::string(static_cast<std::size_t>(place.column - 1), ' ') +
                std::string(length, '^');
    }
    return text;
}

}  // namespace

InputError::InputError(std::vector<Fault> faults)
    : std::runtime_error(all_heads(faults)), faults_(std::move(faults)) {}

void FaultList::add(std::string code, std::string message, Place place, std::vector<std::string> notes) {
    if (faults_.size() < max_faults)
        faults_.push_back({std::move(code), std::move(message), std::move(place), std::move(notes)});
}

void FaultList::throw_if_any() const {
    if (!faults_.empty()) throw InputError(faults_);
}

std::string nearest_name(std::string_view name, std::span<const std::string> candidates) {
    const std::string wanted = lower_case(name);
    std::string best;
    std::size_t best_distance = std::min<std::size_t>(3, (name.size() + 1) / 2);
    for (const auto& candidate : candidates) {
        if (candidate.size() > name.size() + 2 || name.size() > candidate.size() + 2) continue;
        const auto d = distance(wanted, lower_case(candidate));
        if (d < best_distance || (d == 0 && best.empty())) {
            best = candidate;
            best_distance = d;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> candidates) {
    const std::string nearest = nearest_name(name, candidates);
    return nearest.empty() ? "" : "; did you mean '" + nearest + "'?";
}

std::string describe(const Fault& fault) {
    std::string text = head_line(fault) + underlined(fault.place);
    for (const auto& note : fault.notes) text += "\n  = " + note;
    return printable(text);
}

}  // namespace abscopal
