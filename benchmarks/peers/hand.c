/* A peer, and the limit: the article's 10-8-4, a row an update, written by hand for these very sizes.

   All weights stay in vector registers. The second layer is kept twice, by rows and by columns, so that neither way
   through it needs a sum across a register. Sums run in the article's order; tanh and exp are computed in double
   precision, good to the last bit of float. Vectors are the compiler's own (GCC, Clang), so that any processor will do. */
#include "serve.h"

typedef float v4 __attribute__((vector_size(16)));
typedef float v8 __attribute__((vector_size(32)));
typedef int i4 __attribute__((vector_size(16)));
typedef int i8 __attribute__((vector_size(32)));
typedef double d4 __attribute__((vector_size(32)));
typedef double d8 __attribute__((vector_size(64)));
typedef long long l4 __attribute__((vector_size(32)));
typedef long long l8 __attribute__((vector_size(64)));

/* By a mask, lane by lane, one or the other. */
#define CHOSEN(F, I, mask, one, other) ((F)(((I)(one) & (I)(mask)) | ((I)(other) & ~(I)(mask))))

#define ROUND 0x1.8p52 /* added and taken off again, it rounds to a whole number, which stands in the low bits */
#define LOG2E 1.4426950408889634
#define LN2 0.6931471805599453

/* exp(x) - 1 in two parts, exp(x) - 1 = power * poly + (power - 1), for vectors of 4 and of 8. */
#define EXPM1_PARTS(D, L, x, power, poly)                                                     \
    D shifted_ = (x) * LOG2E + ROUND;                                                         \
    D r_ = (x) - (shifted_ - ROUND) * LN2;                                                    \
    D power = (D)(((L)shifted_ << 52) + 0x3ff0000000000000LL);                                \
    D poly = r_ * (1.0 / 40320 * 1.0 / 9) + 1.0 / 40320;                                      \
    poly = poly * r_ + 1.0 / 5040;                                                            \
    poly = poly * r_ + 1.0 / 720;                                                             \
    poly = poly * r_ + 1.0 / 120;                                                             \
    poly = poly * r_ + 1.0 / 24;                                                              \
    poly = poly * r_ + 1.0 / 6;                                                               \
    poly = poly * r_ + 0.5;                                                                   \
    poly = poly * r_ * r_ + r_;

static inline v8 tanh8(v8 x) {
    const v8 end = (v8){0} + 9.5f; /* float's tanh is 1 from 9.02 on */
    x = CHOSEN(v8, i8, x > end, end, x);
    x = CHOSEN(v8, i8, x < -end, -end, x);
    d8 twice = __builtin_convertvector(x, d8) * 2.0;
    EXPM1_PARTS(d8, l8, twice, power, poly)
    d8 minus_one = power * poly + (power - 1.0);
    return __builtin_convertvector(minus_one / (minus_one + 2.0), v8);
}

static inline d4 exp4(v4 z) {
    const v4 end = (v4){0} - 87.0f;
    z = CHOSEN(v4, i4, z < end, end, z);
    d4 x = __builtin_convertvector(z, d4);
    EXPM1_PARTS(d4, l4, x, power, poly)
    return power * poly + power;
}

static inline v8 sign8(v8 w, float lam) {
    v8 pull = (v8){0} + lam;
    return (v8)((i8)pull & (w > 0.0f)) - (v8)((i8)pull & (w < 0.0f));
}

static inline v4 sign4(v4 w, float lam) {
    v4 pull = (v4){0} + lam;
    return (v4)((i4)pull & (w > 0.0f)) - (v4)((i4)pull & (w < 0.0f));
}

static inline v8 load8(const float *p) {
    v8 v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline v4 load4(const float *p) {
    v4 v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline __attribute__((always_inline)) void train_rows(Job *job, int n_updates, int has_penalty) {
    const float rate = job->rate, lam = job->lam;
    float *p = job->params;
    v8 w1[10], b1 = load8(p + 80), columns[4];
    v4 w2[8], b2 = load4(p + 120);
    for (int i = 0; i < 10; i++) w1[i] = load8(p + 8 * i);
    for (int j = 0; j < 8; j++) w2[j] = load4(p + 88 + 4 * j);
    for (int k = 0; k < 4; k++)
        for (int j = 0; j < 8; j++) columns[k][j] = w2[j][k];
    for (int u = 0; u < n_updates; u++) {
        const float *x = job->inputs + 10 * job->visits[u];
        v4 t = load4(job->targets + 4 * job->visits[u]);
        v8 h = {0};
        for (int i = 0; i < 10; i++) h += x[i] * w1[i];
        h = tanh8(h + b1);
        v4 z = {0};
        for (int j = 0; j < 8; j++) z += h[j] * w2[j];
        z += b2;
        float largest = z[0] > z[1] ? z[0] : z[1], other = z[2] > z[3] ? z[2] : z[3];
        d4 powers = exp4(z - (largest > other ? largest : other));
        v4 o = __builtin_convertvector(powers / (powers[0] + powers[1] + powers[2] + powers[3]), v4);
        v4 s = (o - t) * (1.0f - o) * o;
        v8 below = {0};
        for (int k = 0; k < 4; k++) below += s[k] * columns[k];
        below *= (1.0f - h) * (1.0f + h);
        for (int k = 0; k < 4; k++) columns[k] -= rate * (h * s[k] + (has_penalty ? sign8(columns[k], lam) : (v8){0}));
        for (int j = 0; j < 8; j++) w2[j] -= rate * (h[j] * s + (has_penalty ? sign4(w2[j], lam) : (v4){0}));
        for (int i = 0; i < 10; i++) w1[i] -= rate * (x[i] * below + (has_penalty ? sign8(w1[i], lam) : (v8){0}));
        b2 -= rate * s;
        b1 -= rate * below;
    }
    for (int i = 0; i < 10; i++) memcpy(p + 8 * i, &w1[i], sizeof w1[i]);
    for (int j = 0; j < 8; j++) memcpy(p + 88 + 4 * j, &w2[j], sizeof w2[j]);
    memcpy(p + 80, &b1, sizeof b1);
    memcpy(p + 120, &b2, sizeof b2);
}

static void train(Job *job, int n_updates) {
    if (job->lam > 0.0f) train_rows(job, n_updates, 1);
    else train_rows(job, n_updates, 0);
}

int main(int argc, char **argv) { return serve(argc, argv, train); }
