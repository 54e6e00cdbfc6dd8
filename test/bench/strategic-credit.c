/*
 * The strategic-credit scenario as a plain C loop: the same draws, the same arithmetic, the same metrics and trainings.
 * Its only use is to be timed beside driftloop: cc -O2 strategic-credit.c -lm && ./a.out INDIVIDUALS STEPS
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- Draws: xoshiro128++, ziggurat, Marsaglia and Tsang's gamma, Poisson by search --- */

static uint32_t s[4] = {0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x8aed2a6b};
static uint32_t rotl(uint32_t x, int k) { return (x << k) | (x >> (32 - k)); }
static uint32_t word(void) {
  uint32_t result = rotl(s[0] + s[3], 7) + s[0], t = s[1] << 9;
  s[2] ^= s[0]; s[3] ^= s[1]; s[1] ^= s[2]; s[0] ^= s[3]; s[2] ^= t; s[3] = rotl(s[3], 11);
  return result;
}
static double uniform(void) {
  uint32_t a = word(), b = word();
  return ((a >> 5) * 67108864.0 + (b >> 6)) * 0x1p-53;
}
static double edge[257], inside[256];
static void ziggurat(void) {
  const double tail = 3.6541528853610088, area = 0.00492867323399;
  double f = exp(-0.5 * tail * tail);
  edge[0] = area / f;
  edge[1] = tail;
  for (int i = 2; i < 256; i++) {
    edge[i] = sqrt(-2 * log(area / edge[i - 1] + f));
    f = exp(-0.5 * edge[i] * edge[i]);
  }
  edge[256] = 0;
  for (int i = 0; i < 256; i++) inside[i] = edge[i + 1] / edge[i];
}
static double normal(void) {
  for (;;) {
    uint32_t a = word(), b = word();
    int layer = b & 255;
    double u = (a * 2097152.0 + (b >> 11)) * 0x1p-52 - 1, x = u * edge[layer];
    if (fabs(u) < inside[layer]) return x;
    if (layer == 0) {
      for (;;) {
        double p = -log(1 - uniform()) / edge[1], q = -log(1 - uniform());
        if (q + q > p * p) return u < 0 ? -(edge[1] + p) : edge[1] + p;
      }
    }
    double below = exp(-0.5 * (edge[layer] * edge[layer] - x * x));
    double above = exp(-0.5 * (edge[layer + 1] * edge[layer + 1] - x * x));
    if (above + uniform() * (below - above) < 1) return x;
  }
}
static double gamma_draw(double shape) {
  double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
  for (;;) {
    double x = normal(), root = 1 + c * x;
    if (root <= 0) continue;
    double v = root * root * root, u = 1 - uniform(), square = x * x;
    if (u < 1 - 0.0331 * square * square) return d * v;
    if (log(u) < 0.5 * square + d * (1 - v + log(v))) return d * v;
  }
}
static double poisson(double mean) {
  double u = uniform(), p = exp(-mean), sum = p;
  int k = 0;
  while (u >= sum && p > 1e-300) {
    k++;
    p *= mean / k;
    sum += p;
  }
  return k;
}

/* --- Logistic regression: Newton steps to a gradient norm of 1e-10 --- */

typedef struct { int n; double *x[3], *y; } Rows;
static double theta[4];
static const double L2 = 0.001;

