// Broadcasting, transposing and slicing: loops over arrays of up to eight axes and any stride.
#include "CKernels.h"
#include "hot.h"

enum { MOST = 8 };

INLINE float apply(int op, float a, float b) {
  return op == SCANT_ADD ? a + b : op == SCANT_SUBTRACT ? a - b
       : op == SCANT_MULTIPLY ? a * b : a / b;
}

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

INLINE void row(int op, const float *R a, long sa, const float *R b, long sb, float *R y, long n) {
  if (sa == 1 && sb == 1)
    for (long i = 0; i < n; i++) y[i] = apply(op, a[i], b[i]);
  else if (sa == 1 && sb == 0)
    for (long i = 0; i < n; i++) y[i] = apply(op, a[i], b[0]);
  else if (sa == 0 && sb == 1)
    for (long i = 0; i < n; i++) y[i] = apply(op, a[0], b[i]);
  else
    for (long i = 0; i < n; i++) y[i] = apply(op, a[i * sa], b[i * sb]);
}

HOT void scant_binary_strided(
    int op, int rank, const long *shape, const float *a, const long *a_strides, const float *b,
    const long *b_strides, float *y) {
  long at[MOST] = {0}, n = shape[rank - 1];
  do {
    const float *pa = a + offset(rank, at, a_strides), *pb = b + offset(rank, at, b_strides);
    long sa = a_strides[rank - 1], sb = b_strides[rank - 1];
    switch (op) {
    case SCANT_ADD: row(SCANT_ADD, pa, sa, pb, sb, y, n); break;
    case SCANT_SUBTRACT: row(SCANT_SUBTRACT, pa, sa, pb, sb, y, n); break;
    case SCANT_MULTIPLY: row(SCANT_MULTIPLY, pa, sa, pb, sb, y, n); break;
    default: row(SCANT_DIVIDE, pa, sa, pb, sb, y, n);
    }
    y += n;
  } while (advance(rank, shape, at));
}

HOT void scant_gather(
    int rank, const long *shape, const float *R x, const long *strides, float *R y) {
  long at[MOST] = {0}, n = shape[rank - 1], stride = strides[rank - 1];
  do {
    const float *from = x + offset(rank, at, strides);
    if (stride == 1)
      memcpy(y, from, (size_t)n * sizeof(float));
    else
      for (long i = 0; i < n; i++) y[i] = from[i * stride];
    y += n;
  } while (advance(rank, shape, at));
}
