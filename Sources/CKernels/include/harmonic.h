// harmonic.c — a bank of narrow filters on the bins of power spectra, 16 frames at a time
#ifndef SCANT_HARMONIC_H
#define SCANT_HARMONIC_H

/// Filter f = h·notes + k weighs bins starts[f]..<starts[f] + counts[f] by
/// weights[offsets[f]] on; gradients are the weights' derivatives in Q.
typedef struct {
  long bins, notes, harmonics;
  const int32_t *starts, *counts, *offsets;
  const float *weights, *gradients;
} scant_harmonic_bank;

enum { SCANT_HARMONIC_FRAMES = 16 };

/// x: `frames` <= 16 spectra [frames, bins]. y: [notes, all, harmonics], at the first of these
/// frames. `scratch` holds 16·(bins + harmonics) floats.
void scant_harmonic(
    const scant_harmonic_bank *bank, const float *x, long frames, long all, float *scratch,
    float *y);
/// These frames' share of d(loss)/dQ.
double scant_harmonic_back_q(
    const scant_harmonic_bank *bank, const float *x, const float *dy, long frames, long all,
    float *scratch);
/// dx [frames, bins] of these frames.
void scant_harmonic_back(
    const scant_harmonic_bank *bank, const float *dy, long frames, long all, float *scratch,
    float *dx);

#endif
