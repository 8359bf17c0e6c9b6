/* The reference: migrants on a route network, one 40-byte record each, Philox 4x32-10 (Salmon et al. 2011).
 *
 *   reference TABLES MIGRANTS DAYS SEED   prints seconds, then crossings, detections, deaths of each leg
 *   reference known                       prints the generator's words of Random123's published vectors
 */
#define _POSIX_C_SOURCE 199309L
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
    int32_t place, leg, due, decisions;
    uint64_t id;
    int32_t born, journeys, crossings, spare;
} Migrant;

static void philox(const uint32_t in[4], const uint32_t key[2], uint32_t out[4]) {
    uint32_t a = in[0], b = in[1], c = in[2], d = in[3], k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        uint64_t x = (uint64_t)0xD2511F53u * a, y = (uint64_t)0xCD9E8D57u * c;
        uint32_t na = (uint32_t)(y >> 32) ^ b ^ k0, nc = (uint32_t)(x >> 32) ^ d ^ k1;
        b = (uint32_t)y, d = (uint32_t)x, a = na, c = nc;
        k0 += 0x9E3779B9u, k1 += 0xBB67AE85u;
    }
    out[0] = a, out[1] = b, out[2] = c, out[3] = d;
}

static double unit(uint32_t word) { return (word + 0.5) * (1.0 / 4294967296.0); }

static int64_t *read_whole(FILE *file, int64_t n) {
    int64_t *values = malloc(sizeof(int64_t) * (size_t)n);
    if (!values || fread(values, sizeof(int64_t), (size_t)n, file) != (size_t)n) exit(3);
    return values;
}

int main(int argc, char **argv) {
    if (argc == 2 && !strcmp(argv[1], "known")) {
        uint32_t counters[3][4] = {{0, 0, 0, 0}, {~0u, ~0u, ~0u, ~0u},
                                   {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}};
        uint32_t keys[3][2] = {{0, 0}, {~0u, ~0u}, {0xa4093822, 0x299f31d0}}, out[4];
        for (int i = 0; i < 3; i++) {
            philox(counters[i], keys[i], out);
            printf("%08x %08x %08x %08x\n", out[0], out[1], out[2], out[3]);
        }
        return 0;
    }
    if (argc != 5) return 2;
    FILE *file = fopen(argv[1], "rb");
    if (!file) return 3;
    int64_t *sizes = read_whole(file, 3); /* places, legs, origins */
    int64_t places = sizes[0], legs = sizes[1], origins = sizes[2];
    int64_t *head = read_whole(file, legs), *days = read_whole(file, legs), *first = read_whole(file, places + 1);
    int64_t *origin = read_whole(file, origins), *goal = read_whole(file, places);
    double *cumulative = malloc(sizeof(double) * (size_t)legs);
    if (!cumulative || fread(cumulative, sizeof(double), (size_t)legs, file) != (size_t)legs) return 3;
    fclose(file);

    int64_t n = atoll(argv[2]);
    int last = atoi(argv[3]);
    uint32_t key[2] = {(uint32_t)atoll(argv[4]), 0}, word[4];
    Migrant *all = calloc((size_t)n, sizeof(Migrant));
    int64_t *count = calloc((size_t)(3 * legs), sizeof(int64_t));
    if (!all || !count) return 3;
    for (int64_t i = 0; i < n; i++) {
        all[i].id = (uint64_t)i, all[i].leg = -1;
        uint32_t counter[4] = {(uint32_t)i, (uint32_t)(i >> 32), 0, 0xffffffffu};
        philox(counter, key, word);
        all[i].place = (int32_t)origin[(int64_t)(unit(word[0]) * (double)origins)];
    }
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int day = 0; day < last; day++)
        for (int64_t i = 0; i < n; i++) {
            Migrant *m = &all[i];
            if (m->leg >= 0 && m->due > day) continue;
            uint32_t counter[4] = {(uint32_t)m->id, (uint32_t)(m->id >> 32), (uint32_t)day, 0};
            philox(counter, key, word);
            if (m->leg < 0) {
                if (unit(word[0]) >= 0.3) continue;
                double u = unit(word[1]);
                int64_t leg = first[m->place], stop = first[m->place + 1] - 1;
                while (leg < stop && u >= cumulative[leg]) leg++;
                m->leg = (int32_t)leg, m->due = day + (int32_t)days[leg], m->decisions++;
                continue;
            }
            int64_t leg = m->leg;
            int over = 0;
            m->leg = -1;
            if (unit(word[0]) < 0.005) {
                count[3 * leg + 2]++, over = 1;
            } else if (unit(word[1]) < 0.05) {
                count[3 * leg + 1]++;
            } else {
                count[3 * leg]++, m->crossings++;
                m->place = (int32_t)head[leg];
                over = goal[m->place] != 0;
            }
            if (over) {
                m->place = (int32_t)origin[(int64_t)(unit(word[2]) * (double)origins)];
                m->journeys++, m->born = day;
            }
        }
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%.6f\n", (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec));
    for (int64_t leg = 0; leg < legs; leg++)
        printf("%lld %lld %lld\n", (long long)count[3 * leg], (long long)count[3 * leg + 1],
               (long long)count[3 * leg + 2]);
    return 0;
}
