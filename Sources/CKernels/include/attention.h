// attention.c — softmax(scale·Q·Kᵀ)·V for one head of one clip
#ifndef SCANT_ATTENTION_H
#define SCANT_ATTENTION_H

/// q and y are [queries, width], k and v are [keys, width], with rows `…_row` values apart, so that
/// heads are read in place. In the forward pass `log_sums` [queries] receives log2 of Σ
/// e^(scale·q·k) of each row; it may be NULL.
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
/// d(loss)/d(q, k, v) from dy, with rows as in y. Recomputes the attention weights.
/// dq has rows as in q, dk and dv as in k.
void scant_attention_back(
    const scant_attention *s, const float *dy, float *dq, float *dk, float *dv, float *scratch);

#endif
