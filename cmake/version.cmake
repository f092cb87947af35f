# Run as a script at every build: writes OUT anew only if the version or the commit has changed.
execute_process(COMMAND git describe --always --dirty --exclude=* --abbrev=12
  WORKING_DIRECTORY ${SOURCE} OUTPUT_VARIABLE COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
file(CONFIGURE OUTPUT ${OUT} @ONLY CONTENT [=[
#include "base/version.hpp"

namespace abscopal {

std::string_view version() { return "@VERSION@"; }
std::string_view git_commit() { return "@COMMIT@"; }
std::string_view compiler() { return "@COMPILER@"; }

}  // namespace abscopal
]=])
