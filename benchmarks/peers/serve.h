/* What the peers written in C share: the files of a work and the conversation with the benchmark (see serve.py). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_LAYERS = 8 };

typedef struct {
    int n_layers;               /* of weights */
    int sizes[MOST_LAYERS + 1]; /* inputs first */
    int batch, n_rows, n_visits, n_params, is_squared;
    float rate, lam;
    float *inputs, *targets, *start, *params;
    int *visits;
} Job;

static void *read_array(const char *folder, const char *name, size_t n_bytes) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    void *array = aligned_alloc(64, (n_bytes + 63) / 64 * 64);
    if (!file || !array || fread(array, 1, n_bytes, file) != n_bytes) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(1);
    }
    fclose(file);
    return array;
}

static Job read_job(const char *folder) {
    Job job = {0};
    char path[4096], line[256];
    snprintf(path, sizeof path, "%s/work.txt", folder);
    FILE *file = fopen(path, "r");
    if (!file) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(1);
    }
    while (fgets(line, sizeof line, file)) {
        char *name = strtok(line, " \n"), *value = strtok(NULL, " \n");
        if (!strcmp(name, "sizes")) {
            int n = 0;
            for (; value && n <= MOST_LAYERS; value = strtok(NULL, " \n")) job.sizes[n++] = atoi(value);
            job.n_layers = n - 1;
        } else if (!strcmp(name, "batch")) job.batch = atoi(value);
        else if (!strcmp(name, "loss")) job.is_squared = atoi(value) == 0;
        else if (!strcmp(name, "rate")) job.rate = (float)atof(value);
        else if (!strcmp(name, "lam")) job.lam = (float)atof(value);
        else if (!strcmp(name, "rows")) job.n_rows = atoi(value);
        else if (!strcmp(name, "visits")) job.n_visits = atoi(value);
    }
    fclose(file);
    for (int l = 0; l < job.n_layers; l++) job.n_params += (job.sizes[l] + 1) * job.sizes[l + 1];
    job.inputs = read_array(folder, "inputs.f32", sizeof(float) * job.n_rows * job.sizes[0]);
    job.targets = read_array(folder, "targets.f32", sizeof(float) * job.n_rows * job.sizes[job.n_layers]);
    job.start = read_array(folder, "start.f32", sizeof(float) * job.n_params);
    job.visits = read_array(folder, "visits.i32", sizeof(int) * job.n_visits);
    job.params = malloc(sizeof(float) * job.n_params);
    return job;
}

static double seconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec + 1e-9 * now.tv_nsec;
}

/* `train` makes n_updates from the start in job->params, and leaves the result there. */
static int serve(int argc, char **argv, void (*train)(Job *job, int n_updates)) {
    int is_once = argc > 1 && !strcmp(argv[1], "--once");
    for (int k = 2; is_once && k < argc; k++) {
        Job job = read_job(argv[k]);
        memcpy(job.params, job.start, sizeof(float) * job.n_params);
        train(&job, job.n_visits / job.batch);
        double sum = 0.0;
        for (int p = 0; p < job.n_params; p++) sum += job.params[p] < 0 ? -job.params[p] : job.params[p];
        printf("%.4f\n", sum);
    }
    if (is_once) return 0;
    Job job = read_job(argv[1]);
    printf("ready\n");
    fflush(stdout);
    int n_updates, n_times;
    char path[4096];
    while (scanf(" train %d %d %4095s", &n_updates, &n_times, path) == 3) {
        double cpu = 0.0, wall = 0.0;
        for (int k = 0; k < n_times; k++) {
            memcpy(job.params, job.start, sizeof(float) * job.n_params);
            double cpu_before = seconds(CLOCK_PROCESS_CPUTIME_ID), wall_before = seconds(CLOCK_MONOTONIC);
            train(&job, n_updates);
            cpu += seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_before;
            wall += seconds(CLOCK_MONOTONIC) - wall_before;
        }
        FILE *file = strcmp(path, "-") ? fopen(path, "wb") : NULL;
        for (int p = 0; file && p < job.n_params; p++) {
            double value = job.params[p];
            fwrite(&value, sizeof value, 1, file);
        }
        if (file) fclose(file);
        printf("done %.9f %.9f\n", cpu, wall);
        fflush(stdout);
    }
    return 0;
}
