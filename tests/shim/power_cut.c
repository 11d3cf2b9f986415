/* A disk that loses its power: preloaded into a process, it forgets what was not synced, and kills the process.
 *
 * Every call that changes something under one folder is seen here. The file system is changed as ever, and beside it is
 * kept, in memory, what the disk had before: for each 4 KiB page that was written and not synced since, its content on
 * the disk. When the power goes, each such page survives by chance or is put back, files get the length that they had on
 * the disk (or that a surviving page needs), and the process is killed. What is then in the folder is what a disk would
 * have had. A sync therefore costs nothing and is never passed on: it only forgets the old pages.
 *
 * What is modelled: pages survive in any order, by chance or (POWER_ORDER) those alone that were written last, or first;
 * a page that is written again before it is synced may survive as it was in between; of a page that survives, some first
 * sectors of 512 bytes alone may be new (POWER_TORN). Names (creation, renaming, removal) are durable at once, or with
 * POWER_NAMES=folder only after the folder's own sync: a folder whose own name is lost is gone with all that is in it,
 * and of what is not synced a beginning survives, in order. sync_file_range makes nothing durable. What cannot be followed (a writable shared mapping, O_SYNC, fallocate, hard links) ends the process
 * with a message instead of being missed. Calls that bypass the C library (io_uring, raw system calls) are not seen.
 *
 * POWER_ROOT       the folder, absolute and without symbolic links; without it nothing is done
 * POWER_UNDO       a folder beside it, on the same file system: keeps replaced and removed files with POWER_NAMES=folder
 * POWER_CUT_AT     the power goes at this change or sync, counted from 1, or when the process ends; 0: never
 * POWER_SEED       what survives, and whether the last call was still carried out
 * POWER_PAGES      how many of 100 unsynced pages survive
 * POWER_TORN       how many of 100 pages that survive are torn
 * POWER_ORDER      "chance"; "late": those survive that were written since some call, and no others; "early": until it;
 *                  "over": POWER_CUT_AT counts only writes over pages that held something, and of all that is not synced
 *                  the last such write alone survives: the worst for a store that uses a place again too soon
 * POWER_NAMES      "now" or "folder"
 * POWER_NO_SYNC    syncs of files with this name do nothing
 * POWER_SECONDS    a process that takes longer has hung, and is ended by SIGALRM
 * POWER_TRACE      a file to which each call, and the cut, is appended
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE 4096
#define SECTOR 512
#define SEEN __attribute__((visibility("default")))

/* A file under the folder. `own` keeps its inode from being used again, and reads what a write-only handle cannot. */
struct node {
    dev_t dev;
    ino_t ino;
    int own;
    int ignores_sync;
    off_t durable_size;
    unsigned char **before; /* by page: its content on the disk, where that differs */
    long *written;          /* by page: at which call it was last written */
    size_t n_before;
    struct node *next;
    char name[64];
};

enum kind { CREATED, MADE, RENAMED, REMOVED, REMOVED_FOLDER };

/* A change of names that is not durable yet. */
struct change {
    enum kind kind;
    char *from;
    char *to;
    char *kept; /* the file that was replaced or removed */
    dev_t dev;
    ino_t folder;
    ino_t own; /* of a folder that was removed */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX], undo[PATH_MAX], no_sync[64];
static size_t root_length;
static long cut_at, n_done, n_over, turn;
static char order;
static int pages_kept, pages_torn, names_wait, trace = -1;
static uint64_t state, tears;
static struct node *nodes;
static struct change *changes;
static size_t n_changes, n_kept;
/* The process itself is at work under the folder, below this file's own calls. */
static __thread int inside;

static void say(const char *format, ...) {
    char line[PATH_MAX + 200];
    va_list values;
    va_start(values, format);
    int length = vsnprintf(line, sizeof line, format, values);
    va_end(values);
    if (trace >= 0 && length > 0) syscall(SYS_write, trace, line, (size_t)length);
}

static void give_up(const char *what, const char *name) {
    char line[PATH_MAX + 200];
    int length = snprintf(line, sizeof line, "power_cut: %s (%s) cannot be followed\n", what, name);
    syscall(SYS_write, 2, line, (size_t)length);
    _exit(97);
}

