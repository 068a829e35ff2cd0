// Iterates over arrays of up to eight axes with any strides, row by row.
#ifndef SCANT_STRIDES_H
#define SCANT_STRIDES_H

#include "hot.h"

enum { MOST_AXES = 8 };

// Advances the outer indices (all axes but the last); returns 0 after the last row.
INLINE int advance(int rank, const long *shape, long *at) {
  for (int axis = rank - 2; axis >= 0; axis--) {
    if (++at[axis] < shape[axis]) return 1;
    at[axis] = 0;
  }
  return 0;
}

INLINE long offset(int rank, const long *at, const long *strides) {
  long sum = 0;
  for (int axis = 0; axis < rank - 1; axis++) sum += at[axis] * strides[axis];
  return sum;
}

#endif
