# abscopal_module(NAME LINKS...) makes the static library of src/NAME from all its sources.
# The order in which modules may link is checked by tools/check_layers.
function(abscopal_module name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  if(NOT sources)
    add_library(abscopal_${name} INTERFACE)
    return()
  endif()
  add_library(abscopal_${name} STATIC ${sources})
  target_include_directories(abscopal_${name} PUBLIC ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(abscopal_${name} PUBLIC ${ARGN} PRIVATE abscopal_flags)
endfunction()