static double evaluate(const Rows *rows, int count, const double *b, double *g, double h[4][4], double *weight) {
  double loss = 0, n = 0;
  memset(g, 0, 4 * sizeof(double));
  memset(h, 0, 16 * sizeof(double));
  for (int r = 0; r < count; r++) {
    n += rows[r].n;
    for (int i = 0; i < rows[r].n; i++) {
      double x[4] = {rows[r].x[0][i], rows[r].x[1][i], rows[r].x[2][i], 1};
      double eta = b[0] * x[0] + b[1] * x[1] + b[2] * x[2] + b[3];
      double e = exp(-fabs(eta)), small = e / (1 + e);
      loss += fmax(eta, 0) - rows[r].y[i] * eta + log1p(e);
      double residual = (eta >= 0 ? 1 - small : small) - rows[r].y[i], curvature = small / (1 + e);
      for (int j = 0; j < 4; j++) {
        g[j] += residual * x[j];
        for (int k = j; k < 4; k++) h[j][k] += curvature * x[j] * x[k];
      }
    }
  }
  for (int j = 0; j < 4; j++) {
    g[j] = g[j] / n + (j < 3 ? L2 * b[j] : 0);
    for (int k = j; k < 4; k++) h[k][j] = h[j][k] = h[j][k] / n + (j == k && j < 3 ? L2 : 0);
  }
  *weight = n;
  return loss / n + L2 / 2 * (b[0] * b[0] + b[1] * b[1] + b[2] * b[2]);
}
static void solve(double h[4][4], double *g) {
  for (int j = 0; j < 4; j++) {
    for (int i = j + 1; i < 4; i++) {
      double f = h[i][j] / h[j][j];
      for (int k = j; k < 4; k++) h[i][k] -= f * h[j][k];
      g[i] -= f * g[j];
    }
  }
  for (int j = 3; j >= 0; j--) {
    for (int k = j + 1; k < 4; k++) g[j] -= h[j][k] * g[k];
    g[j] /= h[j][j];
  }
}
static void train(const Rows *rows, int count) {
  double g[4], h[4][4], n;
  double loss = evaluate(rows, count, theta, g, h, &n);
  double before = INFINITY;
  for (int it = 0; it < 100; it++) {
    double norm = sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2] + g[3] * g[3]);
    /* At machine precision the gradient no longer falls. */
    if (norm <= 1e-10 || (norm >= before && norm < 1e-9)) return;
    before = norm;
    double direction[4] = {g[0], g[1], g[2], g[3]}, size = 1, next[4], after;
    solve(h, direction);
    for (;; size /= 2) {
      for (int j = 0; j < 4; j++) next[j] = theta[j] - size * direction[j];
      after = evaluate(rows, count, next, g, h, &n);
      if (after <= loss + 1e-10 * fabs(loss) || size < 1e-12) break;
    }
    memcpy(theta, next, sizeof theta);
    loss = after;
  }
}

/* --- Metrics --- */

static uint64_t *keys, *spare;
static int *order, *other;
static double auc(const double *y, const double *p, const double *w, int n) {
  int m = 0;
  for (int i = 0; i < n; i++) {
    if (w && w[i] == 0) continue;
    memcpy(&keys[m], &p[i], 8); /* Probabilities: not negative, so their bits are in order. */
    order[m++] = i;
  }
  for (int shift = 0; shift < 66; shift += 11) {
    int count[2049] = {0};
    for (int i = 0; i < m; i++) count[((keys[i] >> shift) & 2047) + 1]++;
    for (int b = 0; b < 2048; b++) count[b + 1] += count[b];
    for (int i = 0; i < m; i++) {
      int at = count[(keys[i] >> shift) & 2047]++;
      spare[at] = keys[i];
      other[at] = order[i];
    }
    uint64_t *k = keys; keys = spare; spare = k;
    int *o = order; order = other; other = o;
  }
  double positives = 0, negatives = 0, wins = 0;
  for (int i = 0; i < m;) {
    double tp = 0, tn = 0;
    uint64_t key = keys[i];
    for (; i < m && keys[i] == key; i++) {
      if (y[order[i]] == 1) tp++; else tn++;
    }
    wins += tp * (negatives + tn / 2);
    positives += tp;
    negatives += tn;
  }
  return wins / (positives * negatives);
}
typedef struct { double accuracy, auc, log_loss, brier, ece, fpr, fnr, selected; } Metrics;
static Metrics metrics(const double *y, const double *p, const double *w, int n) {
  double total = 0, positives = 0, selected = 0, hits = 0, squares = 0, logs = 0, gap[10] = {0};
  for (int i = 0; i < n; i++) {
    if (w && w[i] == 0) continue;
    total++;
    squares += (p[i] - y[i]) * (p[i] - y[i]);
    double q = y[i] == 1 ? p[i] : 1 - p[i];
    logs -= log(fmax(1e-15, fmin(1 - 1e-15, q)));
    int bin = (int)(p[i] * 10);
    gap[bin > 9 ? 9 : bin] += p[i] - y[i];
    if (y[i] == 1) positives++;
    if (p[i] > 0.5) {
      selected++;
      if (y[i] == 1) hits++;
    }
  }
  double negatives = total - positives, wrong = selected - hits, ece = 0;
  for (int b = 0; b < 10; b++) ece += fabs(gap[b]);
  Metrics m = {(hits + negatives - wrong) / total, auc(y, p, w, n), logs / total, squares / total, ece / total,
               wrong / negatives, (positives - hits) / positives, selected / total};
  return m;
}
static double spread(const double *x, int n, double *sd) {
  double sum = 0, squares = 0, shift = x[0];
  for (int i = 0; i < n; i++) {
    sum += x[i] - shift;
    squares += (x[i] - shift) * (x[i] - shift);
  }
  *sd = sqrt(squares / n - sum / n * (sum / n));
  return shift + sum / n;
}

/* --- The loop --- */

static double *column(int n) { return malloc(n * sizeof(double)); }
static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

