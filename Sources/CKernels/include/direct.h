// 3×3 convolution with stride 1 and padding 1 for few channels. There Winograd's tiles and im2col
// move more memory than they save arithmetic.
//
// Measured on one core of a Zen 4, all three passes together: the fastest way for up to 4 inputs or
// up to 4 outputs, and for inputs · outputs <= 64. Above that Winograd is faster with tile 4 (8→16
// channels by a quarter, 16→16 by more than 40 %), and with tile 2 from about 8→16 on.
#ifndef SCANT_DIRECT_H
#define SCANT_DIRECT_H

/// x is [images, height, width, inputs], y is [images, height, width, outputs], w is
/// [outputs, inputs, 3, 3]; any sizes of at least 1 work.
typedef struct {
  long images, height, width, inputs, outputs;
} scant_direct;

/// Independent parts of each pass (they depend on sizes alone), and the floats of scratch, starting
/// at a multiple of 64 bytes, that one part at a time needs.
long scant_direct_parts(const scant_direct *s);
long scant_direct_scratch(const scant_direct *s);
/// bias [outputs] or NULL. sums [2, outputs] or NULL: Σ y and Σ y² of this part per channel.
void scant_direct_forward(
    const scant_direct *s, const float *x, const float *w, const float *bias, float *y,
    double *sums, float *scratch, long part);
void scant_direct_input_gradient(
    const scant_direct *s, const float *dy, const float *w, float *dx, float *scratch, long part);
/// dw_part [outputs, inputs, 3, 3] is overwritten with what this part contributes.
void scant_direct_weight_gradient(
    const scant_direct *s, const float *x, const float *dy, double *dw_part, float *scratch,
    long part);

#endif
