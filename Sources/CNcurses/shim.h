// ncursesw for Swift: wide characters on, macros off, and inline accessors for what Swift cannot
// import (mutable globals, macros with casts, variadics).
#ifndef SCANT_CNCURSES_H
#define SCANT_CNCURSES_H
#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

static inline WINDOW *scant_screen(void) { return stdscr; }
static inline int scant_lines(void) { return LINES; }
static inline int scant_columns(void) { return COLS; }
static inline int scant_colors(void) { return COLORS; }

static inline attr_t scant_reverse(void) { return WA_REVERSE; }
static inline attr_t scant_bold(void) { return WA_BOLD; }
static inline attr_t scant_underline(void) { return WA_UNDERLINE; }
static inline attr_t scant_dim(void) { return WA_DIM; }

/// One cell from a zero-terminated text of a base and combining characters. The pair goes through
/// `opts`, which takes pairs beyond 32767.
static inline void scant_set(cchar_t *cell, const wchar_t *text, attr_t attributes, int pair) {
  setcchar(cell, text, attributes, 0, &pair);
}

/// The same for one character, zero for none.
static inline cchar_t scant_cell(uint32_t scalar, attr_t attributes, int pair) {
  cchar_t cell;
  wchar_t text[2] = {(wchar_t)scalar, 0};
  setcchar(&cell, text, attributes, 0, &pair);
  return cell;
}

/// Everything is to be sent again at the next update.
static inline void scant_repaint_all(void) { clearok(curscr, TRUE); }

/// 0 for a character, 1 for a function key, -1 when nothing waits.
static inline int scant_read(WINDOW *window, wint_t *code) {
  int result = wget_wch(window, code);
  return result == OK ? 0 : result == KEY_CODE_YES ? 1 : -1;
}

static inline int scant_mouse_on(void) {
  mmask_t events = BUTTON1_PRESSED | BUTTON1_RELEASED | BUTTON2_PRESSED | BUTTON2_RELEASED
    | BUTTON3_PRESSED | BUTTON3_RELEASED | BUTTON4_PRESSED | BUTTON5_PRESSED;
  mouseinterval(0);
  return mousemask(events, NULL) != 0;
}

static inline void scant_mouse_off(void) { mousemask(0, NULL); }

/// Button 1 to 5 of a mouse event, negative when it was released, 0 for anything else.
static inline int scant_mouse(int *x, int *y) {
  MEVENT event;
  if (getmouse(&event) != OK) return 0;
  *x = event.x;
  *y = event.y;
  if (event.bstate & BUTTON1_PRESSED) return 1;
  if (event.bstate & BUTTON2_PRESSED) return 2;
  if (event.bstate & BUTTON3_PRESSED) return 3;
  if (event.bstate & BUTTON4_PRESSED) return 4;
  if (event.bstate & BUTTON5_PRESSED) return 5;
  if (event.bstate & BUTTON1_RELEASED) return -1;
  if (event.bstate & BUTTON2_RELEASED) return -2;
  if (event.bstate & BUTTON3_RELEASED) return -3;
  return 0;
}

/// F1 is `scant_f(1)`.
static inline int scant_f(int n) { return KEY_F(n); }

/// glibc declares wcwidth only where X/Open features are on, which is not Swift's choice.
extern int wcwidth(wchar_t character);

/// Columns of a character in the C library's opinion, -1 when it knows none.
static inline int scant_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }

static inline const char *scant_codeset(void) { return nl_langinfo(CODESET); }

/// Columns and rows of the terminal; 0 when it says so, -1 on error.
static inline int scant_window(int descriptor, int *width, int *height) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return -1;
  *width = size.ws_col;
  *height = size.ws_row;
  return 0;
}

/// The size of a cell in pixels; 0 when the terminal says so, -1 when it does not.
static inline int scant_cell_size(int descriptor, int *width, int *height) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return -1;
  if (size.ws_xpixel < size.ws_col || size.ws_ypixel < size.ws_row) return -1;
  if (width) *width = size.ws_xpixel / size.ws_col;
  if (height) *height = size.ws_ypixel / size.ws_row;
  return 0;
}

/// Gives a terminal a size, upon which its programs get SIGWINCH. 0, or -1 on error.
static inline int scant_resize(int descriptor, int width, int height) {
  struct winsize size = {(unsigned short)height, (unsigned short)width, 0, 0};
  return ioctl(descriptor, TIOCSWINSZ, &size);
}

/// <malloc.h>, which Swift does not show: memory that was freed goes back to the system.
extern int malloc_trim(size_t kept);
static inline void scant_give_back_memory(void) { malloc_trim(0); }
/// The environment, for a program to be started.
extern char **environ;
static inline char **scant_environment(void) { return environ; }

/// This process gets `signal` when its parent ends; 0: it does not.
static inline void scant_end_with_parent(int signal) { prctl(PR_SET_PDEATHSIG, signal); }

/// Bytes that can be read without waiting.
static inline int scant_waiting(int descriptor) {
  int count = 0;
  return ioctl(descriptor, FIONREAD, &count) == 0 ? count : 0;
}

/// A capability of the current terminal, NULL when it has none.
static inline const char *scant_capability(const char *name) {
  char *text = tigetstr((char *)name);
  return text == (char *)-1 ? NULL : text;
}

/// Asks the scheduler for short turns for the calling thread, and for it alone: it gets no more
/// time than before, but its next turn sooner, also while all processors compute. 0 where it was
/// granted; older systems than Linux 6.12 ignore it. See `sched_setattr(2)`, which for ordinary
/// threads reads `runtime` as the length of a turn, ns.
static inline int scant_short_turns(uint64_t nanoseconds) {
  struct {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
  } turn = {0};
  if (syscall(SYS_sched_getattr, 0, &turn, sizeof turn, 0) != 0 || turn.policy != 0) return -1;
  turn.flags = 1;  // SCHED_FLAG_RESET_ON_FORK: threads made by this one have ordinary turns
  turn.runtime = nanoseconds;
  return (int)syscall(SYS_sched_setattr, 0, &turn, 0);
}

#endif
