// Winograd's 3×3 convolution: transform of tiles, one matrix product per coefficient of the
// transform (here called a frequency), and inverse transform.
#include "CKernels.h"
#include "winograd_tiles.h"

enum {
  GROUP = 4,                // panels of outputs multiplied before they are transformed back
  BLOCK_BYTES = 640 << 10,  // frequencies of a block: most of a core's second-level cache
  MOST_TILES = 96,
  ROWS = 12,                // tiles in the larger micro kernel
  CHUNK = 64,               // channels summed one after the other; rounding grows with them
  FEWEST_BLOCKS = 8,        // for the threads; below it the outputs are divided too
  STREAM_FROM = 4 << 20,    // floats of y that no cache will keep until they are read
};

// ---- Weights

long scant_winograd_weight_size(const scant_winograd *s) {
  return frequencies(s) * weight_strides(s).frequency;
}

long scant_winograd_weight_parts(const scant_winograd *s) { return panels(s->outputs); }

INLINE void lift_weights(int m, const v16 *g, float *u, long stride) {
  v16 half[MAX_SIDE][3];
  UNROLL for (int k = 0; k < 3; k++) {
    v16 in[3] = {g[k], g[3 + k], g[6 + k]}, out[MAX_SIDE];
    transform_weights(m, in, out);
    UNROLL for (int r = 0; r < m + 2; r++) half[r][k] = out[r];
  }
  UNROLL for (int r = 0; r < m + 2; r++) {
    v16 out[MAX_SIDE];
    transform_weights(m, half[r], out);
    UNROLL for (int q = 0; q < m + 2; q++) AT16(u + (r * (m + 2) + q) * stride) = out[q];
  }
}

HOT void scant_winograd_weights(
    const scant_winograd *s, const float *w, int transposed, float *u, long part) {
  tile_strides strides = weight_strides(s);
  long first = part * LANES16, n = least(LANES16, s->outputs - first);
  long along_outputs = transposed ? 9 : 9 * s->inputs;
  long along_inputs = transposed ? 9 * s->outputs : 9;
  for (long c = 0; c < s->inputs; c++) {
    const float *from = w + first * along_outputs + c * along_inputs;
    float g[9][LANES16] = {{0}};
    for (long d = 0; d < n; d++)
      for (int k = 0; k < 9; k++) g[transposed ? 8 - k : k][d] = from[d * along_outputs + k];
    v16 lanes[9];
    UNROLL for (int k = 0; k < 9; k++) lanes[k] = AT16(g[k]);
    float *to = u + part * strides.panel + c * LANES16;
    if (s->tile == 4) lift_weights(4, lanes, to, strides.frequency);
    else lift_weights(2, lanes, to, strides.frequency);
  }
}

// ---- Partition

// Blocks own a run of tiles and, where there are few tiles, only some groups of outputs.
typedef struct {
  long tiles, blocks;   // tiles of a block, runs of tiles
  long groups, splits;  // groups of outputs, shares of them
  tile_strides v, m;
  long size_v, size_m, size_zeros, size_sums;
} forward_plan;

INLINE forward_plan plan_forward(const scant_winograd *s) {
  forward_plan p;
  long all = tile_count(s), f = frequencies(s), d = panels(s->outputs);
  long held = (panels(s->inputs) + least(d, GROUP)) * LANES16;
  long fit = BLOCK_BYTES / (f * held * (long)sizeof(float));
  fit = least(most(fit / ROWS * ROWS, ROWS), MOST_TILES);
  p.blocks = quotient_up(all, fit);
  p.tiles = p.blocks > 1 ? fit : round_up(all, 4);
  p.groups = quotient_up(d, GROUP);
  p.splits = least(p.groups, quotient_up(FEWEST_BLOCKS, p.blocks));
  p.v = strides_for(p.tiles, s->inputs);
  p.m = strides_for(p.tiles, least(d, GROUP) * LANES16);
  p.size_v = f * p.v.frequency;
  p.size_m = f * p.m.frequency;
  p.size_zeros = panels(s->inputs) * LANES16;
  p.size_sums = 2 * d * LANES16 * (long)(sizeof(double) / sizeof(float));
  return p;
}

long scant_winograd_blocks(const scant_winograd *s) {
  forward_plan p = plan_forward(s);
  return p.blocks * p.splits;
}

