// attention_pooling.c — s [clips, frames, 2·classes] holds the weights and then the decisions of
// each frame, both in 0...1
#ifndef SCANT_ATTENTION_POOLING_H
#define SCANT_ATTENTION_POOLING_H

/// y [clips, classes] = Σ w·d / Σ w over the frames, in 0...1; weights are kept within
/// 1e-7...1 - 1e-7.
void scant_attention_pool(const float *s, long clips, long frames, long classes, float *y);
/// dx [clips, frames, 2·classes], the gradient of the logits of s, from y and dy.
void scant_attention_pool_back(
    const float *s, const float *y, const float *dy, long clips, long frames, long classes,
    float *dx);

#endif
