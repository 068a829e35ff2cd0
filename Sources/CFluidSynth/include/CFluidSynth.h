#ifndef SCANT_CFLUIDSYNTH_H
#define SCANT_CFLUIDSYNTH_H
int scant_fluid_placeholder(void);
#endif
