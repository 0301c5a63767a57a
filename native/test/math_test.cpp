// Error of the vectorised functions in units in the last place, against long double, over all binades.
#include "testing.h"

#define FUNCTIONS(name)           \
  {#name,                         \
   lamella::name::exponential_of, \
   lamella::name::tangent_of,     \
   lamella::name::logistic_of,    \
   lamella::name::log_plus_of,    \
   lamella::name::log_of}
#define DECLARE(isa)           \
  namespace lamella::isa {     \
  float exponential_of(float); \
  float tangent_of(float);     \
  float logistic_of(float);    \
  float log_plus_of(float);    \
  float log_of(float);         \
  }
#if defined(__x86_64__)
DECLARE(baseline)
DECLARE(avx2)
DECLARE(avx512)
#else
DECLARE(neon)
#endif

namespace {

double ulps(long double expected, float actual) {
  if (actual == static_cast<float>(expected)) return 0;
  int exponent;
  std::frexp(static_cast<double>(expected), &exponent);
  return static_cast<double>(std::fabs(expected - actual)) / std::ldexp(1.0, std::max(exponent - 24, -149));
}

struct Functions {
  const char* isa;
  float (*exponential)(float);
  float (*tangent)(float);
  float (*logistic)(float);
  float (*log_plus)(float);
  float (*log)(float);
};

}  // namespace

TEST_CASE("functions keep their stated bounds") {
#if defined(__x86_64__)
  const Functions all[] = {FUNCTIONS(baseline), FUNCTIONS(avx2), FUNCTIONS(avx512)};
#else
  const Functions all[] = {FUNCTIONS(neon)};
#endif
  for (const Functions& f : all) {
    if (!lamella::find_kernels(f.isa)) continue;
    double worst[5] = {};
    std::mt19937 generator(7);
    std::uniform_real_distribution<float> mantissa(1, 2);
    for (int binade = -30; binade <= 6; binade++)
      for (int i = 0; i < 20000; i++)
        for (float sign : {-1.0f, 1.0f}) {
          float x = sign * std::ldexp(mantissa(generator), binade);
          if (std::fabs(x) <= 87) {
            worst[0] = std::max(worst[0], ulps(std::exp((long double)x), f.exponential(x)));
            worst[2] = std::max(worst[2], ulps(1 / (1 + std::exp(-(long double)x)), f.logistic(x)));
          }
          worst[1] = std::max(worst[1], ulps(std::tanh((long double)x), f.tangent(x)));
          if (x > 0 && x <= 1) worst[3] = std::max(worst[3], ulps(std::log1p((long double)x), f.log_plus(x)));
          if (x > 0) worst[4] = std::max(worst[4], ulps(std::log((long double)x), f.log(x)));
        }
    MESSAGE(f.isa << ": exp " << worst[0] << " ulp, tanh " << worst[1] << ", sigmoid " << worst[2] << ", log1p "
                  << worst[3] << ", log " << worst[4]);
    CHECK(worst[0] <= 1);
    CHECK(worst[1] <= 1.5);
    CHECK(worst[2] <= 2.5);
    CHECK(worst[3] <= 2);
    CHECK(worst[4] <= 2);
    CHECK(f.exponential(-1e4f) < 1e-37f);
    CHECK(std::isfinite(f.exponential(1e4f)));
    CHECK(f.tangent(1e4f) == 1);
    CHECK(f.tangent(-1e4f) == -1);
    CHECK(std::isnan(f.tangent(NAN)));
  }
}