int main(int argc, char **argv) {
  int n = argc > 1 ? atoi(argv[1]) : 20000, steps = argc > 2 ? atoi(argv[2]) : 120, lab = 15000;
  ziggurat();
  keys = malloc(n * 8); spare = malloc(n * 8); order = malloc(n * 4); other = malloc(n * 4);
  double *group = column(n), *income = column(n), *utilisation = column(n), *lines = column(n), *repaid = column(n);
  double *shown_u = column(n), *shown_l = column(n), *score = column(n), *approve = column(n), *slice = column(n);
  Rows *records = calloc(steps, sizeof(Rows)), first = {lab, {column(lab), column(lab), column(lab)}, column(lab)};
  double **said = calloc(steps, sizeof(double *));
  for (int i = 0; i < lab; i++) {
    int urban = uniform() < 0.7;
    first.x[0][i] = 50 + 5 * urban + 12 * normal();
    double a = gamma_draw(2), b = gamma_draw(3);
    first.x[1][i] = 10 * a / (a + b);
    first.x[2][i] = poisson(6);
    first.y[i] = uniform() < sigmoid(0.1 * (first.x[0][i] - 48) - 0.7 * (first.x[1][i] - 4) + 0.3 * (first.x[2][i] - 6));
  }
  train(&first, 1);
  double accuracy = 0, cost = 0, checksum = 0, sd, deployed[4];
  memcpy(deployed, theta, sizeof deployed);
  for (int t = 0; t < steps; t++) {
    memcpy(deployed, theta, sizeof deployed);
    double ramp = t < 60 ? 0 : t > 80 ? 1 : (t - 60) / 20.0;
    int m = 0;
    for (int i = 0; i < n; i++) {
      group[i] = uniform() < 0.7 ? 0 : 1;
      income[i] = 50 + 5 * (group[i] == 0) + 12 * normal();
      double a = gamma_draw(2), b = gamma_draw(3);
      utilisation[i] = 10 * a / (a + b);
      lines[i] = poisson(6);
      income[i] -= 8 * ramp;
      int games = uniform() < 0.6 && t >= 20;
      shown_u[i] = utilisation[i] + (games ? 8 * deployed[1] : 0);
      shown_l[i] = lines[i] + (games ? 8 * deployed[2] : 0);
      score[i] = sigmoid(deployed[0] * income[i] + deployed[1] * shown_u[i] + deployed[2] * shown_l[i] + deployed[3]);
      approve[i] = score[i] > 0.5;
      repaid[i] = uniform() < sigmoid(0.1 * (income[i] - 48) - 0.7 * (utilisation[i] - 4) + 0.3 * (lines[i] - 6));
      cost += 10 * (approve[i] && !repaid[i]) + 2 * (!approve[i] && repaid[i]);
      m += approve[i] != 0;
    }
    Rows *kept = &records[t];
    for (int j = 0; j < 3; j++) kept->x[j] = column(m);
    kept->y = column(m);
    said[t] = column(m);
    for (int i = 0; i < n; i++) {
      if (!approve[i]) continue;
      int k = kept->n++;
      kept->x[0][k] = income[i];
      kept->x[1][k] = shown_u[i];
      kept->x[2][k] = shown_l[i];
      kept->y[k] = repaid[i];
      said[t][k] = score[i];
    }
    Metrics actual = metrics(repaid, score, NULL, n);
    accuracy += actual.accuracy / steps;
    checksum += actual.auc + actual.log_loss + actual.brier + actual.ece + actual.fpr + actual.fnr + actual.selected;
    if (t >= 6) checksum += metrics(records[t - 6].y, said[t - 6], NULL, records[t - 6].n).auc;
    for (int k = 0; k < 3; k++) {
      for (int i = 0; i < n; i++) slice[i] = k < 2 ? group[i] == k : fabs(score[i] - 0.5) < 0.1;
      checksum += metrics(repaid, score, slice, n).auc;
    }
    checksum += spread(group, n, &sd) + spread(income, n, &sd) + spread(utilisation, n, &sd) + spread(lines, n, &sd) +
                spread(repaid, n, &sd);
    double bad = 0;
    for (int i = 0; i < n; i++) bad += approve[i] && !repaid[i];
    checksum += m / (double)n + bad / m;
    if ((t + 1) % 20 == 0) {
      int from = t - 39 < 0 ? 0 : t - 39, until = t - 6;
      train(&records[from], until - from + 1);
      checksum += metrics(first.y, first.x[1], NULL, lab < n ? lab / 3 : n).auc;
    }
  }
  printf("{\"accuracy\": %.6f, \"cost\": %.0f, \"checksum\": %.6f}\n", accuracy, cost, checksum);
  return 0;
}
