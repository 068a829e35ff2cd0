// Overlapping square patches of a spectrogram as rows of a matrix, and back.
#include "hot.h"
#include "rows.h"

void scant_patches_gather(const scant_patches *p, const float *R x, float *R y) {
  for (long f = 0; f < p->up; f++)
    for (long t = 0; t < p->across; t++)
      for (long band = 0; band < p->size; band++)
        for (long frame = 0; frame < p->size; frame++)
          *y++ = x[(t * p->stride + frame) * p->bands + f * p->stride + band];
}

void scant_patches_scatter(const scant_patches *p, const float *R dy, float *R dx) {
  memset(dx, 0, sizeof(float) * (size_t)(p->frames * p->bands));
  for (long f = 0; f < p->up; f++)
    for (long t = 0; t < p->across; t++)
      for (long band = 0; band < p->size; band++)
        for (long frame = 0; frame < p->size; frame++)
          dx[(t * p->stride + frame) * p->bands + f * p->stride + band] += *dy++;
}
