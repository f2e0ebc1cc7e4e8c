/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud/aws_credentials.h"

#include "rightsize/buffer.h"
#include "rightsize/json.h"
#include "rightsize/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SECONDS_MAX 60
#define WORDS_MAX 64
#define OUTPUT_MAX ((size_t)64 << 10)

extern char **environ;

void rs_aws_words_free(char **words)
{
    for (size_t i = 0; words != NULL && words[i] != NULL; i++) {
        free(words[i]);
    }
    free(words);
}

/* One word into `word`; the rest of the line, or NULL when a quote stays open. */
static const char *take_word(const char *line, struct rs_buffer *word)
{
    char quote = '\0';
    for (; *line != '\0' && (quote != '\0' || (*line != ' ' && *line != '\t')); line++) {
        if (quote == '\0' && (*line == '\'' || *line == '"')) {
            quote = *line;
        } else if (quote != '\0' && *line == quote) {
            quote = '\0';
        } else if (*line == '\\' && line[1] != '\0' && quote != '\'' &&
                   (quote == '\0' || line[1] == '"' || line[1] == '\\')) {
            rs_buffer_char(word, *++line);
        } else {
            rs_buffer_char(word, *line);
        }
    }
    return quote == '\0' ? line : NULL;
}

enum rs_status rs_aws_words_split(const char *line, char ***out, struct rs_error *err)
{
    struct rs_buffer word;
    size_t count = 0;
    enum rs_status rc = RS_OK;
    char **words = calloc(WORDS_MAX + 1, sizeof(*words));
    rs_buffer_init(&word);
    for (line += strspn(line, " \t"); words != NULL && rc == RS_OK && *line != '\0';) {
        rs_buffer_clear(&word);
        line = take_word(line, &word);
        if (line == NULL || count == WORDS_MAX) {
            rc = rs_fail(err, RS_ECREDENTIALS, "%s",
                         line == NULL ? "a quote stays open" : "too many words");
            break;
        }
        words[count] = strdup(word.data);
        rc = words[count] != NULL ? rs_buffer_status(&word, err)
                                  : rs_fail(err, RS_ENOMEM, "out of memory");
        count++;
        line += strspn(line, " \t");
    }
    rs_buffer_release(&word);
    if (rc == RS_OK && count == 0) {
        rc = words != NULL ? rs_fail(err, RS_ECREDENTIALS, "no command is named")
                           : rs_fail(err, RS_ENOMEM, "out of memory");
    }
    if (rc != RS_OK) {
        rs_aws_words_free(words);
        return rc;
    }
    *out = words;
    return RS_OK;
}

static int start(char **words, int output, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    int code = posix_spawn_file_actions_init(&actions);
    if (code != 0) {
        return code;
    }
    code = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (code == 0) {
        code = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    }
    if (code == 0) {
        code = posix_spawnp(pid, words[0], &actions, NULL, words, environ);
    }
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

static time_t seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* False: out of time, or more than credentials can be. */
static bool read_output(int from, struct rs_buffer *out)
{
    time_t end = seconds_now() + SECONDS_MAX;
    char bytes[4096];
    for (;;) {
        struct pollfd wait = {.fd = from, .events = POLLIN};
        time_t left = end - seconds_now();
        int ready = left > 0 ? poll(&wait, 1, (int)left * 1000) : 0;
        if (ready < 0 && errno == EINTR) {
            continue;
        }
        ssize_t n = ready > 0 ? read(from, bytes, sizeof(bytes)) : -1;
        if (ready > 0 && n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0 || out->length + (size_t)n > OUTPUT_MAX) {
            rs_secret_wipe(bytes, sizeof(bytes));
            return n == 0;
        }
        rs_buffer_append(out, bytes, (size_t)n);
    }
}

static enum rs_status run(char **words, const char *origin, struct rs_buffer *out,
                          struct rs_error *err)
{
    int ends[2], code = 0;
    pid_t pid = -1;
    if (pipe(ends) != 0 || fcntl(ends[0], F_SETFD, FD_CLOEXEC) != 0 ||
        fcntl(ends[1], F_SETFD, FD_CLOEXEC) != 0) {
        return rs_fail(err, RS_EIO, "cannot make a pipe: %s", strerror(errno));
    }
    code = start(words, ends[1], &pid);
    close(ends[1]);
    bool whole = code == 0 && read_output(ends[0], out);
    close(ends[0]);
    if (code != 0) {
        return rs_fail(err, RS_ECREDENTIALS, "%.120s: cannot run '%.100s': %s", origin, words[0],
                       strerror(code));
    }
    if (!whole) {
        kill(pid, SIGKILL);
    }
    while (waitpid(pid, &code, 0) < 0 && errno == EINTR) {
    }
    if (!whole) {
        return rs_fail(err, RS_ECREDENTIALS,
                       "%.120s: '%.100s' did not end within %d s or printed "
                       "too much",
                       origin, words[0], SECONDS_MAX);
    }
    if (!WIFEXITED(code) || WEXITSTATUS(code) != 0) {
        return rs_fail(err, RS_ECREDENTIALS, "%.120s: '%.100s' failed with status %d", origin,
                       words[0], WIFEXITED(code) ? WEXITSTATUS(code) : 128 + WTERMSIG(code));
    }
    return rs_buffer_status(out, err);
}

static enum rs_status check_version(const char *text, size_t length, const char *origin,
                                    struct rs_error *err)
{
    cJSON *tree = NULL;
    struct rs_error unused;
    if (rs_json_parse(text, length, &tree, &unused) != RS_OK) {
        return RS_OK; /* what follows says so */
    }
    const cJSON *version = rs_json_member(tree, "Version");
    bool right =
        cJSON_IsNumber(version) && version->valuedouble >= 1.0 && version->valuedouble <= 1.0;
    cJSON_Delete(tree);
    return right ? RS_OK : rs_fail(err, RS_ECREDENTIALS, "%.120s: its Version is not 1", origin);
}

enum rs_status rs_aws_credentials_process(const char *command, const char *origin,
                                          struct rs_aws_credentials *out, struct rs_error *err)
{
    char **words = NULL;
    struct rs_buffer text;
    rs_buffer_init(&text);
    enum rs_status rc = rs_aws_words_split(command, &words, err);
    if (rc != RS_OK) {
        return rs_fail_where(err, "%.120s", origin);
    }
    rc = run(words, origin, &text, err);
    if (rc == RS_OK) {
        rc = check_version(text.data, text.length, origin, err);
    }
    if (rc == RS_OK) {
        rc = rs_aws_credentials_parse(out, text.data, text.length, "SessionToken", origin, err);
    }
    rs_secret_release(&text);
    rs_aws_words_free(words);
    return rc;
}