long scant_winograd_scratch(const scant_winograd *s) {
  forward_plan p = plan_forward(s);
  return p.size_v + p.size_m + p.size_zeros + p.size_sums;
}

// ---- Tiles to frequencies

INLINE void lift_run(
    const scant_winograd *s, int m, const tile_source *from, long first, long n, float *v,
    tile_strides strides) {
  for (long t = 0; t < n; t++)
    lift_input(s, m, from, first + t, v + t * LANES16, strides);
}

HOT static void lift_block(
    const scant_winograd *s, const tile_source *from, long first, long n, float *v,
    tile_strides strides) {
  if (s->tile == 4) lift_run(s, 4, from, first, n, v, strides);
  else lift_run(s, 2, from, first, n, v, strides);
}

// ---- The products

// m[r, 16·width] (+)= Σ over c < channels of v[r, c] · u[c, 16·width], for `rows` tiles.
INLINE void multiply_rows(
    int rows, int width, const float *v, tile_strides sv, long channels, int add, const float *u,
    long su, float *m, long sm) {
  v16 sum[ROWS][2];
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int j = 0; j < width; j++) sum[r][j] = SPLAT(0);
  for (long c = 0; c < channels; c += LANES16, v += sv.panel) {
    long n = least(LANES16, channels - c);
    for (long k = 0; k < n; k++, u += LANES16) {
      v16 weight[2];
      UNROLL for (int j = 0; j < width; j++) weight[j] = AT16(u + j * su);
      UNROLL for (int r = 0; r < rows; r++) {
        v16 value = SPLAT(v[r * LANES16 + k]);
        UNROLL for (int j = 0; j < width; j++) sum[r][j] += value * weight[j];
      }
    }
  }
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int j = 0; j < width; j++) {
      float *to = m + r * LANES16 + j * sm;
      AT16(to) = add ? AT16(to) + sum[r][j] : sum[r][j];
    }
}

// All n tiles (a multiple of `rest`) against `width` panels of weights, CHUNK channels at a time.
INLINE void multiply_run(
    int rows, int rest, int width, const float *v, tile_strides sv, long n, long channels,
    const float *u, long su, float *m, long sm) {
  for (long c = 0; c < channels; c += CHUNK, v += CHUNK / LANES16 * sv.panel) {
    long count = least(CHUNK, channels - c), t = 0;
    const float *weights = u + c * LANES16;
    for (; t + rows <= n; t += rows)
      multiply_rows(
          rows, width, v + t * LANES16, sv, count, c > 0, weights, su, m + t * LANES16, sm);
    for (; t < n; t += rest)
      multiply_rows(
          rest, width, v + t * LANES16, sv, count, c > 0, weights, su, m + t * LANES16, sm);
  }
}

// Frequency by frequency, for `count` panels of outputs; n is a multiple of 4.
HOT static void multiply_block(
    const float *v, tile_strides sv, long n, long frequencies, long channels, const float *u,
    tile_strides su, long count, float *m, tile_strides sm) {
  int wide = has_wide_registers();
  for (long f = 0; f < frequencies; f++) {
    for (long j = 0; j < count; ) {
      const float *weights = u + j * su.panel;
      float *to = m + j * sm.panel;
      if (!wide)
        multiply_run(6, 2, 1, v, sv, n, channels, weights, su.panel, to, sm.panel), j++;
      else if (j + 1 < count)
        multiply_run(ROWS, 4, 2, v, sv, n, channels, weights, su.panel, to, sm.panel), j += 2;
      else
        multiply_run(ROWS, 4, 1, v, sv, n, channels, weights, su.panel, to, sm.panel), j++;
    }
    v += sv.frequency, u += su.frequency, m += sm.frequency;
  }
}

// ---- Frequencies to outputs

// Where outputs go: `y` is the first pixel of the tile, at most `rows` × `columns` of it lie in the
// image. Σ y and Σ y² are added to `sums` and `squares`, if any.
typedef struct {
  float *y;
  long rows, columns, lanes;
  int stream;
  double *sums, *squares;
} tile_target;

INLINE void store_pixel(const tile_target *to, float *y, const v16 *value) {
  if (to->stream) STREAM16(y, *value);
  else if (to->lanes == LANES16) AT16(y) = *value;
  else store_first(y, value, to->lanes);
}

