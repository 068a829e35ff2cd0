// libmpg123, as Debian and Ubuntu package it (libmpg123-dev).
#include <mpg123.h>

/// `mpg123_param` is a macro in some versions of the library, which Swift cannot call.
static inline int mpg123_set(mpg123_handle *handle, int parameter, long value) {
  return mpg123_param(handle, parameter, value, 0);
}
