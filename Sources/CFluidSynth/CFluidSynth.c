// FluidSynth 2 and 3 behind a handful of functions; see the header.
#include "CFluidSynth.h"

#include <dlfcn.h>
#include <stdlib.h>

// Own prototypes: the library's headers are not needed to build. Handles are opaque.
static struct {
  void *(*new_settings)(void);
  void (*delete_settings)(void *);
  int (*setint)(void *, const char *, int);
  int (*setnum)(void *, const char *, double);
  void *(*new_synth)(void *);
  void (*delete_synth)(void *);
  int (*sfload)(void *, const char *, int);
  void *(*get_sfont_by_id)(void *, int);
  int (*add_sfont)(void *, void *);
  int (*remove_sfont)(void *, void *);
  int (*program_select)(void *, int, int, int, int);
  int (*noteon)(void *, int, int, int);
  int (*noteoff)(void *, int, int);
  int (*cc)(void *, int, int, int);
  int (*pitch_bend)(void *, int, int);
  int (*write_float)(void *, int, void *, int, int, void *, int, int);
  void *(*set_log_function)(int, void (*)(int, const char *, void *), void *);
  const char *(*version)(void);
} fluid;

enum { block = 64, melodic_channel = 0, percussion_channel = 9, percussion_bank = 128 };

static void *find(void *library, const char *name, int *missing) {
  void *symbol = dlsym(library, name);
  if (!symbol) *missing = 1;
  return symbol;
}

static void silent(int level, const char *message, void *data) {
  (void)level, (void)message, (void)data;
}

static int bind_calls(void *library) {
  int missing = 0;
#define BIND(field, name) *(void **)&fluid.field = find(library, name, &missing)
  BIND(new_settings, "new_fluid_settings");
  BIND(delete_settings, "delete_fluid_settings");
  BIND(setint, "fluid_settings_setint");
  BIND(setnum, "fluid_settings_setnum");
  BIND(new_synth, "new_fluid_synth");
  BIND(delete_synth, "delete_fluid_synth");
  BIND(sfload, "fluid_synth_sfload");
  BIND(get_sfont_by_id, "fluid_synth_get_sfont_by_id");
  BIND(add_sfont, "fluid_synth_add_sfont");
  BIND(remove_sfont, "fluid_synth_remove_sfont");
  BIND(program_select, "fluid_synth_program_select");
  BIND(noteon, "fluid_synth_noteon");
  BIND(noteoff, "fluid_synth_noteoff");
  BIND(cc, "fluid_synth_cc");
  BIND(pitch_bend, "fluid_synth_pitch_bend");
  BIND(write_float, "fluid_synth_write_float");
  BIND(set_log_function, "fluid_set_log_function");
  BIND(version, "fluid_version_str");
#undef BIND
  return !missing;
}

static int load(void) {
  static const char *const names[] = {"libfluidsynth.so.3", "libfluidsynth.so.2"};
  for (int i = 0; i < 2; i++) {
    void *library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (library && bind_calls(library)) {
      for (int level = 0; level <= 4; level++) fluid.set_log_function(level, silent, NULL);
      return 1;
    }
    if (library) dlclose(library);
  }
  return 0;
}

int scant_fluid_load(void) {
  static int outcome = -1;  // callers hold Swift's once-lock
  if (outcome < 0) outcome = load();
  return outcome;
}

const char *scant_fluid_version(void) { return fluid.version(); }

struct scant_synth {
  void *settings, *holder, *sound_font;
};

static void *new_settings(int rate) {
  void *settings = fluid.new_settings();
  if (!settings) return NULL;
  fluid.setnum(settings, "synth.sample-rate", rate);
  fluid.setnum(settings, "synth.gain", 0.5);
  fluid.setint(settings, "synth.chorus.active", 0);
  fluid.setint(settings, "synth.cpu-cores", 1);
  fluid.setint(settings, "synth.threadsafe-api", 0);
  fluid.setint(settings, "synth.lock-memory", 0);
  return settings;
}