INLINE void lower_tile(
    const scant_winograd *s, int m, const float *from, long stride, const v16 *bias,
    const tile_target *to) {
  int side = m + 2;
  v16 half[MAX_SIDE][MAX_SIDE], sum = SPLAT(0), square = SPLAT(0);
  UNROLL for (int q = 0; q < side; q++) {
    v16 in[MAX_SIDE], out[MAX_SIDE];
    UNROLL for (int r = 0; r < side; r++) in[r] = AT16(from + (r * side + q) * stride);
    transform_output(m, in, out);
    UNROLL for (int r = 0; r < m; r++) half[r][q] = out[r];
  }
  UNROLL for (int r = 0; r < m; r++) {
    v16 out[MAX_SIDE];
    transform_output(m, half[r], out);
    if (r < to->rows) UNROLL for (int q = 0; q < m; q++)
      if (q < to->columns) {
        v16 value = out[q] + *bias;
        store_pixel(to, to->y + (r * s->width + q) * s->outputs, &value);
        sum += value;
        square += value * value;
      }
  }
  if (to->sums) ADD_WIDE(to->sums, sum), ADD_WIDE(to->squares, square);
}

// What the outputs of a block need: the panels [first, first + count) of them.
typedef struct {
  const float *bias;
  float *y;
  double *sums;  // [2, panels of outputs, 16]
  long first, count;
} lower_job;

INLINE void lower_run(
    const scant_winograd *s, int m, int stream, const lower_job *job, const float *from,
    tile_strides strides, long first, long n) {
  long d = panels(s->outputs) * LANES16;
  for (long t = 0; t < n; t++) {
    tile_place at = place_of(s, first + t);
    float *y = job->y + ((at.image * s->height + at.y) * s->width + at.x) * s->outputs;
    for (long j = 0; j < job->count; j++) {
      long channel = (job->first + j) * LANES16, lanes = least(LANES16, s->outputs - channel);
      tile_target to = {y + channel, s->height - at.y, s->width - at.x, lanes, stream, 0, 0};
      if (job->sums) to.sums = job->sums + channel, to.squares = to.sums + d;
      v16 bias = {0};
      if (job->bias) load_first(job->bias + channel, lanes, &bias);
      const float *products = from + j * strides.panel + t * LANES16;
      lower_tile(s, m, products, strides.frequency, &bias, &to);
    }
  }
}

HOT static void lower_block(
    const scant_winograd *s, const lower_job *job, const float *from, tile_strides strides,
    long first, long n) {
  long size = s->images * s->height * s->width * s->outputs;
  int stream = size >= STREAM_FROM && s->outputs % LANES16 == 0 && (uintptr_t)job->y % 64 == 0;
  if (s->tile == 2) lower_run(s, 2, 0, job, from, strides, first, n);
  else if (!stream) lower_run(s, 4, 0, job, from, strides, first, n);
  else lower_run(s, 4, 1, job, from, strides, first, n), finish_streaming();
}

// ---- A block

static void gather_sums(const double *padded, long padded_channels, long channels, double *sums) {
  for (long k = 0; k < 2; k++)
    for (long d = 0; d < channels; d++) sums[k * channels + d] = padded[k * padded_channels + d];
}

void scant_winograd_forward(
    const scant_winograd *s, const float *x, const float *u, const float *bias, float *y,
    double *sums, float *scratch, long block) {
  forward_plan p = plan_forward(s);
  float *v = scratch, *m = v + p.size_v, *zeros = m + p.size_m, *padded = zeros + p.size_zeros;
  memset(zeros, 0, (size_t)(p.size_zeros + p.size_sums) * sizeof(float));
  long first = block / p.splits * p.tiles, share = block % p.splits;
  long n = least(p.tiles, tile_count(s) - first), d = panels(s->outputs);
  tile_source from = {x, s->inputs, zeros};
  lift_block(s, &from, first, n, v, p.v);
  tile_strides su = weight_strides(s);
  double *block_sums = sums ? (double *)(void *)padded : 0;
  for (long g = p.groups * share / p.splits; g < p.groups * (share + 1) / p.splits; g++) {
    lower_job job = {bias, y, block_sums, g * GROUP, least(GROUP, d - g * GROUP)};
    multiply_block(
        v, p.v, round_up(n, 4), frequencies(s), s->inputs, u + job.first * su.panel, su,
        job.count, m, p.m);
    lower_block(s, &job, m, p.m, first, n);
  }
  if (sums) gather_sums(block_sums, d * LANES16, s->outputs, sums);
}
