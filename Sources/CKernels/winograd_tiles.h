// Where tiles lie in images, and the way of their pixels into frequencies.
//
// Frequencies are kept in panels of 16 channels: [side², panels, tiles, 16], so that products read
// and write runs of memory whatever the number of channels. Strides are padded by 64 bytes: at
// multiples of 4096 bytes all frequencies of a tile would share a few places of the cache.
#ifndef SCANT_WINOGRAD_TILES_H
#define SCANT_WINOGRAD_TILES_H

#include "winograd.h"
#include "winograd_transforms.h"

INLINE long panels(long channels) { return quotient_up(channels, LANES16); }
INLINE long frequencies(const scant_winograd *s) { return (s->tile + 2) * (s->tile + 2); }
INLINE long tile_rows(const scant_winograd *s) { return quotient_up(s->height, s->tile); }
INLINE long tile_columns(const scant_winograd *s) { return quotient_up(s->width, s->tile); }
INLINE long tile_count(const scant_winograd *s) {
  return s->images * tile_rows(s) * tile_columns(s);
}

/// The strides of an array of frequencies.
typedef struct { long panel, frequency; } tile_strides;
INLINE tile_strides strides_for(long tiles, long channels) {
  long panel = tiles * LANES16 + LANES16;
  return (tile_strides){panel, panels(channels) * panel + LANES16};
}

/// Transformed weights are [side², panels of outputs, inputs, 16].
INLINE tile_strides weight_strides(const scant_winograd *s) {
  long panel = s->inputs * LANES16;
  return (tile_strides){panel, panels(s->outputs) * panel + LANES16};
}

/// Image, and first row and column in it, of tile t.
typedef struct { long image, y, x; } tile_place;
INLINE tile_place place_of(const scant_winograd *s, long t) {
  long columns = tile_columns(s), rows = tile_rows(s);
  return (tile_place){t / columns / rows, t / columns % rows * s->tile, t % columns * s->tile};
}

/// The stack of images that tiles are read from, and as many zeros as its panels have channels.
typedef struct { const float *pixels; long channels; const float *zeros; } tile_source;

/// Pointers to side × side pixels from (y, x) on; outside of the image they lead to the zeros.
/// Returns whether all may be read to the end of their last panel.
INLINE int find_pixels(
    const scant_winograd *s, const tile_source *from, int side, tile_place at,
    const float **pixels) {
  long width = s->width, height = s->height, c = from->channels;
  for (int r = 0; r < side; r++)
    for (int q = 0; q < side; q++) {
      long y = at.y + r, x = at.x + q;
      int inside = y >= 0 && y < height && x >= 0 && x < width;
      long offset = ((at.image * height + y) * width + x) * c;
      pixels[r * side + q] = inside ? from->pixels + offset : from->zeros;
    }
  long bottom = least(at.y + side, height) - 1, right = least(at.x + side, width) - 1;
  long last = (at.image * height + bottom) * width + right;
  return last * c + panels(c) * LANES16 <= s->images * height * width * c;
}

typedef void transform(int m, const v16 *in, v16 *out);

/// `count` × `count` pixels to side² frequencies, panel by panel. Lanes beyond the last channel
/// hold whatever follows in memory; nobody reads their products. Each load asks for the pixel one
/// tile to the right, whose turn is next: memory is slower than the arithmetic.
INLINE void lift_tile(
    int m, int count, transform *along, const float *const *pixels, int whole, long channels,
    float *to, tile_strides strides) {
  int side = m + 2;
  for (long c = 0; c < channels; c += LANES16, to += strides.panel) {
    v16 half[MAX_SIDE][MAX_SIDE];
    UNROLL for (int q = 0; q < count; q++) {
      v16 in[MAX_SIDE], out[MAX_SIDE];
      UNROLL for (int r = 0; r < count; r++) {
        const float *pixel = pixels[r * count + q] + c;
        __builtin_prefetch(pixel + m * channels);
        if (whole) in[r] = AT16(pixel);
        else load_first(pixel, least(LANES16, channels - c), &in[r]);
      }
      along(m, in, out);
      UNROLL for (int r = 0; r < side; r++) half[r][q] = out[r];
    }
    UNROLL for (int r = 0; r < side; r++) {
      v16 out[MAX_SIDE];
      along(m, half[r], out);
      UNROLL for (int q = 0; q < side; q++)
        AT16(to + (r * side + q) * strides.frequency) = out[q];
    }
  }
}

/// Tile t of the input, with its border of one pixel.
INLINE void lift_input(
    const scant_winograd *s, int m, const tile_source *from, long t, float *to,
    tile_strides strides) {
  const float *pixels[MAX_FREQUENCIES];
  tile_place at = place_of(s, t);
  at.y--, at.x--;
  int whole = find_pixels(s, from, m + 2, at, pixels);
  if (whole) lift_tile(m, m + 2, transform_input, pixels, 1, from->channels, to, strides);
  else lift_tile(m, m + 2, transform_input, pixels, 0, from->channels, to, strides);
}

/// Tile t of the output's gradient.
INLINE void lift_gradient(
    const scant_winograd *s, int m, const tile_source *from, long t, float *to,
    tile_strides strides) {
  const float *pixels[MAX_FREQUENCIES];
  int whole = find_pixels(s, from, m, place_of(s, t), pixels);
  if (whole) lift_tile(m, m, transform_gradient, pixels, 1, from->channels, to, strides);
  else lift_tile(m, m, transform_gradient, pixels, 0, from->channels, to, strides);
}

#endif