static uint64_t draw_from(uint64_t *from) {
    uint64_t z = (*from += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

static uint64_t draw(void) { return draw_from(&state); }

static int chance(int of_100) { return (int)(draw() % 100) < of_100; }

static void *need(void *memory) {
    if (!memory) give_up("memory", "none is left");
    return memory;
}

static off_t size_of(const struct node *node) {
    struct stat found;
    if (fstat(node->own, &found) != 0) give_up("fstat", node->name);
    return found.st_size;
}

/* ---- the cut ---- */

/* Puts a page back from its byte `done` on. */
static void restore(struct node *node, size_t page, size_t done) {
    const unsigned char *from = node->before[page];
    while (done < PAGE) {
        long n = syscall(SYS_pwrite64, node->own, from + done, PAGE - done, (off_t)(page * PAGE + done));
        if (n <= 0) give_up("putting a page back", node->name);
        done += (size_t)n;
    }
}

/* How many bytes of a page that survives are new. */
static size_t new_bytes(void) {
    if ((int)(draw_from(&tears) % 100) >= pages_torn) return PAGE;
    return SECTOR * (1 + (size_t)(draw_from(&tears) % (PAGE / SECTOR - 1)));
}

static int survives(long written) {
    switch (order) {
    case 'l':
    case 'o': return written >= turn;
    case 'e': return written <= turn;
    default: return chance(pages_kept);
    }
}

/* Draws the call that pages survive from or until: one at which an unsynced page was written. */
static void draw_turn(void) {
    size_t n = 0;
    turn = n_done;
    if (order == 'o') return;
    for (struct node *node = nodes; node; node = node->next)
        for (size_t page = 0; page < node->n_before; page++)
            if (node->before[page] && draw() % ++n == 0) turn = node->written[page];
}

static void cut_file(struct node *node) {
    off_t now = size_of(node), length = node->durable_size;
    size_t n_lost = 0, n_survived = 0, n_torn = 0;
    if (now < length && chance(50)) length = now;
    for (size_t page = 0; page < node->n_before; page++) {
        if (!node->before[page]) continue;
        off_t start = (off_t)page * PAGE, end = start + PAGE < now ? start + PAGE : now;
        if (start < now && survives(node->written[page])) {
            size_t new = new_bytes();
            if (end > length) length = end;
            if (new < PAGE) restore(node, page, new);
            n_torn += new < PAGE;
            n_survived++;
        } else {
            restore(node, page, 0);
            n_lost++;
        }
    }
    if (syscall(SYS_ftruncate, node->own, length) != 0) give_up("putting a length back", node->name);
    if (n_lost + n_survived > 0 || now != length)
        say("  %s: %zu pages lost, %zu survived (%zu torn), length %ld -> %ld\n", node->name, n_lost, n_survived, n_torn,
            (long)now, (long)length);
}

/* Moves what is replaced, removed or lost to where it can be brought back from. */
static int put_aside(const char *path, char *kept) {
    snprintf(kept, PATH_MAX, "%.3000s/%d-%zu", undo, (int)getpid(), n_kept++);
    return (int)syscall(SYS_renameat2, AT_FDCWD, path, AT_FDCWD, kept, 0);
}

static void cut_name(const struct change *change) {
    char lost[PATH_MAX];
    say("  undone: kind %d %s %s\n", (int)change->kind, change->from, change->to ? change->to : "");
    switch (change->kind) {
    case CREATED: syscall(SYS_unlinkat, AT_FDCWD, change->from, 0); break;
    case MADE: put_aside(change->from, lost); break;
    case REMOVED_FOLDER: syscall(SYS_mkdirat, AT_FDCWD, change->from, 0777); break;
    case REMOVED: syscall(SYS_renameat2, AT_FDCWD, change->kept, AT_FDCWD, change->from, 0); break;
    case RENAMED:
        syscall(SYS_renameat2, AT_FDCWD, change->to, AT_FDCWD, change->from, 0);
        if (change->kept) syscall(SYS_renameat2, AT_FDCWD, change->kept, AT_FDCWD, change->to, 0);
        break;
    }
}

static void die(void) {
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) pause();
}

/* The mutex is held, and stays so: no other thread changes anything any more. */
static void cut(void) {
    draw_turn();
    if (order == 'c')
        say("cut at %ld, %d of 100 pages survive\n", n_done, pages_kept);
    else
        say("cut at %ld, what was written %s call %ld survives\n", n_done, order == 'e' ? "until" : "since", turn);
    for (struct node *node = nodes; node; node = node->next) cut_file(node);
    size_t survive = n_changes ? (size_t)(draw() % (n_changes + 1)) : 0;
    while (n_changes > survive) cut_name(&changes[--n_changes]);
    die();
}

/* Counts a call; true when the power goes after it. When it goes before it, this does not return. */
static int step(const char *what, const char *name) {
    n_done++;
    if (trace >= 0) say("%ld %s %s\n", n_done, what, name);
    if (n_done != cut_at || order == 'o') return 0;
    if (chance(50)) cut();
    return 1;
}

/* ---- files ---- */

static struct node *find(int fd) {
    struct stat found;
    if (!root_length || inside || fstat(fd, &found) != 0 || !S_ISREG(found.st_mode)) return NULL;
    for (struct node *node = nodes; node; node = node->next)
        if (node->ino == found.st_ino && node->dev == found.st_dev) return node;
    return NULL;
}

static struct node *track(int fd, const char *path) {
    struct stat found;
    struct node *node = find(fd);
    if (node || fstat(fd, &found) != 0 || !S_ISREG(found.st_mode)) return node;
    node = need(calloc(1, sizeof *node));
    node->dev = found.st_dev;
    node->ino = found.st_ino;
    node->durable_size = found.st_size;
    node->own = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
    if (node->own < 0) give_up("opening to follow", path);
    snprintf(node->name, sizeof node->name, "%s", strrchr(path, '/') + 1);
    node->ignores_sync = no_sync[0] && strcmp(node->name, no_sync) == 0;
    node->next = nodes;
    return nodes = node;
}

static void read_page(const struct node *node, size_t page, unsigned char *into) {
    size_t done = 0;
    memset(into, 0, PAGE);
    while (done < PAGE) {
        long n = syscall(SYS_pread64, node->own, into + done, PAGE - done, (off_t)(page * PAGE + done));
        if (n < 0) give_up("reading a page", node->name);
        if (n == 0) break;
        done += (size_t)n;
    }
}

/* Keeps what the disk has of the pages from `from` to `to`, which are about to change. */
static void keep(struct node *node, off_t from, off_t to) {
    if (to <= from) return;
    size_t first = (size_t)from / PAGE, last = (size_t)(to - 1) / PAGE;
    if (last >= node->n_before) {
        size_t n = (last + 1) * 2;
        node->before = need(realloc(node->before, n * sizeof *node->before));
        node->written = need(realloc(node->written, n * sizeof *node->written));
        memset(node->before + node->n_before, 0, (n - node->n_before) * sizeof *node->before);
        node->n_before = n;
    }
    for (size_t page = first; page <= last; page++) {
        if (!node->before[page]) {
            read_page(node, page, node->before[page] = need(malloc(PAGE)));
        } else if (chance(pages_kept / 4)) {
            /* The disk wrote it by itself in between. */
            off_t now = size_of(node), end = (off_t)(page + 1) * PAGE < now ? (off_t)(page + 1) * PAGE : now;
            read_page(node, page, node->before[page]);
            if ((off_t)page * PAGE < now && end > node->durable_size) node->durable_size = end;
        }
        node->written[page] = n_done;
    }
}

static void synced(struct node *node) {
    if (node->ignores_sync) return;
    for (size_t page = 0; page < node->n_before; page++) {
        free(node->before[page]);
        node->before[page] = NULL;
    }
    node->durable_size = size_of(node);
}

static int resize(struct node *node, int fd, off_t length) {
    off_t now = size_of(node);
    int last = step("resize", node->name);
    if (length < now) keep(node, length, now);
    int done = (int)syscall(SYS_ftruncate, fd, length);
    if (done == 0 && !names_wait) node->durable_size = length;
    if (last) cut();
    return done;
}

/* ---- names ---- */

/* The absolute path of a name, or false when it is not under the folder. */
static int under(int at, const char *path, char *into) {
    char parent[PATH_MAX], real[PATH_MAX];
    if (!root_length || inside || !path) return 0;
    if (path[0] == '/' || at == AT_FDCWD) {
        snprintf(parent, sizeof parent, "%s", path);
    } else {
        char link[64], base[PATH_MAX];
        snprintf(link, sizeof link, "/proc/self/fd/%d", at);
        long n = syscall(SYS_readlinkat, AT_FDCWD, link, base, sizeof base - 1);
        if (n < 0) return 0;
        base[n] = 0;
        if (snprintf(parent, sizeof parent, "%s/%s", base, path) >= (int)sizeof parent) return 0;
    }
    size_t length = strlen(parent);
    while (length > 1 && parent[length - 1] == '/') parent[--length] = 0;
    char *slash = strrchr(parent, '/');
    const char *name = slash ? slash + 1 : parent;
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - parent) + (slash == parent) : 1, slash ? parent : ".");
    inside = 1;
    char *found = realpath(folder, real);
    inside = 0;
    if (!found || snprintf(into, PATH_MAX, "%s/%s", real, name) >= PATH_MAX) return 0;
    return strncmp(into, root, root_length) == 0 && (into[root_length] == '/' || into[root_length] == 0);
}

