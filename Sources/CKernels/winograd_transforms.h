// The one-dimensional transforms of F(m, 3), m = 4 or 2; a tile takes each along both axes.
//
// y = Aᵀ[(G g) ⊙ (Bᵀ d)] evaluates the polynomials g and d at m + 1 points and at infinity,
// multiplies there, and interpolates. The points decide how much rounding is amplified. For m = 4
// they are 0, ±5/8, ±3/2: the error is less than half that of the usual 0, ±1, ±2, at the same
// number of instructions, and all entries of A and B are exact in binary.
// N below is the product of a point's differences to the other points.
#ifndef SCANT_WINOGRAD_TRANSFORMS_H
#define SCANT_WINOGRAD_TRANSFORMS_H

#include "lanes.h"

enum { MAX_SIDE = 6, MAX_FREQUENCIES = MAX_SIDE * MAX_SIDE };

#define P 0.625f  // the points ±P and ±Q
#define Q 1.5f
#define PP (P * P)
#define QQ (Q * Q)
#define N0 (PP * QQ)
#define NP (2 * PP * (PP - QQ))
#define NQ (2 * QQ * (QQ - PP))

/// Bᵀ: m + 2 inputs to m + 2 frequencies.
INLINE void transform_input(int m, const v16 *d, v16 *o) {
  if (m == 2) {
    o[0] = d[0] - d[2], o[1] = d[2] + d[1], o[2] = d[2] - d[1], o[3] = d[3] - d[1];
    return;
  }
  v16 even_p = d[4] - QQ * d[2], odd_p = d[3] - QQ * d[1];
  v16 even_q = d[4] - PP * d[2], odd_q = d[3] - PP * d[1];
  o[0] = N0 * d[0] + (d[4] - (PP + QQ) * d[2]);
  o[1] = even_p + P * odd_p, o[2] = even_p - P * odd_p;
  o[3] = even_q + Q * odd_q, o[4] = even_q - Q * odd_q;
  o[5] = N0 * d[1] + (d[5] - (PP + QQ) * d[3]);
}

/// G: 3 weights to m + 2 frequencies.
INLINE void transform_weights(int m, const v16 *g, v16 *o) {
  if (m == 2) {
    v16 even = 0.5f * (g[0] + g[2]), odd = 0.5f * g[1];
    o[0] = g[0], o[1] = even + odd, o[2] = even - odd, o[3] = g[2];
    return;
  }
  v16 even_p = (g[0] + PP * g[2]) / NP, odd_p = g[1] * (P / NP);
  v16 even_q = (g[0] + QQ * g[2]) / NQ, odd_q = g[1] * (Q / NQ);
  o[0] = g[0] / N0;
  o[1] = even_p + odd_p, o[2] = even_p - odd_p;
  o[3] = even_q + odd_q, o[4] = even_q - odd_q;
  o[5] = g[2];
}

/// Gᵀ: m + 2 frequencies to 3 gradients of weights.
INLINE void return_weights(int m, const v16 *o, v16 *g) {
  if (m == 2) {
    v16 even = 0.5f * (o[1] + o[2]), odd = 0.5f * (o[1] - o[2]);
    g[0] = o[0] + even, g[1] = odd, g[2] = o[3] + even;
    return;
  }
  v16 even_p = (o[1] + o[2]) / NP, odd_p = (o[1] - o[2]) * (P / NP);
  v16 even_q = (o[3] + o[4]) / NQ, odd_q = (o[3] - o[4]) * (Q / NQ);
  g[0] = o[0] / N0 + even_p + even_q;
  g[1] = odd_p + odd_q;
  g[2] = o[5] + PP * even_p + QQ * even_q;
}

/// Aᵀ: m + 2 frequencies to m outputs.
INLINE void transform_output(int m, const v16 *o, v16 *y) {
  if (m == 2) {
    y[0] = o[0] + o[1] + o[2], y[1] = o[1] - o[2] + o[3];
    return;
  }
  v16 even_p = o[1] + o[2], odd_p = o[1] - o[2], even_q = o[3] + o[4], odd_q = o[3] - o[4];
  y[0] = o[0] + (even_p + even_q);
  y[1] = P * odd_p + Q * odd_q;
  y[2] = PP * even_p + QQ * even_q;
  y[3] = o[5] + PP * P * odd_p + QQ * Q * odd_q;
}

/// A: m gradients of outputs to m + 2 frequencies.
INLINE void transform_gradient(int m, const v16 *y, v16 *o) {
  if (m == 2) {
    o[0] = y[0], o[1] = y[0] + y[1], o[2] = y[0] - y[1], o[3] = y[1];
    return;
  }
  v16 even_p = y[0] + PP * y[2], odd_p = P * (y[1] + PP * y[3]);
  v16 even_q = y[0] + QQ * y[2], odd_q = Q * (y[1] + QQ * y[3]);
  o[0] = y[0];
  o[1] = even_p + odd_p, o[2] = even_p - odd_p;
  o[3] = even_q + odd_q, o[4] = even_q - odd_q;
  o[5] = y[3];
}

#undef P
#undef Q
#undef PP
#undef QQ
#undef N0
#undef NP
#undef NQ

#endif
