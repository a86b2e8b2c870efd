//! Whole programs against their real counterparts: the tests are in `tests/`, the benchmarks in
//! `benches/`. There is no code to use here.