static void changed(enum kind kind, const char *from, const char *to, const char *kept, ino_t own) {
    char folder[PATH_MAX];
    struct stat found;
    if (!names_wait) return;
    snprintf(folder, sizeof folder, "%s", to ? to : from);
    *strrchr(folder, '/') = 0;
    if (stat(folder, &found) != 0) return;
    changes = need(realloc(changes, (n_changes + 1) * sizeof *changes));
    struct change change = {kind, need(strdup(from)), to ? need(strdup(to)) : NULL, kept ? need(strdup(kept)) : NULL,
                            found.st_dev, found.st_ino, own};
    changes[n_changes++] = change;
}

/* Names that changed under a folder before it was renamed for good are under its new name. */
static void follow(char **path, const char *from, const char *to) {
    char moved[PATH_MAX];
    size_t length = strlen(from);
    if (!*path || strncmp(*path, from, length) != 0 || (*path)[length] != '/') return;
    snprintf(moved, sizeof moved, "%.2000s%.2000s", to, *path + length);
    free(*path);
    *path = need(strdup(moved));
}

/* Makes changes durable: those of the folder, and with a folder that is gone for good those in it. */
static void names_synced(dev_t dev, ino_t folder) {
    size_t i = 0;
    while (i < n_changes) {
        struct change change = changes[i];
        if (change.dev != dev || change.folder != folder) {
            i++;
            continue;
        }
        memmove(changes + i, changes + i + 1, (--n_changes - i) * sizeof *changes);
        if (change.kept) syscall(SYS_unlinkat, AT_FDCWD, change.kept, 0);
        for (size_t before = 0; change.kind == RENAMED && before < i; before++) {
            follow(&changes[before].from, change.from, change.to);
            follow(&changes[before].to, change.from, change.to);
        }
        if (change.kind == REMOVED_FOLDER) {
            names_synced(dev, change.own);
            i = 0;
        }
        free(change.from);
        free(change.to);
        free(change.kept);
    }
}

