// column_convolution.c — one output row oy of one image [H, W, C]; columns have rows [kh, kw, C]
#ifndef SCANT_COLUMN_CONVOLUTION_H
#define SCANT_COLUMN_CONVOLUTION_H

#include "window.h"

void scant_im2col(const scant_window *w, const float *x, float *columns, long oy);
/// Adds the columns back onto x, which the caller has cleared.
void scant_col2im(const scant_window *w, const float *columns, float *x, long oy);
/// x[r, i] += bias[i] for x [rows, n].
void scant_add_bias(float *x, const float *bias, long rows, long n);

#endif
