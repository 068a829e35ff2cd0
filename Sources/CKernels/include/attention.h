// attention.c — softmax(scale·Q·Kᵀ)·V for one head of one clip
#ifndef SCANT_ATTENTION_H
#define SCANT_ATTENTION_H

/// q and y are [queries, width], k and v [keys, width], rows `…_row` values apart, so that heads
/// can be read where a projection left them. `log_sums` [queries] receives, in the forward pass,
/// log2 of each row's Σ e^(scale·q·k); NULL: not wanted.
typedef struct {
  long queries, keys, width;
  float scale;
  const float *q;
  long q_row;
  const float *k, *v;
  long k_row;
  float *y;
  long y_row;
  float *log_sums;
} scant_attention;

/// Floats of scratch memory for one head.
long scant_attention_scratch(long keys, long width);
void scant_attention_forward(const scant_attention *s, float *scratch);
/// d(loss)/d(q, k, v) from dy, with rows as in y; recomputes what the forward pass did not keep.
/// dq has rows as in q, dk and dv as in k.
void scant_attention_back(
    const scant_attention *s, const float *dy, float *dq, float *dk, float *dv, float *scratch);

#endif