/* ---- what the process calls ---- */

#define LOCKED(type, body)              \
    do {                                \
        pthread_mutex_lock(&mutex);     \
        type result_;                   \
        body;                           \
        int error_ = errno;             \
        pthread_mutex_unlock(&mutex);   \
        errno = error_;                 \
        return result_;                 \
    } while (0)

static int open_under(const char *path, int flags, mode_t mode) {
    struct stat found;
    int there = lstat(path, &found) == 0, last = 0;
    int shorten = there && (flags & O_TRUNC) && S_ISREG(found.st_mode);
    if ((flags & O_ACCMODE) != O_RDONLY && (flags & (O_SYNC | O_DSYNC))) give_up("O_SYNC", path);
    if ((flags & O_TMPFILE) == O_TMPFILE) give_up("O_TMPFILE", path);
    if (!there && (flags & O_CREAT)) last = step("create", path);
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags & ~O_TRUNC, mode);
    if (fd >= 0) {
        struct node *node = track(fd, path);
        if (!there && (flags & O_CREAT)) changed(CREATED, path, NULL, NULL, 0);
        if (shorten && node && resize(node, fd, 0) != 0) give_up("truncating", path);
    }
    if (last) cut();
    return fd;
}

static int any_open(int at, const char *path, int flags, mode_t mode) {
    char full[PATH_MAX];
    pthread_mutex_lock(&mutex);
    int fd = under(at, path, full) ? open_under(full, flags, mode) : (int)syscall(SYS_openat, at, path, flags, mode);
    int error = errno;
    pthread_mutex_unlock(&mutex);
    errno = error;
    return fd;
}

