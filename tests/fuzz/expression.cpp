// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// A formula from text to programs: rates, Jacobian, derivatives by a parameter, evaluated once.
#include "abscopal/model.hpp"
#include "input.hpp"
#include "model/infix.hpp"

namespace {

abscopal::Spec spec_of(const abscopal::Expression& formula) {
    abscopal::Spec spec;
    const auto add = [&](const char* id, double value, bool constant) {
        abscopal::Parameter parameter;
        parameter.id = id;
        parameter.value = value;
        parameter.constant = constant;
        spec.parameters.push_back(parameter);
    };
    add("x", 0.7, false), add("y", 2.0, false), add("a", 1.5, true), add("b", -3.0, true);
    spec.rules.push_back({abscopal::RuleKind::rate, "x", formula, {}});
    spec.rules.push_back({abscopal::RuleKind::rate, "y", abscopal::symbol("x"), {}});
    return spec;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace abscopal;
    if (size > 200) return 0;
    return fuzz::read_or_refuse([&] {
        const Expression formula = parse_infix(fuzz::text_of(data, size));
        // (x*y)*z and x*y*z are one text, so texts are compared, not trees.
        const std::string text = to_text(formula);
        if (to_text(parse_infix(text)) != text) std::abort();
        const auto model = compile(spec_of(formula), {"a"});
        std::vector<double> numbers = model->workspace;
        for (const Program* program : {&model->prelude, &model->rates, &model->jacobian, &model->time_slope,
                                       &model->roots, &model->time_switches, &model->observe})
            program->run(numbers.data());
    });
}