scant_synth *scant_synth_new(const char *sound_font, int rate) {
  scant_synth *self = calloc(1, sizeof *self);
  if (!self) return NULL;
  self->settings = new_settings(rate);
  if (self->settings) self->holder = fluid.new_synth(self->settings);
  int id = self->holder ? fluid.sfload(self->holder, sound_font, 0) : -1;
  if (id >= 0) self->sound_font = fluid.get_sfont_by_id(self->holder, id);
  if (self->sound_font) return self;
  scant_synth_free(self);
  return NULL;
}

void scant_synth_free(scant_synth *self) {
  if (!self) return;
  if (self->holder) fluid.delete_synth(self->holder);
  if (self->settings) fluid.delete_settings(self->settings);
  free(self);
}

static void render_blocks(void *synth, float *left, float *right, int from, int to) {
  if (to <= from) return;
  fluid.write_float(
      synth, (to - from) * block, left, from * block, 1, right, from * block, 1);
}

static int by_release(const void *a, const void *b) {
  const scant_note *x = a, *y = b;
  if (x->release != y->release) return x->release < y->release ? -1 : 1;
  return (x->key > y->key) - (x->key < y->key);
}

// Plays both lists of the same notes; at one time, releases come before onsets.
static void play(
    void *synth, int channel, const scant_note *onsets, const scant_note *releases,
    int count, float *left, float *right, int blocks) {
  int now = 0, next_onset = 0, next_release = 0;
  for (;;) {
    int onset = next_onset < count ? onsets[next_onset].onset : blocks;
    int release = next_release < count ? releases[next_release].release : blocks;
    int then = onset < release ? onset : release;
    if (then >= blocks) break;
    render_blocks(synth, left, right, now, then);
    if (then > now) now = then;
    if (release <= onset) {
      fluid.noteoff(synth, channel, releases[next_release++].key);
    } else {
      const scant_note *note = &onsets[next_onset++];
      fluid.noteon(synth, channel, note->key, note->velocity);
    }
  }
  render_blocks(synth, left, right, now, blocks);
}

static void delete_synth(scant_synth *self, void *synth) {
  fluid.remove_sfont(synth, self->sound_font);
  fluid.delete_synth(synth);
}

// A synth of its own for every stem, sharing the loaded SoundFont. A reset would not do: FluidSynth
// (2.3) keeps each voice's last pan gain and the phase of the reverb's modulation across it, so a
// stem would depend on the one before.
static void *new_synth(scant_synth *self, const scant_timbre *timbre, int channel) {
  fluid.setint(self->settings, "synth.reverb.active", timbre->reverb_send > 0);
  void *synth = fluid.new_synth(self->settings);
  if (!synth) return NULL;
  int id = fluid.add_sfont(synth, self->sound_font);
  if (id >= 0
      && fluid.program_select(synth, channel, id, timbre->bank, timbre->program) == 0) {
    fluid.cc(synth, channel, 91, timbre->reverb_send);
    fluid.pitch_bend(synth, channel, 8192 + timbre->bend);
    return synth;
  }
  delete_synth(self, synth);
  return NULL;
}

int scant_synth_render(
    scant_synth *self, const scant_timbre *timbre, const scant_note *notes, int note_count,
    float *mono, int blocks) {
  int channel = timbre->bank == percussion_bank ? percussion_channel : melodic_channel;
  scant_note *releases = malloc(sizeof *releases * (size_t)(note_count + 1));
  float *right = malloc(sizeof *right * (size_t)(blocks + 1) * block);
  void *synth = releases && right ? new_synth(self, timbre, channel) : NULL;
  if (synth) {
    for (int i = 0; i < note_count; i++) releases[i] = notes[i];
    qsort(releases, (size_t)note_count, sizeof *releases, by_release);
    play(synth, channel, notes, releases, note_count, mono, right, blocks);
    for (int i = 0; i < blocks * block; i++) mono[i] = 0.5f * (mono[i] + right[i]);
    delete_synth(self, synth);
  }
  free(releases);
  free(right);
  return synth != NULL;
}