#define MODE_OF(flags, mode)                              \
    mode_t mode = 0;                                      \
    if ((flags) & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) { \
        va_list values;                                   \
        va_start(values, flags);                          \
        mode = (mode_t)va_arg(values, int);               \
        va_end(values);                                   \
    }

SEEN int open(const char *path, int flags, ...) {
    MODE_OF(flags, mode)
    return any_open(AT_FDCWD, path, flags, mode);
}
SEEN int open64(const char *path, int flags, ...) {
    MODE_OF(flags, mode)
    return any_open(AT_FDCWD, path, flags, mode);
}
SEEN int openat(int at, const char *path, int flags, ...) {
    MODE_OF(flags, mode)
    return any_open(at, path, flags, mode);
}
SEEN int openat64(int at, const char *path, int flags, ...) {
    MODE_OF(flags, mode)
    return any_open(at, path, flags, mode);
}
SEEN int creat(const char *path, mode_t mode) { return any_open(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
SEEN int creat64(const char *path, mode_t mode) { return any_open(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

static int holds(const unsigned char *page) {
    for (size_t i = 0; i < PAGE; i++)
        if (page[i]) return 1;
    return 0;
}

/* Carries out a write of `length` bytes at `offset`, or at the handle's own place when that is negative. */
static ssize_t any_write(int fd, const struct iovec *parts, int n_parts, off_t offset) {
    pthread_mutex_lock(&mutex);
    struct node *node = find(fd);
    int last = 0;
    if (node) {
        off_t from = offset;
        size_t length = 0;
        char what[80];
        for (int i = 0; i < n_parts; i++) length += parts[i].iov_len;
        if (from < 0) from = (fcntl(fd, F_GETFL) & O_APPEND) ? size_of(node) : (off_t)syscall(SYS_lseek, fd, 0, SEEK_CUR);
        snprintf(what, sizeof what, "write %ld+%zu", (long)from, length);
        last = step(what, node->name);
        keep(node, from, from + (off_t)length);
        if (order == 'o' && length > PAGE && holds(node->before[(from + (off_t)length - 1) / PAGE]))
            last = ++n_over == cut_at;
    }
    ssize_t written;
    if (offset < 0)
        written = syscall(SYS_writev, fd, parts, n_parts);
    else
        written = syscall(SYS_pwritev, fd, parts, n_parts, offset, 0L);
    int error = errno;
    if (last) cut();
    pthread_mutex_unlock(&mutex);
    errno = error;
    return written;
}

SEEN ssize_t write(int fd, const void *bytes, size_t length) {
    struct iovec part = {(void *)(uintptr_t)bytes, length};
    return any_write(fd, &part, 1, -1);
}
SEEN ssize_t writev(int fd, const struct iovec *parts, int n_parts) { return any_write(fd, parts, n_parts, -1); }
SEEN ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
    struct iovec part = {(void *)(uintptr_t)bytes, length};
    return any_write(fd, &part, 1, offset);
}
SEEN ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) { return pwrite(fd, bytes, length, offset); }
SEEN ssize_t pwritev(int fd, const struct iovec *parts, int n, off_t offset) { return any_write(fd, parts, n, offset); }
SEEN ssize_t pwritev64(int fd, const struct iovec *parts, int n, off64_t offset) { return any_write(fd, parts, n, offset); }

static int any_sync(int fd, const char *what, long number) {
    struct stat found;
    pthread_mutex_lock(&mutex);
    struct node *node = find(fd);
    int result = 0, last = 0, error = errno;
    if (node) {
        last = step(what, node->name);
        synced(node);
    } else if (root_length && !inside && fstat(fd, &found) == 0 && S_ISDIR(found.st_mode)) {
        last = step(what, "a folder");
        names_synced(found.st_dev, found.st_ino);
    } else {
        result = (int)syscall(number, fd);
        error = errno;
    }
    if (last) cut();
    pthread_mutex_unlock(&mutex);
    errno = error;
    return result;
}

SEEN int fsync(int fd) { return any_sync(fd, "fsync", SYS_fsync); }
SEEN int fdatasync(int fd) { return any_sync(fd, "fdatasync", SYS_fdatasync); }

SEEN int sync_file_range(int fd, off64_t offset, off64_t length, unsigned int flags) {
    LOCKED(int, {
        struct node *node = find(fd);
        result_ = node ? 0 : (int)syscall(SYS_sync_file_range, fd, offset, length, flags);
        if (node && step("sync_file_range", node->name)) cut();
    });
}

SEEN int ftruncate(int fd, off_t length) {
    LOCKED(int, {
        struct node *node = find(fd);
        result_ = node ? resize(node, fd, length) : (int)syscall(SYS_ftruncate, fd, length);
    });
}
SEEN int ftruncate64(int fd, off64_t length) { return ftruncate(fd, length); }

SEEN int truncate(const char *path, off_t length) {
    char full[PATH_MAX];
    if (under(AT_FDCWD, path, full)) give_up("truncate", full);
    return (int)syscall(SYS_truncate, path, length);
}
SEEN int truncate64(const char *path, off64_t length) { return truncate(path, length); }

static int rename_under(const char *from, const char *to) {
    struct stat found;
    char kept[PATH_MAX];
    int last = step("rename", to), replaces = names_wait && lstat(to, &found) == 0 && !S_ISDIR(found.st_mode);
    if (lstat(from, &found) != 0) return -1;
    if (replaces && put_aside(to, kept) != 0) give_up("renaming", to);
    int done = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    if (done == 0) changed(RENAMED, from, to, replaces ? kept : NULL, 0);
    if (last) cut();
    return done;
}

SEEN int renameat(int from_at, const char *from, int to_at, const char *to) {
    LOCKED(int, {
        char a[PATH_MAX];
        char b[PATH_MAX];
        int of = under(from_at, from, a);
        int into = under(to_at, to, b);
        if (of != into) give_up("a rename into or out of the folder", of ? a : b);
        result_ = of ? rename_under(a, b) : (int)syscall(SYS_renameat2, from_at, from, to_at, to, 0);
    });
}
SEEN int rename(const char *from, const char *to) { return renameat(AT_FDCWD, from, AT_FDCWD, to); }

static int remove_under(const char *path, int flags) {
    char kept[PATH_MAX];
    struct stat found;
    int done, last = step("remove", path);
    if (flags & AT_REMOVEDIR) {
        /* It stays open, so that no other folder gets its inode. */
        int own = names_wait ? (int)syscall(SYS_openat, AT_FDCWD, path, O_PATH | O_CLOEXEC) : -1;
        if (names_wait && (own < 0 || fstat(own, &found) != 0)) give_up("removing", path);
        done = (int)syscall(SYS_unlinkat, AT_FDCWD, path, flags);
        if (done == 0) changed(REMOVED_FOLDER, path, NULL, NULL, names_wait ? found.st_ino : 0);
    } else if (names_wait) {
        done = put_aside(path, kept);
        if (done == 0) changed(REMOVED, path, NULL, kept, 0);
    } else {
        done = (int)syscall(SYS_unlinkat, AT_FDCWD, path, flags);
    }
    if (last) cut();
    return done;
}

SEEN int unlinkat(int at, const char *path, int flags) {
    LOCKED(int, {
        char full[PATH_MAX];
        result_ = under(at, path, full) ? remove_under(full, flags) : (int)syscall(SYS_unlinkat, at, path, flags);
    });
}
SEEN int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
SEEN int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

SEEN int mkdirat(int at, const char *path, mode_t mode) {
    LOCKED(int, {
        char full[PATH_MAX];
        int ours = under(at, path, full);
        int last = ours ? step("mkdir", full) : 0;
        result_ = (int)syscall(SYS_mkdirat, at, path, mode);
        if (ours && result_ == 0) changed(MADE, full, NULL, NULL, 0);
        if (last) cut();
    });
}
SEEN int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

/* ---- what cannot be followed ---- */

static void refuse(int fd, const char *what) {
    pthread_mutex_lock(&mutex);
    struct node *node = find(fd);
    pthread_mutex_unlock(&mutex);
    if (node) give_up(what, node->name);
}

SEEN int fallocate(int fd, int mode, off_t offset, off_t length) {
    refuse(fd, "fallocate");
    return (int)syscall(SYS_fallocate, fd, mode, offset, length);
}
SEEN int fallocate64(int fd, int mode, off64_t offset, off64_t length) { return fallocate(fd, mode, offset, length); }
SEEN int posix_fallocate(int fd, off_t offset, off_t length) { return fallocate(fd, 0, offset, length) == 0 ? 0 : errno; }
SEEN int posix_fallocate64(int fd, off64_t offset, off64_t length) { return posix_fallocate(fd, offset, length); }

static void *any_mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
    if (fd >= 0 && (flags & MAP_SHARED) && (protection & PROT_WRITE)) refuse(fd, "a writable shared mapping");
    return (void *)syscall(SYS_mmap, at, length, protection, flags, fd, offset);
}
SEEN void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
    return any_mmap(at, length, protection, flags, fd, offset);
}
SEEN void *mmap64(void *at, size_t length, int protection, int flags, int fd, off64_t offset) {
    return any_mmap(at, length, protection, flags, fd, offset);
}

