/* A clock that is wrong: preloaded into a process, it adds the seconds in the file that CLOCK_FILE names to the time of day.
 *
 * The file is read at each call, so that the clock can be made to jump while the process runs; without it, or while it is
 * empty, the clock is right. Only the time of day is wrong: clocks that count from some start go on as they are, so that
 * whoever waits waits as long as ever.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

__attribute__((visibility("default"))) int clock_gettime(clockid_t clock, struct timespec *now)
{
    int failed = (int)syscall(SYS_clock_gettime, clock, now);
    const char *path = getenv("CLOCK_FILE");
    if (failed || clock != CLOCK_REALTIME || !path)
        return failed;
    char text[32] = {0};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return 0;
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    if (length > 0)
        now->tv_sec += atoll(text);
    return 0;
}
