/* A peer: plain C for any layer sizes, one row at a time; how fast it is, is the compiler's business. */
#include <math.h>

#include "serve.h"

static float *values, *signals, *gradients;

static void forward(const Job *job) {
    const float *w = job->params, *x = values;
    for (int l = 0; l < job->n_layers; l++) {
        int n = job->sizes[l], m = job->sizes[l + 1], is_last = l == job->n_layers - 1;
        float *z = (float *)x + n;
        const float *b = w + n * m;
        for (int j = 0; j < m; j++) z[j] = 0.0f;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < m; j++) z[j] += x[i] * w[i * m + j];
        for (int j = 0; j < m; j++) z[j] += b[j];
        if (!is_last)
            for (int j = 0; j < m; j++) z[j] = tanhf(z[j]);
        x = z;
        w = b + m;
    }
}

static void output_signals(const Job *job, float *o, const float *t, float *s) {
    int n = job->sizes[job->n_layers];
    float largest = o[0], total = 0.0f;
    for (int k = 1; k < n; k++) largest = o[k] > largest ? o[k] : largest;
    for (int k = 0; k < n; k++) o[k] = expf(o[k] - largest);
    for (int k = 0; k < n; k++) total += o[k];
    for (int k = 0; k < n; k++) o[k] /= total;
    for (int k = 0; k < n; k++) s[k] = job->is_squared ? (o[k] - t[k]) * (1.0f - o[k]) * o[k] : o[k] - t[k];
}

/* Signals of all layers, and per layer either the update at once (a batch of one) or the sum of gradients. */
static void backward(Job *job, const float *t) {
    int n_values = 0, n_params = job->n_params;
    for (int l = 0; l < job->n_layers; l++) n_values += job->sizes[l];
    float *x = values + n_values, *s = signals + n_values;
    output_signals(job, x, t, s);
    for (int l = job->n_layers - 1; l >= 0; l--) {
        int n = job->sizes[l], m = job->sizes[l + 1];
        n_params -= (n + 1) * m;
        float *w = job->params + n_params, *g = gradients + n_params, *below = s - n;
        x -= n;
        for (int i = 0; l > 0 && i < n; i++) {
            float total = 0.0f;
            for (int j = 0; j < m; j++) total += s[j] * w[i * m + j];
            below[i] = total * (1.0f - x[i]) * (1.0f + x[i]);
        }
        if (job->batch == 1) {
            for (int i = 0; i < n; i++)
                for (int j = 0; j < m; j++) {
                    float v = w[i * m + j], pull = v > 0 ? job->lam : v < 0 ? -job->lam : 0.0f;
                    w[i * m + j] = v - job->rate * (x[i] * s[j] + pull);
                }
            for (int j = 0; j < m; j++) w[n * m + j] -= job->rate * s[j];
        } else {
            for (int i = 0; i < n; i++)
                for (int j = 0; j < m; j++) g[i * m + j] += x[i] * s[j];
            for (int j = 0; j < m; j++) g[n * m + j] += s[j];
        }
        s = below;
    }
}

static void step(Job *job) {
    float share = 1.0f / job->batch, *w = job->params, *g = gradients;
    for (int l = 0; l < job->n_layers; l++) {
        int n_weights = job->sizes[l] * job->sizes[l + 1], m = job->sizes[l + 1];
        for (int p = 0; p < n_weights; p++) {
            float pull = w[p] > 0 ? job->lam : w[p] < 0 ? -job->lam : 0.0f;
            w[p] -= job->rate * (share * g[p] + pull);
        }
        for (int p = n_weights; p < n_weights + m; p++) w[p] -= job->rate * share * g[p];
        w += n_weights + m;
        g += n_weights + m;
    }
}

static void train(Job *job, int n_updates) {
    int n_in = job->sizes[0], n_out = job->sizes[job->n_layers], n_values = 0;
    for (int l = 0; l <= job->n_layers; l++) n_values += job->sizes[l];
    if (!values) {
        values = malloc(sizeof(float) * n_values);
        signals = malloc(sizeof(float) * n_values);
        gradients = malloc(sizeof(float) * job->n_params);
    }
    for (int u = 0; u < n_updates; u++) {
        if (job->batch > 1) memset(gradients, 0, sizeof(float) * job->n_params);
        for (int k = 0; k < job->batch; k++) {
            int row = job->visits[u * job->batch + k];
            memcpy(values, job->inputs + row * n_in, sizeof(float) * n_in);
            forward(job);
            backward(job, job->targets + row * n_out);
        }
        if (job->batch > 1) step(job);
    }
}

int main(int argc, char **argv) { return serve(argc, argv, train); }