SEEN int linkat(int from_at, const char *from, int to_at, const char *to, int flags) {
    char full[PATH_MAX];
    if (under(to_at, to, full)) give_up("a hard link", full);
    return (int)syscall(SYS_linkat, from_at, from, to_at, to, flags);
}
SEEN int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

/* Both make their callers fall back on read and write. */
SEEN ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t length, unsigned int flags) {
    pthread_mutex_lock(&mutex);
    struct node *node = find(to);
    pthread_mutex_unlock(&mutex);
    if (!node) return syscall(SYS_copy_file_range, from, from_at, to, to_at, length, flags);
    errno = EXDEV;
    return -1;
}
SEEN ssize_t sendfile(int to, int from, off_t *offset, size_t length) {
    pthread_mutex_lock(&mutex);
    struct node *node = find(to);
    pthread_mutex_unlock(&mutex);
    if (!node) return syscall(SYS_sendfile, to, from, offset, length);
    errno = EINVAL;
    return -1;
}
SEEN ssize_t sendfile64(int to, int from, off64_t *offset, size_t length) { return sendfile(to, from, offset, length); }

/* ---- beginning and end ---- */

static const char *setting(const char *name, const char *otherwise) {
    const char *value = getenv(name);
    return value && *value ? value : otherwise;
}

