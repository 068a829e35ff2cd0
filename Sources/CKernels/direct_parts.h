// Shared by the two algorithms of direct convolution: outputs across the lanes of a vector if there
// are many (direct_lanes.c), otherwise columns of the image (direct_planes.c).
#ifndef SCANT_DIRECT_PARTS_H
#define SCANT_DIRECT_PARTS_H

#include "direct.h"
#include "lanes.h"

/// Rows [first, first + rows) of one image, convolved from `inputs` to `outputs` channels.
typedef struct {
  long height, width, inputs, outputs;
  long image, first, rows;
} direct_part;

/// Weights [outputs, inputs, 3, 3], or with `transposed` [inputs, outputs, 3, 3] half a turn round.
typedef struct { const float *w; int transposed; } direct_weights;

INLINE float weight_at(const direct_part *p, const direct_weights *w, long d, long c, int tap) {
  return w->transposed ? w->w[(c * p->outputs + d) * 9 + 8 - tap]
                       : w->w[(d * p->inputs + c) * 9 + tap];
}

/// Floats up to the first channel of row y, column 0, of images with that many channels.
INLINE long row_offset(const direct_part *p, long y, long channels) {
  return (p->image * p->height + y) * p->width * channels;
}

long scant_direct_lanes_scratch(const direct_part *p);
void scant_direct_lanes_forward(
    const direct_part *p, const float *x, const direct_weights *w, const float *bias, float *y,
    int stream, double *sums, float *scratch);
void scant_direct_lanes_gradient(
    const direct_part *p, const float *x, const float *dy, double *dw, float *scratch);

long scant_direct_planes_scratch(const direct_part *p);
void scant_direct_planes_forward(
    const direct_part *p, const float *x, const direct_weights *w, const float *bias, float *y,
    double *sums, float *scratch);
void scant_direct_planes_gradient(
    const direct_part *p, const float *x, const float *dy, double *dw, float *scratch);

#endif
