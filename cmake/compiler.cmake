# One set of flags for everything we compile. No flag may let the compiler change floating-point
# results: contraction is off, and fast-math is never on (docs/decisions/003-determinism.md).
add_library(abscopal_flags INTERFACE)
target_compile_options(abscopal_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wcast-qual -Wundef
  -ffp-contract=off -fstack-protector-strong)
if(ABSCOPAL_WERROR)
  target_compile_options(abscopal_flags INTERFACE -Werror)
endif()
if(ABSCOPAL_SANITIZE)
  target_compile_options(abscopal_flags INTERFACE -fsanitize=${ABSCOPAL_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(abscopal_flags INTERFACE -fsanitize=${ABSCOPAL_SANITIZE})
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
