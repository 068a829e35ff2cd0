// layernorm.c, gelu.c, softmax.c, patches.c — the operations of a transformer besides products.
// x, y and gradients are [rows, n], row-major.
#ifndef SCANT_ROWS_H
#define SCANT_ROWS_H

/// y = (x − mean) / √(variance + ε) · gamma + beta with each row's own moments; `moments` [rows, 2]
/// receives the mean and 1 / √(variance + ε).
void scant_layer_norm(
    const float *x, const float *gamma, const float *beta, float epsilon, long rows, long n,
    float *y, float *moments);
/// dx from dy; adds Σ dy·x̂ and Σ dy to `sums` [2, n]. dx or sums may be NULL.
void scant_layer_norm_back(
    const float *x, const float *moments, const float *gamma, const float *dy, long rows, long n,
    float *dx, float *sums);

/// x·Φ(x), Φ the normal distribution function; exact, not the tanh approximation.
void scant_gelu(const float *x, float *y, long n);
void scant_gelu_back(const float *x, const float *dy, float *dx, long n);

/// e^x / Σ e^x along each row.
void scant_softmax(const float *x, long rows, long n, float *y);
void scant_softmax_back(const float *y, const float *dy, long rows, long n, float *dx);

/// Square patches of a spectrogram [frames, bands], `size` wide and `stride` apart. Patch number
/// f·across + t has its first band at f·stride and its first frame at t·stride; value
/// (band, frame) of it lies at band·size + frame.
typedef struct {
  long frames, bands, size, stride;
  long up, across;  // patches along the bands and along the frames
} scant_patches;
/// y [up·across, size²]
void scant_patches_gather(const scant_patches *p, const float *x, float *y);
/// dx: the gradients of the patches, added at their positions.
void scant_patches_scatter(const scant_patches *p, const float *dy, float *dx);

#endif
