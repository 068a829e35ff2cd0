// depthwise.c — a kernel per channel, [kh, kw, C]; images are [H, W, C]. Each call computes one row.
#ifndef SCANT_DEPTHWISE_H
#define SCANT_DEPTHWISE_H

#include "window.h"

/// Output row oy, y [W′, C]. bias [C] or NULL.
void scant_depthwise(
    const scant_window *w, const float *x, const float *kernel, const float *bias, float *y,
    long oy);
/// Input row iy of d(loss)/d(input), dx [W, C], from the gradients dy of the whole output image.
void scant_depthwise_input_gradient(
    const scant_window *w, const float *dy, const float *kernel, float *dx, long iy);
/// Adds what output row oy, dy [W′, C], contributes to d(loss)/d(kernel) [kh, kw, C]. `row` has
/// space for as many floats.
void scant_depthwise_kernel_gradient(
    const scant_window *w, const float *x, const float *dy, float *row, double *sums, long oy);

#endif
