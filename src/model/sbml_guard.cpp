// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/sbml_guard.hpp"

#include "abscopal/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace abscopal {
namespace {

/// Walks the tags of an XML text and keeps count of their nesting.
class TagWalk {
  public:
    TagWalk(std::string_view text, const std::string& name) : text_(text), name_(name) {}

    void run() {
        for (at_ = text_.find('<'); at_ != std::string_view::npos; at_ = text_.find('<', at_)) step();
    }

  private:
    bool looking_at(std::string_view token) const { return text_.substr(at_, token.size()) == token; }

    void step() {
        if (looking_at("<!--")) return skip_to("-->");
        if (looking_at("<![CDATA[")) return skip_to("]]>");
        if (looking_at("<?")) return skip_to("?>");
        if (looking_at("<!")) refuse("doctype", "a document type declaration is not allowed in a model file");
        if (looking_at("</")) {
            --depth_;
            return skip_to(">");
        }
        open_tag();
    }

    void skip_to(std::string_view end) {
        const auto found = text_.find(end, at_ + 1);
        at_ = found == std::string_view::npos ? text_.size() : found + end.size();
    }

    /// A '>' inside a quoted attribute does not end the tag.
    void open_tag() {
        const std::size_t start = at_;
        char quote = 0;
        for (++at_; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (quote != 0) {
                if (c == quote) quote = 0;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '>') {
                break;
            }
        }
        if (at_ < text_.size() && text_[at_ - 1] == '/') return;
        if (++depth_ > max_xml_depth) {
            at_ = start;
            refuse("xml-too-deep",
                   "elements are nested deeper than " + std::to_string(max_xml_depth) + " levels");
        }
    }

    [[noreturn]] void refuse(const std::string& code, const std::string& message) const {
        throw InputError(Fault{code, message, place_at(text_, at_, name_), {}});
    }

    std::string_view text_;
    const std::string& name_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

}  // namespace

void guard_xml(std::string_view text, const std::string& name) {
    if (text.size() > max_input_bytes)
        throw InputError(Fault{
            "file-too-large", "larger than " + std::to_string(max_input_bytes >> 20) + " MB", {name}, {}});
    require_text(text, name);
    TagWalk(text, name).run();
}

}  // namespace abscopal
