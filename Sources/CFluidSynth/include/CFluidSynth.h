// The few calls of FluidSynth that Band needs, found at run time: nothing to install for the
// build, and a machine without the library still does everything else.
#ifndef SCANT_CFLUIDSYNTH_H
#define SCANT_CFLUIDSYNTH_H

#include <stdint.h>

// A synthesizer with one SoundFont; used by one thread at a time.
typedef struct scant_synth scant_synth;

// One note; times in blocks of 64 samples, `release` after `onset`.
typedef struct {
  int32_t onset, release;
  int32_t key, velocity;
} scant_note;

// How a stem sounds: bank 128 plays on the percussion channel; bend in -8192..8191 (two
// semitones either way); `reverb_send` is controller 91, for the reverb at FluidSynth's defaults.
typedef struct {
  int32_t bank, program;
  int32_t bend, reverb_send;
} scant_timbre;

// Finds the library, once for the process. 1, or 0 where it is not there or lacks a call.
int scant_fluid_load(void);

// The library's version, such as "2.3.1"; load first.
const char *scant_fluid_version(void);

// Null when out of memory or when the SoundFont cannot be read. `rate` in Hz.
scant_synth *scant_synth_new(const char *sound_font, int rate);

void scant_synth_free(scant_synth *synth);

// Renders `blocks` * 64 samples, both channels averaged, into `mono`. `notes` are in order of
// onset. The result does not depend on what was rendered before. 0 when the SoundFont lacks the
// program or memory ran out, else 1.
int scant_synth_render(
    scant_synth *synth, const scant_timbre *timbre, const scant_note *notes, int note_count,
    float *mono, int blocks);

#endif
