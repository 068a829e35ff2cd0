// Sums, differences, products and quotients, of equal shapes and of shapes that broadcast.
#include "CKernels.h"
#include "strides.h"

HOT void scant_binary(int op, const float *R a, const float *R b, float *R y, long n) {
  switch (op) {
  case SCANT_ADD: for (long i = 0; i < n; i++) y[i] = a[i] + b[i]; break;
  case SCANT_SUBTRACT: for (long i = 0; i < n; i++) y[i] = a[i] - b[i]; break;
  case SCANT_MULTIPLY: for (long i = 0; i < n; i++) y[i] = a[i] * b[i]; break;
  default: for (long i = 0; i < n; i++) y[i] = a[i] / b[i];
  }
}

HOT void scant_affine(const float *R x, float scale, float shift, float *R y, long n) {
  for (long i = 0; i < n; i++) y[i] = x[i] * scale + shift;
}

HOT void scant_blend(float p, const float *R a, float q, const float *R b, float *R y, long n) {
  for (long i = 0; i < n; i++) y[i] = p * a[i] + q * b[i];
}

HOT void scant_fill(float value, float *R y, long n) {
  for (long i = 0; i < n; i++) y[i] = value;
}

INLINE float apply(int op, float a, float b) {
  return op == SCANT_ADD ? a + b : op == SCANT_SUBTRACT ? a - b
       : op == SCANT_MULTIPLY ? a * b : a / b;
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
  long at[MOST_AXES] = {0}, n = shape[rank - 1];
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
