// loss.c — binary cross-entropy; returns Σ m·l and writes m·dl/dx into `gradient`
#ifndef SCANT_LOSS_H
#define SCANT_LOSS_H

double scant_bce_logits(
    const float *z, const float *y, const float *m, float *gradient, long n);
double scant_bce_probabilities(
    const float *p, const float *y, const float *m, float *gradient, long n);

#endif
