// libvterm for the tests, with accessors for bit fields and unions.
#ifndef SCANT_CVTERM_H
#define SCANT_CVTERM_H
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vterm.h>
#include <wchar.h>

/// glibc declares wcwidth only where X/Open features are on.
extern int wcwidth(wchar_t character);

typedef struct {
  uint32_t chars[VTERM_MAX_CHARS_PER_CELL];
  int width, bold, underline, reverse;
  /// Palette index, 256 + 0xRRGGBB for direct colour, -1 for the default.
  int foreground, background;
} ScantVTermCell;

static inline int scant_vterm_color(VTermColor c) {
  if (VTERM_COLOR_IS_DEFAULT_FG(&c) || VTERM_COLOR_IS_DEFAULT_BG(&c)) return -1;
  if (VTERM_COLOR_IS_INDEXED(&c)) return c.indexed.idx;
  return 256 + (c.rgb.red << 16 | c.rgb.green << 8 | c.rgb.blue);
}

static inline ScantVTermCell scant_vterm_cell(VTermScreen *screen, int row, int column) {
  VTermScreenCell cell;
  ScantVTermCell out;
  VTermPos at = {row, column};
  memset(&out, 0, sizeof out);
  if (!vterm_screen_get_cell(screen, at, &cell)) return out;
  memcpy(out.chars, cell.chars, sizeof out.chars);
  out.width = cell.width;
  out.bold = cell.attrs.bold;
  out.underline = cell.attrs.underline;
  out.reverse = cell.attrs.reverse;
  out.foreground = scant_vterm_color(cell.fg);
  out.background = scant_vterm_color(cell.bg);
  return out;
}

static inline void scant_set_window(int descriptor, int columns, int rows) {
  struct winsize size = {(unsigned short)rows, (unsigned short)columns, 0, 0};
  ioctl(descriptor, TIOCSWINSZ, &size);
}

/// Lets a child of this process die by a signal and returns the signal it died by.
static inline int scant_trap_in_child(int signal) {
  int status = 0;
  pid_t child = fork();
  if (child < 0) return -1;
  if (child == 0) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    if (signal == SIGABRT) abort();  // raise would wait where the thread blocks it
    raise(signal);
    _exit(0);
  }
  while (waitpid(child, &status, 0) < 0) {}
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}
#endif