__attribute__((constructor)) static void begin(void) {
    const char *folder = setting("POWER_ROOT", "");
    const char *traced = setting("POWER_TRACE", "");
    alarm((unsigned int)atoi(setting("POWER_SECONDS", "0")));
    snprintf(undo, sizeof undo, "%s", setting("POWER_UNDO", ""));
    snprintf(no_sync, sizeof no_sync, "%s", setting("POWER_NO_SYNC", ""));
    cut_at = atol(setting("POWER_CUT_AT", "0"));
    state = strtoull(setting("POWER_SEED", "0"), NULL, 10);
    tears = state ^ 0x7465617273ULL;
    pages_kept = atoi(setting("POWER_PAGES", "30"));
    pages_torn = atoi(setting("POWER_TORN", "0"));
    order = *setting("POWER_ORDER", "chance");
    names_wait = strcmp(setting("POWER_NAMES", "now"), "folder") == 0;
    if (*traced) trace = (int)syscall(SYS_openat, AT_FDCWD, traced, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    snprintf(root, sizeof root, "%s", folder);
    root_length = strlen(root);
}

/* A process that ends by itself loses its power right after. */
__attribute__((destructor)) static void end(void) {
    if (!root_length) return;
    pthread_mutex_lock(&mutex);
    if (cut_at > 0) cut();
    say("ended after %ld\n", n_done);
    pthread_mutex_unlock(&mutex);
}
