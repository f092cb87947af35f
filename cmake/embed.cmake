# abscopal_embed(TARGET NAME FILE): adds a source to TARGET that defines abscopal::embedded::NAME, the text of FILE.
function(abscopal_embed target name file)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} text)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded_${name}.cpp)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT
"#include <string_view>
namespace abscopal::embedded {
extern const std::string_view @name@;
const std::string_view @name@ = R\"abscopal_embed(@text@)abscopal_embed\";
}
")
  target_sources(${target} PRIVATE ${source})
endfunction()
